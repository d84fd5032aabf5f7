"""Which customers moved from one class to another between two dates, why, and how much money moved with them?

Method: every customer placed at either date stands in one cell, class at the start by class at the end; customers
new or no longer placed are rows of their own. Beside the customers stands the net revenue of the window to each
date. For RFM each move has one cause: the rule of the end is applied again with the cuts of the start (a side that
then would not have changed was moved by the cut), and to facts without the returns dated after the start (a side
that then would not have changed was moved by returns); what remains crossed in R, F, M or several of them. A share
of movers is held against the periods of the same length before: prediction interval of a new observation, Benjamini-
Hochberg over the cells.

Source: prediction interval as in Hahn and Meeker (1991); the attribution is Keguan's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from keguan.analyses.migration import columns
from keguan.analyses.migration.claims import TEXT, migration_claims, migration_notes, too_short
from keguan.analyses.migration.sql import causes_sql, matrix_sql, usual_sql
from keguan.analyses.migration.usual import Cells, move_rows, period_row
from keguan.analysis import Analysis, Inputs, param
from keguan.core.period import day_months_back, window_start
from keguan.core.text import Text
from keguan.result import Figure, Result, Table
from keguan.schema.terms.segmentation import MIGRATION_CAUSE, NEW, SEGMENTATIONS, VANISHED

QUARTER = 3
FIRST_DAY_SQL = "SELECT min(first_order_on) AS first_day FROM customer_facts"


@dataclass(frozen=True)
class Params:
    """Which segmentation, how far apart the dates are, and the window of money."""

    segmentation: str = param("rfm", "分群方法", "segmentation")
    days: int = param(0, "两个日期相隔的天数，0 为一个季度", "days between the two dates; 0: a quarter")
    window_months: int = param(12, "净销售额窗口（月）", "window of net revenue, months")
    periods: int = param(6, "最多与此前几期比较", "compared with at most so many periods before")


def run(inputs: Inputs, params: Params) -> Result:
    """Tables period, matrix, flows, tested, and for RFM causes and cell_causes."""
    then = back(inputs.as_of, params.days)
    first = inputs.query(FIRST_DAY_SQL).to_pylist()[0]["first_day"]
    if first is None or first > then:
        return Result("migration", tables=(_empty(inputs, params),), notes=(too_short(then, first),))
    vocabulary = SEGMENTATIONS.get(params.segmentation)
    views = inputs.segment(params.segmentation, then), inputs.segment(params.segmentation)
    bound: dict[str, Any] = {
        "then": then, "then_from": window_start(then, params.window_months),
        "money_from": window_start(inputs.as_of, params.window_months),
    }  # fmt: skip
    note = Text(
        f"{then} 与 {inputs.as_of} 之间；金额为到各日期为止 {params.window_months} 个月的净销售额",
        f"between {then} and {inputs.as_of}; money is net revenue of the {params.window_months} months to each date",
    )
    matrix = inputs.table(
        "matrix", Text("客户类别迁移", "Migration between classes"), columns.matrix(vocabulary), ("before", "now"),
        matrix_sql(*views), note=note, min_n=inputs.settings.min_n, **bound,
    )  # fmt: skip
    cells: Cells = {(row["before"], row["now"]): row for row in matrix.records()}
    usual = _usual(inputs, params, then, first)
    tables = [
        matrix,
        _flows(inputs, cells, vocabulary),
        *_cause_tables(inputs, params, then, views, bound, vocabulary),
        replace(_tested(inputs, cells, usual, vocabulary), appendix=True),
        replace(_period(inputs, params, then, cells, usual), appendix=True),
    ]
    result = Result("migration", tables=tuple(tables))
    return replace(
        result,
        figures=_figures(cells),
        claims=migration_claims(result, inputs.settings.min_n, vocabulary),
        notes=migration_notes(result, inputs.settings.min_n),
    )


def back(day: date, days: int) -> date:
    """The date one period earlier."""
    return day - timedelta(days=days) if days > 0 else day_months_back(day, QUARTER)


def _usual(inputs: Inputs, params: Params, then: date, first: date) -> list[Cells]:
    """Cells of the periods before, of those only whose window was whole at their start."""
    days = [then]
    while len(days) <= params.periods:
        earlier = back(days[-1], params.days)
        # A window of 12 months holds 12 months and a day: 24 months of data have two of them.
        if window_start(earlier, params.window_months) + timedelta(days=1) < first:
            break
        days.append(earlier)
    views = [inputs.segment(params.segmentation, day) for day in days]
    pairs = [(before, now) for now, before in pairwise(views)]
    if not pairs:
        return []
    found: list[Cells] = [{} for _ in pairs]
    for row in inputs.query(usual_sql(pairs)).to_pylist():
        found[int(row["period"]) - 1][row["before"], row["now"]] = row
    return found


def _flows(inputs: Inputs, cells: Cells, vocabulary: str | None) -> Table:
    labels = sorted({label for cell in cells for label in cell} - {NEW, VANISHED})
    rows = []
    for label in labels:
        out = {now: row for (before, now), row in cells.items() if before == label}
        come = {before: row for (before, now), row in cells.items() if now == label}
        stayed, vanished, newly = (
            _count(rows, key) for rows, key in ((out, label), (out, VANISHED), (come, NEW))
        )
        rows.append(
            {
                "label": label, "then": _count(out), "stayed": stayed, "vanished": vanished,
                "left_class": _count(out) - stayed - vanished, "newly": newly,
                "arrived": _count(come) - stayed - newly, "now": _count(come),
                "net_then": sum(row["net_then"] for row in out.values()),
                "net_now": sum(row["net_now"] for row in come.values()),
            }
        )  # fmt: skip
    return inputs.computed(
        "flows", Text("各类客户的去留", "Classes: who stayed, left, arrived"), columns.flows(vocabulary), ("label",),
        rows, method="migration.flows", inputs=("matrix",),
        note=Text("期初 = 留在本类 + 转出 + 消失；期末 = 留在本类 + 转入 + 新增", 
            "start = stayed + left + no longer placed; end = stayed + arrived + newly placed"),
    )  # fmt: skip


def _count(rows: Mapping[str, Mapping[str, Any]], label: str | None = None) -> int:
    """Customers of all the rows, or of one."""
    return sum(row["customers"] for name, row in rows.items() if label in (None, name))


def _tested(inputs: Inputs, cells: Cells, usual: Sequence[Cells], vocabulary: str | None) -> Table:
    return inputs.computed(
        "tested", Text("与此前各期相比的迁移", "Moves against the periods before"), columns.tested(vocabulary),
        ("before", "now"), move_rows(cells, usual, inputs.settings.min_n),
        method="evidence.statistics.unlike_before", inputs=("matrix",),
        note=Text(
            "只含期初不少于最小样本的类别；预测区间 95%，由此前各期同一迁移的占比得出",
            "only classes large enough at the start; 95% prediction from the shares of the same move before",
        ),
    )  # fmt: skip


def _period(inputs: Inputs, params: Params, then: date, cells: Cells, usual: Sequence[Cells]) -> Table:
    row = {
        "segmentation": params.segmentation, "then": then, "now": inputs.as_of,
        "window_months": params.window_months, **period_row(cells, usual, inputs.settings.min_n),
    }  # fmt: skip
    return inputs.computed(
        "period", Text("比较的两个日期", "The two dates compared"), columns.PERIOD, ("segmentation",),
        [row] if cells else [], method="evidence.statistics.unlike_before", inputs=("matrix",),
    )  # fmt: skip


def _empty(inputs: Inputs, params: Params) -> Table:
    vocabulary = SEGMENTATIONS.get(params.segmentation)
    return inputs.computed(
        "matrix", Text("客户类别迁移", "Migration between classes"), columns.matrix(vocabulary), ("before", "now"), [],
        method="migration.run",
    )  # fmt: skip


def _cause_tables(
    inputs: Inputs,
    params: Params,
    then: date,
    views: tuple[str, str],
    bound: Mapping[str, Any],
    vocabulary: str | None,
) -> list[Table]:
    """Why each customer moved; only where classes are made of R, F and M against cuts."""
    rules = inputs.relation(params.segmentation, then), inputs.relation(params.segmentation)
    if params.segmentation != "rfm" or rules[0] is None or rules[1] is None:
        return []
    detail = inputs.table(
        "cell_causes", Text("每格的原因", "Causes of each cell"), columns.cell_causes(vocabulary),
        ("before", "now", "cause"), causes_sql(*views, rules[0], rules[1]),
        from_day=rules[1].params["from_day"], **bound,
    )  # fmt: skip
    rows = []
    total = sum(row["customers"] for row in detail)
    for cause in MIGRATION_CAUSE:
        of = [row for row in detail.records() if row["cause"] == cause]
        if not of and cause not in ("returns", "cut"):
            continue
        sums = {
            name: sum((row[name] for row in of), start=0)
            for name in ("customers", "net_then", "net_now", "moved")
        }
        share = sums["customers"] / total if total >= inputs.settings.min_n else None
        rows.append({"cause": cause, "share": share, **sums})
    causes = inputs.computed(
        "causes", Text("迁移的原因", "Why customers moved"), columns.CAUSES, ("cause",), rows if total else [],
        method="migration.causes", inputs=("cell_causes",),
        note=Text(
            "每位客户一个原因，相加等于全部客户；先看只用期初分界是否还会变，再看没有期初之后的退货是否还会变",
            "one cause for each customer, adding up to all; asked with the cuts of the start, then without returns after it",
        ),
    )  # fmt: skip
    return [causes, replace(detail, appendix=True)]


def _figures(cells: Cells) -> tuple[Figure, ...]:
    if not cells:
        return ()
    title = Text(
        "客户类别迁移：期初（行）到期末（列）的客户数",
        "Migration: customers by class at the start (rows) and end (columns)",
    )
    return (Figure("matrix", "heatmap", title, "matrix", "now", ("customers",), series="before"),)


ANALYSIS = Analysis(
    name="migration",
    title=Text("客户类别迁移", "Migration between classes"),
    question=Text(
        "一个季度里哪些客户换了类别，因为什么，带走或带来多少金额？",
        "Which customers changed class within a quarter, why, and how much money moved with them?",
    ),
    section="structure",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "customer_facts"),
    uses=("business_kind", "rfm"),
    order=50,
)
