"""Share paid in time and days late by credit grade, each grade against all others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from keguan.analyses.settlement.columns import GRADE_COLUMNS
from keguan.analyses.settlement.sql import GRADES_SQL, LATE_SQL
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.median_of_counts import median_of_counts
from keguan.evidence.statistics.rows_against_rest import judge_against
from keguan.evidence.statistics.wilson import wilson
from keguan.result import Table


def grades_table(inputs: Inputs) -> Table:
    """All payments, then those of each credit grade."""
    least = inputs.settings.min_n
    late: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for cell in inputs.query(LATE_SQL).to_pylist():
        for grade in (cell["grade"], "*"):
            late[grade].append((float(cell["late_days"]), cell["payments"]))
    rows = [_grade(row, late[row["grade"]], least) for row in inputs.query(GRADES_SQL).to_pylist()]
    rows.sort(key=lambda row: (row["grade"] != "*", row["grade"]))
    for whole in rows[:1]:  # '*', all payments: each grade against all other payments
        judge_against(rows[1:], "in_time", "due_count", (whole["in_time"], whole["due_count"]), least)
    return inputs.computed(
        "grades", Text("结算与信用等级", "Settlement by credit grade"), GRADE_COLUMNS, ("grade",), rows,
        method="wilson, two_proportions, benjamini_hochberg, median_of_counts", sql=GRADES_SQL,
    )  # fmt: skip


def _grade(row: Mapping[str, Any], late: Sequence[tuple[float, int]], least: int) -> dict[str, Any]:
    n, x = row["due_count"], row["in_time"]
    ends, days = (wilson(x, n) if n >= least else None), median_of_counts(late)
    out: dict[str, Any] = {
        **row, "verdict": "untested", "share": x / n if ends else None, "low": ends.low if ends else None,
        "high": ends.high if ends else None, "overdue_share": float(row["overdue"] / row["due"]) if row["due"] > 0 else None,
    }  # fmt: skip
    if days and days.n >= least:
        out |= {"late": days.value, "late_low": days.low, "late_high": days.high}
    return out
