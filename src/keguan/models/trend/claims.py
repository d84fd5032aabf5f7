"""Sentences, and the claims that fill them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from keguan.core.text import Text
from keguan.models.trend.methods import NAIVE
from keguan.result import Cell, Claim, Result

BASE: Mapping[str, Text] = {
    "month": Text("完整的月", "whole months"),
    "week": Text("完整的周", "whole weeks"),
}
_ZH_END, _EN_END = (
    "方法为{method}，回测 MASE {mase}（n={n}，{base}）。",
    "by {method:l}, MASE {mase} in the back-test (n={n}, {base}).",
)
TEXT: Mapping[str, Text] = {
    "ahead": Text(
        "预计 {period} 的{series}为 {forecast}（80% 预测区间 {low} 至 {high}）；" + _ZH_END,
        "Forecast of {series:l} for {period}: {forecast} (80% prediction interval {low} to {high}), "
        + _EN_END,
    ),
    "baseline": Text(
        "{series}的预测采用{method}：回测 {origins} 个起点，没有其他方法的误差比它小 5% 以上（MASE {mase}；n={n}，{base}）。",
        "{series} is forecast by the baseline, {method:l}: in a back-test of {origins} origins no other method had an error at "
        "least 5% smaller (MASE {mase}; n={n}, {base}).",
    ),
    "beaten": Text(
        "{series}的预测采用{method}：回测 {origins} 个起点，平均误差为基线（季节朴素）的 {ratio}（n={n}，{base}）。",
        "{series} is forecast by {method:l}: in a back-test of {origins} origins its mean error was {ratio} of the baseline's "
        "(seasonal naive; n={n}, {base}).",
    ),
    "coverage": Text(
        "80% 预测区间在回测中覆盖了 {share} 的实际值（{checked} 次中 {held} 次，95% 区间 {low} 至 {high}；n={n}，"
        "{base}）。",
        "In the back-test the 80% prediction intervals held {share} of what came ({held} of {checked}, 95% "
        "interval {low} to {high}; n={n}, {base}).",
    ),
}


def forecast_claims(result: Result, kind: str, periods: int) -> Iterator[Claim]:
    """The next period of each series, the method and why, and whether intervals held."""
    base, seen = BASE[kind], set()
    used = {
        row["series"]: {name: row[name] for name in ("series", "part", "method")}
        | {"origins": row["origins"]}
        for row in result.table("methods")
        if row["used"] and not row["part"]
    }
    for row in result.table("forecast"):
        series = row["series"]
        if series in seen or row["low"] is None:
            continue
        seen.add(series)
        key, how = {"series": series, "period": row["period"]}, dict(used[series])
        how.pop("origins")
        labels = {"series": (series, "forecast_series"), "method": (row["method"], "forecast_method")}
        yield Claim(
            says="ahead", key=f"trend/ahead/{series}",
            values={
                "period": Cell("forecast", key, "period"),
                **{name: Cell("forecast", key, name) for name in ("forecast", "low", "high")},
                "mase": Cell("methods", how, "mase"),
            },
            labels=labels, n=periods, base=base, strength="forecast", topic=f"forecast_{series}", figure=series,
        )  # fmt: skip
        yield Claim(
            says="baseline" if row["method"] == NAIVE else "beaten", key=f"trend/method/{series}",
            values={
                name: Cell("methods", how, name)
                for name in ("origins", "mase" if row["method"] == NAIVE else "ratio")
            },
            labels=labels, n=periods, base=base, strength="estimate", topic=f"forecast_method_{series}", summary=False,
            figure=series,
        )  # fmt: skip
    every = result.table("coverage").find({"series": "all"})
    if every is not None and every["share"] is not None:
        names = ("share", "checked", "held", "low", "high")
        yield Claim(
            says="coverage", key="trend/coverage",
            values={name: Cell("coverage", {"series": "all"}, name) for name in names},
            n=periods, base=base, strength="estimate", topic="forecast_coverage", summary=False,
            figure="revenue",
        )  # fmt: skip
