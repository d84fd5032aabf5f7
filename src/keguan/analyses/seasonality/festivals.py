"""Days around festivals against the ordinary days on both sides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from keguan.analyses.seasonality.columns import FESTIVAL_COLUMNS
from keguan.analyses.seasonality.days import DAYS_SQL, Days, days_of
from keguan.analysis import Inputs
from keguan.core.festivals import Festival, festivals, festivals_in
from keguan.core.period import Span
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.interval import z_value
from keguan.evidence.statistics.two_proportions import two_sided
from keguan.result import Table

AROUND = 28  # ordinary days on each side of a festival


def festival_table(inputs: Inputs, days: Days) -> Table:
    """Each festival seen, against the ordinary days around it."""
    rows = [row for row in (_festival(days, item) for item in _seen(days)) if row]
    for row, q in zip(rows, benjamini_hochberg([row["p"] for row in rows]), strict=True):
        side = "above" if row["index"] > 1 else "below"
        sure = q <= FALSE_DISCOVERY and abs(row["index"] - 1) >= inputs.settings.material_relative
        row |= {"q": q, "verdict": side if sure else "plain"}
    before = {(row["festival"], row["year"]): row for row in rows}
    for row in rows:
        last = before.get((row["festival"], str(int(row["year"]) - 1)))
        if last and last["net_revenue"] > 0 and last["days"] == row["days"]:
            row |= {
                "year_ago": last["net_revenue"],
                "change": float(row["net_revenue"] / last["net_revenue"]) - 1,
            }
    return inputs.computed(
        "festivals", Text("节日期间", "Festivals"), FESTIVAL_COLUMNS, ("festival", "year"), rows,
        method="seasonality.festivals: Welch on logarithms of days, benjamini_hochberg", sql=DAYS_SQL,
    )  # fmt: skip


def _seen(days: Days) -> list[Festival]:
    """Festivals with all of their days and the ordinary days before them in the data."""
    return [
        item
        for year in range(days.first.year, days.last.year + 1)
        for item in festivals(year)
        if item.span.first - timedelta(days=AROUND) >= days.first and item.span.last <= days.last
    ]


def _festival(days: Days, item: Festival) -> dict[str, Any] | None:
    """Revenue a day within, against the ordinary days on each side, on the log scale; None with a day without sales."""
    around = [
        day
        for span in (Span(item.span.first - timedelta(days=AROUND), item.span.first - timedelta(days=1)),
                     Span(item.span.last + timedelta(days=1), item.span.last + timedelta(days=AROUND)))
        for day in days_of(span)
        if day <= days.last and not festivals_in(Span(day, day))
    ]  # fmt: skip
    within = [float(days.money.get(day, 0)) for day in days_of(item.span)]
    ordinary = [float(days.money.get(day, 0)) for day in around]
    if len(ordinary) < 14 or min(within, default=0) <= 0 or min(ordinary) <= 0:
        return None
    (mean, variance), (usual, usual_variance) = (_logs(values) for values in (within, ordinary))
    spread = math.sqrt(variance + usual_variance)
    difference = mean - usual
    reach = z_value() * spread
    return {
        "festival": item.name.zh, "year": str(item.span.last.year), "first": item.span.first, "last": item.span.last,
        "days": item.span.days, "net_revenue": days.net(item.span), "orders": days.placed(item.span),
        "index": math.exp(difference), "low": math.exp(difference - reach), "high": math.exp(difference + reach),
        "p": two_sided(difference / spread) if spread > 0 else 1.0,
    }  # fmt: skip


def _logs(values: Sequence[float]) -> tuple[float, float]:
    """Mean of the logarithms and its variance."""
    logs = [math.log(value) for value in values]
    mean = math.fsum(logs) / len(logs)
    return mean, math.fsum((x - mean) ** 2 for x in logs) / (len(logs) - 1) / len(logs)
