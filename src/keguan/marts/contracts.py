"""Contracts with what is known of their end: the one place that says when a contract has churned. SQL text only."""

from __future__ import annotations

from keguan.schema.vocabulary import UNKNOWN

# A contract without a flag is over when it has an end, and running when it only has a start. CTE `contracts`;
# gone is 1, 0, or NULL where nothing tells.
CONTRACTS = f"""
contracts AS (
  SELECT account_no, coalesce(plan, '{UNKNOWN}') AS plan, monthly_amount, total_amount,
         coalesce(tenure_months, date_diff('month', started_on, coalesce(ended_on, $as_of))) AS tenure,
         CASE WHEN churned THEN 1 WHEN NOT churned THEN 0 WHEN ended_on IS NOT NULL THEN 1
              WHEN started_on IS NOT NULL THEN 0 END AS gone
  FROM subscriptions
)"""
