"""Where sessions without the goal end, by device, source and segment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from keguan.analyses.path.graph import share_row
from keguan.analyses.path.names import name_of
from keguan.analyses.path.params import Params
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.newcombe import newcombe
from keguan.evidence.statistics.two_proportions import two_proportions
from keguan.marts.event_goals import EventNames
from keguan.result import Column, Table
from keguan.schema.vocabulary import UNKNOWN

MOST_VALUES = 12  # of a dimension; the others are one
MOST_NAMES = 10  # last events looked at, the most frequent ones
EVERYBODY, OTHERS = "全部", "其他"

EXIT_COLUMNS = (
    Column("dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="journey_dimension"),
    Column("value", Text("取值", "Value"), "label", role="key", vocabulary="journey_value"),
    Column("name", Text("最后的事件", "Last event"), "label", role="key", vocabulary="journey_node"),
    Column("sessions", Text("在此结束的会话", "Sessions that end there"), "count"),
    Column("of", Text("未转化的会话", "Sessions without conversion"), "count"),
    Column("share", Text("占比", "Share"), "share"),
    Column(
        "low", Text("区间下限", "Interval from"), "share", role="low", note=Text("Wilson 95% 区间", "Wilson 95% interval")
    ),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
    Column("rest_share", Text("其余各组的占比", "Share among the others"), "share"),
    Column("difference", Text("相差", "Difference"), "points"),
    Column(
        "difference_low", Text("差的区间下限", "Difference from"), "points", role="low",
        note=Text("Newcombe 95% 区间", "Newcombe 95% interval"),
    ),
    Column("difference_high", Text("差的区间上限", "Difference to"), "points", role="high"),
    Column(
        "q", Text("q 值", "q"), "number", 4,
        note=Text("Benjamini-Hochberg 校正后的 p", "p corrected by Benjamini-Hochberg"),
    ),
)  # fmt: skip


def exits_sql(goal: int, dimensions: dict[str, str], segments: str | None) -> str:
    """Sessions without the goal by last event and value of each dimension."""
    join = f"LEFT JOIN {segments} g ON g.account_no = s.account_no" if segments else ""
    parts = " UNION ALL ".join(
        f"SELECT '{name}' AS dimension, {value} AS value, CAST(last_moment & 63 AS INTEGER) AS name_no "
        f"FROM event_sessions s {join if name == 'segment' else ''} WHERE (seen & {goal}) = 0"
        for name, value in dimensions.items()
    )
    return f"""
WITH ended AS ({parts})
SELECT dimension, value, name_no, count(*) AS sessions
FROM ended
GROUP BY dimension, value, name_no
ORDER BY dimension, value, name_no
"""


def exit_table(inputs: Inputs, names: EventNames, params: Params, segments: str | None) -> Table:
    """Each group against the others of its dimension, for the most frequent last events."""
    dimensions = {EVERYBODY: f"'{EVERYBODY}'"}
    for name in ("device", "traffic_source"):
        if inputs.has_values("events", name):
            dimensions[name] = f"coalesce(s.{name}, '{UNKNOWN}')"
    if segments:
        dimensions["segment"] = f"coalesce(g.label, '{UNKNOWN}')"
    sql = exits_sql(names.goal_mask, dimensions, segments)
    found = inputs.query(sql, session_minutes=params.session_minutes).to_pylist()
    rows = [row for name in dimensions for row in _rows(found, name, names, inputs.settings.min_n)]
    tested = [row for row in rows if row["p"] is not None]
    for row, q in zip(tested, benjamini_hochberg([row["p"] for row in tested]), strict=True):
        row["q"] = q
    return inputs.computed(
        "exits", Text("未转化的会话在哪里结束", "Where sessions without conversion end"), EXIT_COLUMNS,
        ("dimension", "value", "name"), [{k: v for k, v in row.items() if k != "p"} for row in rows],
        method="evidence.statistics.two_proportions", sql=sql, session_minutes=params.session_minutes,
    )  # fmt: skip


def _rows(
    found: Sequence[dict[str, Any]], dimension: str, names: EventNames, min_n: int
) -> list[dict[str, Any]]:
    mine = [row for row in found if row["dimension"] == dimension]
    sizes, last = Counter[str](), Counter[int]()
    for row in mine:
        sizes[row["value"]] += row["sessions"]
        last[row["name_no"]] += row["sessions"]
    kept = sorted(sizes, key=lambda value: (-sizes[value], value))[:MOST_VALUES]
    shown = sorted(last, key=lambda number: (-last[number], number))[:MOST_NAMES]
    counts = Counter[tuple[str, int]]()
    for row in mine:
        counts[row["value"] if row["value"] in kept else OTHERS, row["name_no"]] += row["sessions"]
    groups = Counter[str]()
    for (value, _), count in counts.items():
        groups[value] += count
    total = sum(groups.values())
    return [
        {
            "dimension": dimension, "value": value, "name": name_of(names, number), "sessions": counts[value, number],
            "of": groups[value], **share_row(counts[value, number], groups[value], min_n),
            **_against(counts[value, number], groups[value], last[number], total, min_n),
        }
        for value in sorted(groups) for number in shown
    ]  # fmt: skip


def _against(part: int, size: int, all_parts: int, total: int, min_n: int) -> dict[str, Any]:
    x, n = all_parts - part, total - size
    if min(size, n) < min_n:
        return dict.fromkeys(("rest_share", "difference", "difference_low", "difference_high", "q", "p"))
    ends = newcombe(part, size, x, n)
    return {
        "rest_share": x / n, "difference": part / size - x / n, "difference_low": ends.low if ends else None,
        "difference_high": ends.high if ends else None, "q": None, "p": two_proportions(part, size, x, n),
    }  # fmt: skip
