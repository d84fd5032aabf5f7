"""Sentences and notes on ranges and own history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from keguan.analyses.benchmarks.population import described
from keguan.core.text import Text, same
from keguan.evidence.cells import Value
from keguan.marts.own_figures import figure_named
from keguan.result import Cell, Claim, Note, Result, Test
from keguan.schema.terms.value import OWN_FIGURE

RECORDS = Text("该指标口径内的记录", "records that the figure counts")
MONTHS = Text("历史完整月", "complete months of history")
TEXT: Mapping[str, Text] = {
    "below": Text(
        "近 {months} 个月{metric}为 {own}（95% 区间 {own_low} 至 {own_high}），在参考区间 {low} 至 {high} 之下，"
        "与低值相差 {gap}（以低值为基数；{source}，{published}；n={n}，{base}）。",
        "{metric} of the last {months} months is {own} (95% interval {own_low} to {own_high}), below the range of {low} to "
        "{high}, {gap} from its low end (of the low end; {source}, {published}; n={n}, {base}).",
    ),
    "above": Text(
        "近 {months} 个月{metric}为 {own}（95% 区间 {own_low} 至 {own_high}），在参考区间 {low} 至 {high} 之上，"
        "与高值相差 {gap}（以高值为基数；{source}，{published}；n={n}，{base}）。",
        "{metric} of the last {months} months is {own} (95% interval {own_low} to {own_high}), above the range of {low} to "
        "{high}, {gap} from its high end (of the high end; {source}, {published}; n={n}, {base}).",
    ),
    "total_below": Text(
        "近 {months} 个月{metric}为 {own}，在参考区间 {low} 至 {high} 之下，与低值相差 {gap}"
        "（以低值为基数；{source}，{published}；n={n}，{base}）。",
        "{metric} of the last {months} months is {own}, below the range of {low} to {high}, {gap} from its low end (of the "
        "low end; {source}, {published}; n={n}, {base}).",
    ),
    "total_above": Text(
        "近 {months} 个月{metric}为 {own}，在参考区间 {low} 至 {high} 之上，与高值相差 {gap}"
        "（以高值为基数；{source}，{published}；n={n}，{base}）。",
        "{metric} of the last {months} months is {own}, above the range of {low} to {high}, {gap} from its high end (of the "
        "high end; {source}, {published}; n={n}, {base}).",
    ),
    "unusual": Text(
        "{month} {figure}为 {value}，比上月变化 {change}，超出本企业平时的月间变化（{low} 至 {high}，XmR；n={n}，{base}）。",
        "{figure} of {month} is {value}, a change of {change} on the month before, outside the company's usual "
        "month-to-month change ({low} to {high}, XmR; n={n}, {base}).",
    ),
}  # fmt: skip


def benchmark_claims(result: Result, months: int) -> Iterator[Claim]:
    """Figures outside a range that may be used; inside is no claim."""
    for row in result.table("ranges"):
        if row["verdict"] not in ("below", "above") or row["gap"] is None:
            continue
        at = {"place": row["place"], "reading": row["reading"]}
        names = ["own", "low", "high", "gap"]
        interval = row["own_low"] is not None
        values: dict[str, Value] = {name: Cell("ranges", at, name) for name in names}
        values["published"] = Cell("ranges", at, "published_on")
        if interval:
            values |= {name: Cell("ranges", at, name) for name in ("own_low", "own_high")}
        yield Claim(
            row["verdict"] if interval else f"total_{row['verdict']}", f"benchmarks/{row['place']}", values, row["n"],
            RECORDS, strength="tested" if interval else "fact",
            test=_test(row) if interval else None,
            labels={"metric": _name(row), "months": (str(months), None), "source": (row["published_by"], None)},
            topic=f"benchmark_{row['metric']}", certainty=0.7,
        )  # fmt: skip


def _name(row: Mapping[str, Any]) -> tuple[str, str | None]:
    """The figure's own label; a range about its change keeps the words of its source."""
    known = figure_named(row["metric"]) is not None
    return (row["definition"], "own_figure") if known else (row["metric"], None)


def _test(row: Mapping[str, Any]) -> Test:
    return Test("interval_outside_range", True, low=float(row["own_low"]), high=float(row["own_high"]))


def history_claims(result: Result) -> Iterator[Claim]:
    """Months outside the usual change. The overview tells of the change itself, so these stay out of the summary."""
    for row in result.table("history"):
        if row["position"] != "outside":
            continue
        at = {"figure": row["figure"]}
        yield Claim(
            "unusual", f"benchmarks/history/{row['figure']}",
            {
                "value": Cell("history", at, "value"), "change": Cell("history", at, "change"),
                "low": Cell("history", at, "usual_low"), "high": Cell("history", at, "usual_high"),
                "month": Cell("history", at, "month"),
            },
            row["months"], MONTHS, labels={"figure": (row["figure"], "own_figure")}, summary=False, figure="history",
        )  # fmt: skip


_REASONS = (
    ("unknown_kind", "允差是百分点还是相对比例不明，两种读法都列出，不作判断",
     "it is not known whether the tolerance is in points or relative: both readings shown, no verdict"),
    ("expired", "已过有效期，只列出", "out of date, shown only"),
    ("unsourced", "没有出处或发布日，只列出", "without source or date, shown only"),
    ("example", "标为示例，只列出", "marked as an example, shown only"),
    ("other_population", "适用对象不是本企业，只列出；企业类型可在参数中指定",
     "meant for other companies, shown only; the kind of company can be set by a parameter"),
    ("other_definition", "口径与本企业不同，只列出", "defined in another way, shown only"),
    ("unknown_metric", "没有对应的本企业指标", "no own figure of this name"),
    ("no_range", "既无高低值也无参考值与允差", "neither low and high nor value and tolerance"),
    ("too_few", "本企业样本不足", "too few of our own"),
    ("overlaps", "本企业的区间跨过端点，不作判断", "the own interval crosses an end, no verdict"),
)  # fmt: skip


def notes(
    rows: Sequence[Mapping[str, Any]], ranges: bool, history: bool, population: Sequence[str]
) -> Iterator[Note]:
    """Ranges that gave no verdict, with the reason; what is missing."""
    if not ranges:
        yield Note(
            Text(
                "没有行业参考区间；导入指标、适用对象、低值与高值（或参考值与允差）、出处、发布日即可对照。产品不自带任何行业数字",
                "There are no outside ranges; import metric, population, low and high (or value and tolerance), source and "
                "date. None ship with the product",
            ),
            "missing",
        )
    for reason, zh, en in _REASONS:
        named = sorted({row["metric"] for row in rows if row["verdict"] == reason})
        if named:
            listed = [OWN_FIGURE.get(name, same(name)) for name in named]
            yield Note(
                Text(
                    f"{'、'.join(term.zh for term in listed)}：{zh}",
                    f"{', '.join(term.en for term in listed)}: {en}",
                ),
                "info",
            )
    if ranges and population:
        kind = described(population)
        yield Note(
            Text(
                f"适用对象按本企业为「{kind.zh}」对照",
                f"The population of a range is held against this company as: {kind.en}",
            )
        )
    if not history:
        yield Note(
            Text(
                "完整月不足两个，不与自身历史比较",
                "Fewer than two complete months: no comparison with own history",
            ),
            "withheld",
        )
