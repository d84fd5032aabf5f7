"""Who orders within some days without anybody doing anything for it: the rate that a target has to be held against.

A target such as an activation rate of 30 % says nothing beside the share who come back by themselves. The segment is that at
the start of the days. Trap: silent customers of one real shop came back to 38 % within 90 days without any programme.
"""

from __future__ import annotations


def ordered_sql(segments: str) -> str:
    """Customers of each segment of the view `segments`, and those of them with an order on $first to $last."""
    return f"""
WITH came AS (
  SELECT account_no FROM purchases
  WHERE account_no IS NOT NULL AND day >= $first AND day <= $last
  GROUP BY account_no HAVING sum(orders) > 0
)
SELECT s.label, count(*) AS customers, count(c.account_no) AS ordered
FROM {segments} s LEFT JOIN came c ON c.account_no = s.account_no
GROUP BY s.label ORDER BY s.label
"""
