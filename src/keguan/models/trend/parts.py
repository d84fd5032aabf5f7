"""Categories and regions: each forecast by itself, then scaled so that the parts add up to the total's forecast.

Source: forecast proportions, Athanasopoulos, Ahmed and Hyndman (2009).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from keguan.models.trend.backtest import Forecast
from keguan.models.trend.periods import Calendar

OTHER = "其他"


def parts_of(rows: Sequence[Mapping[str, Any]], calendar: Calendar, listed: int) -> dict[str, list[float]]:
    """Revenue by period of the largest parts, the others together; by size."""
    money: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(calendar))
    for row in rows:
        if calendar.first <= row["period"] <= calendar.last:
            money[row["part"]][int(row["period"]) - calendar.first] += float(row["revenue"])
    order = sorted(money, key=lambda part: (-sum(money[part][-calendar.season :]), part))
    kept = [part for part in order if part != OTHER][:listed]
    rest = [part for part in order if part not in kept]
    found = {part: money[part] for part in kept}
    if rest:
        found[OTHER] = [sum(values) for values in zip(*(money[part] for part in rest), strict=True)]
    return found if len(found) > 1 else {}


def part_rows(
    dimension: str,
    series: Mapping[str, Sequence[float]],
    total: Forecast,
    calendar: Calendar,
    foresee: Callable[[Sequence[float]], Forecast],
) -> tuple[list[dict[str, Any]], dict[str, Forecast]]:
    """Rows of the table of parts, and the forecast of each part before it was scaled."""
    made = {part: foresee(values) for part, values in series.items()}
    rows = []
    for step, whole in enumerate(total.outlook):
        number = calendar.last + 1 + step
        own = {part: max(item.outlook[step].forecast, 0.0) for part, item in made.items()}
        factor = whole.forecast / sum(own.values()) if sum(own.values()) > 0 else 0.0
        for part, item in made.items():
            ends = item.outlook[step]
            value = own[part] * factor
            back = number - calendar.season - calendar.first
            rows.append(
                {
                    "dimension": dimension, "part": part, "period": calendar.name(number), "forecast": value,
                    "low": None if ends.low is None else min(max(ends.low, 0.0) * factor, value),
                    "high": None if ends.high is None else max(ends.high * factor, value),
                    "share": value / whole.forecast if whole.forecast > 0 else None,
                    "year_ago": series[part][back] if back >= 0 else None, "method": item.used,
                }
            )  # fmt: skip
    return rows, made
