"""Terms of campaigns: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text

CAMPAIGN_STEP: Mapping[str, Text] = {
    "listed": Text("名单", "Listed"),
    "sent": Text("发送", "Sent"),
    "delivered": Text("送达", "Delivered"),
    "opened": Text("打开", "Opened"),
    "clicked": Text("点击", "Clicked"),
    "clicked_ordered": Text("点击后下单", "Ordered after a click"),
    "ordered": Text("窗口内下单（不论是否点击）", "Ordered in the window, clicked or not"),
}

COST_SOURCE: Mapping[str, Text] = {
    "campaign": Text("活动自己的费用", "The campaign's own cost"),
    "parts": Text("触达成本与投放费用相加", "Contacts and spend added up"),
    "missing": Text("没有记录", "Not recorded"),
}

MONEY_BASE: Mapping[str, Text] = {
    "margin": Text("毛利", "gross margin"),
    "revenue": Text("销售额（商品成本未知）", "revenue (cost of goods unknown)"),
}

CAMPAIGN_VERDICT: Mapping[str, Text] = {
    "above": Text("收回费用，已证实", "Pays for itself, proven"),
    "below": Text("没有收回费用，已证实", "Does not pay for itself, proven"),
    "open": Text("区间含零，不能判定", "The interval holds zero, undecided"),
    "higher": Text("高于对照组；费用没有记录", "Higher than the control; cost not recorded"),
    "lower": Text("低于对照组；费用没有记录", "Lower than the control; cost not recorded"),
    "no_difference": Text("未证实有差异；费用没有记录", "No difference proven; cost not recorded"),
    "no_control": Text("无对照，不能归因", "no control, nothing can be attributed"),
    "not_alike": Text("分组不可比，不下结论", "Arms not alike, withheld"),
    "too_few": Text("人数太少，不比较", "Too few to compare"),
    "no_members": Text("没有名单", "No members"),
}

STRATEGY_VERDICT: Mapping[str, Text] = {
    "above": Text("高于其他策略，已证实", "Higher than the other strategies, proven"),
    "below": Text("低于其他策略，已证实", "Lower than the other strategies, proven"),
    "no_difference": Text("与其他策略的差异未证实", "No difference from the others proven"),
    "alone": Text("没有别的有对照的策略可比", "No other strategy with a control"),
    "no_control": Text("无对照，不能归因", "no control, nothing can be attributed"),
    "too_few": Text("人数太少，不比较", "Too few to compare"),
    "unfinished": Text("窗口未满，暂不比较", "Not over yet, not compared"),
    "not_alike": Text("分组不可比，不下结论", "Arms not alike, withheld"),
}

_ADVICE: Mapping[str, Text] = {
    "no_members": Text("导入活动名单或带活动编号的触达记录", "Import the members, or contacts that name the campaign"),
    "no_control": Text(
        "无对照，不能归因：下次随机留出对照组再评价",
        "No control, nothing can be attributed: hold out a random control next time",
    ),
    "not_alike": Text(
        "分组不可比：查明分组或记录的错误，随机分组后重做",
        "Arms not alike: find the fault in assignment or recording, and redo it with random arms",
    ),
    "too_few": Text(
        "人数太少：与同类活动合并或扩大名单后再做", "Too few members: pool it with its like, or run it on more"
    ),
    "running": Text("窗口未满：期满后再定", "Not over yet: decide when it is"),
    "above": Text(
        "已证实收回费用：扩大到同类客户，保留对照组", "Proven to pay: widen it to customers alike, keep a control"
    ),
    "below": Text(
        "已证实没有收回费用：停止，或降低费用后重做", "Proven not to pay: stop it, or redo it at a lower cost"
    ),
    "open": Text(
        "区间含零：下次至少用增量表「所需人数」那么多成员",
        "The interval holds zero: next time, run it on as many members as 'members needed' says",
    ),
    "higher": Text("与对照组的差已证实", "The difference from the control is proven"),
    "lower": Text(
        "低于对照组已证实：停止并查明原因", "Proven lower than the control: stop it and find out why"
    ),
    "no_difference": Text(
        "与对照组的差未证实：扩大名单再做", "No difference from the control proven: run it on more members"
    ),
}  # fmt: skip
_RECORD_COST = Text("；请记录费用", "; record its cost")
CAMPAIGN_ADVICE: Mapping[str, Text] = {
    **_ADVICE,
    **{
        f"{name}+cost": Text(text.zh + _RECORD_COST.zh, text.en + _RECORD_COST.en)
        for name, text in _ADVICE.items()
    },
}

NATURAL_SOURCE: Mapping[str, Text] = {
    "control": Text("活动的对照组", "The control group"),
    "year": Text("一年前同期的同类客户", "Customers alike in the same days a year before"),
    "before": Text("紧接着之前的同类客户", "Customers alike in the days just before"),
    "unknown": Text("没有可比的客户", "No customers to compare with"),
}

TARGET_KIND: Mapping[str, Text] = {
    "rate": Text("比率", "A rate"),
    "unclear": Text("口径不明，不判定", "Not defined, no verdict"),
}

TOUCH_KIND: Mapping[str, Text] = {
    "contact": Text("主动触达", "Contact"),
    "visit": Text("来访", "Visit"),
    "campaign": Text("活动触点", "Touch of a campaign"),
}

ATTRIBUTION_RULE: Mapping[str, Text] = {
    "first": Text("首次触点", "First touch"),
    "last": Text("末次触点", "Last touch"),
    "linear": Text("平均分摊", "Linear"),
    "position": Text("首末各四成", "Position-based, 40/20/40"),
    "markov": Text("马尔可夫移除效应", "Markov removal effect"),
}

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "campaign_step": CAMPAIGN_STEP,
    "campaign_cost_source": COST_SOURCE,
    "campaign_base": MONEY_BASE,
    "campaign_verdict": CAMPAIGN_VERDICT,
    "strategy_verdict": STRATEGY_VERDICT,
    "campaign_advice": CAMPAIGN_ADVICE,
    "natural_source": NATURAL_SOURCE,
    "target_kind": TARGET_KIND,
    "touch_kind": TOUCH_KIND,
    "attribution_rule": ATTRIBUTION_RULE,
}
