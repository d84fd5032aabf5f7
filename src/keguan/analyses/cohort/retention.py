"""Cohorts month by month: customers, revenue, the pooled curve, and what follows the first month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from keguan.analyses.cohort.columns import (
    CURVE_COLUMNS,
    LIFETIME_COLUMNS,
    MAP_COLUMNS,
    RETENTION_COLUMNS,
    REVENUE_COLUMNS,
)
from keguan.analyses.cohort.params import HORIZONS, MAPPED, Params
from keguan.analysis import Inputs
from keguan.core.period import month_end, month_name
from keguan.core.text import Text
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.cohorts import GRID_SQL
from keguan.result import Table

Grid = dict[int, dict[int, Mapping[str, Any]]]


def _cells(
    grid: Grid, cohorts: Sequence[int], last: int
) -> Iterator[tuple[int, int, int, Mapping[str, Any]]]:
    """(cohort, month index, customers, found figures) for every month up to the as-of day's."""
    for cohort in cohorts:
        size = grid[cohort][0]["active"]
        for index in range(last - cohort + 1):
            yield cohort, index, size, grid[cohort].get(index, {})


def retention_tables(inputs: Inputs, grid: Grid, shown: Sequence[int], last: int) -> tuple[Table, Table]:
    unfinished = inputs.as_of != month_end(inputs.as_of)
    least = inputs.settings.min_n
    active, money = [], []
    for cohort, index, size, row in _cells(grid, shown, last):
        key = {
            "cohort": month_name(cohort), "month_index": index, "customers": size,
            "complete": not (unfinished and cohort + index == last),
        }  # fmt: skip
        active.append({**key, **rated(row.get("active", 0), size, least)})
        first, net = float(grid[cohort][0]["net_revenue"]), row.get("net_revenue", 0)
        rate = float(net) / first if first > 0 and size >= least else None
        money.append({**key, "net_revenue": net, "rate": rate})
    note = Text(
        f"队列 = 首单在同一月的客户；少于 {least} 位客户的队列不列比率",
        f"cohort = customers with the first order in the same month; no rates under {least} customers",
    )
    return (
        inputs.computed(
            "retention", Text("客户留存", "Customer retention"), RETENTION_COLUMNS, ("cohort", "month_index"), active,
            method="cohort.grid: months without orders filled with 0", sql=GRID_SQL, note=note,
        ),
        inputs.computed(
            "revenue", Text("收入留存", "Revenue retention"), REVENUE_COLUMNS, ("cohort", "month_index"), money,
            method="cohort.grid: months without orders filled with 0", sql=GRID_SQL, note=note,
        ),
    )  # fmt: skip


def retention_map(inputs: Inputs, retention: Table) -> Table:
    """What the heat map shows: the latest cohorts without their first month, which is 100 % by definition, and
    without the unfinished month, which would look like a fall."""
    rows = retention.records()
    latest = sorted({row["cohort"] for row in rows})[-MAPPED:]
    kept = [
        row
        for row in rows
        if row["cohort"] in latest and 1 <= row["month_index"] <= MAPPED and row["complete"]
    ]
    return inputs.computed(
        "retention_map", Text("首月之后的留存", "Retention after the first month"), MAP_COLUMNS,
        ("cohort", "month_index"), kept, method="cohort.map", inputs=("retention",),
    )  # fmt: skip


def rated(hits: int, n: int, least: int) -> dict[str, Any]:
    """active, rate and its interval; withheld under `least`."""
    interval = wilson(hits, n) if n >= least else None
    if interval is None:
        return {"active": hits}
    return {"active": hits, "rate": hits / n, "low": interval.low, "high": interval.high}


def first_used(grid: Grid, params: Params) -> int:
    """The first cohort for pooling and tests: the data's first months hold old customers."""
    cohorts = sorted(grid)
    if not cohorts:
        return 0
    return cohorts[0] + (params.skip_first if len(cohorts) > 2 * params.skip_first else 0)


def settled_cohorts(grid: Grid, params: Params, as_of: date, last: int) -> dict[int, int]:
    """Cohort used for pooling -> its last complete month index."""
    final = last if as_of == month_end(as_of) else last - 1
    first = first_used(grid, params)
    return {cohort: final - cohort for cohort in sorted(grid) if first <= cohort <= final}


def curve_table(inputs: Inputs, grid: Grid, settled: Mapping[int, int]) -> Table:
    """Retention by months since the first order, over the cohorts that have lived through the month.

    Month 0 is left out: it is 100 % by definition.
    """
    rows = []
    for index in range(1, max(settled.values(), default=0) + 1):
        cohorts = [cohort for cohort, oldest in settled.items() if oldest >= index]
        size = sum(grid[cohort][0]["active"] for cohort in cohorts)
        active = sum(grid[cohort].get(index, {}).get("active", 0) for cohort in cohorts)
        share = rated(active, size, inputs.settings.min_n)
        rows.append({"month_index": index, "cohorts": len(cohorts), "customers": size, **share})
    return inputs.computed(
        "curve", Text("留存曲线（各队列合并）", "Retention curve (cohorts pooled)"), CURVE_COLUMNS, ("month_index",), rows,
        method="cohort.curve", inputs=("retention",), sql=GRID_SQL,
    )  # fmt: skip


def lifetime_table(inputs: Inputs, grid: Grid, settled: Mapping[int, int]) -> Table:
    """What cohorts brought after their first month, over those observed long enough."""
    rows = []
    for months in HORIZONS:
        cohorts = [cohort for cohort, oldest in settled.items() if oldest >= months]
        size = sum(grid[cohort][0]["active"] for cohort in cohorts)
        first = sum(float(grid[cohort][0]["net_revenue"]) for cohort in cohorts)
        later = sum(
            float(grid[cohort].get(index, {}).get("net_revenue", 0))
            for cohort in cohorts
            for index in range(1, months + 1)
        )
        enough = size >= inputs.settings.min_n
        if cohorts:
            rows.append(
                {
                    "months": months, "cohorts": len(cohorts), "customers": size,
                    "first_revenue": first, "later_revenue": later,
                    "ratio": later / first if enough and first > 0 else None,
                    "per_customer": (first + later) / size if enough else None,
                }
            )  # fmt: skip
    return inputs.computed(
        "lifetime", Text("首月之后带来的收入", "Revenue after the first month"), LIFETIME_COLUMNS, ("months",), rows,
        method="cohort.lifetime", inputs=("revenue",), sql=GRID_SQL,
    )  # fmt: skip
