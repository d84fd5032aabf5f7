"""`window_facts`: customer_facts with what each customer did from $from_day to the as-of date.

One row per customer of customer_facts. A purchase counts in the window of its order; money on the day it came
in or went back.
"""

from __future__ import annotations

from keguan.marts.customer_facts import COLUMNS as FACT_COLUMNS

# Of customer_facts, what is asked for together with a window.
_KEPT = (
    "account_no", "first_order_on", "first_purchase_on", "last_purchase_on", "orders_placed", "purchases",
    "purchase_days", "recency_days",
)  # fmt: skip

COLUMNS = {
    **{name: FACT_COLUMNS[name] for name in _KEPT},
    "window_purchases": "BIGINT",
    "window_net": "DECIMAL(18, 4)",
    "window_gross": "DECIMAL(18, 4)",
}

# Parameter $from_day.
WINDOW_FACTS = f"""
WITH windowed AS (
  SELECT account_no,
         CAST(sum(CASE WHEN order_day >= $from_day THEN orders - cancelled ELSE 0 END) AS BIGINT) AS purchases,
         CAST(sum(gross - returns) AS DECIMAL(18, 4)) AS net_revenue,
         CAST(sum(gross) AS DECIMAL(18, 4)) AS gross_revenue
  FROM purchases
  WHERE account_no IS NOT NULL AND day >= $from_day
  GROUP BY account_no
)
SELECT {", ".join(f"c.{name}" for name in _KEPT)},
       coalesce(w.purchases, 0) AS window_purchases,
       coalesce(w.net_revenue, CAST(0 AS DECIMAL(18, 4))) AS window_net,
       coalesce(w.gross_revenue, CAST(0 AS DECIMAL(18, 4))) AS window_gross
FROM customer_facts c
LEFT JOIN windowed w ON w.account_no = c.account_no
"""
