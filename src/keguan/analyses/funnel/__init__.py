"""How far do visits get, where do they end, and when and for whom did a step get worse?

Method: sessions as given, or parted by inactivity. A unit (session, or visitor within a window) reached a step when it
logged that step or a later one (`deepest`), or each step in turn (`in_order`). Rates carry Wilson intervals; groups are
compared with all others (two proportions, Newcombe interval). Spells in which a step went differently are searched by a
scan statistic over contiguous weeks or days of every step of every group, with a permutation p, visitors who come again
allowed for by the design effect, and Benjamini-Hochberg over all scans.

Source: Kulldorff (1997); Zhang, Assuncao and Kulldorff (2010) for scans after the strongest is taken out; Abrams, Kulldorff and
Kleinman (2010); Wilson (1927); Newcombe (1998); Benjamini and Hochberg (1995).
"""

from __future__ import annotations

from dataclasses import replace

from keguan.analyses.funnel.cells import cells_sql, inflations, read_cells
from keguan.analyses.funnel.claims import TEXT, funnel_claims, funnel_notes, steps_note
from keguan.analyses.funnel.dimensions import dimensions
from keguan.analyses.funnel.incidents import search
from keguan.analyses.funnel.params import Params
from keguan.analyses.funnel.steps import funnel_steps
from keguan.analyses.funnel.tables import (
    EVERYBODY,
    Source,
    group_table,
    incident_table,
    step_table,
    week_table,
    whom_table,
)
from keguan.analyses.funnel.units import all_units_sql, plain
from keguan.analysis import Analysis, Inputs
from keguan.core.text import Text
from keguan.marts.visitor_segments import segments_then, span
from keguan.result import Figure, Note, Result, Table

APPENDIX = ("weeks", "groups", "incident_groups")


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: steps, groups, weeks, incidents, incident_groups."""
    if not inputs.has("events") or (days := span(inputs)) is None:
        return Result("funnel", notes=(MISSING,))
    steps, proposed = funnel_steps(inputs, params)
    names = [step.label for step in steps]
    if len(steps) < 2:
        return Result("funnel", notes=(NO_STEPS,))
    minutes = params.session_minutes
    segments = segments_then(inputs, days[0])
    used, left = dimensions(inputs, params.dimensions, minutes, segments)
    units = all_units_sql(steps, params, used, segments)
    sql = cells_sql(units, len(steps), len(used))
    cells = read_cells(inputs, sql, len(steps), used, minutes)
    if not len(cells.days):
        return Result("funnel", notes=(NO_STEPS, steps_note(names, proposed)))
    inflation = tuple(inflations(inputs, units, cells, minutes))
    source = Source(inputs, steps, cells, sql, inflation, minutes)
    min_n = inputs.settings.min_n
    found = search(cells, inflation, min_n)
    tables: tuple[Table, ...] = (
        step_table(source, units, plain(params)),
        incident_table(source, found),
        whom_table(source, found),
        group_table(source),
        week_table(source),
    )
    tables = tuple(replace(table, appendix=table.id in APPENDIX) for table in tables)
    result = Result("funnel", tables=tables, figures=_figures(tables))
    length = (days[1] - days[0]).days + 1
    notes = [steps_note(names, proposed), *funnel_notes(inputs, result, length, found.scans, left, min_n)]
    return replace(result, claims=funnel_claims(result, params, min_n), notes=tuple(notes))


MISSING = Note(
    Text(
        "没有行为事件数据。导入网站或应用的事件（访客、时间、事件名）后才有漏斗",
        "There are no events. Import events of site or app (visitor, time, name of event) to have a funnel",
    ),
    "missing",
)
NO_STEPS = Note(
    Text(
        "事件名里没有认出漏斗的步骤。请用 steps 参数给出，例如 view,cart,purchase",
        "No steps of a funnel were recognised among the names of events. Give them by the parameter steps, such as "
        "view,cart,purchase",
    ),
    "missing",
)


def _figures(tables: tuple[Table, ...]) -> tuple[Figure, ...]:
    by_id = {table.id: table for table in tables}
    figures = [
        Figure("funnel", "funnel", Text("漏斗", "Funnel"), "steps", "step", ("units",)),
    ]
    incidents = by_id["incidents"].records()
    if incidents:
        first = incidents[0]
        no = next(row["no"] for row in by_id["steps"].records() if row["step"] == first["step"])
        where = {"no": no, "value": first["value"] if first["dimension"] == "device" else EVERYBODY}
        title = Text(
            f"由「{first['step']}」到「{first['next_step']}」的转化率，按周",
            f"Conversion from '{first['step']}' to '{first['next_step']}' by week",
        )
        # with fewer than min_n in every week there is nothing to draw, and the sentences stand by themselves
        shown = [row for row in by_id["weeks"] if all(row[name] == value for name, value in where.items())]
        if any(row["rate"] is not None for row in shown):
            figures.append(
                Figure(
                    "weeks", "line", title, "weeks", "week", ("rate",), low="low", high="high", where=where
                )
            )
    return tuple(figures)


ANALYSIS = Analysis(
    name="funnel",
    title=Text("漏斗", "Funnel"),
    question=Text(
        "访问走到哪一步，在哪里离开，哪一步在何时、对谁变差了？",
        "How far do visits get, where do they end, and when and for whom did a step get worse?",
    ),
    section="behaviour",
    params=Params,
    run=run,
    text=TEXT,
    reads=("events",),
    needs=("events",),
    uses=("rfm",),
    order=60,
)
