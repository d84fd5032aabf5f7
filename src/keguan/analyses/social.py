"""What do pages and ads on social media get, how did it change, and in which regions and segments?

Method: figures of pages and ads by metric and channel over the latest months, against as many months before: a change counts when
it is outside the usual variation of its months (XmR limits, deseasonalised with two years) and material. Shares of regions and
segments: days as the units drawn (bootstrap), corrected by Benjamini-Hochberg. Figures of levels (followers) are read on the
last day, never added up. Nothing is joined to persons.

Source: Wheeler (1993); Efron and Tibshirani (1993); Benjamini and Hochberg (1995).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from keguan.analysis import Analysis, Inputs, param
from keguan.core.latest_windows import latest_windows
from keguan.core.period import Span, month_end, month_index, month_name
from keguan.core.text import Text
from keguan.evidence.span_name import span_name
from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.corrected import corrected
from keguan.evidence.statistics.share_change import ShareCell, share_changes
from keguan.evidence.statistics.xmr import usual_change
from keguan.result import Cell, Claim, Column, Figure, Note, Result, Table, Test
from keguan.schema.vocabulary import UNKNOWN

FALSE_DISCOVERY, SAID, LISTED = 0.05, 3, 200
LEVELS = ("粉丝", "关注者", "累计", "follower", "subscriber", "fans")  # figures that stand, not that happen


@dataclass(frozen=True)
class Params:
    """Parameters of the analysis."""

    months: int = param(
        3, "本期几个月，与之前同样长的期间比较", "months of the period, compared with as many before"
    )


TEXT = {
    "up": Text(
        "{channel}的「{metric}」由 {before} 显著增加到 {now}，变化 {change}，超出平常波动（{usual_low} 至 "
        "{usual_high}；{days} 对上一个同样长的期间；"
        "n={n}，{base}）。",
        "'{metric}' on {channel} has increased significantly from {before} to {now}, {change}, outside its usual "
        "variation ({usual_low} to {usual_high}; "
        "{days} against the period of the same length before; n={n}, {base}).",
    ),
    "down": Text(
        "{channel}的「{metric}」由 {before} 显著减少到 {now}，变化 {change}，超出平常波动（{usual_low} 至 "
        "{usual_high}；{days} 对上一个同样长的期间；"
        "n={n}，{base}）。",
        "'{metric}' on {channel} has decreased significantly from {before} to {now}, {change}, outside its usual "
        "variation ({usual_low} to {usual_high}; "
        "{days} against the period of the same length before; n={n}, {base}).",
    ),
    "share_up": Text(
        "{part}占「{metric}」的比重由 {before} 显著上升到 {share}，相差 {difference}（95% 区间 {low} 至 {high}；"
        "n={n}，{base}）。",
        "The share of {part} in '{metric}' has risen significantly from {before} to {share}, {difference} (95% "
        "interval {low} to {high}; n={n}, "
        "{base}).",
    ),
    "share_down": Text(
        "{part}占「{metric}」的比重由 {before} 显著下降到 {share}，相差 {difference}（95% 区间 {low} 至 {high}；"
        "n={n}，{base}）。",
        "The share of {part} in '{metric}' has fallen significantly from {before} to {share}, {difference} (95% "
        "interval {low} to {high}; n={n}, "
        "{base}).",
    ),
}

# Pages give a few figures a day: one row for each day, metric, channel, region and segment, added up where several came.
DAYS_SQL = f"""
SELECT day, metric, coalesce(channel, '{UNKNOWN}') AS channel, sum(value) AS value
FROM social_metrics WHERE day IS NOT NULL
GROUP BY day, metric, coalesce(channel, '{UNKNOWN}') ORDER BY metric, channel, day
"""


def _parts_sql(column: str) -> str:
    return f"""
SELECT metric, {column} AS part, date_diff('day', DATE '2000-01-01', day) % 200 AS bucket,
       CASE WHEN day >= $first THEN 1 ELSE 0 END AS is_current, sum(value) AS value, count(DISTINCT day) AS days
FROM social_metrics
WHERE {column} IS NOT NULL AND (day BETWEEN $first AND $last OR day BETWEEN $base_first AND $base_last)
GROUP BY metric, {column}, date_diff('day', DATE '2000-01-01', day) % 200, CASE WHEN day >= $first THEN 1 ELSE 0 END
ORDER BY metric, part, bucket, is_current
"""


METRIC = Column("metric", Text("指标", "Metric"), "text", role="key")
CHANNEL = Column("channel", Text("渠道", "Channel"), "label", role="key", vocabulary="unknown")
METRIC_COLUMNS = (
    METRIC,
    CHANNEL,
    Column("kind", Text("读法", "Read as"), "label", vocabulary="social_kind"),
    Column("now", Text("本期", "Now"), "number", 0),
    Column("before", Text("上期", "Before"), "number", 0),
    Column("change", Text("变化率", "Change, relative"), "share"),
    Column(
        "usual_low",
        Text("平常波动下限", "Usual variation, low"),
        "share",
        note=Text("月间波动的 XmR 控制限", "XmR limits of the months"),
    ),
    Column("usual_high", Text("平常波动上限", "Usual variation, high"), "share"),
    Column("days", Text("有数据的天数", "Days with figures"), "count"),
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="verdict"),
)
PART_COLUMNS = (
    METRIC,
    Column("dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="social_dimension"),
    Column("part", Text("取值", "Value"), "label", role="key", vocabulary="unknown"),
    Column("value", Text("本期", "Now"), "number", 0),
    Column("share", Text("占比", "Share"), "share"),
    Column("before", Text("上期占比", "Share before"), "share"),
    Column("difference", Text("占比之差", "Difference of shares"), "points"),
    Column("low", Text("区间下限", "Interval from"), "points", role="low",
           note=Text("自助法 95% 区间，以日为抽样单位", "bootstrap 95% interval, days as units")),
    Column("high", Text("区间上限", "Interval to"), "points", role="high"),
    Column("q", Text("q 值", "q"), "number", 4, note=Text("Benjamini-Hochberg 校正后的 p", "p corrected by Benjamini-Hochberg")),
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="verdict"),
)  # fmt: skip
PERIOD_COLUMNS = (
    Column("period", Text("期间", "Period"), "label", role="key", vocabulary="compared_period"),
    Column("first", Text("起", "From"), "date"),
    Column("last", Text("止", "To"), "date"),
    Column("days", Text("所含日期", "Days"), "text"),
)
MONTH_COLUMNS = (
    METRIC,
    CHANNEL,
    Column("month", Text("月份", "Month"), "month", role="key"),
    Column("value", Text("数值", "Value"), "number", 0),
    Column("unfinished", Text("未完月份", "Unfinished"), "text", role="note"),
)

Series = dict[tuple[str, str], dict[date, float]]


def run(inputs: Inputs, params: Params) -> Result:
    """Tables periods, metrics, parts, months."""
    series: Series = defaultdict(dict)
    for row in inputs.query(DAYS_SQL).to_pylist():
        series[row["metric"], row["channel"]][row["day"]] = float(row["value"])
    if not series:
        text = Text(
            "没有社交媒体指标：导入日期、渠道、地区、指标、数值后可看",
            "No figures of social media: import day, channel, region, metric, value",
        )
        return Result("social", notes=(Note(text, "missing"),))
    first_day = min(day for days in series.values() for day in days)
    spans = latest_windows(first_day, inputs.as_of, params.months)
    months = _months(inputs, series)
    if spans is None:
        note = Note(
            Text("数据不足两个月，不予比较", "Fewer than two months of data: no comparison"), "withheld"
        )
        return Result("social", (months,), _figures(months), notes=(note,))
    now, base = spans
    tables = (
        _periods(inputs, now, base),
        _metrics(inputs, series, now, base),
        _parts(inputs, now, base),
        months,
    )
    result = Result(
        "social", tables=tuple(replace(t, appendix=t.id in ("periods", "months")) for t in tables)
    )
    return replace(
        result, figures=_figures(months), claims=tuple(_claims(result)), notes=tuple(_notes(result))
    )


def _is_level(metric: str) -> bool:
    return any(word in metric.lower() for word in LEVELS)


def _figure(metric: str, days: Mapping[date, float], span: Span) -> float | None:
    """What the period brought; of a level its last figure; None without any day."""
    held = {day: value for day, value in days.items() if span.first <= day <= span.last}
    if not held:
        return None
    return held[max(held)] if _is_level(metric) else sum(held[day] for day in sorted(held))


def _by_month(metric: str, days: Mapping[date, float]) -> dict[int, float]:
    months: dict[int, dict[date, float]] = defaultdict(dict)
    for day, value in days.items():
        months[month_index(day)][day] = value
    return {
        index: held[max(held)] if _is_level(metric) else sum(held[day] for day in sorted(held))
        for index, held in sorted(months.items())
    }


def _months(inputs: Inputs, series: Series) -> Table:
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
        for index, value in _by_month(metric, days).items()
    ]
    return inputs.computed(
        "months", Text("每月指标", "Figures by month"), MONTH_COLUMNS, ("metric", "channel", "month"), rows[:5000],
        method="social.months", sql=DAYS_SQL,
    )  # fmt: skip


def _periods(inputs: Inputs, now: Span, base: Span) -> Table:
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


def _metrics(inputs: Inputs, series: Series, now: Span, base: Span) -> Table:
    rows = []
    for (metric, channel), days in sorted(series.items()):
        after, before = _figure(metric, days, now), _figure(metric, days, base)
        row: dict[str, Any] = {
            "metric": metric, "channel": channel, "kind": "level" if _is_level(metric) else "sum", "now": after, "before": before,
            "days": sum(now.first <= day <= now.last for day in days), "verdict": "未检验",
        }  # fmt: skip
        if after is not None and before is not None and before > 0:
            change = after / before - 1
            row["change"] = change
            final = month_index(inputs.as_of) - (0 if inputs.as_of == month_end(inputs.as_of) else 1)
            months = _by_month(metric, days)
            complete = [months.get(index, 0.0) for index in range(min(months) + 1, final + 1)]
            # A level that grows by the same every month is as usual; the limits are those of figures that happen.
            usual = None if _is_level(metric) else usual_change(complete, now.days)
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


def _parts(inputs: Inputs, now: Span, base: Span) -> Table:
    """Shares of regions and segments in each figure that adds up, all corrected together."""
    days: dict[str, Any] = {
        "first": now.first,
        "last": now.last,
        "base_first": base.first,
        "base_last": base.last,
    }
    rows: list[dict[str, Any]] = []
    tested = []
    for dimension in ("region", "segment"):
        cells: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for cell in inputs.query(_parts_sql(dimension), **days).to_pylist():
            if not _is_level(cell["metric"]):
                cells[cell["metric"]].append(cell)
        for metric, held in sorted(cells.items()):
            for row in _shares(metric, dimension, held):
                rows.append(row)
                if row["p"] is not None and now.days >= inputs.settings.min_n:
                    tested.append(row)
    for row, q in zip(tested, benjamini_hochberg([row["p"] for row in tested]), strict=True):
        sure = q <= FALSE_DISCOVERY and not row["low"] <= 0 <= row["high"]
        material = abs(row["difference"]) >= inputs.settings.material_share
        word = "显著增加" if row["difference"] > 0 else "显著减少"
        row |= {"q": q, "verdict": word if sure and material else "无显著变化"}
    rows.sort(key=lambda row: (row["metric"], row["dimension"], -row["value"], row["part"]))
    return inputs.computed(
        "parts", Text("各地区与客群的占比", "Shares of regions and "
                                   "segments"), PART_COLUMNS, ("metric", "dimension", "part"), rows[:LISTED],
        method="share_changes with days as units, benjamini_hochberg", sql=_parts_sql("region"), **days,
    )  # fmt: skip


def _shares(metric: str, dimension: str, cells: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    changes = share_changes(
        ShareCell(
            cell["part"], int(cell["bucket"]), float(cell["value"]) if cell["is_current"] else 0.0,
            0.0 if cell["is_current"] else float(cell["value"]),
        )
        for cell in cells
    )  # fmt: skip
    for part in sorted({cell["part"] for cell in cells}):
        found = changes.get(part)
        row: dict[str, Any] = {
            "metric": metric, "dimension": dimension, "part": part, "verdict": "未检验", "p": found.p if found else None,
            "value": float(sum(cell["value"] for cell in cells if cell["part"] == part and cell["is_current"])),
        }  # fmt: skip
        if found:
            row |= {
                "share": found.now,
                "before": found.before,
                "difference": found.difference,
                "low": found.low,
                "high": found.high,
            }
        yield row


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


def _claims(result: Result) -> Iterator[Claim]:
    moved = [row for row in result.table("metrics") if row["verdict"] in ("显著增加", "显著减少")]
    moved.sort(key=lambda row: (-abs(row["change"]), row["metric"], row["channel"]))
    for row in moved[:SAID]:
        key = {"metric": row["metric"], "channel": row["channel"]}
        names = ("metric", "before", "now", "change", "usual_low", "usual_high")
        yield Claim(
            "up" if row["change"] > 0 else "down", f"social/change/{row['metric']}/{row['channel']}",
            {**{name: Cell("metrics", key, name) for name in names}, "days": Cell("periods", {"period": "recent"}, "days")},
            n=row["days"], base=Text("本期有数据的天数", "days with figures in the period"), strength="tested",
            test=Test("XmR limits of the months", True, None, row["usual_low"], row["usual_high"]),
            labels={"channel": (row["channel"], "unknown")}, certainty=0.7, topic=f"social/{row['metric']}", figure="months",
        )  # fmt: skip
    parts = [row for row in result.table("parts") if row["verdict"] in ("显著增加", "显著减少")]
    parts.sort(key=lambda row: (-abs(row["difference"]), row["metric"], row["part"]))
    period = result.table("periods").find({"period": "recent"}) or {}
    days = (period["last"] - period["first"]).days + 1
    for row in parts[:SAID]:
        key = {name: row[name] for name in ("metric", "dimension", "part")}
        names = ("metric", "share", "before", "difference", "low", "high")
        yield Claim(
            "share_up" if row["difference"] > 0 else "share_down",
            f"social/share/{row['metric']}/{row['dimension']}/{row['part']}",
            {name: Cell("parts", key, name) for name in names}, n=days, base=Text("本期各日", "days of the period"),
            strength="tested", test=Test("bootstrap of days", True, None, row["low"], row["high"], corrected(row["q"])),
            labels={"part": (row["part"], "unknown")}, certainty=1 - row["q"],
            topic=f"social_share/{row['metric']}", summary=False,
        )  # fmt: skip


def _notes(result: Result) -> Iterator[Note]:
    yield Note(
        Text(
            "社交媒体指标按地区、日期、客群汇总，从不对应到个人",
            "Figures are by region, day and segment, never by person",
        )
    )
    if any(row["verdict"] == "未检验" and row["kind"] == "sum" for row in result.table("metrics")):
        yield Note(
            Text("有的指标不足 6 个完整月份或某月为零，不判断变化是否平常", "A figure has fewer than 6 complete "
                                                  "months, or a month at zero: its change is not judged"),
            "withheld")  # fmt: skip


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
