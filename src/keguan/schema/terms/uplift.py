"""Terms of uplift: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text

UPLIFT_RANKING: Mapping[str, Text] = {
    "model": Text("模型（每次在训练数据上选定）", "Model (chosen on each training half)"),
    "t_learner": Text("T-learner", "T-learner"),
    "x_learner": Text("X-learner", "X-learner"),
    "transformed": Text("转换结果法", "Transformed outcome"),
    "rule": Text("单变量规则（基线）", "One-variable rule (baseline)"),
    "everybody": Text("全部接触", "Everybody"),
}

UPLIFT_CONTACT: Mapping[str, Text] = {
    "contact": Text("接触", "Contact"),
    "do_not_contact": Text("不要接触", "Do not contact"),
    "cannot_tell": Text("无法判断", "Cannot tell"),
}

UPLIFT_FEATURE: Mapping[str, Text] = {
    "used": Text("已使用", "Used"),
    "unbalanced": Text(
        "两组不同：不是事前已知，或分组不随机", "Differs between the arms: not of before, or not random"
    ),
    "knows_outcome": Text("已含有结果（泄漏）", "Knows the outcome (a leak)"),
    "constant": Text("全部相同", "The same for all"),
    "too_many_values": Text("取值过于分散", "Values too varied"),
}

UPLIFT_KNOWN: Mapping[str, Text] = {
    "recency_days": Text("距最近下单的天数", "Days since the last order"),
    "tenure_days": Text("距首次下单的天数", "Days since the first order"),
    "orders_placed": Text("订单数", "Orders placed"),
    "order_days": Text("下过单的天数", "Days with an order"),
    "orders_90": Text("最近 90 天的订单数", "Orders of the last 90 days"),
    "net_revenue": Text("净消费", "Net spend"),
    "returns": Text("退货金额", "Returns"),
    "first_channel": Text("首单渠道", "Channel of the first order"),
    "first_region": Text("首单地区", "Region of the first order"),
}

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "uplift_ranking": UPLIFT_RANKING,
    "uplift_contact": UPLIFT_CONTACT,
    "uplift_feature": UPLIFT_FEATURE,
    "uplift_known": UPLIFT_KNOWN,
}
