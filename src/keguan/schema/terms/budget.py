"""Terms of budgets: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text

BUDGET_SPLIT: Mapping[str, Text] = {
    "present": Text("现在的分配", "The present split"),
    "equal": Text("平均分配", "Equal shares"),
    "best": Text("曲线上最优的分配", "The best by the curves"),
}

BUDGET_FIT: Mapping[str, Text] = {
    "with_media": Text("基线加投放", "Baseline and spend"),
    "without": Text("只有基线（趋势、季节、控制变量）", "Baseline alone (trend, season, controls)"),
}

BUDGET_CHANNEL: Mapping[str, Text] = {
    "used": Text("已使用", "Used"),
    "constant": Text("投放没有变化，学不到", "Spend never varies: nothing to learn"),
    "never": Text("没有投放", "No spend"),
    "inseparable": Text("与其他渠道或季节分不开", "Cannot be told from other channels or the season"),
}

BUDGET_NAME: Mapping[str, Text] = {
    "其他": Text("其他渠道", "Other channels"),
    "待核实": Text("待核实", "To be verified"),
}

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "budget_split": BUDGET_SPLIT,
    "budget_fit": BUDGET_FIT,
    "budget_channel": BUDGET_CHANNEL,
    "budget_name": BUDGET_NAME,
}
