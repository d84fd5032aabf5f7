"""From which event to which: transitions with start and end, whole paths, and coming back to the same event."""

from __future__ import annotations

from typing import Any

from keguan.analyses.path.names import END, START, name_of, path_of
from keguan.analyses.path.params import Params
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.event_goals import EventNames
from keguan.marts.sessions import OTHER_NAME, bit_of
from keguan.result import Column, Table

TRANSITIONS_SQL = "SELECT from_no, to_no, times FROM event_transitions ORDER BY from_no, to_no"

PATHS_SQL = """
WITH counted AS (
  SELECT opening & $first_steps AS path, CASE WHEN steps > $length THEN 1 ELSE 0 END AS longer, count(*) AS sessions
  FROM session_ways
  GROUP BY opening & $first_steps, CASE WHEN steps > $length THEN 1 ELSE 0 END
)
SELECT path, longer, sessions, CAST(sum(sessions) OVER () AS BIGINT) AS everything
FROM counted
ORDER BY sessions DESC, path, longer
LIMIT $top
"""

# Sessions by the names in them and those that they come back to; bit 0 is that of the shared number.
LOOPS_SQL = f"""
WITH kinds AS (
  SELECT s.seen, w.again, count(*) AS sessions
  FROM event_sessions s
  JOIN session_ways w ON w.session_no = s.session_no
  GROUP BY s.seen, w.again
), names AS (
  SELECT name_no, {bit_of("name_no")} AS its_bit FROM event_names WHERE name_no <= {OTHER_NAME}
), visits AS (
  SELECT to_no, CAST(sum(times) AS BIGINT) AS visits FROM event_transitions WHERE from_no <> to_no GROUP BY to_no
), counted AS (
  SELECT n.name_no, CAST(sum(k.sessions) AS BIGINT) AS sessions,
         CAST(sum(CASE WHEN (k.again & n.its_bit) <> 0 THEN k.sessions ELSE 0 END) AS BIGINT) AS came_back
  FROM kinds k
  JOIN names n ON (k.seen & n.its_bit) <> 0
  GROUP BY n.name_no
)
SELECT c.name_no, c.sessions, c.came_back, v.visits
FROM counted c
JOIN visits v ON v.to_no = c.name_no
ORDER BY c.name_no
"""

LOW = Column(
    "low",
    Text("区间下限", "Interval from"),
    "share",
    role="low",
    note=Text("Wilson 95% 区间", "Wilson 95% interval"),
)
HIGH = Column("high", Text("区间上限", "Interval to"), "share", role="high")
TRANSITION_COLUMNS = (
    Column("from_name", Text("由", "From"), "label", role="key", vocabulary="journey_node"),
    Column("to_name", Text("到", "To"), "label", role="key", vocabulary="journey_node"),
    Column("times", Text("次数", "Times"), "count"),
    Column("share", Text("占由此出发", "Share of leaving there"), "share"),
    LOW,
    HIGH,
)
PATH_COLUMNS = (
    Column("rank", Text("名次", "Rank"), "count", role="key"),
    Column("path", Text("路径", "Path"), "text"),
    Column("sessions", Text("会话数", "Sessions"), "count"),
    Column("share", Text("占全部会话", "Share of sessions"), "share"),
    LOW,
    HIGH,
)
LOOP_COLUMNS = (
    Column("name", Text("事件", "Event"), "label", role="key", vocabulary="journey_node"),
    Column("sessions", Text("出现的会话", "Sessions with it"), "count"),
    Column("came_back", Text("离开后又回来的会话", "Sessions that came back to it"), "count"),
    Column("share", Text("回来的占比", "Share that came back"), "share"),
    LOW,
    HIGH,
    Column("visits", Text("每个会话到访次数", "Visits per session with it"), "number", 2),
)


def share_row(part: int, whole: int, min_n: int) -> dict[str, float | None]:
    """A share with its interval, withheld below `min_n`."""
    ends = wilson(part, whole) if whole >= min_n else None
    return {
        "share": part / whole if ends else None, "low": ends.low if ends else None, "high": ends.high if ends else None,
    }  # fmt: skip


def transition_table(inputs: Inputs, names: EventNames, params: Params) -> Table:
    """Every pair that occurs, with the share of all that leave the first one."""
    found = inputs.query(TRANSITIONS_SQL, session_minutes=params.session_minutes).to_pylist()
    leaving: dict[int, int] = {}
    for row in found:
        leaving[row["from_no"]] = leaving.get(row["from_no"], 0) + row["times"]
    rows = [
        {
            "from_name": name_of(names, row["from_no"]) if row["from_no"] else START,
            "to_name": name_of(names, row["to_no"]) if row["to_no"] else END, "times": row["times"],
            **share_row(row["times"], leaving[row["from_no"]], inputs.settings.min_n),
        }
        for row in found
    ]  # fmt: skip
    return inputs.computed(
        "transitions", Text("事件之间的转移", "Transitions between events"), TRANSITION_COLUMNS,
        ("from_name", "to_name"), rows, method="evidence.statistics.wilson", sql=TRANSITIONS_SQL,
        session_minutes=params.session_minutes,
        note=Text(
            "同一会话内相邻的两个事件；同名事件连续出现也计入", "neighbours in a session; an event that follows itself counts"
        ),
    )  # fmt: skip


def path_table(inputs: Inputs, names: EventNames, params: Params) -> Table:
    """The most frequent whole paths."""
    more: dict[str, Any] = {
        "length": params.length, "first_steps": (1 << 6 * params.length) - 1, "top": params.top,
        "session_minutes": params.session_minutes,
    }  # fmt: skip
    found = inputs.query(PATHS_SQL, **more).to_pylist()
    rows = [
        {
            "rank": rank, "path": path_of(names, row["path"], params.length, bool(row["longer"])),
            "sessions": row["sessions"], **share_row(row["sessions"], row["everything"], inputs.settings.min_n),
        }
        for rank, row in enumerate(found, start=1)
    ]  # fmt: skip
    return inputs.computed(
        "paths", Text("最常见的路径", "Most frequent paths"), PATH_COLUMNS, ("rank",), rows,
        method="evidence.statistics.wilson", sql=PATHS_SQL, **more,
        note=Text(
            f"连续的同名事件合为一步；只比较前 {params.length} 步，更长的以 … 结尾",
            f"an event that follows itself is one step; the first {params.length} steps are told apart, longer paths end in …",
        ),
    )  # fmt: skip


def loop_table(inputs: Inputs, names: EventNames, params: Params) -> Table:
    """Events that sessions come back to after something else."""
    found = inputs.query(LOOPS_SQL, session_minutes=params.session_minutes).to_pylist()
    min_n = inputs.settings.min_n
    rows = [
        {
            "name": name_of(names, row["name_no"]), "sessions": row["sessions"], "came_back": int(row["came_back"]),
            **share_row(int(row["came_back"]), row["sessions"], min_n),
            "visits": row["visits"] / row["sessions"] if row["sessions"] >= min_n else None,
        }
        for row in sorted(found, key=lambda row: (-int(row["came_back"]), row["name_no"]))
    ]  # fmt: skip
    return inputs.computed(
        "loops", Text("回路：离开后又回来的事件", "Loops: events that sessions come back to"), LOOP_COLUMNS, ("name",), rows,
        method="evidence.statistics.wilson", sql=LOOPS_SQL, session_minutes=params.session_minutes,
    )  # fmt: skip
