"""Members of campaigns as assigned, how far each came, and what each bought in the window: SQL text only.

Members are those of the list; a campaign without one has the customers whom its contacts name. A list in which
nobody has an arm is one of treated members. Who stands in two arms, or has none where others have one, is of no side.
A later step stands for those before it: who clicked has opened, who opened was delivered to.
"""

from __future__ import annotations

from collections.abc import Sequence

from keguan.evidence.statistics.bootstrap import BUCKET
from keguan.marts.campaigns.units import Span, spans_sql
from keguan.marts.customer_profit import costed_ctes
from keguan.marts.experiments.arms import CONTROL, arm_sql
from keguan.marts.experiments.sums import sums

TREATED = "treated"
SENT, DELIVERED, OPENED, CLICKED = 1, 2, 3, 4
_NOTHING = "CAST(0 AS DOUBLE)"
_ZERO = "CAST(0 AS DECIMAL(18, 4))"


def sides(spans: Sequence[Span], also: Sequence[str]) -> str:
    """CTEs up to `sides`: campaign_id, account_no, side ('treated', 'control', NULL for members of no side)."""
    return f"""WITH spans AS (
  {spans_sql(spans)}
), listed AS (
  SELECT m.campaign_id, m.account_no, {arm_sql("m.arm", also)} AS arm
  FROM campaign_members m JOIN spans s ON s.campaign_id = m.campaign_id
  WHERE m.account_no IS NOT NULL
), lists AS (
  SELECT campaign_id, count(arm) AS armed FROM listed GROUP BY campaign_id
), members AS (
  SELECT l.campaign_id, l.account_no, l.arm, k.armed
  FROM listed l JOIN lists k ON k.campaign_id = l.campaign_id
  UNION ALL
  SELECT c.campaign_id, c.account_no, CAST(NULL AS VARCHAR) AS arm, 0 AS armed
  FROM contacts c
  JOIN spans s ON s.campaign_id = c.campaign_id
  LEFT JOIN lists k ON k.campaign_id = c.campaign_id
  WHERE c.account_no IS NOT NULL AND k.campaign_id IS NULL
), assigned AS (
  SELECT campaign_id, account_no, min(arm) AS arm, max(arm) AS other_arm, max(armed) AS armed
  FROM members GROUP BY campaign_id, account_no
), sides AS (
  SELECT campaign_id, account_no,
         CASE WHEN armed = 0 THEN '{TREATED}'
              WHEN arm <> other_arm THEN NULL
              WHEN arm = '{CONTROL}' THEN '{CONTROL}'
              WHEN arm IS NOT NULL THEN '{TREATED}' END AS side
  FROM assigned
)"""


def steps_sql(spans: Sequence[Span], also: Sequence[str]) -> str:
    """How many members came how far, by campaign and side; `told`: members of whom an outcome or a time is recorded."""
    return f"""{sides(spans, also)}, signs AS (
  SELECT m.campaign_id, m.account_no,
         CASE WHEN m.clicked_on IS NOT NULL THEN {CLICKED} WHEN m.opened_on IS NOT NULL THEN {OPENED}
              WHEN m.delivered_on IS NOT NULL THEN {DELIVERED}
              WHEN m.sent_on IS NOT NULL OR m.exposed_on IS NOT NULL THEN {SENT} ELSE 0 END AS reached,
         m.clicked_on, 0 AS told
  FROM campaign_members m JOIN spans s ON s.campaign_id = m.campaign_id
  WHERE m.account_no IS NOT NULL
  UNION ALL
  SELECT c.campaign_id, c.account_no,
         CASE WHEN c.outcome = 'clicked' THEN {CLICKED} WHEN c.outcome IN ('opened', 'replied') THEN {OPENED}
              WHEN c.outcome IS NOT NULL THEN {DELIVERED} ELSE {SENT} END AS reached,
         CASE WHEN c.outcome = 'clicked' THEN c.day END AS clicked_on,
         CASE WHEN c.outcome IS NOT NULL THEN 1 ELSE 0 END AS told
  FROM contacts c JOIN spans s ON s.campaign_id = c.campaign_id
  WHERE c.account_no IS NOT NULL AND (c.day IS NULL OR c.day <= s.last_day)
), far AS (
  SELECT campaign_id, account_no, max(reached) AS reached, min(clicked_on) AS clicked_on, max(told) AS told
  FROM signs GROUP BY campaign_id, account_no
), ordered AS (
  SELECT a.campaign_id, a.account_no, max(p.day) AS last_order
  FROM sides a JOIN spans s ON s.campaign_id = a.campaign_id
  JOIN purchases p ON p.account_no = a.account_no AND p.day >= s.first_day AND p.day <= s.last_day AND p.orders > 0
  GROUP BY a.campaign_id, a.account_no
)
SELECT a.campaign_id, a.side, count(*) AS members,
       CAST(sum(CASE WHEN f.reached >= {SENT} THEN 1 ELSE 0 END) AS BIGINT) AS sent,
       CAST(sum(CASE WHEN f.reached >= {DELIVERED} THEN 1 ELSE 0 END) AS BIGINT) AS delivered,
       CAST(sum(CASE WHEN f.reached >= {OPENED} THEN 1 ELSE 0 END) AS BIGINT) AS opened,
       CAST(sum(CASE WHEN f.reached >= {CLICKED} THEN 1 ELSE 0 END) AS BIGINT) AS clicked,
       CAST(sum(CASE WHEN f.reached >= {CLICKED} AND o.last_order >= f.clicked_on THEN 1 ELSE 0 END) AS BIGINT)
         AS clicked_ordered,
       CAST(sum(CASE WHEN o.account_no IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS ordered,
       CAST(sum(coalesce(f.told, 0)) AS BIGINT) AS told
FROM sides a
LEFT JOIN far f ON f.campaign_id = a.campaign_id AND f.account_no = a.account_no
LEFT JOIN ordered o ON o.campaign_id = a.campaign_id AND o.account_no = a.account_no
GROUP BY a.campaign_id, a.side
ORDER BY a.campaign_id, a.side"""


def bought_ctes(spans: Sequence[Span]) -> str:
    """CTEs after `sides`, up to `bought`: money of each member's lines in the window, by campaign."""
    first, last = min(span.first_day for span in spans), max(span.last_day for span in spans)
    days = f"l.account_no IS NOT NULL AND l.day >= DATE '{first}' AND l.day <= DATE '{last}'"
    return f"""{costed_ctes(days).strip()}, bought AS (
  SELECT a.campaign_id, a.account_no, sum(l.amount) AS revenue,
         sum(CASE WHEN l.cost IS NULL THEN {_ZERO} ELSE l.amount - l.cost END) AS margin,
         sum(CASE WHEN l.movement = 'purchase' THEN l.amount ELSE {_ZERO} END) AS gross,
         sum(CASE WHEN l.movement = 'purchase' AND l.cost IS NULL THEN l.amount ELSE {_ZERO} END) AS unknown_gross,
         sum(CASE WHEN l.movement = 'purchase' THEN l.discount ELSE {_ZERO} END) AS discounts
  FROM sides a JOIN spans s ON s.campaign_id = a.campaign_id
  JOIN costed l ON l.account_no = a.account_no AND l.day >= s.first_day AND l.day <= s.last_day
  WHERE a.side IS NOT NULL
  GROUP BY a.campaign_id, a.account_no
)"""


def money_sql(spans: Sequence[Span], also: Sequence[str]) -> str:
    """Sums by campaign, side and random group of members: y1 net revenue, y2 margin (lines whose cost is unknown left
    out), x net spend of the days before; and totals of money in exact decimals.

    Amounts of lines are after discount: a discount lowers the revenue of who got it, and is no cost once more."""
    total = ", ".join(
        f"CAST(sum({name}) AS DECIMAL(18, 4)) AS {name}"
        for name in ("revenue", "margin", "gross", "unknown_gross", "discounts")
    )
    return f"""{sides(spans, also)}, {bought_ctes(spans)}, spent_before AS (
  SELECT a.campaign_id, a.account_no, sum(p.gross - p.returns) AS before
  FROM sides a JOIN spans s ON s.campaign_id = a.campaign_id
  JOIN purchases p ON p.account_no = a.account_no AND p.day >= s.since AND p.day < s.first_day
  WHERE a.side IS NOT NULL
  GROUP BY a.campaign_id, a.account_no
), units AS (
  SELECT a.campaign_id, a.side, {BUCKET.replace("account_no", "a.account_no")} AS bucket,
         coalesce(b.revenue, {_ZERO}) AS revenue, coalesce(b.margin, {_ZERO}) AS margin,
         coalesce(b.gross, {_ZERO}) AS gross, coalesce(b.unknown_gross, {_ZERO}) AS unknown_gross,
         coalesce(b.discounts, {_ZERO}) AS discounts,
         coalesce(CAST(b.revenue AS DOUBLE), {_NOTHING}) AS y1, coalesce(CAST(b.margin AS DOUBLE), {_NOTHING}) AS y2,
         coalesce(CAST(x.before AS DOUBLE), {_NOTHING}) AS x
  FROM sides a
  LEFT JOIN bought b ON b.campaign_id = a.campaign_id AND b.account_no = a.account_no
  LEFT JOIN spent_before x ON x.campaign_id = a.campaign_id AND x.account_no = a.account_no
  WHERE a.side IS NOT NULL
)
SELECT campaign_id, side, bucket, count(*) AS members, {total}, {sums(1, "y1", 0.0, "x")}, {sums(2, "y2", 0.0, "x")}
FROM units
GROUP BY campaign_id, side, bucket
ORDER BY campaign_id, side, bucket"""
