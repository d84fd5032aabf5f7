"""Do customers come back? Cohorts by month of the first order, with their activity and revenue month by month.

Method: cohort tables on orders placed; pooled curve with Wilson intervals. Second purchases within 90 days by
channel of the first order: the month from which a channel's rate changed is searched over all months, with a
permutation p (Kulldorff's scan idea), Newcombe's interval of the difference, and Benjamini-Hochberg.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from keguan.analyses.cohort.claims import TEXT, change_claims, curve_claims, lifetime_claims
from keguan.analyses.cohort.params import Params
from keguan.analyses.cohort.retention import (
    Grid,
    curve_table,
    first_used,
    lifetime_table,
    retention_map,
    retention_tables,
    settled_cohorts,
)
from keguan.analyses.cohort.second import second_purchases
from keguan.analysis import Analysis, Inputs
from keguan.core.period import month_index
from keguan.core.text import Text
from keguan.marts.cohorts import GRID_SQL
from keguan.result import Figure, Note, Result


def run(inputs: Inputs, params: Params) -> Result:
    """Tables retention, revenue, curve, lifetime, second_purchase, second_purchase_change."""
    grid: Grid = defaultdict(dict)
    for row in inputs.query(GRID_SQL).to_pylist():
        grid[row["cohort_no"]][row["month_index"]] = row
    notes: list[Note] = []
    if not grid:
        notes.append(Note(Text("没有带客户编号的订单", "There are no orders with a customer id"), "missing"))
    last = month_index(inputs.as_of)
    shown = sorted(grid)[-max(params.cohorts, 1) :]
    retention, revenue = retention_tables(inputs, grid, shown, last)
    settled = settled_cohorts(grid, params, inputs.as_of, last)
    chart = retention_map(inputs, retention)
    curve, lifetime = curve_table(inputs, grid, settled), lifetime_table(inputs, grid, settled)
    second, changes, worth = second_purchases(inputs, params, notes, first_used(grid, params))
    notes += _notes(inputs, grid, params)
    return Result(
        "cohort",
        tables=tuple(  # figures draw the first three, sentences say the others
            replace(table, appendix=True)
            for table in (curve, chart, second, retention, revenue, lifetime, changes)
        ),
        figures=_figures(len({row["channel"] for row in second}) > 1),
        claims=(*curve_claims(curve), *lifetime_claims(lifetime), *change_claims(changes, params, worth)),
        notes=tuple(notes),
    )


def _notes(inputs: Inputs, grid: Grid, params: Params) -> Iterator[Note]:
    least = inputs.settings.min_n
    small = sum(row[0]["active"] < least for row in grid.values())
    if small:
        yield Note(
            Text(
                f"{small} 个首单月份的新客户少于 {least} 位，只列人数，不列留存率",
                f"Months with fewer than {least} new customers: {small}; counts are given, no rates",
            ),
            "withheld",
        )
    if len(grid) > 2 * params.skip_first > 0:
        yield Note(
            Text(
                f"数据最初 {params.skip_first} 个月的「新客户」混有更早的老客户：图表中照列，合并的留存率与检验不计入",
                f"The 'new' customers of the first {params.skip_first} months include older ones: listed in the "
                "tables, left out of the pooled curve and of tests",
            )
        )


MAP_TITLE = Text(
    "各月新客户的留存率（纵：首单月份，横：之后第几月）",
    "Retention by month of the first order and months since",
)
CURVE_TITLE = Text(
    "留存率随首单后月数的变化（各月新客户合并）",
    "Retention by months since the first order, all months pooled",
)
CHANNEL_TITLE = Text(
    "各渠道新客户的二购率（按首单月份）", "Second-purchase rate by channel and month of the first order"
)


def _figures(channelled: bool) -> tuple[Figure, ...]:
    heat = Figure(
        "retention_map", "heatmap", MAP_TITLE, "retention_map", "month_index", ("rate",), series="cohort"
    )
    curve = Figure(
        "retention_curve", "line", CURVE_TITLE, "curve", "month_index", ("rate",), low="low", high="high"
    )
    channels = Figure(
        "second_purchase", "line", CHANNEL_TITLE, "second_purchase", "cohort", ("rate",), series="channel"
    )
    return (curve, heat, channels) if channelled else (curve, heat)


ANALYSIS = Analysis(
    name="cohort",
    title=Text("队列与留存", "Cohorts and retention"),
    question=Text(
        "新客户之后还回来吗？各月、各渠道的新客户有何不同？",
        "Do new customers come back, and does it differ by month and channel of their first order?",
    ),
    section="behaviour",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "customer_facts"),
    order=42,
)
