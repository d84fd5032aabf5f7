"""Through which sources visitors come again, and to which a conversion is counted by three rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from keguan.analyses.path.params import Params
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.marts.attribution import RULE_NOTE, credits
from keguan.marts.event_goals import EventNames
from keguan.result import Column, Table
from keguan.schema.vocabulary import UNKNOWN

MOST_SOURCES = 30
OTHERS = "其他"
DAY = 24 * 60 * 60 * 1_000_000 * 64  # of moments

TOUCHPOINTS_SQL = f"""
WITH visits AS (
  SELECT traffic_source,
         lag(1) OVER (PARTITION BY visitor_no ORDER BY session_no) AS visit_before,
         lag(traffic_source) OVER (PARTITION BY visitor_no ORDER BY session_no) AS source_before
  FROM event_sessions
), counted AS (
  SELECT source_before, traffic_source, count(*) AS times
  FROM visits
  WHERE visit_before = 1
  GROUP BY source_before, traffic_source
)
SELECT coalesce(source_before, '{UNKNOWN}') AS from_source, coalesce(traffic_source, '{UNKNOWN}') AS to_source,
       CAST(sum(times) AS BIGINT) AS times
FROM counted
GROUP BY coalesce(source_before, '{UNKNOWN}'), coalesce(traffic_source, '{UNKNOWN}')
ORDER BY times DESC, from_source, to_source
LIMIT 500
"""

# Sessions of a visitor up to each that converts, from the one after the conversion before. Visits that no conversion
# follows are not asked further: each of the three rules counts conversions only. A visitor's numbers follow time.
ATTRIBUTION_SQL = f"""
WITH visits AS (
  SELECT session_no, first_moment, coalesce(traffic_source, '{UNKNOWN}') AS source,
         min(CASE WHEN (seen & $goal) <> 0 THEN session_no END)
           OVER (PARTITION BY visitor_no ORDER BY session_no DESC) AS conversion,
         min(CASE WHEN (seen & $goal) <> 0 THEN first_moment END)
           OVER (PARTITION BY visitor_no ORDER BY session_no DESC) AS converted
  FROM event_sessions
), touches AS (
  SELECT source, session_no, conversion,
         min(session_no) OVER (PARTITION BY conversion) AS first_no,
         count(*) OVER (PARTITION BY conversion) AS size
  FROM visits
  WHERE conversion IS NOT NULL AND first_moment >= converted - $lookback
)
SELECT source, count(*) AS touches,
       {credits("session_no = first_no", "session_no = conversion", "size")}
FROM touches
GROUP BY source
ORDER BY last_touch DESC, source
"""

TOUCHPOINT_COLUMNS = (
    Column("from_source", Text("前一次来源", "Source before"), "label", role="key", vocabulary="unknown"),
    Column("to_source", Text("后一次来源", "Source after"), "label", role="key", vocabulary="unknown"),
    Column("times", Text("次数", "Times"), "count"),
    Column("share", Text("占由此出发", "Share of leaving there"), "share"),
)
ATTRIBUTION_COLUMNS = (
    Column("source", Text("流量来源", "Traffic source"), "label", role="key", vocabulary="unknown"),
    Column("touches", Text("触点数", "Touches"), "count"),
    Column("first_touch", Text("首次触点", "First touch"), "count", note=RULE_NOTE),
    Column("first_share", Text("占比（首次）", "Share (first)"), "share"),
    Column("last_touch", Text("末次触点", "Last touch"), "count"),
    Column("last_share", Text("占比（末次）", "Share (last)"), "share"),
    Column("linear", Text("平均分摊", "Linear"), "number", 1),
    Column("linear_share", Text("占比（平均分摊）", "Share (linear)"), "share"),
)


def touchpoint_table(inputs: Inputs, params: Params) -> Table:
    """Sources of consecutive sessions of a visitor."""
    found = inputs.query(TOUCHPOINTS_SQL, session_minutes=params.session_minutes).to_pylist()
    leaving: dict[str, int] = {}
    for row in found:
        leaving[row["from_source"]] = leaving.get(row["from_source"], 0) + row["times"]
    min_n = inputs.settings.min_n
    rows = [
        row
        | {
            "share": row["times"] / leaving[row["from_source"]]
            if leaving[row["from_source"]] >= min_n
            else None
        }
        for row in found
    ]
    return inputs.computed(
        "touchpoints", Text("访客两次来访的来源", "Sources of a visitor's consecutive visits"), TOUCHPOINT_COLUMNS,
        ("from_source", "to_source"), rows, method="share of the rows with the same source before",
        sql=TOUCHPOINTS_SQL, session_minutes=params.session_minutes,
    )  # fmt: skip


def attribution_table(inputs: Inputs, names: EventNames, params: Params) -> Table:
    """Conversions by source under three rules."""
    more: dict[str, Any] = {
        "goal": names.goal_mask, "lookback": params.lookback_days * DAY, "session_minutes": params.session_minutes
    }  # fmt: skip
    found = inputs.query(ATTRIBUTION_SQL, **more).to_pylist()
    return inputs.computed(
        "attribution", Text("转化按来源计（三种规则）", "Conversions by source (three rules)"), ATTRIBUTION_COLUMNS,
        ("source",), _attributed(found, inputs.settings.min_n), method="shares of the rows", sql=ATTRIBUTION_SQL, **more,
        note=Text(
            f"转化前 {params.lookback_days} 天内、上次转化之后的来访；首次、末次各计一次，平均分摊按次均分。按规则分配，不是因果",
            f"visits within {params.lookback_days} days before a conversion and after the one before it; first and last count "
            "once, linear divides evenly. A rule of counting, not a cause",
        ),
    )  # fmt: skip


def _attributed(found: Sequence[Mapping[str, Any]], min_n: int) -> list[dict[str, Any]]:
    total = sum(int(row["last_touch"]) for row in found)
    kept, rest = found[:MOST_SOURCES], found[MOST_SOURCES:]
    merged = [dict(row) for row in kept]
    if rest:
        names = ("touches", "first_touch", "last_touch", "linear")
        merged.append({"source": OTHERS} | {name: sum(row[name] for row in rest) for name in names})
    return [
        {
            "source": row["source"], "touches": row["touches"], "first_touch": int(row["first_touch"]),
            "last_touch": int(row["last_touch"]), "linear": float(Decimal(row["linear"])),
            "first_share": int(row["first_touch"]) / total if total >= min_n else None,
            "last_share": int(row["last_touch"]) / total if total >= min_n else None,
            "linear_share": float(row["linear"]) / total if total >= min_n else None,
        }
        for row in merged
    ]  # fmt: skip
