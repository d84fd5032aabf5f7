"""What an experiment's effects say in words, and what a reader must know of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from keguan.core.text import Scalar, Text, same
from keguan.evidence.experiments import Effect, Rules
from keguan.evidence.statistics.corrected import SMALLEST, corrected
from keguan.result import Cell, Claim, Note, Test

TEXT = {
    "higher": Text(
        "{metric}：{arm} 高于对照组 {control}，{mean} 对 {control_mean}，相差 {diff}（区间 {low} 至 {high}；n={n}）；"
        "分组若是随机的，这就是{arm}的效果。",
        "{metric}: {arm} is higher than the control {control}, {mean} against {control_mean}, a difference of {diff} "
        "({low} to {high}; n={n}); where units were assigned at random, this is the effect of {arm}.",
    ),
    "lower": Text(
        "{metric}：{arm} 低于对照组 {control}，{mean} 对 {control_mean}，相差 {diff}（区间 {low} 至 {high}；n={n}）；"
        "分组若是随机的，这就是{arm}的效果。",
        "{metric}: {arm} is lower than the control {control}, {mean} against {control_mean}, a difference of {diff} "
        "({low} to {high}; n={n}); where units were assigned at random, this is the effect of {arm}.",
    ),
    "no_difference": Text(
        "{metric}：{arm} 与对照组 {control} 无显著差异，{mean} 对 {control_mean}，"
        "相差 {diff}（区间 {low} 至 {high}；n={n}）；区间之外的效果已可排除，区间之内的还不能。",
        "{metric}: no significant difference between {arm} and the control {control}, {mean} against {control_mean}, a "
        "difference of {diff} ({low} to {high}; n={n}); effects outside this interval are ruled out, those inside are not.",
    ),
    "hint_higher": Text(
        "线索（次要指标 {metric}）：{arm} 高于对照组 {control}，{mean} 对 {control_mean}，"
        "相差 {diff}（区间 {low} 至 {high}；n={n}）；要下结论，请以它为主要指标再做一次。",
        "A hint, as {metric} is a secondary metric: {arm} is higher than the control {control}, {mean} against "
        "{control_mean}, a difference of {diff} ({low} to {high}; n={n}); "
        "to conclude on it, make it the primary metric of a new test.",
    ),
    "hint_lower": Text(
        "线索（次要指标 {metric}）：{arm} 低于对照组 {control}，{mean} 对 {control_mean}，"
        "相差 {diff}（区间 {low} 至 {high}；n={n}）；要下结论，请以它为主要指标再做一次。",
        "A hint, as {metric} is a secondary metric: {arm} is lower than the control {control}, {mean} against "
        "{control_mean}, a difference of {diff} ({low} to {high}; n={n}); "
        "to conclude on it, make it the primary metric of a new test.",
    ),
}  # fmt: skip
# The difference of adjusted means is not that of the means beside it.
TEXT |= {
    f"{name}_adjusted": Text(
        text.zh.replace("相差 {diff}", "按事前数据调整后相差 {diff}"),
        text.en.replace(
            "a difference of {diff}", "a difference of {diff} adjusted for what was known before"
        ),
    )
    for name, text in TEXT.items()
}
BASE = Text("该组与对照组", "units of the arm and the control")
NAMED = ("mean", "control_mean", "diff", "low", "high")


def claims(
    effects: Sequence[Effect],
    control: str,
    prefix: str,
    *,
    key: Mapping[str, Scalar] | None = None,
    labels: Mapping[str, tuple[str, str | None]] | None = None,
    about: Mapping[str, tuple[str, str | None]] | None = None,
    arms: str | None = None,
    money: Mapping[str, float] | None = None,
) -> Iterator[Claim]:
    """A sentence for each arm in the primary metric (that of the first effect), and for what stands out in the others.

    `key`: what of a row's key comes before metric and arm. `labels`: wording of metrics; `about`: further names.
    `arms`: the vocabulary of arms. `money`: what an arm brought more or less in all, where that is known.
    """
    for effect in effects:
        primary = effect.metric == effects[0].metric
        if not effect.told or (not primary and effect.verdict == "no_difference"):
            continue
        cell = {**(key or {}), "metric": effect.metric, "arm": effect.arm}
        name = (labels or {}).get(effect.metric, (effect.metric, None))
        before = "/".join(str(value) for value in (key or {}).values())
        yield Claim(
            f"{'' if primary else 'hint_'}{effect.verdict}{'' if effect.variance_removed is None else '_adjusted'}",
            "/".join(part for part in (prefix, before, effect.metric, effect.arm) if part),
            {column: Cell("effects", cell, column) for column in NAMED},
            n=effect.n + effect.control_n, base=BASE, strength="tested", test=_test(effect, primary),
            labels={"metric": name, "arm": (effect.arm, arms), "control": (control, None), **(about or {})},
            certainty=1 - (effect.p_adjusted or 0.0), topic=f"experiment/{before}", summary=primary,
            worse=effect.verdict == "lower", money=abs((money or {}).get(effect.arm, 0.0)),
        )  # fmt: skip


def _test(effect: Effect, primary: bool) -> Test:
    q = effect.p_adjusted or 0.0
    holm = f"Holm, p {'< 0.0001' if q < SMALLEST else f'= {q:.3g}'}"
    return Test(
        effect.method or "",
        effect.verdict != "no_difference",
        effect.p,
        effect.low,
        effect.high,
        holm if primary else corrected(q),
    )


def notes(effects: Sequence[Effect], rules: Rules, words: Mapping[str, Text] | None = None) -> Iterator[Note]:
    """What a reader must know of the effects that are told, and why others are not. `words`: wording of metrics."""

    def listed(chosen: Callable[[Effect], bool]) -> Text | None:
        names = sorted({effect.metric for effect in told if chosen(effect)})
        found = [(words or {}).get(name, same(name)) for name in names]
        return Text("、".join(t.zh for t in found), ", ".join(t.en for t in found)) if found else None

    if any(effect.verdict == "too_few" for effect in effects):
        yield Note(
            Text(f"少于 {rules.min_n} 个样本的组不给均值，也不比较",
                 f"Arms with fewer than {rules.min_n} units have no mean here and are not compared"), "withheld",
        )  # fmt: skip
    told = [effect for effect in effects if effect.told]
    if not told:
        return
    percent = f"{rules.level:.1%}".replace(".0%", "%")
    yield Note(
        Text(f"p 值与 {percent} 区间说的是绝对差；相对差有自己的区间，两者的 p 不同",
             f"p and the {percent} interval are those of the difference itself; the relative difference has an interval of "
             "its own, and its p would be another")
    )  # fmt: skip
    if rules.tuning is not None:
        yield Note(
            Text(f"按序贯方式检验：区间在任何时候查看都成立，在共 {rules.tuning:,.0f} 个样本附近最窄",
                 f"Tested sequentially: the interval holds whenever one looks, and is narrowest near {rules.tuning:,.0f} units")
        )  # fmt: skip
    if skewed := listed(lambda effect: effect.skewed):
        yield Note(
            Text(f"{skewed.zh}：数值太偏斜，每组人数少于 355 × 偏度²，均值的区间不可靠；看有没有发生比看金额稳妥",
                 f"{skewed.en}: too skewed for the units there are (fewer than 355 x skewness² an arm), "
                 f"so that the interval of a "
                 "mean is not reliable; whether it happened at all is a safer metric than how much"), "warning",
        )  # fmt: skip
    if resampled := listed(lambda effect: (effect.method or "").startswith("bootstrap")):
        yield Note(
            Text(f"{resampled.zh}：数值偏斜，少数大额左右结果，区间用自助法；看有没有发生比看金额稳妥",
                 f"{resampled.en}: skewed, so that few large values decide; the interval is by bootstrap, and whether it "
                 "happened at all is a safer metric than how much")
        )  # fmt: skip
    if negative := listed(lambda effect: (effect.control_mean or 0.0) < 0):
        yield Note(
            Text(f"{negative.zh}：对照组均值为负，相对差按其绝对值计算",
                 f"{negative.en}: the control's mean is negative; the relative difference is over its size"), "warning",
        )  # fmt: skip
    if nothing := listed(lambda effect: effect.mean == 0 and effect.control_mean == 0):
        yield Note(
            Text(f"{nothing.zh}：各组都没有发生", f"{nothing.en}: it happened in neither arm"), "warning"
        )


def mismatch_note(expected_option: Text) -> Note:
    """Why no effect is told: the split is not the planned one."""
    return Note(
        Text(f"各组人数与计划的比例不符（p < 0.001），分组或记录出了错，效果不予给出。{expected_option.zh}",
             f"The arms do not have the sizes that were planned (p < 0.001): assignment or recording went wrong, and no effect "
             f"is told. {expected_option.en}"), "withheld",
    )  # fmt: skip
