"""The figures as they came, day by day: what a month or a period brought, and whether a figure adds up at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from keguan.analyses.social.columns import MONTH_COLUMNS, PERIOD_COLUMNS
from keguan.analysis import Inputs
from keguan.core.period import Span, month_end, month_index, month_name
from keguan.core.text import Text
from keguan.evidence.span_name import span_name
from keguan.result import Table
from keguan.schema.vocabulary import UNKNOWN

LEVELS = ("粉丝", "关注者", "累计", "follower", "subscriber", "fans")  # figures that stand, not that happen

# Pages give a few figures a day: one row for each day, metric, channel, region and segment, added up where several came.
DAYS_SQL = f"""
SELECT day, metric, coalesce(channel, '{UNKNOWN}') AS channel, sum(value) AS value
FROM social_metrics WHERE day IS NOT NULL
GROUP BY day, metric, coalesce(channel, '{UNKNOWN}') ORDER BY metric, channel, day
"""


Series = dict[tuple[str, str], dict[date, float]]


def read_series(inputs: Inputs) -> Series:
    """(metric, channel) -> day -> figure."""
    series: Series = defaultdict(dict)
    for row in inputs.query(DAYS_SQL).to_pylist():
        series[row["metric"], row["channel"]][row["day"]] = float(row["value"])
    return series


def is_level(metric: str) -> bool:
    """Whether a figure stands (followers), so that it is never added up."""
    return any(word in metric.lower() for word in LEVELS)


def brought(metric: str, days: Mapping[date, float], span: Span) -> float | None:
    """What the period brought; of a level its last figure; None without any day."""
    held = {day: value for day, value in days.items() if span.first <= day <= span.last}
    if not held:
        return None
    return held[max(held)] if is_level(metric) else sum(held[day] for day in sorted(held))


def by_month(metric: str, days: Mapping[date, float]) -> dict[int, float]:
    """What each month brought, by month index."""
    months: dict[int, dict[date, float]] = defaultdict(dict)
    for day, value in days.items():
        months[month_index(day)][day] = value
    return {
        index: held[max(held)] if is_level(metric) else sum(held[day] for day in sorted(held))
        for index, held in sorted(months.items())
    }


def months_table(inputs: Inputs, series: Series) -> Table:
    """Each metric of each channel by month."""
    final = month_index(inputs.as_of) if inputs.as_of != month_end(inputs.as_of) else -1
    rows = [
        {
            "metric": metric,
            "channel": channel,
            "month": month_name(index),
            "value": value,
            "unfinished": index == final,
        }
        for (metric, channel), days in sorted(series.items())
        for index, value in by_month(metric, days).items()
    ]
    return inputs.computed(
        "months", Text("每月指标", "Figures by month"), MONTH_COLUMNS, ("metric", "channel", "month"), rows[:5000],
        method="social.months", sql=DAYS_SQL,
    )  # fmt: skip


def periods_table(inputs: Inputs, now: Span, base: Span) -> Table:
    """The two periods compared."""
    rows = [
        {"period": name, "first": span.first, "last": span.last, "days": span_name(span)}
        for name, span in (("recent", now), ("before", base))
    ]
    return inputs.computed(
        "periods",
        Text("比较的两期", "The two periods"),
        PERIOD_COLUMNS,
        ("period",),
        rows,
        method="social.periods",
    )
