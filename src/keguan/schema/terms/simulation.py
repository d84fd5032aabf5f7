"""Terms of the simulation of strategies: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text

_DAYS = {
    "30": ("30 天以内", "up to 30 days ago"), "90": ("31–90 天", "31-90 days ago"), "180": ("91–180 天", "91-180 days ago"),
    "365": ("181–365 天", "181-365 days ago"), "366": ("超过 365 天", "over 365 days ago"),
}  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = {
    "周一": "Monday", "周二": "Tuesday", "周三": "Wednesday", "周四": "Thursday", "周五": "Friday", "周六": "Saturday",
    "周日": "Sunday",
}  # fmt: skip

SIMULATION_WINDOW: Mapping[str, Text] = {
    **{f"silence_{edge}": Text(f"距上次购买 {zh}", f"Last order {en}") for edge, (zh, en) in _DAYS.items()},
    **{f"tenure_{edge}": Text(f"距首次购买 {zh}", f"First order {en}") for edge, (zh, en) in _DAYS.items()},
    "never": Text("从未购买", "No order ever"),
    **{f"month_{number}": Text(f"{number} 月开始", f"Starting in {name}") for number, name in enumerate(_MONTHS, 1)},
    **{
        f"weekday_{number}": Text(f"{zh}开始", f"Starting on a {en}")
        for number, (zh, en) in enumerate(_WEEKDAYS.items(), 1)
    },
    "all": Text("不分时机", "At any time"),
}  # fmt: skip

SIMULATION_SOURCE: Mapping[str, Text] = {
    "measured": Text("该组有对照", "Measured in this group, with a control"),
    "borrowed": Text("借自该方案的其他客户", "Borrowed from the offer's other customers"),
    "declared": Text("声明的假设，未测量", "Declared assumption, not measured"),
    "unknown": Text("没有对照，效果未知", "No control, effect unknown"),
}

SIMULATION_VERDICT: Mapping[str, Text] = {
    "pays": Text("收回费用", "Pays"),
    "loses": Text("收不回费用", "Does not pay"),
    "open": Text("未定", "Not settled"),
    "assumed": Text("按假设计算", "Under the assumption"),
    "no_cost": Text("费用未知", "Cost unknown"),
    "unknown": Text("先留出对照再做", "Run it with a holdout first"),
}

SIMULATION_GOAL: Mapping[str, Text] = {
    "break_even": Text("保本的效果", "Break-even effect"),
    "points": Text("约定的百分点", "Agreed points"),
}

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "simulation_window": SIMULATION_WINDOW,
    "simulation_source": SIMULATION_SOURCE,
    "simulation_verdict": SIMULATION_VERDICT,
    "simulation_goal": SIMULATION_GOAL,
}
