"""What came in the days of kept predictions. SQL text only.

`FARED` gives each prediction whose last day has passed, as it was first said before its days were half over, with the
count of what came as the tables tell it now. Parameters: $as_of; $looked_at: how many of the latest of each quantity;
$counted: of how many runs outcomes are counted by customer.

A quantity is counted from its name alone, so a new model that predicts one of these needs nothing here:
revenue, orders, customers, new_customers of the days; known_purchases_N: purchases in the days of customers who had
bought before; known_buyers_N: how many of these placed an order; lapsed: customers of a group who placed none.
"""

from __future__ import annotations

SPANS = (7, 30, 90, 365)
KNOWN_PURCHASES = tuple(f"known_purchases_{days}" for days in SPANS)
KNOWN_BUYERS = tuple(f"known_buyers_{days}" for days in SPANS)
UNITS = {
    "revenue": "money", "orders": "count", "customers": "count", "new_customers": "count", "lapsed": "count",
    **dict.fromkeys((*KNOWN_PURCHASES, *KNOWN_BUYERS), "count"),
}  # fmt: skip


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _spans(*names: str) -> str:
    return f"SELECT DISTINCT from_day, due_day FROM due WHERE quantity_name IN ({_listed(names)})"


DUE = """
told AS (
  SELECT p.*, row_number() OVER (PARTITION BY model, quantity_name, part, base_day, from_day, due_day ORDER BY run_no)
         AS telling
  FROM predictions p WHERE NOT afterwards AND due_day <= $as_of
), due AS (
  SELECT * FROM (
    SELECT t.*, row_number() OVER (PARTITION BY model, quantity_name, part ORDER BY due_day DESC, base_day DESC, from_day)
           AS place
    FROM told t WHERE telling = 1
  ) latest WHERE place <= $looked_at
)"""
COUNTS = f"""
sales_days AS (
  SELECT day, sum(gross) - sum(returns) AS revenue, sum(orders) AS orders FROM purchases GROUP BY day
), sold AS (
  SELECT s.from_day, s.due_day, sum(d.revenue) AS revenue, sum(d.orders) AS orders
  FROM ({_spans("revenue", "orders")}) s
  JOIN sales_days d ON d.day BETWEEN s.from_day AND s.due_day GROUP BY s.from_day, s.due_day
), ordering AS (
  SELECT s.from_day, s.due_day, p.account_no
  FROM ({_spans("customers", *KNOWN_BUYERS)}) s
  JOIN purchases p ON p.day BETWEEN s.from_day AND s.due_day
  WHERE p.account_no IS NOT NULL GROUP BY s.from_day, s.due_day, p.account_no HAVING sum(p.orders) > 0
), active AS (
  SELECT from_day, due_day, count(*) AS customers FROM ordering GROUP BY from_day, due_day
), won AS (
  SELECT s.from_day, s.due_day, count(*) AS customers
  FROM ({_spans("new_customers")}) s
  JOIN customer_facts f ON f.first_order_on BETWEEN s.from_day AND s.due_day GROUP BY s.from_day, s.due_day
), kept_days AS (
  SELECT account_no, order_day FROM purchases
  WHERE account_no IS NOT NULL AND order_day IS NOT NULL AND EXISTS ({_spans(*KNOWN_PURCHASES, *KNOWN_BUYERS)})
  GROUP BY account_no, order_day HAVING sum(orders - cancelled) > 0
), firsts AS (
  SELECT account_no, min(order_day) AS first_day FROM kept_days GROUP BY account_no
), pairs AS (
  SELECT f.first_day, k.order_day, count(*) AS purchases
  FROM kept_days k JOIN firsts f ON f.account_no = k.account_no GROUP BY f.first_day, k.order_day
), bought AS (
  SELECT s.from_day, s.due_day, sum(p.purchases) AS purchases
  FROM ({_spans(*KNOWN_PURCHASES)}) s
  JOIN pairs p ON p.first_day < s.from_day AND p.order_day BETWEEN s.from_day AND s.due_day
  GROUP BY s.from_day, s.due_day
), again AS (
  SELECT o.from_day, o.due_day, count(*) AS customers
  FROM ordering o JOIN firsts f ON f.account_no = o.account_no AND f.first_day < o.from_day
  GROUP BY o.from_day, o.due_day
), judged_runs AS (
  SELECT DISTINCT run_id, from_day, due_day FROM due WHERE quantity_name = 'lapsed' AND place <= $counted
), stayed AS (
  SELECT r.run_id, p.account_no FROM judged_runs r JOIN purchases p ON p.day BETWEEN r.from_day AND r.due_day
  WHERE p.account_no IS NOT NULL GROUP BY r.run_id, p.account_no HAVING sum(p.orders) > 0
), left_ones AS (
  SELECT c.run_id, c.label, count(*) - count(s.account_no) AS customers
  FROM predicted_customers c JOIN judged_runs r ON r.run_id = c.run_id
  LEFT JOIN stayed s ON s.run_id = c.run_id AND s.account_no = c.account_no
  GROUP BY c.run_id, c.label
)"""
FARED = f"""
WITH {DUE}, {COUNTS}
SELECT d.model, d.quantity_name, d.part, d.base_day, d.from_day, d.due_day, d.run_id, d.predicted, d.interval_low,
       d.interval_high, d.coverage, d.variance, d.baseline_said, d.about,
       CAST(CASE WHEN d.quantity_name = 'revenue' THEN coalesce(s.revenue, 0)
                 WHEN d.quantity_name = 'orders' THEN coalesce(s.orders, 0)
                 WHEN d.quantity_name = 'customers' THEN coalesce(a.customers, 0)
                 WHEN d.quantity_name = 'new_customers' THEN coalesce(w.customers, 0)
                 WHEN d.quantity_name IN ({_listed(KNOWN_PURCHASES)}) THEN coalesce(b.purchases, 0)
                 WHEN d.quantity_name IN ({_listed(KNOWN_BUYERS)}) THEN coalesce(g.customers, 0)
                 ELSE l.customers END AS DECIMAL(18, 4)) AS actual
FROM due d
LEFT JOIN sold s ON s.from_day = d.from_day AND s.due_day = d.due_day
LEFT JOIN active a ON a.from_day = d.from_day AND a.due_day = d.due_day
LEFT JOIN won w ON w.from_day = d.from_day AND w.due_day = d.due_day
LEFT JOIN bought b ON b.from_day = d.from_day AND b.due_day = d.due_day
LEFT JOIN again g ON g.from_day = d.from_day AND g.due_day = d.due_day
LEFT JOIN left_ones l ON l.run_id = d.run_id AND l.label = d.part
ORDER BY d.model, d.quantity_name, d.part, d.due_day, d.base_day, d.from_day
"""
# Predictions that are not judged: not due yet, and made when half of their days were known.
WAITING = """
SELECT model, count(*) AS predictions,
       CAST(sum(CASE WHEN NOT afterwards AND due_day > $as_of THEN 1 ELSE 0 END) AS BIGINT) AS waiting,
       min(CASE WHEN NOT afterwards AND due_day > $as_of THEN due_day END) AS first_due,
       CAST(sum(CASE WHEN afterwards THEN 1 ELSE 0 END) AS BIGINT) AS afterwards
FROM predictions GROUP BY model ORDER BY model
"""
# Probabilities of the customers of a run, rounded, with how many have each.
PROBABILITIES = """
SELECT round(CAST(score AS DOUBLE), 3) AS probability, count(*) AS customers
FROM predicted_customers WHERE run_id = $run GROUP BY round(CAST(score AS DOUBLE), 3) ORDER BY probability
"""
# Runs whose inputs were kept: the latest of each model.
LAST_INPUTS = """
SELECT model, run_id, base_day, inputs_within, places FROM (
  SELECT model, run_id, base_day, inputs_within, places,
         row_number() OVER (PARTITION BY model ORDER BY base_day DESC, run_no DESC, feature, bin) AS place
  FROM model_inputs
) t WHERE place = 1 ORDER BY model
"""
