"""Each figure of the period against that of the period before, and what usual months do."""

from __future__ import annotations

from typing import Any

from keguan.analyses.social.columns import LISTED, METRIC_COLUMNS
from keguan.analyses.social.series import DAYS_SQL, Series, brought, by_month, is_level
from keguan.analysis import Inputs
from keguan.core.period import Span, month_end, month_index
from keguan.core.text import Text
from keguan.evidence.statistics.xmr import usual_change
from keguan.result import Table


def metrics_table(inputs: Inputs, series: Series, now: Span, base: Span) -> Table:
    """Each metric of each channel now and before, with the usual variation of its months."""
    rows = []
    for (metric, channel), days in sorted(series.items()):
        after, before = brought(metric, days, now), brought(metric, days, base)
        row: dict[str, Any] = {
            "metric": metric, "channel": channel, "kind": "level" if is_level(metric) else "sum", "now": after, "before": before,
            "days": sum(now.first <= day <= now.last for day in days), "verdict": "未检验",
        }  # fmt: skip
        if after is not None and before is not None and before > 0:
            change = after / before - 1
            row["change"] = change
            final = month_index(inputs.as_of) - (0 if inputs.as_of == month_end(inputs.as_of) else 1)
            months = by_month(metric, days)
            complete = [months.get(index, 0.0) for index in range(min(months) + 1, final + 1)]
            # A level that grows by the same every month is as usual; the limits are those of figures that happen.
            usual = None if is_level(metric) else usual_change(complete, now.days)
            if usual:
                unusual = usual.exceeded_by(change) and abs(change) >= inputs.settings.material_relative
                word = "显著增加" if change > 0 else "显著减少"
                row |= {
                    "usual_low": usual.low,
                    "usual_high": usual.high,
                    "verdict": word if unusual else "无显著变化",
                }
        rows.append(row)
    return inputs.computed(
        "metrics", Text("社交媒体指标的变化", "Change of the figures"), METRIC_COLUMNS, ("metric", "channel"), rows[:LISTED],
        method="evidence.statistics.xmr.usual_change", sql=DAYS_SQL,
    )  # fmt: skip
