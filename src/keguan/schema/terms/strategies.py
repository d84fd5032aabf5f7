"""Terms of strategies and of what is planned: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text

# Names of the strategies that ship (marts/strategy_matrix.toml). Those of a company's own are shown as it wrote them.
STRATEGY: Mapping[str, Text] = {
    "高价值客户": Text("高价值客户", "High-value customers"),
    "潜力客户": Text("潜力客户", "Customers with potential"),
    "流失风险客户": Text("流失风险客户", "Customers at risk of leaving"),
    "新客户": Text("新客户", "New"),
    "提高购买频次": Text("提高购买频次", "Raise the frequency of purchases"),
    "主动回访": Text("主动回访", "Active visit"),
    "由专人联系": Text("由专人联系", "Contact by a person"),
    "提高每单金额": Text("提高每单金额", "Raise the basket"),
    "二购培育": Text("二购培育", "Nurture towards the second purchase"),
    "低成本唤回": Text("低成本唤回", "Low-cost recall"),
    "自动化触达，不投人工": Text("自动化触达，不投人工", "Automated contacts, no person's time"),
    "未匹配": Text("未匹配策略", "No strategy matches"),
}

# How a segment came to its strategy.
STRATEGY_CHOSEN: Mapping[str, Text] = {
    "rule": Text("矩阵为该分群写明", "The matrix names the segment"),
    "members": Text("取该分群客户中人数最多的策略", "What the largest number of its customers has"),
    "none": Text("矩阵没有写", "The matrix names none"),
}

PAIN: Mapping[str, Text] = {
    "complaint": Text("投诉", "Complaints"),
    "unsolved": Text("未解决的投诉", "Complaints not solved"),
    "dissatisfied": Text("不满意的受访者", "Dissatisfied respondents"),
    "price": Text("价格敏感", "Price sensitive"),
    "theme": Text("反馈主题", "Themes of feedback"),
}
PAIN_VALUE: Mapping[str, Text] = {
    "*": Text("全部", "All"),
}

PAIN_VERDICT: Mapping[str, Text] = {
    "above": Text("高于其余客户，已证实", "Above the others, proven"),
    "below": Text("低于其余客户，已证实", "Below the others, proven"),
    "plain": Text("未证实有差异", "No difference proven"),
    "untested": Text("人数太少，不比较", "Too few to compare"),
}

# What the facts ask for first, beside what the matrix says.
FIRST_MEASURE: Mapping[str, Text] = {
    "solve_complaints": Text("先解决投诉", "Solve complaints first"),
    "solve_topic": Text("先解决该类投诉的原因", "Remove the cause of these complaints first"),
    "call_dissatisfied": Text("先回访不满意的客户", "Call the dissatisfied first"),
    "answer_theme": Text("先回应这一主题", "Answer this theme first"),
    "price_offer": Text("以价格优惠为主", "Lead with an offer on price"),
    "as_matrix": Text("按矩阵执行", "As the matrix says"),
}

EFFECT_SOURCE: Mapping[str, Text] = {
    "experiment": Text("以往活动与对照组之差", "A past campaign against its control"),
    "assumed": Text("声明的假设，未经验证", "A declared assumption, not tested"),
    "unknown": Text("未知，须留出对照组再做", "Unknown: run it with a holdout"),
}

ACTION_STATE: Mapping[str, Text] = {
    "open": Text("进行中", "Running"),
    "done": Text("已完成", "Done"),
    "dropped": Text("已取消", "Dropped"),
    "carried": Text("已结转到新的行动", "Carried forward into another"),
}

ACTION_METRIC: Mapping[str, Text] = {
    "activation_rate": Text("激活率", "Activation rate"),
    "buyers": Text("下单客户数", "Customers with an order"),
    "orders": Text("订单数", "Orders placed"),
    "net_revenue": Text("净销售额", "Net revenue"),
    "complaint_rate": Text("投诉客户占比", "Share who complained"),
}

ACTION_VERDICT: Mapping[str, Text] = {
    "reached": Text("达成", "Reached"),
    "missed": Text("未达成", "Missed"),
    "running": Text("期限未到", "Not due yet"),
    "no_target": Text("没有目标", "No target"),
    "unmeasured": Text("无法计量", "Cannot be measured"),
    "too_few": Text("人数太少，不给占比", "Too few for a rate"),
}

ACTION_CONTROL: Mapping[str, Text] = {
    "tested": Text("与对照组比较过", "Held against its control"),
    "no_campaign": Text(
        "没有活动名单，无对照，不能归因", "No campaign: no control, nothing can be attributed"
    ),
    "no_control": Text("活动无对照，不能归因", "Its campaign: no control, nothing can be attributed"),
    "not_judged": Text("活动的对照比较未给出结论", "The comparison with its control is withheld"),
    "running": Text("活动的窗口未满", "The window of its campaign is not over"),
}

ACTION_CHANGE: Mapping[str, Text] = {
    "made": Text("建立", "Made"),
    "owner": Text("改责任人", "Owner changed"),
    "done": Text("完成", "Done"),
    "dropped": Text("取消", "Dropped"),
    "carried": Text("结转", "Carried forward"),
    "linked": Text("关联活动", "Campaign linked"),
}

OWNER_NAME: Mapping[str, Text] = {"未指定": Text("未指定", "Unassigned")}

ACTION_COUNT: Mapping[str, Text] = {
    "all": Text("全部行动", "All actions"),
    "open": Text("进行中", "Running"),
    "overdue": Text("到期未完成", "Due and not done"),
    "done": Text("已完成", "Done"),
    "cancelled": Text("已取消", "Dropped"),
    "carried": Text("已结转", "Carried forward"),
}

SEGMENTATION: Mapping[str, Text] = {
    "rfm": Text("RFM 八类", "RFM, eight classes"),
    "rfm_absolute": Text("RFM 绝对标准", "RFM, fixed thresholds"),
    "abc_class": Text("ABC 分类", "ABC classes"),
    "lifecycle": Text("生命周期状态", "Lifecycle states"),
    "lifecycle_stage": Text("生命周期阶段", "Lifecycle stages"),
    "value_class": Text("价值分级", "Value classes"),
    "customer_groups": Text("客户群", "Customer groups"),
    "clv": Text("客户终身价值分级", "Classes of lifetime value"),
    "churn": Text("流失风险分级", "Levels of churn risk"),
    "clv_at_risk": Text("终身价值与流失风险", "Lifetime value by churn risk"),
    "clusters": Text("聚类", "Clusters"),
    "tags_base": Text("基础标签", "Base tags"),
    "tags_behaviour": Text("行为标签", "Behaviour tags"),
    "tags_need": Text("需求标签", "Need tags"),
    "strategies": Text("策略", "Strategy"),
    "rfm_activity": Text("活跃与频次", "Activity and frequency"),
    "lost_best": Text("流失的大客户", "Best customers lost"),
}

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "segmentation": SEGMENTATION,
    "strategy": STRATEGY,
    "strategy_chosen": STRATEGY_CHOSEN,
    "pain": PAIN,
    "pain_value": PAIN_VALUE,
    "pain_verdict": PAIN_VERDICT,
    "first_measure": FIRST_MEASURE,
    "effect_source": EFFECT_SOURCE,
    "action_state": ACTION_STATE,
    "action_metric": ACTION_METRIC,
    "action_verdict": ACTION_VERDICT,
    "action_control": ACTION_CONTROL,
    "action_change": ACTION_CHANGE,
    "owner_name": OWNER_NAME,
    "action_count": ACTION_COUNT,
}
