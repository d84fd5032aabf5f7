"""What do pages and ads on social media get, how did it change, and in which regions and segments?

Method: figures of pages and ads by metric and channel over the latest months, against as many months before: a change counts when
it is outside the usual variation of its months (XmR limits, deseasonalised with two years) and material. Shares of regions and
segments: days as the units drawn (bootstrap), corrected by Benjamini-Hochberg. Figures of levels (followers) are read on the
last day, never added up. Nothing is joined to persons.

Source: Wheeler (1993); Efron and Tibshirani (1993); Benjamini and Hochberg (1995).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from keguan.analyses.social.claims import TEXT, social_claims, social_notes
from keguan.analyses.social.metrics import metrics_table
from keguan.analyses.social.parts import parts_table
from keguan.analyses.social.series import months_table, periods_table, read_series
from keguan.analysis import Analysis, Inputs, param
from keguan.core.latest_windows import latest_windows
from keguan.core.text import Text
from keguan.result import Figure, Note, Result, Table


@dataclass(frozen=True)
class Params:
    """Parameters of the analysis."""

    months: int = param(
        3, "本期几个月，与之前同样长的期间比较", "months of the period, compared with as many before"
    )


def run(inputs: Inputs, params: Params) -> Result:
    """Tables periods, metrics, parts, months."""
    series = read_series(inputs)
    if not series:
        text = Text(
            "没有社交媒体指标：导入日期、渠道、地区、指标、数值后可看",
            "No figures of social media: import day, channel, region, metric, value",
        )
        return Result("social", notes=(Note(text, "missing"),))
    first_day = min(day for days in series.values() for day in days)
    spans = latest_windows(first_day, inputs.as_of, params.months)
    months = months_table(inputs, series)
    if spans is None:
        note = Note(
            Text("数据不足两个月，不予比较", "Fewer than two months of data: no comparison"), "withheld"
        )
        return Result("social", (months,), _figures(months), notes=(note,))
    now, base = spans
    tables = (
        periods_table(inputs, now, base),
        metrics_table(inputs, series, now, base),
        parts_table(inputs, now, base),
        months,
    )
    result = Result(
        "social", tables=tuple(replace(t, appendix=t.id in ("periods", "months")) for t in tables)
    )
    return replace(
        result,
        figures=_figures(months),
        claims=tuple(social_claims(result)),
        notes=tuple(social_notes(result)),
    )


def _figures(months: Table) -> tuple[Figure, ...]:
    sizes: dict[str, int] = defaultdict(int)
    for row in months:
        sizes[row["metric"]] += 1
    if not sizes:
        return ()
    metric = min(sizes, key=lambda name: (-sizes[name], name))
    title = Text(f"每月「{metric}」", f"'{metric}' by month")
    return (
        Figure(
            "months",
            "line",
            title,
            "months",
            "month",
            ("value",),
            series="channel",
            hatch="unfinished",
            where={"metric": metric},
        ),
    )


ANALYSIS = Analysis(
    name="social",
    title=Text("社交媒体", "Social media"),
    question=Text(
        "社交媒体上的页面和广告得到什么，怎样变化，在哪些地区和客群？",
        "What do pages and ads on social media get, how did it change, and in which regions and segments?",
    ),
    section="trend",
    params=Params,
    run=run,
    text=TEXT,
    reads=("social_metrics",),
    needs=("social_metrics",),
    order=60,
)
