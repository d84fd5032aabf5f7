"""Columns and rows of the tables of an experiment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keguan.core.text import Text
from keguan.evidence.experiments import Effect
from keguan.evidence.many_arms import Together
from keguan.evidence.statistics.sample_ratio import SampleRatio
from keguan.result import Column

KEPT = 10  # decimals for programs: what a reader sees is rounded further
KEPT_P = 15

EFFECT_COLUMNS = (
    Column("n", Text("样本数", "n"), "count"),
    Column("mean", Text("本组", "Arm"), unit_column="unit", kept=KEPT),
    Column("control_mean", Text("对照组", "Control"), unit_column="unit", kept=KEPT),
    Column("diff", Text("相差", "Difference"), unit_column="diff_unit", kept=KEPT,
           note=Text("本组减对照组；有事前数据时为调整后的差", "arm minus control; adjusted where figures of before are given")),
    Column("low", Text("区间下限", "Low"), role="low", unit_column="diff_unit", kept=KEPT,
           note=Text("占比用 Miettinen-Nurminen，均值用 Welch，比率用 delta 法；未作多重校正",
                     "shares: Miettinen-Nurminen; means: Welch; ratios: delta method; not corrected for many arms")),
    Column("high", Text("区间上限", "High"), role="high", unit_column="diff_unit", kept=KEPT),
    Column("p", Text("p 值", "p"), "number", 4, kept=KEPT_P,
           note=Text("绝对差的 p，不是相对提升的 p", "of the difference itself, not of the relative lift")),
    Column("p_adjusted", Text("校正后 p", "p adjusted"), "number", 4, kept=KEPT_P,
           note=Text("主要指标各组用 Holm；其余比较用 Benjamini-Hochberg",
                     "arms of the primary metric by Holm, all other comparisons by Benjamini-Hochberg")),
    Column("relative", Text("相对差", "Relative"), "share", kept=KEPT,
           note=Text("差除以对照组均值的绝对值：对照组为负时符号仍与差一致",
                     "difference over the size of the control's mean: of one sign with the difference where that is negative")),
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="experiment_verdict"),
    Column("method", Text("区间的方法", "Method of the interval"), "text"),
    Column("unit", Text("单位", "Unit"), "text"),
    Column("diff_unit", Text("差的单位", "Unit of the difference"), "text"),
)  # fmt: skip
# Beside the verdict, for who wants to weigh: the relative difference with its interval, and the Bayesian view.
BELIEF_COLUMNS = (
    Column("relative", Text("相对差", "Relative"), "share", kept=KEPT),
    Column("relative_low", Text("相对差下限", "Relative, low"), "share", kept=KEPT),
    Column("relative_high", Text("相对差上限", "Relative, high"), "share", kept=KEPT),
    Column("chance", Text("优于对照组的概率", "Chance to be above"), "share", kept=KEPT,
           note=Text("贝叶斯：占比用均匀先验的贝塔分布，其余用平坦先验的正态分布",
                     "Bayesian: beta posteriors of uniform priors for shares, normal posterior of a flat prior otherwise")),
    Column("loss", Text("选错的平均损失", "Expected loss"), unit_column="diff_unit", kept=KEPT,
           note=Text("采用本组而它其实较差时，平均损失多少", "what is lost on average by taking the arm where it is below")),
    Column("variance_removed", Text("事前数据消去的方差", "Variance taken out"), "share"),
    Column("diff_unit", Text("差的单位", "Unit of the difference"), "text"),
)  # fmt: skip
# Intervals of several arms that hold together, beside those of each alone.
TOGETHER_COLUMNS = (
    Column("n", Text("样本数", "n"), "count"),
    Column("diff", Text("相差", "Difference"), unit_column="diff_unit", kept=KEPT),
    Column("low", Text("同时区间下限", "Low, together"), role="low", unit_column="diff_unit", kept=KEPT,
           note=Text("Dunnett：各组的区间同时成立", "Dunnett: the intervals of all arms hold together")),
    Column("high", Text("同时区间上限", "High, together"), role="high", unit_column="diff_unit", kept=KEPT),
    Column("p", Text("Dunnett 校正后 p", "p by Dunnett"), "number", 4, kept=KEPT_P),
    Column("diff_unit", Text("差的单位", "Unit of the difference"), "text"),
)  # fmt: skip
# A sensitivity: the same comparison with extreme values drawn in.
WINSORISED_COLUMNS = (
    Column("n", Text("样本数", "n"), "count"),
    Column("cut_low", Text("低于此值按此值计", "Drawn up to"), unit_column="unit", kept=KEPT,
           note=Text("各组合在一起，非零数值的第 1 与第 99 百分位",
                     "the 1st and 99th percentile of all values but zero, arms together")),
    Column("cut_high", Text("高于此值按此值计", "Drawn down to"), unit_column="unit", kept=KEPT),
    Column("mean", Text("本组", "Arm"), unit_column="unit", kept=KEPT),
    Column("control_mean", Text("对照组", "Control"), unit_column="unit", kept=KEPT),
    Column("diff", Text("相差", "Difference"), unit_column="unit", kept=KEPT),
    Column("low", Text("区间下限", "Low"), role="low", unit_column="unit", kept=KEPT, note=Text("Welch", "Welch")),
    Column("high", Text("区间上限", "High"), role="high", unit_column="unit", kept=KEPT),
    Column("p", Text("p 值", "p"), "number", 4, kept=KEPT_P),
    Column("unit", Text("单位", "Unit"), "text"),
)  # fmt: skip
TOGETHER_TITLE = Text("多组同时的区间（Dunnett）", "Intervals of all arms together (Dunnett)")
WINSORISED_TITLE = Text("收缩极端值后的效果（敏感性）", "Effects with extreme values drawn in (sensitivity)")
WINSORISED_NOTE = Text(
    "敏感性：极端值收缩后估计的是另一个量，不能代替主表；两者方向或结论不同，说明结果靠少数极端值",
    "a sensitivity: with extreme values drawn in another figure is estimated, which never stands for that of the main table; "
    "where the two differ in sign or verdict, a few extreme values make the result",
)
METRIC = Column("metric", Text("指标", "Metric"), "text", role="key")
ARM = Column("arm", Text("组别", "Arm"), "text", role="key")

SPLIT_COLUMNS = (
    Column("n", Text("实际", "Units"), "count"),
    Column("expected", Text("计划", "Expected"), "number", 1),
    Column("share", Text("实际占比", "Share"), "share"),
    Column("expected_share", Text("计划占比", "Expected share"), "share"),
    Column("statistic", Text("卡方", "Chi-square"), "number", 2, kept=KEPT),
    Column("p", Text("p 值", "p"), "number", 4, kept=KEPT_P),
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="split_verdict"),
)


def effect_row(effect: Effect, *, money: bool = False) -> dict[str, Any]:
    """One row of EFFECT_COLUMNS and BELIEF_COLUMNS with its metric and arm."""
    unit = "share" if effect.kind == "share" else "money" if money else "number"
    row = {column.name: getattr(effect, column.name, None) for column in (*EFFECT_COLUMNS, *BELIEF_COLUMNS)}
    return row | {
        "metric": effect.metric, "arm": effect.arm, "unit": unit,
        "diff_unit": "points" if unit == "share" else unit,
    }  # fmt: skip


def together_row(found: Together, *, money: bool = False) -> dict[str, Any]:
    """One row of TOGETHER_COLUMNS with its metric and arm."""
    unit = "points" if found.kind == "share" else "money" if money else "number"
    row = {column.name: getattr(found, column.name, None) for column in TOGETHER_COLUMNS}
    return row | {"metric": found.metric, "arm": found.arm, "diff_unit": unit}


def winsorised_row(effect: Effect, cuts: tuple[float, float], *, money: bool = False) -> dict[str, Any]:
    """One row of WINSORISED_COLUMNS with its metric and arm."""
    row = {column.name: getattr(effect, column.name, None) for column in WINSORISED_COLUMNS}
    return row | {
        "metric": effect.metric, "arm": effect.arm, "cut_low": cuts[0], "cut_high": cuts[1],
        "unit": "money" if money else "number",
    }  # fmt: skip


def split_rows(units: Mapping[str, int], found: SampleRatio) -> list[dict[str, Any]]:
    """One row an arm; the test of the whole split beside each."""
    total = sum(units.values())
    return [
        {
            "arm": arm, "n": n, "expected": found.expected[arm], "share": n / total if total else None,
            "expected_share": found.expected[arm] / total if total else None, "statistic": found.statistic,
            "p": found.p, "verdict": "mismatch" if found.mismatch else "as_planned",
        }
        for arm, n in units.items()
    ]  # fmt: skip
