"""Churn: as many left as expected? Of the latest run whose horizon is over, by level and in all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.calibration_in_the_large import large_test
from keguan.evidence.statistics.wilson import wilson
from keguan.models.forecast_ledger.judged import ALL, Row

COUNTED = "lapsed"


def latest_runs(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows of each model's latest run of which outcomes are counted by customer."""
    runs: dict[str, list[Row]] = {}
    for row in rows:
        if row["quantity"] != COUNTED:
            continue
        known = runs.setdefault(row["model"], [])
        if known and known[0]["due_day"] < row["due_day"]:
            known.clear()
        if not known or known[0]["run_id"] == row["run_id"]:
            known.append(row)
    return [runs[model] for model in sorted(runs)]


def calibration(rows: Sequence[Row], min_n: int) -> list[Row]:
    """Levels and their sum. Under `min_n` customers no rates."""
    made = [
        _row(run, group, min_n) for run in latest_runs(rows) for group in (*([item] for item in run), run)
    ]
    for row, q in zip(made, benjamini_hochberg([row["p"] for row in made]), strict=True):
        row["q"] = q
    return made


def _row(run: Sequence[Row], group: Sequence[Row], min_n: int) -> Row:
    customers, actual = sum(row["about"] or 0 for row in group), int(sum(row["actual"] for row in group))
    expected, variance = _sum(group, "predicted"), _sum(group, "variance")
    ends = wilson(actual, customers) if customers >= min_n else None
    rates = (
        {
            "predicted_share": expected / customers, "share": actual / customers, "low": ends.low, "high": ends.high,
        }
        if ends
        else {}
    )  # fmt: skip
    return {
        "model": run[0]["model"], "part": ALL if group is run else group[0]["part"], "base_day": run[0]["base_day"],
        "due_day": run[0]["due_day"], "customers": customers, "expected": expected, "actual": actual,
        "p": large_test(actual, expected, variance), **rates,
    }  # fmt: skip


def _sum(group: Sequence[Mapping[str, Any]], name: str) -> float:
    return float(sum(row[name] or 0 for row in group))
