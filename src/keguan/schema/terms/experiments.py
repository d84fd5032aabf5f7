"""Terms of experiments: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text

EXPERIMENT_VERDICT: Mapping[str, Text] = {
    "higher": Text("高于对照组，已证实", "Higher, proven"),
    "lower": Text("低于对照组，已证实", "Lower, proven"),
    "no_difference": Text("未证实有差异", "No difference proven"),
    "too_few": Text("人数太少，不比较", "Too few to compare"),
    "undefined": Text("分母为零，无法计算", "Denominator is zero"),
    "withheld": Text("分组人数不符，不下结论", "Withheld: wrong split"),
}

SPLIT_VERDICT: Mapping[str, Text] = {
    "as_planned": Text("与计划相符", "As planned"),
    "mismatch": Text("与计划不符", "Not as planned"),
}

CAMPAIGN_ARM: Mapping[str, Text] = {
    "control": Text("对照组", "Control"),
    "treatment": Text("实验组", "Treatment group"),
}

EXPERIMENT_METRIC: Mapping[str, Text] = {
    "conversion": Text("下单客户占比", "Share who ordered"),
    "spend": Text("人均净消费", "Net spend per member"),
}

EXPERIMENT_STATE: Mapping[str, Text] = {
    "tested": Text("已检验", "Tested"),
    "running": Text("窗口未满，随时可看的检验", "Still running, tested for looks at any time"),
    "no_control": Text("无对照，不能归因", "No control, nothing can be attributed"),
    "not_alike": Text("分组不可比，不下结论", "Arms not alike, withheld"),
    "too_few": Text("人数太少", "Too few members"),
}

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "experiment_verdict": EXPERIMENT_VERDICT,
    "split_verdict": SPLIT_VERDICT,
    "campaign_arm": CAMPAIGN_ARM,
    "experiment_metric": EXPERIMENT_METRIC,
    "experiment_state": EXPERIMENT_STATE,
}
