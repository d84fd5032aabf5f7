"""SQL of campaigns: when each ran, what its members did from its first day on, sums by arm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from keguan.engine.literals import literal
from keguan.evidence.statistics.bootstrap import BUCKET
from keguan.marts.experiments.arms import arm_sql
from keguan.marts.experiments.sums import sums

# A campaign that names no days has those of its assignment.
SPANS = """
SELECT m.campaign_id, max(c.name) AS name, coalesce(max(c.starts_on), min(m.day)) AS first_day,
       coalesce(max(c.ends_on), max(c.starts_on), min(m.day)) AS end_day, count(*) AS listed
FROM campaign_members m LEFT JOIN campaigns c ON c.campaign_id = m.campaign_id
WHERE m.campaign_id IS NOT NULL
GROUP BY m.campaign_id
ORDER BY m.campaign_id
"""


# The first day on which a member is known to have been reached, by whatever step was recorded.
REACHED_ON = "coalesce(m.exposed_on, m.sent_on, m.delivered_on, m.opened_on, m.clicked_on)"


@dataclass(frozen=True, slots=True)
class Span:
    """A campaign and its days: what its members bought from `since` to the day before `first_day` was known before; what
    they bought from `first_day` to `last_day` counts. `whole`: that window is over."""

    campaign: str
    name: str
    since: date
    first_day: date
    last_day: date
    whole: bool


def spans_sql(spans: Sequence[Span]) -> str:
    """One row for each span: campaign_id, since, first_day, last_day."""
    rows = [
        f"SELECT {literal(span.campaign)} AS campaign_id, {literal(span.since)} AS since, "
        f"{literal(span.first_day)} AS first_day, {literal(span.last_day)} AS last_day"
        for span in spans
    ]
    return "\n  UNION ALL ".join(rows)


def units(spans: Sequence[Span], also: Sequence[str]) -> str:
    """CTEs up to `units`: one row for each member of one arm of a campaign, as assigned: whoever was not reached counts too.

    y0: ordered; y1: net spend; x: net spend before; reached; early: ordered before being reached.
    """
    arm = arm_sql("m.arm", also)
    return f"""WITH spans AS (
  {spans_sql(spans)}
), assigned AS (
  SELECT m.campaign_id, m.account_no, min({arm}) AS arm, max({arm}) AS other_arm, min({REACHED_ON}) AS exposed_on
  FROM campaign_members m JOIN spans s ON s.campaign_id = m.campaign_id
  WHERE m.account_no IS NOT NULL
  GROUP BY m.campaign_id, m.account_no
), bought AS (
  SELECT a.campaign_id, a.account_no, a.arm, a.other_arm, a.exposed_on,
         sum(CASE WHEN p.day >= s.first_day THEN p.orders ELSE 0 END) AS orders,
         sum(CASE WHEN p.day >= s.first_day AND p.day < a.exposed_on THEN p.orders ELSE 0 END) AS early_orders,
         CAST(sum(CASE WHEN p.day >= s.first_day THEN p.gross - p.returns ELSE 0 END) AS DOUBLE) AS spend,
         CAST(sum(CASE WHEN p.day < s.first_day THEN p.gross - p.returns ELSE 0 END) AS DOUBLE) AS before
  FROM assigned a JOIN spans s ON s.campaign_id = a.campaign_id
  LEFT JOIN purchases p ON p.account_no = a.account_no AND p.day >= s.since AND p.day <= s.last_day
  GROUP BY a.campaign_id, a.account_no, a.arm, a.other_arm, a.exposed_on
), units AS (
  SELECT campaign_id, account_no, arm, {BUCKET} AS bucket,
         CASE WHEN arm = other_arm THEN 1 ELSE 0 END AS one_arm,
         CASE WHEN exposed_on IS NOT NULL THEN 1 ELSE 0 END AS reached,
         CASE WHEN coalesce(early_orders, 0) > 0 THEN 1 ELSE 0 END AS early,
         CASE WHEN coalesce(orders, 0) > 0 THEN CAST(1 AS DOUBLE) ELSE CAST(0 AS DOUBLE) END AS y0,
         coalesce(spend, CAST(0 AS DOUBLE)) AS y1, coalesce(before, CAST(0 AS DOUBLE)) AS x
  FROM bought
)"""


SUMS = f"""count(*) AS members, sum(reached) AS reached, sum(early) AS early,
       {sums(0, "y0", 0.0)}, {sums(1, "y1", 0.0, "x")}"""


def by_arm(spans: Sequence[Span], also: Sequence[str]) -> str:
    """Sums by campaign, arm and random group of members; members in two arms or none have one_arm = 0."""
    return f"""{units(spans, also)}
SELECT campaign_id, CASE WHEN one_arm = 1 THEN arm END AS arm, one_arm, bucket, {SUMS}
FROM units
GROUP BY campaign_id, CASE WHEN one_arm = 1 THEN arm END, one_arm, bucket
ORDER BY campaign_id, arm, one_arm, bucket"""


def drawn_in(spans: Sequence[Span], also: Sequence[str]) -> str:
    """Sums of net spend by campaign and arm with extreme values drawn in to the 1st and 99th percentile of all that is not
    zero, arms together (never across zero); low and high are these cuts."""
    return f"""{units(spans, also)}, placed AS (
  SELECT campaign_id, y1, row_number() OVER (PARTITION BY campaign_id ORDER BY y1, account_no) AS place,
         count(*) OVER (PARTITION BY campaign_id) AS n
  FROM units WHERE one_arm = 1 AND y1 <> 0
), cuts AS (
  SELECT campaign_id, min(CASE WHEN place * 100 >= n THEN y1 END) AS low, min(CASE WHEN place * 100 >= n * 99 THEN y1 END) AS high
  FROM placed GROUP BY campaign_id
), drawn AS (
  SELECT u.campaign_id, u.arm, u.x, c.low, c.high,
         CASE WHEN u.y1 < c.low AND c.low < 0 THEN c.low WHEN u.y1 > c.high AND c.high > 0 THEN c.high ELSE u.y1 END AS y
  FROM units u JOIN cuts c ON c.campaign_id = u.campaign_id
  WHERE u.one_arm = 1
)
SELECT campaign_id, arm, min(low) AS low, max(high) AS high, {sums(1, "y", 0.0, "x")}
FROM drawn GROUP BY campaign_id, arm ORDER BY campaign_id, arm"""


def by_segment(spans: Sequence[Span], also: Sequence[str], segments: str) -> str:
    """Sums by segment at the start and arm, of one campaign; `segments` is a view of the segments as of that day."""
    return f"""{units(spans, also)}
SELECT g.label AS part, u.arm, {SUMS}
FROM units u JOIN {segments} g ON g.account_no = u.account_no
WHERE u.one_arm = 1
GROUP BY g.label, u.arm
ORDER BY g.label, u.arm"""


def by_week(spans: Sequence[Span], also: Sequence[str]) -> str:
    """Who ordered in each whole week since the first day, by arm, of one campaign."""
    arm = arm_sql("m.arm", also)
    return f"""WITH spans AS (
  {spans_sql(spans)}
), assigned AS (
  SELECT m.campaign_id, m.account_no, min({arm}) AS arm, max({arm}) AS other_arm
  FROM campaign_members m JOIN spans s ON s.campaign_id = m.campaign_id
  WHERE m.account_no IS NOT NULL
  GROUP BY m.campaign_id, m.account_no
), weekly AS (
  SELECT a.account_no, a.arm, CAST(floor(date_diff('day', s.first_day, p.day) / 7) AS INTEGER) + 1 AS week
  FROM assigned a JOIN spans s ON s.campaign_id = a.campaign_id
  JOIN purchases p ON p.account_no = a.account_no AND p.day >= s.first_day AND p.day <= s.last_day
  WHERE a.arm = a.other_arm
  GROUP BY a.account_no, a.arm, CAST(floor(date_diff('day', s.first_day, p.day) / 7) AS INTEGER) + 1
  HAVING sum(p.orders) > 0
)
SELECT week, arm, count(*) AS ordered FROM weekly GROUP BY week, arm ORDER BY week, arm"""
