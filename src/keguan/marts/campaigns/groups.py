"""Customers by segment and by where they stand in time: members of campaigns at their start, all customers on one day.

SQL text only. Money: y1 net revenue, y2 margin (lines whose cost is unknown left out); x net spend before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from keguan.engine.literals import literal, quoted
from keguan.marts.campaigns.members import bought_ctes, sides
from keguan.marts.campaigns.units import Span
from keguan.marts.contactable import contactable_counts, contactable_joins
from keguan.marts.customer_profit import costed_ctes
from keguan.marts.experiments.sums import sums
from keguan.schema.vocabulary import UNKNOWN

EDGES = (30, 90, 180, 365)  # the last days of the bands
NEVER, WHOLE = "never", "all"
KINDS = {
    "silence": "last_day",
    "tenure": "first_order",
}  # kinds of window that are a customer's own -> counted from
_NOTHING = "CAST(0 AS DOUBLE)"
_ZERO = "CAST(0 AS DECIMAL(18, 4))"
_MONEY = f"{sums(1, 'y1', 0.0, 'x')}, {sums(2, 'y2', 0.0, 'x')}"
_GROSS = """CAST(sum(gross) AS DECIMAL(18, 4)) AS gross, CAST(sum(unknown_gross) AS DECIMAL(18, 4)) AS unknown_gross"""


def band_sql(kind: str, day: str, back: int = 0) -> str:
    """SQL of a customer's band `back` days before a day (an expression): days since the column that the kind counts from;
    'all' for kinds that are not a customer's own."""
    if kind not in KINDS:
        return f"'{WHOLE}'"
    since = KINDS[kind]
    days = f"date_diff('day', {since}, {day})" + (f" - {back}" if back else "")
    steps = " ".join(f"WHEN {days} <= {edge} THEN '{kind}_{edge}'" for edge in EDGES)
    return f"CASE WHEN {since} IS NULL THEN '{NEVER}' {steps} ELSE '{kind}_{EDGES[-1] + 1}' END"


def bands(kind: str) -> tuple[str, ...]:
    """The bands of a kind in the order of days."""
    return (*(f"{kind}_{edge}" for edge in (*EDGES, EDGES[-1] + 1)), NEVER)


def member_groups_sql(
    spans: Sequence[Span], also: Sequence[str], segments: Mapping[str, str], kind: str
) -> str:
    """Sums by campaign, segment and band of the day before it began, and side. `segments`: campaign -> view of that day."""
    placed = "\n  UNION ALL ".join(
        f"SELECT {quoted(campaign)} AS campaign_id, account_no, label FROM {view}"
        for campaign, view in segments.items()
    )
    return f"""{sides(spans, also)}, {bought_ctes(spans)}, placed AS (
  {placed}
), acts AS (
  SELECT a.campaign_id, a.account_no, max(s.first_day) AS begins,
         sum(CASE WHEN p.day >= s.since AND p.day < s.first_day THEN p.gross - p.returns ELSE {_ZERO} END) AS before,
         max(CASE WHEN p.day < s.first_day AND p.orders > 0 THEN p.day END) AS last_day,
         min(CASE WHEN p.day < s.first_day AND p.orders > 0 THEN p.day END) AS first_order,
         max(CASE WHEN p.day >= s.first_day AND p.orders > 0 THEN 1 ELSE 0 END) AS ordered
  FROM sides a JOIN spans s ON s.campaign_id = a.campaign_id
  LEFT JOIN purchases p ON p.account_no = a.account_no AND p.day <= s.last_day
  WHERE a.side IS NOT NULL
  GROUP BY a.campaign_id, a.account_no
), units AS (
  SELECT a.campaign_id, a.side, coalesce(g.label, '{UNKNOWN}') AS segment, {band_sql(kind, "c.begins", 1)} AS band, c.ordered,
         coalesce(b.gross, {_ZERO}) AS gross, coalesce(b.unknown_gross, {_ZERO}) AS unknown_gross,
         coalesce(CAST(b.revenue AS DOUBLE), {_NOTHING}) AS y1, coalesce(CAST(b.margin AS DOUBLE), {_NOTHING}) AS y2,
         coalesce(CAST(c.before AS DOUBLE), {_NOTHING}) AS x
  FROM sides a
  JOIN acts c ON c.campaign_id = a.campaign_id AND c.account_no = a.account_no
  LEFT JOIN placed g ON g.campaign_id = a.campaign_id AND g.account_no = a.account_no
  LEFT JOIN bought b ON b.campaign_id = a.campaign_id AND b.account_no = a.account_no
  WHERE a.side IS NOT NULL
)
SELECT campaign_id, segment, band, side, count(*) AS members, CAST(sum(ordered) AS BIGINT) AS ordered, {_GROSS}, {_MONEY}
FROM units
GROUP BY campaign_id, segment, band, side
ORDER BY campaign_id, segment, band, side"""


def _people(segments: str, kind: str, day: date) -> str:
    """CTE people: account_no, segment, band of the day."""
    return f"""days AS (
  SELECT account_no, max(CASE WHEN orders > 0 THEN day END) AS last_day, min(CASE WHEN orders > 0 THEN day END) AS first_order
  FROM purchases WHERE account_no IS NOT NULL AND day <= {literal(day)} GROUP BY account_no
), people AS (
  SELECT g.account_no, g.label AS segment, {band_sql(kind, literal(day))} AS band
  FROM {segments} g LEFT JOIN days d ON d.account_no = g.account_no
)"""


def groups_now_sql(segments: str, kind: str, day: date) -> str:
    """Customers of each group on a day, and how many of them may be contacted, by channel."""
    return f"""WITH {_people(segments, kind, day)}
SELECT p.segment, p.band, count(*) AS customers,
       {contactable_counts()}
FROM people p
  {contactable_joins("p.account_no")}
GROUP BY p.segment, p.band
ORDER BY p.segment, p.band"""


def natural_sql(segments: str, kind: str, day: date, last: date) -> str:
    """What the customers of each group of a day did after it, up to `last`: members, those who ordered, sums of money."""
    within = f"l.account_no IS NOT NULL AND l.day > {literal(day)} AND l.day <= {literal(last)}"
    return f"""WITH {_people(segments, kind, day)}, {costed_ctes(within).strip()}, bought AS (
  SELECT account_no, sum(amount) AS revenue, sum(CASE WHEN cost IS NULL THEN {_ZERO} ELSE amount - cost END) AS margin,
         sum(CASE WHEN movement = 'purchase' THEN amount ELSE {_ZERO} END) AS gross,
         sum(CASE WHEN movement = 'purchase' AND cost IS NULL THEN amount ELSE {_ZERO} END) AS unknown_gross
  FROM costed l GROUP BY account_no
), came AS (
  SELECT account_no FROM purchases
  WHERE account_no IS NOT NULL AND day > {literal(day)} AND day <= {literal(last)} GROUP BY account_no HAVING sum(orders) > 0
), units AS (
  SELECT p.segment, p.band, CASE WHEN c.account_no IS NULL THEN 0 ELSE 1 END AS ordered,
         coalesce(b.gross, {_ZERO}) AS gross, coalesce(b.unknown_gross, {_ZERO}) AS unknown_gross,
         coalesce(CAST(b.revenue AS DOUBLE), {_NOTHING}) AS y1, coalesce(CAST(b.margin AS DOUBLE), {_NOTHING}) AS y2,
         {_NOTHING} AS x
  FROM people p
  LEFT JOIN bought b ON b.account_no = p.account_no
  LEFT JOIN came c ON c.account_no = p.account_no
)
SELECT segment, band, count(*) AS members, CAST(sum(ordered) AS BIGINT) AS ordered, {_GROSS}, {_MONEY}
FROM units
GROUP BY segment, band
ORDER BY segment, band"""
