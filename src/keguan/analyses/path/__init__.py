"""Which ways do visits go, where do they turn back and end, and through which sources do visitors come?

Method: sessions as given, or parted by inactivity; events in order of time, repeated ones once. Transition matrix with start
and end; the most frequent paths; events that sessions come back to; last events of sessions without the goal, each group against
all others (two proportions, Newcombe interval, Benjamini-Hochberg); sources of consecutive visits; conversions counted
to sources by first touch, last touch and evenly. These rules say nothing about causes.

Source: Wilson (1927); Newcombe (1998); Benjamini and Hochberg (1995).
"""

from __future__ import annotations

from dataclasses import replace

from keguan.analyses.path.claims import TEXT, path_claims, path_notes
from keguan.analyses.path.exits import exit_table
from keguan.analyses.path.graph import loop_table, path_table, transition_table
from keguan.analyses.path.names import END, START
from keguan.analyses.path.params import Params
from keguan.analyses.path.sources import attribution_table, touchpoint_table
from keguan.analysis import Analysis, Inputs
from keguan.core.errors import UsageError, Where
from keguan.core.text import Text
from keguan.marts.event_goals import EventNames, event_names
from keguan.marts.visitor_segments import segments_then, span
from keguan.result import Column, Figure, Note, Result, Table

MOST_FLOWS = 25
APPENDIX = ("transitions", "exits", "touchpoints", "flows")
FLOW_COLUMNS = (
    Column("from_name", Text("由", "From"), "label", role="key", vocabulary="journey_node"),
    Column("to_name", Text("到", "To"), "label", role="key", vocabulary="journey_node"),
    Column("times", Text("次数", "Times"), "count"),
)


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: paths, loops, flows, transitions, exits, touchpoints, attribution."""
    if not 2 <= params.length <= 10:
        raise _length(params.length)
    if not inputs.has("events") or (days := span(inputs)) is None:
        return Result("path", notes=(MISSING,))
    names = event_names(inputs, params.goal)
    transitions = transition_table(inputs, names, params)
    tables = [
        path_table(inputs, names, params),
        loop_table(inputs, names, params),
        transitions,
        _flows(inputs, transitions),
        *_of_goal(inputs, names, params, segments_then(inputs, days[0])),
    ]
    if inputs.has_values("events", "traffic_source"):
        tables.append(touchpoint_table(inputs, params))
    ready = tuple(replace(table, appendix=table.id in APPENDIX) for table in tables)
    result = Result("path", tables=ready, figures=_figures(ready))
    min_n = inputs.settings.min_n
    notes = path_notes(result, names, (days[1] - days[0]).days + 1, min_n)
    return replace(result, claims=path_claims(result, names, min_n), notes=tuple(notes))


def _of_goal(inputs: Inputs, names: EventNames, params: Params, segments: str | None) -> list[Table]:
    """Tables that need to know what a conversion is."""
    if not names.goal:
        return []
    found = [exit_table(inputs, names, params, segments)]
    if inputs.has_values("events", "traffic_source"):
        found.append(attribution_table(inputs, names, params))
    return found


def _flows(inputs: Inputs, transitions: Table) -> Table:
    """The most frequent transitions between different events, for the chart."""
    inner = [
        row
        for row in transitions.records()
        if row["from_name"] != row["to_name"] and row["from_name"] != START and row["to_name"] != END
    ]
    rows = sorted(inner, key=lambda row: (-row["times"], row["from_name"], row["to_name"]))
    return inputs.computed(
        "flows", Text("最常见的转移", "Most frequent transitions"), FLOW_COLUMNS, ("from_name", "to_name"),
        [{item.name: row[item.name] for item in FLOW_COLUMNS} for row in rows[:MOST_FLOWS]],
        method="the largest of transitions", inputs=("transitions",),
    )  # fmt: skip


def _figures(tables: tuple[Table, ...]) -> tuple[Figure, ...]:
    filled = {table.id for table in tables if len(table.rows)}
    figures = (
        Figure(
            "flows", "flow", Text("会话内最常见的转移", "Most frequent transitions in sessions"), "flows",
            "from_name", ("times",), series="to_name",
        ),
        Figure("paths", "bar", Text("最常见的路径", "Most frequent paths"), "paths", "path", ("sessions",)),
        Figure(
            "attribution", "bar", Text("转化按来源计（三种规则，非因果）", "Conversions by source (three rules, not causal)"),
            "attribution", "source", ("first_touch", "last_touch", "linear"),
        ),
    )  # fmt: skip
    return tuple(figure for figure in figures if figure.table in filled)


def _length(found: int) -> UsageError:
    return UsageError(
        Text("路径的步数不在范围内", "The number of steps of a path is out of range"),
        Where(setting="length"),
        found=str(found),
        allowed=Text("2 至 10", "2 to 10"),
        do=Text("例如 --param length=6", "for example --param length=6"),
    )


MISSING = Note(
    Text(
        "没有行为事件数据。导入网站或应用的事件（访客、时间、事件名）后才有路径",
        "There are no events. Import events of site or app (visitor, time, name of event) to see paths",
    ),
    "missing",
)

ANALYSIS = Analysis(
    name="path",
    title=Text("路径", "Paths"),
    question=Text(
        "访问怎样走动，在哪里折返和离开，访客经由哪些来源再来？",
        "Which ways do visits go, where do they turn back and end, and through which sources do visitors come?",
    ),
    section="behaviour",
    params=Params,
    run=run,
    text=TEXT,
    reads=("events",),
    needs=("events",),
    uses=("rfm",),
    order=61,
)
