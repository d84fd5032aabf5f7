"""Predictions against what came: rows of the ledger, and what they add up to for each quantity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from math import exp, fsum, log, sqrt
from typing import Any

from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.binomial_test import binomial_at_most
from keguan.evidence.statistics.student_t import t_two_sided, t_value
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.came import UNITS

FEWEST = 6  # predictions from which an average error is told and a bias is tested
ALL = "all"  # a prediction of all customers
Row = dict[str, Any]


def fared(found: Sequence[Mapping[str, Any]]) -> list[Row]:
    """A row for each prediction whose outcome can be counted."""
    return [_fared(row) for row in found if row["actual"] is not None]


def _fared(row: Mapping[str, Any]) -> Row:
    low, high, actual = row["interval_low"], row["interval_high"], row["actual"]
    held = "none" if low is None or high is None else "yes" if low <= actual <= high else "no"
    return {
        "model": row["model"], "quantity": row["quantity_name"], "part": row["part"] or ALL, "run_id": row["run_id"],
        "base_day": row["base_day"], "from_day": row["from_day"], "due_day": row["due_day"],
        "predicted": row["predicted"], "low": low, "high": high, "actual": actual, "held": held,
        "error": row["predicted"] - actual, "baseline": row["baseline_said"],
        "unit": UNITS.get(row["quantity_name"], "number"), "nominal": row["coverage"], "variance": row["variance"],
        "about": row["about"],
    }  # fmt: skip


def subject(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """Which model, of what, of whom."""
    return row["model"], row["quantity"], row["part"]


def by_subject(rows: Sequence[Row]) -> list[tuple[tuple[str, str, str], list[Row]]]:
    """Rows of each quantity, in the order of their days."""
    ordered = sorted(rows, key=lambda row: (*subject(row), row["due_day"], row["base_day"]))
    return [(key, list(group)) for key, group in groupby(ordered, key=subject)]


def latest(rows: Sequence[Row]) -> list[Row]:
    """Of each quantity the prediction that came due last, the one that was said last of it."""
    return [{**group[-1], "judged": len(group)} for _, group in by_subject(rows)]


def apart(rows: Sequence[Row]) -> list[Row]:
    """Predictions whose days do not overlap, from the latest back; of the same days the one that was said last."""
    kept: list[Row] = []
    start = date.max
    for row in sorted(rows, key=lambda row: (row["due_day"], row["base_day"]), reverse=True):
        if row["due_day"] < start:
            kept.append(row)
            start = row["from_day"]
    return kept[::-1]


def record(rows: Sequence[Row], min_n: int) -> list[Row]:
    """One row for each quantity: coverage, error beside the baseline's, bias."""
    made = [_record(key, group, min_n) for key, group in by_subject(rows)]
    for name in ("coverage", "bias"):
        tested = [row for row in made if row[f"{name}_p"] is not None]
        for row, q in zip(tested, benjamini_hochberg([row[f"{name}_p"] for row in tested]), strict=True):
            row[f"{name}_q"] = q
    return made


def _record(key: tuple[str, str, str], group: Sequence[Row], min_n: int) -> Row:
    used = apart(group)
    row: Row = {"model": key[0], "quantity": key[1], "part": key[2], "due": len(group), "apart": len(used)}
    return row | _coverage(used, min_n) | _errors(used) | _bias(used)


def _coverage(used: Sequence[Row], min_n: int) -> Row:
    checked = [row for row in used if row["held"] != "none" and row["nominal"] is not None]
    held = sum(row["held"] == "yes" for row in checked)
    if not checked:
        return {"checked": 0, "held": 0, "coverage_p": None}
    nominal = float(min(row["nominal"] for row in checked))
    found: Row = {
        "checked": len(checked), "held": held, "nominal": nominal,
        "coverage_p": binomial_at_most(held, len(checked), nominal),
    }  # fmt: skip
    ends = wilson(held, len(checked)) if len(checked) >= min_n else None
    return found | ({"share": held / len(checked), "low": ends.low, "high": ends.high} if ends else {})


def _errors(used: Sequence[Row]) -> Row:
    """Sums of absolute errors over sums: a period of nothing divides nothing."""
    if len(used) < FEWEST:
        return {}
    whole = fsum(abs(float(row["actual"])) for row in used)
    own = fsum(abs(float(row["error"])) for row in used)
    both = [row for row in used if row["baseline"] is not None]
    naive = fsum(abs(float(row["baseline"] - row["actual"])) for row in both)
    beside = fsum(abs(float(row["error"])) for row in both)
    return {
        "mean_error": own / whole if whole > 0 else None,
        "against_baseline": beside / naive if len(both) >= FEWEST and naive > 0 else None,
    }


def _bias(used: Sequence[Row]) -> Row:
    """One-sample t test of the logarithms of predicted over actual."""
    ratios = [
        log(float(row["predicted"]) / float(row["actual"]))
        for row in used
        if row["predicted"] > 0 and row["actual"] > 0
    ]
    n = len(ratios)
    if n < max(FEWEST, len(used)):
        return {"bias_p": None}
    mean = fsum(ratios) / n
    error = sqrt(fsum((item - mean) ** 2 for item in ratios) / (n - 1) / n)
    if error == 0:
        return {"bias": exp(mean) - 1, "bias_p": None}
    half = t_value(n - 1) * error
    return {
        "bias": exp(mean) - 1, "bias_low": exp(mean - half) - 1, "bias_high": exp(mean + half) - 1,
        "bias_p": t_two_sided(mean / error, n - 1),
    }  # fmt: skip
