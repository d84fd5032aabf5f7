"""What the models learn from, in SQL: histories, what was bought later, spend and margin of each customer.

Days of which nothing is left (fully returned by the day looked at) are no purchases. Lines of one day are one
purchase. `$until` ends the observation; what was bought from then to the as-of date is `later`.
"""

from __future__ import annotations

HISTORIES = """
days AS (
  SELECT account_no, order_day,
         sum(CASE WHEN day <= $until THEN orders - cancelled ELSE 0 END) AS kept,
         sum(orders - cancelled) AS kept_now,
         sum(CASE WHEN day <= $until THEN gross - returns ELSE 0 END) AS net
  FROM purchases
  WHERE account_no IS NOT NULL AND order_day IS NOT NULL
  GROUP BY account_no, order_day
), dated AS (
  SELECT account_no, order_day, kept, kept_now, net,
         min(CASE WHEN kept > 0 THEN order_day END) OVER (PARTITION BY account_no) AS first_day
  FROM days
), histories AS (
  SELECT account_no, first_day,
         sum(CASE WHEN kept > 0 THEN 1 ELSE 0 END) - 1 AS repeats,
         max(CASE WHEN kept > 0 THEN order_day END) AS last_day,
         sum(CASE WHEN kept_now > 0 AND order_day > $until THEN 1 ELSE 0 END) AS later,
         sum(CASE WHEN kept > 0 AND order_day > first_day THEN net ELSE 0 END) AS spent
  FROM dated
  WHERE first_day IS NOT NULL
  GROUP BY account_no, first_day
)"""

CELLS = f"""
WITH {HISTORIES}
SELECT CAST(repeats AS BIGINT) AS repeats,
       CAST(date_diff('day', first_day, last_day) AS BIGINT) AS last,
       CAST(date_diff('day', first_day, $until) AS BIGINT) AS age,
       CAST(later AS BIGINT) AS later,
       count(*) AS customers
FROM histories
GROUP BY repeats, date_diff('day', first_day, last_day), date_diff('day', first_day, $until), later
"""

# Exact up to so many repeat buyers; beyond, customers of nearly equal mean spend are counted together.
MOST_SPENDERS = 100_000
SPENDERS = f"""
WITH {HISTORIES}
SELECT CAST(repeats AS BIGINT) AS repeats, spent, count(*) AS customers
FROM histories
WHERE repeats > 0 AND spent > 0
GROUP BY repeats, spent
"""
SPENDER_COUNT = f"""
WITH {HISTORIES}
SELECT count(*) AS customers, sum(spent) AS spent, sum(repeats) AS purchases
FROM histories
WHERE repeats > 0 AND spent > 0
"""
NEAR_SPENDERS = f"""
WITH {HISTORIES}
SELECT CAST(repeats AS BIGINT) AS repeats, sum(spent) AS spent, count(*) AS customers
FROM histories
WHERE repeats > 0 AND spent > 0
GROUP BY repeats, CAST(floor(400 * sqrt(sqrt(CAST(spent AS DOUBLE) / repeats / $typical))) AS INTEGER)
"""

# Within and between customers, for the empirical-Bayes mean: values of purchases in units of the typical one.
SPREAD = f"""
WITH {HISTORIES}, valued AS (
  SELECT d.account_no, CAST(d.net AS DOUBLE) / $typical AS value
  FROM dated d
  JOIN histories h ON h.account_no = d.account_no
  WHERE d.kept > 0 AND d.order_day > d.first_day AND h.spent > 0
), summed AS (
  SELECT account_no, count(*) AS n,
         sum(CAST(value AS DECIMAL(18, 8))) AS total,
         sum(CAST(value * value AS DECIMAL(24, 8))) AS squares
  FROM valued
  GROUP BY account_no
)
SELECT count(*) AS customers,
       CAST(sum(n) AS BIGINT) AS purchases,
       CAST(sum(n * n) AS BIGINT) AS pairs,
       CAST(sum(total) AS DOUBLE) AS total,
       CAST(sum(squares) AS DOUBLE) AS squares,
       CAST(sum(CAST(CAST(total AS DOUBLE) * CAST(total AS DOUBLE) / n AS DECIMAL(24, 8))) AS DOUBLE) AS means
FROM summed
"""

# Margin of customers as a rate of the revenue of which the cost is known (credibility: Bühlmann and Straub).
MARGIN_DAYS = """
margin_days AS (
  SELECT account_no, day,
         CAST(sum(amount) AS DOUBLE) AS weight,
         CAST(sum(amount - cost) AS DOUBLE) AS margin
  FROM order_lines
  WHERE movement = 'purchase' AND cost IS NOT NULL AND account_no IS NOT NULL AND day <= $until
  GROUP BY account_no, day
  HAVING sum(amount) > 0
), margins AS (
  SELECT account_no, count(*) AS n,
         CAST(sum(CAST(weight AS DECIMAL(18, 4))) AS DOUBLE) AS weight,
         CAST(sum(CAST(margin AS DECIMAL(18, 4))) AS DOUBLE) AS margin,
         sum(CAST(margin * margin / weight AS DECIMAL(24, 6))) AS squares
  FROM margin_days
  GROUP BY account_no
)"""
MARGINS = f"""
WITH {MARGIN_DAYS}, bought AS (
  SELECT sum(amount) AS amount FROM order_lines
  WHERE movement = 'purchase' AND account_no IS NOT NULL AND day <= $until
)
SELECT count(*) AS customers,
       CAST(coalesce(sum(n), 0) AS BIGINT) AS purchases,
       CAST(sum(CAST(weight AS DECIMAL(24, 4))) AS DOUBLE) AS weight,
       CAST(sum(CAST(weight * weight AS DECIMAL(36, 4))) AS DOUBLE) AS weights,
       CAST(sum(CAST(margin AS DECIMAL(24, 4))) AS DOUBLE) AS margin,
       CAST(sum(squares) AS DOUBLE) AS squares,
       CAST(sum(CAST(margin * margin / weight AS DECIMAL(24, 6))) AS DOUBLE) AS means,
       CAST(max(b.amount) AS DOUBLE) AS bought
FROM margins CROSS JOIN bought b
"""

# Repeat purchases by the days since the first purchase of anybody, of the customers of the calibration.
REPEAT_DAYS = f"""
WITH {HISTORIES}
SELECT CAST(date_diff('day', $from_day, d.order_day) AS BIGINT) AS day, count(*) AS purchases
FROM dated d
WHERE d.kept_now > 0 AND d.first_day IS NOT NULL AND d.order_day > d.first_day
GROUP BY date_diff('day', $from_day, d.order_day)
"""

SPAN = """
SELECT min(first_purchase_on) AS first_day, max(last_purchase_on) AS last_day,
       sum(CASE WHEN purchases > 0 THEN 1 ELSE 0 END) AS customers
FROM customer_facts
"""


def features(rate: float, credit: float | None) -> str:
    """What each customer is scored from. `rate`: margin of all, `credit`: revenue at which the own counts half;
    no credit, no own rate."""
    own = repr(rate) if credit is None else f"(m.margin + {credit!r} * {rate!r}) / (m.weight + {credit!r})"
    return f"""
WITH {HISTORIES}, {MARGIN_DAYS}
SELECT h.account_no,
       CAST(h.repeats AS BIGINT) AS repeats,
       CAST(date_diff('day', h.first_day, h.last_day) AS BIGINT) AS last,
       CAST(date_diff('day', h.first_day, $until) AS BIGINT) AS age,
       CAST(CASE WHEN h.spent > 0 THEN h.spent ELSE 0 END AS DOUBLE) AS spent,
       CAST(coalesce({own}, {rate!r}) AS DOUBLE) AS margin
FROM histories h
LEFT JOIN margins m ON m.account_no = h.account_no
"""
