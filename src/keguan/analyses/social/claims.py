"""Sentences and notes about social media."""

from __future__ import annotations

from collections.abc import Iterator

from keguan.core.text import Text
from keguan.evidence.statistics.corrected import corrected
from keguan.result import Cell, Claim, Note, Result, Test

SAID = 3  # figures, and shares

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
        "{part}占「{metric}」的比重由 {before} 显著下降到 {share}，相差 {difference:-}（95% 区间 {high:-} 至 {low:-}；"
        "n={n}，{base}）。",
        "The share of {part} in '{metric}' has fallen significantly from {before} to {share}, {difference:-} (95% "
        "interval {high:-} to {low:-}; n={n}, "
        "{base}).",
    ),
}


def social_claims(result: Result) -> Iterator[Claim]:
    """What changed most, and which shares did."""
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


def social_notes(result: Result) -> Iterator[Note]:
    """What is never told, and what is not judged."""
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
