"""Who looks after each customer, by the customer files. SQL text only."""

from __future__ import annotations

from keguan.schema.vocabulary import UNKNOWN

# CTE owners: account_no, owner, branch; one row a customer, several owners read 归属不一.
OWNERS = f"""
owners AS (
  SELECT account_no,
         CASE WHEN count(DISTINCT owner) > 1 THEN '归属不一' ELSE coalesce(min(owner), '{UNKNOWN}') END AS owner,
         coalesce(min(branch), '{UNKNOWN}') AS branch
  FROM customers WHERE account_no IS NOT NULL GROUP BY account_no
)"""
