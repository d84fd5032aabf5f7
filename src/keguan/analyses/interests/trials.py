"""Each score as trials and successes of a customer: orders with a discount, lines of new products, active months.

Trials count by calendar month: what a customer bought in a month of many discounts is held against that month. The
`adjusted` trials are those of a customer times the month's share over that of all months, so that successes /
adjusted trials compares customers who bought at other times; over all customers they add up to the trials.

promotion   orders with a discount or coupon, of all orders
paid_below  lines paid below 95 % of the reference price (list price, else the median paid), of lines with one
low_price   lines of products in the lowest third of prices of their category, of lines with a category
novelty     lines bought within 60 days of the launch (else of the first sale), of lines of which that can be told
activity    spans of 30 days with an order or a visit, of all spans since the first order

Parameters: $from_day, $below, $new_days, $data_start.
"""

from __future__ import annotations

from dataclasses import dataclass

SCORES = ("promotion", "paid_below", "low_price", "novelty", "activity")
LEAST_PRICES = 5  # lines that a median price needs
SPAN = 30  # days
MONTH = "year(day) * 12 + month(day)"


@dataclass(frozen=True, slots=True)
class Told:
    """What the data tell of."""

    products: bool = False  # lines name products
    prices: bool = False  # lines have quantities
    categories: bool = False
    line_discounts: bool = False
    order_discounts: bool = False  # discounts or coupons of orders
    visits: bool = False  # events of customers

    @property
    def scores(self) -> tuple[str, ...]:
        """The scores that can be told."""
        known = {
            "promotion": self.line_discounts or self.order_discounts,
            "paid_below": self.products and self.prices,
            "low_price": self.products and self.prices and self.categories,
            "novelty": self.products,
            "activity": True,
        }
        return tuple(name for name in SCORES if known[name])


# Product lines bought by customers in the window, and what one piece cost.
BOUGHT = f"""
bought AS (
  SELECT account_no, product_id, day, {MONTH} AS month,
         CASE WHEN quantity > 0 THEN CAST(amount AS DOUBLE) / CAST(quantity AS DOUBLE) END AS paid
  FROM order_lines
  WHERE movement = 'purchase' AND line_kind = 'product' AND account_no IS NOT NULL AND product_id IS NOT NULL
    AND day >= $from_day
)"""

REFERENCES = f"""
reference AS (
  SELECT b.product_id, max(p.category) AS category,
         coalesce(CAST(max(p.list_price) AS DOUBLE),
                  CASE WHEN count(b.paid) >= {LEAST_PRICES} THEN median(CAST(b.paid AS DOUBLE)) END) AS price
  FROM bought b LEFT JOIN products p ON p.product_id = b.product_id
  GROUP BY b.product_id
)"""

PAID_BELOW = """
paid_below AS (
  SELECT b.account_no, b.month,
         CAST(sum(CASE WHEN CAST(b.paid / r.price AS DECIMAL(18, 6)) < $below THEN 1 ELSE 0 END) AS BIGINT) AS x,
         count(*) AS n
  FROM bought b JOIN reference r ON r.product_id = b.product_id
  WHERE r.price > 0 AND b.paid IS NOT NULL
  GROUP BY b.account_no, b.month
)"""

# A product is in the lowest third when no more than a third of its category cost as much or less.
LOW_PRICE = """
cheap AS (
  SELECT product_id, CASE WHEN (products - from_above + 1) * 3 <= products THEN 1 ELSE 0 END AS is_cheap
  FROM (
    SELECT product_id, count(*) OVER (PARTITION BY category) AS products,
           rank() OVER (PARTITION BY category ORDER BY price DESC) AS from_above
    FROM reference WHERE price > 0 AND category IS NOT NULL
  ) ranked
  WHERE products >= 3
), low_price AS (
  SELECT b.account_no, b.month, CAST(sum(c.is_cheap) AS BIGINT) AS x, count(*) AS n
  FROM bought b JOIN cheap c ON c.product_id = b.product_id
  GROUP BY b.account_no, b.month
)"""

# A first sale at the beginning of the data may be no first sale: such lines tell only when the product is old by then.
NOVELTY = """
born AS (
  SELECT s.product_id, coalesce(p.launched_on, s.first_sale) AS born,
         CASE WHEN p.launched_on IS NOT NULL OR date_diff('day', $data_start, s.first_sale) > $new_days
              THEN 1 ELSE 0 END AS is_known
  FROM (
    SELECT product_id, min(day) AS first_sale FROM order_lines
    WHERE movement = 'purchase' AND line_kind = 'product' AND product_id IS NOT NULL
    GROUP BY product_id
  ) s LEFT JOIN products p ON p.product_id = s.product_id
), novelty AS (
  SELECT b.account_no, b.month,
         CAST(sum(CASE WHEN date_diff('day', p.born, b.day) <= $new_days THEN 1 ELSE 0 END) AS BIGINT) AS x,
         count(*) AS n
  FROM bought b JOIN born p ON p.product_id = b.product_id
  WHERE p.is_known = 1 OR date_diff('day', p.born, b.day) > $new_days
  GROUP BY b.account_no, b.month
)"""


def _promotion(told: Told) -> str:
    join, of_order = "", ""
    if told.order_discounts:
        join = "LEFT JOIN orders o ON o.order_id = p.order_id"
        of_order = " OR o.discount > 0 OR o.coupon IS NOT NULL"
    return f"""
placed AS (
  SELECT order_id, account_no, min({MONTH}) AS month, max(CASE WHEN discount > 0 THEN 1 ELSE 0 END) AS on_line
  FROM order_lines
  WHERE movement = 'purchase' AND account_no IS NOT NULL AND day >= $from_day
  GROUP BY order_id, account_no
), promotion AS (
  SELECT p.account_no, p.month,
         CAST(sum(CASE WHEN p.on_line = 1{of_order} THEN 1 ELSE 0 END) AS BIGINT) AS x, count(*) AS n
  FROM placed p {join}
  GROUP BY p.account_no, p.month
)"""


def _activity(told: Told) -> str:
    visits = "UNION SELECT account_no, day FROM events WHERE account_no IS NOT NULL AND day >= $from_day"
    return f"""
spans AS (
  SELECT account_no, first_order_on,
         CAST(floor(date_diff('day', greatest(first_order_on, $from_day), $as_of) / {SPAN}.0) AS BIGINT) AS spans
  FROM window_facts WHERE orders_placed > 0
), active AS (
  SELECT account_no, day FROM purchases WHERE account_no IS NOT NULL AND day >= $from_day
  GROUP BY account_no, day HAVING sum(orders) > 0
  {visits if told.visits else ""}
), activity AS (
  SELECT s.account_no, 0 AS month,
         count(DISTINCT CASE WHEN a.day > s.first_order_on AND date_diff('day', a.day, $as_of) < s.spans * {SPAN}
                             THEN CAST(floor(date_diff('day', a.day, $as_of) / {SPAN}.0) AS BIGINT) END) AS x,
         max(s.spans) AS n
  FROM spans s LEFT JOIN active a ON a.account_no = s.account_no
  WHERE s.spans > 0
  GROUP BY s.account_no
)"""


def trials_sql(told: Told, scores: tuple[str, ...]) -> str:
    """CTEs up to `trials`: account_no, score, x successes of n trials, and the adjusted trials."""
    steps = {
        "promotion": (_promotion(told),),
        "paid_below": (BOUGHT, REFERENCES, PAID_BELOW),
        "low_price": (BOUGHT, REFERENCES, LOW_PRICE),
        "novelty": (BOUGHT, NOVELTY),
        "activity": (_activity(told),),
    }
    needed = dict.fromkeys(step for name in scores for step in steps[name])
    union = "\n  UNION ALL ".join(
        f"SELECT account_no, '{name}' AS score, month, x, n FROM {name}" for name in scores
    )
    return (
        ",".join(needed)
        + f""", monthly AS (
  {union}
), months AS (
  SELECT score, month, CAST(sum(x) AS DOUBLE) / sum(n) AS share FROM monthly GROUP BY score, month
), overall AS (
  SELECT score, CAST(sum(x) AS DOUBLE) / sum(n) AS share FROM monthly GROUP BY score
), trials AS (
  SELECT m.account_no, m.score, CAST(sum(m.x) AS BIGINT) AS x, CAST(sum(m.n) AS BIGINT) AS n,
         CAST(sum(CAST(m.n * coalesce(t.share / nullif(o.share, 0), 1) AS DECIMAL(18, 6))) AS DECIMAL(18, 6)) AS adjusted
  FROM monthly m
  JOIN months t ON t.score = m.score AND t.month = m.month
  JOIN overall o ON o.score = m.score
  GROUP BY m.account_no, m.score
)"""
    )
