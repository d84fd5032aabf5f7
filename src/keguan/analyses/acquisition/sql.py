"""Queries of acquisition. SQL text only. Parameters: $as_of, $days (within which a lead must convert), $most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keguan.schema.vocabulary import UNKNOWN

WON = ("赢单", "成交", "签约", "已转化", "won", "converted", "closed won", "closedwon", "customer")
LOST = ("输单", "丢单", "流失", "无效", "lost", "closed lost", "closedlost", "disqualified")


def _one_of(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


# One row a lead: when it became a customer (first order on or after the lead) or was won, and how long it was watched.
LEADS = f"""
judged AS (
  SELECT l.lead_id, l.account_no, l.day, coalesce(l.lead_source, '{UNKNOWN}') AS source,
         coalesce(l.industry_code, '{UNKNOWN}') AS industry, coalesce(l.size, '{UNKNOWN}') AS size,
         coalesce(l.region, '{UNKNOWN}') AS region, coalesce(l.stage, '{UNKNOWN}') AS stage, l.amount,
         CASE WHEN lower(l.stage) IN ({_one_of(WON)}) THEN 1 ELSE 0 END AS won, l.stage_on,
         CASE WHEN lower(l.stage) IN ({_one_of(LOST)}) OR l.lost_reason IS NOT NULL THEN 1 ELSE 0 END AS lost,
         CASE WHEN f.first_order_on >= l.day THEN f.first_order_on END AS first_order_on,
         CASE WHEN f.first_order_on < l.day THEN 1 ELSE 0 END AS existing
  FROM leads l LEFT JOIN customer_facts f ON f.account_no = l.account_no
  WHERE l.day IS NOT NULL
), told AS (
  SELECT j.*, date_diff('day', j.day, $as_of) AS watched,
         CASE WHEN won = 1 OR first_order_on IS NOT NULL THEN 1 ELSE 0 END AS converted,
         date_diff('day', j.day,
         CASE WHEN first_order_on IS NOT NULL AND (won = 0 OR stage_on IS NULL OR first_order_on <= stage_on)
                                      THEN first_order_on WHEN won = 1 THEN coalesce(stage_on, j.day) END) AS after
  FROM judged j
)"""

STAGE_SQL = f"""
WITH {LEADS}, named AS (
  SELECT source FROM (
    SELECT source, row_number() OVER (ORDER BY count(*) DESC, source) AS place FROM told GROUP BY source) r
  WHERE place <= $most
)
SELECT coalesce(n.source, '其他') AS source, t.stage, count(*) AS leads, CAST(sum(t.converted) AS BIGINT) AS converted,
       sum(t.amount) AS amount
FROM told t LEFT JOIN named n ON n.source = t.source
GROUP BY coalesce(n.source, '其他'), t.stage ORDER BY source, stage
"""

_BY = {
    "source": "source", "industry": "industry", "size": "size", "region": "region",
    "together": "industry || ' × ' || size || ' × ' || source",
}  # fmt: skip

# Leads of new customers that were watched for $days, and those that converted within them.
CONVERSION_SQL = (
    f"WITH {LEADS}, mature AS (SELECT * FROM told WHERE watched >= $days AND existing = 0)"
    + " UNION ALL ".join(
        f"""
SELECT '{name}' AS dimension, {expression} AS value, count(*) AS leads,
       CAST(sum(CASE WHEN converted = 1 AND after <= $days THEN 1 ELSE 0 END) AS BIGINT) AS converted
FROM mature GROUP BY {expression}"""
        for name, expression in _BY.items()
    )
    + "\nORDER BY dimension, value"
)

# Days from the lead (of those who were no customers) and from the registration to the first order; open ones censored.
WAIT_SQL = f"""
WITH {LEADS}, first_leads AS (
  SELECT account_no, min(day) AS day FROM told WHERE account_no IS NOT NULL AND existing = 0 GROUP BY account_no
), begun AS (
  SELECT 'lead' AS origin, account_no, day FROM first_leads
  UNION ALL
  SELECT 'registered', account_no, min(coalesce(registered_on, CAST(registered_at AS DATE))) FROM customers
  WHERE account_no IS NOT NULL AND registered_at IS NOT NULL GROUP BY account_no
), waits AS (
  SELECT b.origin, f.first_order_on,
         date_diff('day', b.day, coalesce(f.first_order_on, $as_of)) AS days
  FROM begun b LEFT JOIN customer_facts f ON f.account_no = b.account_no
  WHERE b.day <= $as_of AND (f.first_order_on IS NULL OR f.first_order_on >= b.day)
)
SELECT origin, days, CAST(sum(CASE WHEN first_order_on IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS ordered,
       CAST(sum(CASE WHEN first_order_on IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS still_open
FROM waits GROUP BY origin, days ORDER BY origin, days
"""

# Trait of a lead -> the same of a customer.
TRAITS = {
    "industry": "industry_code",
    "size": "size_staff",
    "region": "province",
    "source": "acquired_channel",
}


def traits_sql(best: str) -> str:
    """Customers with an order, and the best of them, by each known trait. `best`: view of the ABC classes."""
    parts = " UNION ALL ".join(
        f"SELECT '{trait}' AS trait, c.account_no, max(c.{column}) AS value FROM customers c WHERE c.{column} IS NOT NULL "
        "AND c.account_no IS NOT NULL GROUP BY c.account_no"
        for trait, column in TRAITS.items()
    )
    return f"""
WITH known AS ({parts})
SELECT k.trait, k.value, count(*) AS customers, CAST(sum(CASE WHEN b.label = 'A' THEN 1 ELSE 0 END) AS BIGINT) AS best
FROM known k JOIN customer_facts f ON f.account_no = k.account_no AND f.orders_placed > 0
LEFT JOIN {best} b ON b.account_no = k.account_no
GROUP BY k.trait, k.value ORDER BY trait, value
"""


def score(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> tuple[str, str, dict[str, Any]]:
    """(SQL of the score, SQL of the number of traits, parameters): the sum of ln(TGI / 100) of the traits that match."""
    scores: list[str] = []
    numbers: list[str] = []
    values: dict[str, Any] = {}
    for number, row in enumerate(rows, 1):
        match = f"coalesce({columns[row['trait']]}, '') = $trait{number}"
        scores.append(f"CASE WHEN {match} THEN $weight{number} ELSE 0 END")
        numbers.append(f"CASE WHEN {match} THEN 1 ELSE 0 END")
        values |= {f"trait{number}": row["value"], f"weight{number}": row["weight"]}
    return " + ".join(scores), " + ".join(numbers), values


def leads_like_best_sql(points: str, number: str) -> str:
    """Open leads by their score, the highest first."""
    return f"""
WITH {LEADS}, open_leads AS (
  SELECT lead_id, source, industry, size, region, stage, day, amount FROM told
  WHERE converted = 0 AND lost = 0 AND existing = 0
), scored AS (
  SELECT o.*, {points} AS score, {number} AS matched FROM open_leads o
)
SELECT lead_id, source, industry, size, region, stage, day, amount, matched, score
FROM scored WHERE matched > 0 ORDER BY score DESC, lead_id LIMIT 30
"""


def prospects_sql(points: str, number: str) -> str:
    """Customers on record without an order, whose traits match."""
    return f"""
SELECT account_no, label, CAST(CAST(score AS DECIMAL(18, 4)) AS VARCHAR) AS score FROM (
  SELECT c.account_no, 'lookalike' AS label, max({points}) AS score, max({number}) AS matched
  FROM customers c LEFT JOIN customer_facts f ON f.account_no = c.account_no
  WHERE c.account_no IS NOT NULL AND coalesce(f.orders_placed, 0) = 0
  GROUP BY c.account_no) p
WHERE matched > 0
"""
