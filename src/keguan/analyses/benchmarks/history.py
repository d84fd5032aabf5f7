"""The last complete month against the month before, last year and its usual variation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from keguan.analysis import Inputs
from keguan.core.period import month_end, month_index, month_name
from keguan.evidence.statistics.xmr import usual_change
from keguan.marts.key_figures import MONTHS_SQL

FIGURES = ("net_revenue", "gross_revenue", "orders", "customers")


def history_rows(inputs: Inputs) -> list[dict[str, Any]]:
    """One row per figure with two complete months; the first month of the data may be cut and is left out."""
    found = {int(row["month_no"]): row for row in inputs.query(MONTHS_SQL).to_pylist()}
    last = (
        inputs.as_of
        if inputs.as_of == month_end(inputs.as_of)
        else inputs.as_of.replace(day=1) - timedelta(days=1)
    )
    months = list(range(min(found) + 1, month_index(last) + 1)) if found else []
    return [row for name in FIGURES if (row := _row(name, months, found)) is not None]


def _row(name: str, months: Sequence[int], found: Mapping[int, Mapping[str, Any]]) -> dict[str, Any] | None:
    if len(months) < 2:
        return None
    series = [float(found[month][name] or 0) if month in found else 0.0 for month in months]
    usual = usual_change(series[:-1])  # limits from before, so that an unusual month does not widen them
    now, before = series[-1], series[-2]
    year_ago = series[-13] if len(series) > 12 else None
    change = now / before - 1 if before > 0 else None
    outside = usual is not None and change is not None and usual.exceeded_by(change)
    return {
        "figure": name, "month": month_name(months[-1]), "unit": "money" if name.endswith("revenue") else "count",
        "value": now, "previous": before, "change": change, "last_year": year_ago,
        "year_change": now / year_ago - 1 if year_ago else None, "months": len(series) - 1,
        "usual_low": usual.low if usual else None, "usual_high": usual.high if usual else None,
        "position": None if usual is None or change is None else "outside" if outside else "within",
    }  # fmt: skip
