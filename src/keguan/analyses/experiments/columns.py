"""Columns and sentences of campaigns as experiments."""

from __future__ import annotations

from dataclasses import replace

from keguan.core.text import Text
from keguan.marts.experiments.columns import ARM as PLAIN_ARM
from keguan.marts.experiments.columns import (
    BELIEF_COLUMNS,
    EFFECT_COLUMNS,
    SPLIT_COLUMNS,
    TOGETHER_COLUMNS,
    WINSORISED_COLUMNS,
)
from keguan.marts.experiments.columns import METRIC as PLAIN_METRIC
from keguan.marts.experiments.sentences import TEXT as SAID
from keguan.result import Column

CAMPAIGN = Column("campaign", Text("活动", "Campaign"), "text", role="key")
ARM = replace(PLAIN_ARM, unit="label", vocabulary="campaign_arm")
METRIC = replace(PLAIN_METRIC, unit="label", vocabulary="experiment_metric")

CAMPAIGN_COLUMNS = (
    CAMPAIGN,
    Column("name", Text("名称", "Name"), "text"),
    Column("first_day", Text("起", "From"), "date"),
    Column("last_day", Text("计到", "Counted to"), "date", note=Text("活动结束后再加若干天",
        "some days after the campaign's end")),
    Column("members", Text("成员", "Members"), "count"),
    Column("control", Text("对照组", "Control"), "count"),
    Column("left_out", Text("无组别或在两组", "No arm or two"), "count"),
    Column("control_reached", Text("对照组中被触达", "Control reached"), "count"),
    Column("early", Text("触达前已下单", "Ordered before being reached"), "count",
           note=Text("照分组计入：去掉他们会使两组不可比", "counted as assigned: without them the arms would not be alike")),
    Column("state", Text("状态", "State"), "label", vocabulary="experiment_state"),
)  # fmt: skip
ARM_COLUMNS = (
    CAMPAIGN,
    Column("name", Text("名称", "Name"), "text"),
    ARM,
    Column("members", Text("成员", "Members"), "count"),
    Column("reached", Text("已触达", "Reached"), "count"),
    Column("ordered", Text("下单", "Ordered"), "count"),
    Column("share", Text("下单占比", "Share who ordered"), "share"),
    Column("low", Text("占比下限", "Share, low"), "share", role="low", note=Text("Wilson 95% 区间", "Wilson 95% interval")),
    Column("high", Text("占比上限", "Share, high"), "share", role="high"),
    Column("spend", Text("净消费合计", "Net spend"), "money"),
)  # fmt: skip
EFFECTS = (CAMPAIGN, METRIC, ARM, *EFFECT_COLUMNS)
BELIEFS = (CAMPAIGN, METRIC, ARM, *BELIEF_COLUMNS)
TOGETHER = (CAMPAIGN, METRIC, ARM, *TOGETHER_COLUMNS)
WINSORISED = (CAMPAIGN, METRIC, ARM, *WINSORISED_COLUMNS)
SPLIT = (CAMPAIGN, ARM, *SPLIT_COLUMNS)
BALANCE_COLUMNS = (
    CAMPAIGN, ARM,
    Column("n", Text("成员", "Members"), "count"),
    Column("before", Text("活动前人均净消费", "Net spend before, each"), "money"),
    Column("control_before", Text("对照组", "Control"), "money"),
    Column("p", Text("p 值", "p"), "number", 4, note=Text("Welch 检验，低于 0.001 不下结论",
        "Welch test; below 0.001 nothing is told")),
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="split_verdict"),
)  # fmt: skip
PART = Column(
    "segment",
    Text("客群（开始前一天）", "Segment on the day before"),
    "label",
    role="key",
    vocabulary="rfm_then",
)
WEEK = Column("week", Text("第几周", "Week"), "count", role="key")
WEEKS = (CAMPAIGN, WEEK, METRIC, ARM, *EFFECT_COLUMNS)
SEGMENTS = (CAMPAIGN, PART, METRIC, ARM, *EFFECT_COLUMNS)

TEXT = {
    name: Text(
        "活动「{campaign}」，"
        + text.zh.replace("{arm} ", "{arm}")
        .replace("对照组 {control} ", "对照组")
        .replace("对照组 {control}", "对照组"),
        "Campaign '{campaign}', "
        + text.en.replace("the control {control}", "the control")
        .replace("{metric}", "{metric:l}")
        .replace("{arm}", "{arm:l}"),
    )
    for name, text in SAID.items()
}
