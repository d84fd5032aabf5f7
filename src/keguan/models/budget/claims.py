"""Sentences and notes of budgets. Every sentence about a curve says that it is no cause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from keguan.core.text import Text
from keguan.result import Cell, Claim, Note, Test, Value

METHOD = "block bootstrap, 8 weeks"
BASE = Text("有收入的周", "weeks with revenue")
_OVER_ZH = "每周收入 {best} 对 {other}，差 {gain}（95% 区间 {low} 至 {high}；n={n}，{base}）"
_OVER_EN = "{best} of weekly revenue against {other}, a difference of {gain} (95% interval {low} to {high}; n={n}, {base})"
TEXT: Mapping[str, Text] = {
    "media": Text(
        "在没有见过的时段，加入投放的模型预测误差低于只有趋势与季节的基线：{error} 对 {without}，差 {gain}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "On unseen stretches of time the model with spend has a lower prediction error than the baseline of trend and season: "
        "{error} against {without}, a difference of {gain} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "media_none": Text(
        "在没有见过的时段，加入投放的模型与只有趋势与季节的基线无显著差异：误差 {error} 对 {without}，差 {gain}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）；这些曲线不足以用来改动预算。",
        "On unseen stretches of time no significant difference between the model with spend and the baseline of trend and "
        "season: an error of {error} against {without}, a difference of {gain} (95% interval {low} to {high}; n={n}, {base}); "
        "these curves are no grounds to move a budget.",
    ),
    "marginal": Text(
        "相关，非因果：{channel} 现在每周投放 {present}，每多投 1，相应的收入为 {marginal}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "A correlation, not a cause: with {channel} at {present} a week, 1 more of spend goes with {marginal} of revenue (95% "
        "interval {low} to {high}; n={n}, {base}).",
    ),
    "better": Text(
        f"相关，非因果：按曲线最优的分配高于{{split}}：{_OVER_ZH}；改动前请先在一部分地区或时段随机试验。",
        f"A correlation, not a cause: the best split by the curves is higher than {{split:l}}: {_OVER_EN}; try it at random in "
        "some regions or weeks first.",
    ),
    "no_better": Text(
        f"相关，非因果：按曲线最优的分配与{{split}}无显著差异：{_OVER_ZH}；没有依据改动。",
        f"A correlation, not a cause: no significant difference between the best split by the curves and {{split:l}}: "
        f"{_OVER_EN}; there are no grounds to move money.",
    ),
}  # fmt: skip


def claims(
    fit: Sequence[Mapping[str, Any]], channels: Sequence[Mapping[str, Any]], splits: Sequence[Mapping[str, Any]], weeks: int
) -> Iterator[Claim]:  # fmt: skip
    """What the tables say."""
    if fit:
        yield _media(fit[0], weeks)
    for row in channels:
        if row.get("marginal_low") is not None and row["marginal_low"] > 0:
            yield _marginal(str(row["channel"]), weeks)
    for row in splits:
        if row.get("over_low") is not None:
            yield _split(row, weeks)


def _media(row: Mapping[str, Any], weeks: int) -> Claim:
    passed = row["gain_low"] > 0
    key = {"fit": "with_media"}
    values: dict[str, Value] = {
        "error": Cell("fit", key, "error"), "without": Cell("fit", {"fit": "without"}, "error"),
        "gain": Cell("fit", key, "gain"), "low": Cell("fit", key, "gain_low"), "high": Cell("fit", key, "gain_high"),
    }  # fmt: skip
    test = Test(METHOD, passed, None, row["gain_low"], row["gain_high"])
    return Claim("media" if passed else "media_none", "budget/fit", values, weeks, BASE, "tested", test)


def _marginal(channel: str, weeks: int) -> Claim:
    key = {"channel": channel}
    values: dict[str, Value] = {
        "present": Cell("channels", key, "present"), "marginal": Cell("channels", key, "marginal"),
        "low": Cell("channels", key, "marginal_low"), "high": Cell("channels", key, "marginal_high"),
    }  # fmt: skip
    return Claim(
        "marginal", f"budget/marginal/{channel}", values, weeks, BASE, "estimate",
        labels={"channel": (channel, "budget_name")},
    )  # fmt: skip


def _split(row: Mapping[str, Any], weeks: int) -> Claim:
    key = {"split": row["split"]}
    values: dict[str, Value] = {
        "best": Cell("splits", {"split": "best"}, "revenue"), "other": Cell("splits", key, "revenue"),
        "gain": Cell("splits", key, "over"), "low": Cell("splits", key, "over_low"), "high": Cell("splits", key, "over_high"),
    }  # fmt: skip
    proven = bool(row["proven"])
    test = Test(METHOD, proven, None, row["over_low"], row["over_high"])
    return Claim(
        "better" if proven else "no_better", f"budget/split/{row['split']}", values, weeks, BASE, "tested", test,
        labels={"split": (row["split"], "budget_split")},
    )  # fmt: skip


def observed_note() -> Note:
    """Above everything."""
    return Note(Text(
        "相关，非因果：投放没有随机分配，旺季多投、需求高时多投都会使曲线偏高。只有随机的地区或时段试验才能说明因果",
        "A correlation, not a cause: spend was not drawn at random, and spending more in season or when demand is high raises "
        "the curves. Only a randomised test of regions or weeks shows a cause"), "warning")  # fmt: skip


def left_out_notes(channels: Sequence[Mapping[str, Any]]) -> Iterator[Note]:
    """Channels of which nothing is learned, and those hard to tell from others."""
    for verdict, why in (
        (
            "constant",
            Text("每周投放没有变化，学不到它的作用", "never varies, so that nothing can be learned of it"),
        ),
        ("never", Text("没有投放", "has no spend")),
        ("inseparable", Text("与其他渠道或季节分不开", "cannot be told from other channels or the season")),
    ):
        names = ", ".join(str(row["channel"]) for row in channels if row["verdict"] == verdict)
        if names:
            yield Note(Text(f"{names}：{why.zh}", f"{names}: {why.en}"), "withheld")
    names = ", ".join(str(row["channel"]) for row in channels if (row.get("inflation") or 0) >= 10)
    if names:
        yield Note(Text(f"{names}：方差膨胀因子在 10 以上，它的曲线与其他渠道、季节或控制变量难以分开",
            f"{names}: a variance inflation of 10 and more; its curve is hard to tell from other channels, the season or "
            "controls"),
            "warning")  # fmt: skip
