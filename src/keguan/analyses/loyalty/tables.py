"""The index over time, its components then and now, attitude against repeat purchase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from keguan.analyses.loyalty.columns import COMPONENT_COLUMNS, MATRIX_COLUMNS, TREND_COLUMNS
from keguan.analyses.loyalty.params import Params
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.sample_mean import SampleMean, mean_difference
from keguan.marts.loyalty import COMPONENTS, matrix_sql, means_sql
from keguan.result import Table

FEWEST_REPEATS = 2


def trend_table(
    inputs: Inputs,
    measured: Mapping[date, Mapping[str, SampleMean]],
    day: date,
    indexed: str,
    bound: Mapping[str, Any],
) -> Table:
    """The index at each quarter end and now, all measured with the baseline's ruler."""
    rows: list[dict[str, Any]] = []
    for end in sorted(measured):
        base: dict[str, Any] = {"day": end, "baseline": "yes" if end == day else "no"}
        if measured[end]:
            mean = measured[end]["index"]
            ends = mean.interval()
            base |= {"customers": mean.n, "index": mean.mean, "low": ends.low, "high": ends.high}
        rows.append(base)
    return inputs.computed(
        "trend", Text("忠诚度指数", "Loyalty index"), TREND_COLUMNS, ("day",), rows, method="loyalty.trend",
        sql=means_sql(indexed), **bound,
        note=Text(f"基准为 {day}，按当日所知计算后不再改变；其余各日用同一把尺",
                  f"the baseline is {day}, computed from what was known then and frozen; the others use its ruler"),
    )  # fmt: skip


def component_table(
    inputs: Inputs,
    params: Params,
    before: Mapping[str, SampleMean],
    now: Mapping[str, SampleMean],
    indexed: str,
    bound: Mapping[str, Any],
) -> Table:
    """Each component then and now; compared where both have `min_n` customers."""
    rows: list[dict[str, Any]] = []
    weights = params.weights()
    for name in ("index", *COMPONENTS):
        then, later = before.get(name), now.get(name)
        row: dict[str, Any] = {
            "component": name, "weight": weights.get(name), "before_n": then.n if then else 0,
            "n": later.n if later else 0, "p": None,
        }  # fmt: skip
        if then and then.n >= inputs.settings.min_n:
            row["before"] = then.mean
        if later and later.n >= inputs.settings.min_n:
            row["now"] = later.mean
        if then and later and "before" in row and "now" in row:
            ends, row["p"] = mean_difference(later, then)
            row |= {"difference": later.mean - then.mean, "low": ends.low, "high": ends.high}
        rows.append(row)
    tested = [row for row in rows if row["p"] is not None]
    for row, q in zip(tested, benjamini_hochberg([row["p"] for row in tested]), strict=True):
        row["q"] = q
    return inputs.computed(
        "components", Text("忠诚度的分项", "Components of loyalty"), COMPONENT_COLUMNS, ("component",), rows,
        method="evidence.statistics.sample_mean", sql=means_sql(indexed), **bound,
    )  # fmt: skip


def repeat_cut(rows: Sequence[Mapping[str, Any]]) -> int:
    """The median number of purchases, at least two: one purchase repeats nothing."""
    total, seen = sum(row["customers"] for row in rows), 0
    for row in rows:
        seen += row["customers"]
        if 2 * seen >= total:
            return max(FEWEST_REPEATS, int(row["purchases"]))
    return FEWEST_REPEATS


def matrix_table(inputs: Inputs, params: Params, indexed: str, bound: Mapping[str, Any]) -> Table:
    """All four quadrants, also those that nobody is in."""
    sql = matrix_sql(indexed)
    found = {row["quadrant"]: row for row in inputs.query(sql, **bound).to_pylist()}
    total = sum(row["customers"] for row in found.values())
    rows = []
    for name in ("loyal", "latent", "spurious", "none"):
        row = found.get(name, {"customers": 0, "net_revenue": 0})
        rows.append(
            {
                "quadrant": name, "months": params.window_months, "cut": bound["cut"], "customers": row["customers"],
                "share": row["customers"] / total if total >= max(inputs.settings.min_n, 1) else None,
                "net_revenue": row["net_revenue"],
            }
        )  # fmt: skip
    return inputs.computed(
        "matrix", Text("态度与复购", "Attitude and repeat purchase"), MATRIX_COLUMNS, ("quadrant",), rows,
        method="loyalty.matrix", sql=sql, **bound,
    )  # fmt: skip
