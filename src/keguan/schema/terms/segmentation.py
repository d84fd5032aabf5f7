"""Terms of segments over time and tags: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text
from keguan.schema.industries import INDUSTRY

VALUE_CLASS: Mapping[str, Text] = {
    "高价值": Text("高价值", "High value"),
    "普通价值": Text("普通价值", "Ordinary value"),
    "低价值": Text("低价值", "Low value"),
    "窗口内无订单": Text("窗口内无订单", "No order in the window"),
    "仍为关键贡献": Text("仍为关键贡献", "Still a key contributor"),
}

CUSTOMER_GROUP: Mapping[str, Text] = {
    "新近客户": Text("新近客户", "Recent customer"),
    "高潜力老客户": Text("高潜力老客户", "High-potential old customer"),
    "稳定老客户": Text("稳定老客户", "Steady old customer"),
    "沉默客户": Text("沉默客户", "Silent customer"),
    "有流失风险客户": Text("有流失风险客户", "Customer at risk of leaving"),
    "已流失客户": Text("已流失客户", "Lost customer"),
    "状态未判断": Text("状态未判断", "State not judged"),
    "全部退货": Text("全部退货", "Everything returned"),
    "未购客户": Text("未购客户", "Known, never bought"),
    "未成交线索": Text("未成交线索", "Lead without a customer"),
}

# What moved a customer from one class to another between two dates; each customer has one cause.
MIGRATION_CAUSE: Mapping[str, Text] = {
    "unchanged": Text("类别未变", "Same class"),
    "R": Text("R 越过分界", "R crossed its cut"),
    "F": Text("F 越过分界", "F crossed its cut"),
    "M": Text("M 越过分界", "M crossed its cut"),
    "RF": Text("R、F 越过分界", "R and F crossed"),
    "RM": Text("R、M 越过分界", "R and M crossed"),
    "FM": Text("F、M 越过分界", "F and M crossed"),
    "RFM": Text("R、F、M 越过分界", "R, F and M crossed"),
    "F_gone": Text("F 归零（窗口内不再有购买）", "F fell to none in the window"),
    "F_back": Text("F 恢复（窗口内又有购买）", "F rose from none in the window"),
    "returns": Text("期初之后的退货", "Returns after the first date"),
    "cut": Text("只因分界移动", "The cut moved"),
    "new": Text("新增客户", "Customer is new"),
    "vanished": Text("消失客户（此前的购买已全部退货）", "Customer vanished (all purchases returned)"),
    "other": Text("其他分群不拆分原因", "Not told apart for this segmentation"),
}

SEGMENT_MEASURE: Mapping[str, Text] = {
    "customers": Text("客户占比", "Share of customers"),
    "money": Text("净销售额占比", "Revenue share"),
    "region": Text("地区在分群中的占比", "Region's share of the segment"),
}

TAG_FAMILY: Mapping[str, Text] = {
    "base": Text("基础标签", "Base tags"),
    "behaviour": Text("行为标签", "Behaviour tags"),
    "need": Text("需求标签", "Need tags"),
}

TAG_DIMENSION: Mapping[str, Text] = {
    "industry": Text("行业", "Industry"),
    "size": Text("规模", "Size"),
    "region": Text("地区", "Region"),
    "frequency": Text("频次", "Frequency"),
    "price": Text("价格敏感度", "Price sensitivity"),
    "novelty": Text("尝新偏好", "Novelty preference"),
    "activity": Text("活跃度", "Activity"),
    "cycle": Text("采购周期", "Buying cycle"),
    "service": Text("服务需求", "Service need"),
    "role": Text("决策角色", "Role"),
}

TAG: Mapping[str, Text] = {
    **INDUSTRY,
    "高频": Text("高频", "High frequency"),
    "非高频": Text("非高频", "Not high frequency"),
    "价格敏感": Text("价格敏感", "Price sensitive"),
    "非价格敏感": Text("非价格敏感", "Not price sensitive"),
    "尝新": Text("尝新", "Novelty lover"),
    "非尝新": Text("非尝新", "No novelty lover"),
    "活跃": Text("活跃", "Active"),
    "非活跃": Text("非活跃", "Not active"),
    "月度采购": Text("月度采购", "Buys monthly"),
    "季度采购": Text("季度采购", "Buys quarterly"),
    "年度采购": Text("年度采购", "Buys yearly"),
    "服务需求": Text("服务需求", "Service need"),
    "无服务需求": Text("无服务需求", "No service need"),
    "决策者": Text("决策者", "Decider"),
    "影响者": Text("影响者", "Influencer"),
    "使用者": Text("使用者", "User"),
    "无标签": Text("无标签", "No tag"),
}

TAG_RULE: Mapping[str, Text] = {
    "industry": Text("客户资料的行业（GB/T 4754）", "Industry of the customer record (GB/T 4754)"),
    "size": Text(
        "客户资料的营收规模, 没有时用人员规模", "Revenue size of the customer record, else staff size"
    ),
    "region": Text(
        "客户资料的省份, 没有时用首单地区", "Province of the customer record, else region of the first order"
    ),
    "frequency": Text(
        "窗口内购买次数达到第 80 百分位且至少 3 次",
        "Purchases in the window from the 80th percentile up, at least 3",
    ),
    "price": Text(
        "窗口内商品行有优惠的占比达到全体的 1.5 倍且至少一半; 至少 3 行",
        "Share of product lines with a discount from 1.5 times that of all up, at least a half; 3 lines or more",
    ),
    "novelty": Text(
        "窗口内买过的商品中, 上市 90 天内买的至少 2 种且占 30%; 至少 3 种商品",
        "Of the products bought in the window 2 or more and 30% within 90 days of launch; 3 products or more",
    ),
    "activity": Text("最近 30 天有订单或行为事件", "An order or event in the last 30 days"),
    "cycle": Text(
        "购买日的平均间隔: 45 天以内为月度, 135 天以内为季度, 更长为年度; 至少 3 个购买日",
        "Mean gap of purchase days: up to 45 days monthly, up to 135 quarterly, else yearly; 3 purchase days or more",
    ),
    "service": Text(
        "窗口内投诉、咨询或建议至少 2 次", "Complaints, enquiries or suggestions in the window: 2 or more"
    ),
    "role": Text("联系人中最高的决策角色", "The highest role among the contact persons"),
}

# Segmentations shipped with Keguan and the vocabulary of their labels.
SEGMENTATIONS: Mapping[str, str] = {
    "rfm": "rfm_class",
    "rfm_absolute": "rfm_absolute",
    "abc_class": "abc_class",
    "lifecycle": "lifecycle_state",
    "lifecycle_stage": "lifecycle_stage",
    "value_class": "value_class",
    "customer_groups": "customer_group",
    "clv": "clv_class",
    "churn": "churn_level",
    "clv_at_risk": "clv_at_risk",
    "clusters": "cluster",
    "tags_base": "tag",
    "tags_behaviour": "tag",
    "tags_need": "tag",
}

# Labels of customers who no longer buy. They pile up with the length of the history, since nobody is known who
# stopped before the data begin: shares of all customers are no trend.
GONE = frozenset({"窗口内无订单", "无净消费", "流失", "挽留", "已流失客户", "全部退货", "未购客户"})

# Beside the labels of any segmentation: those placed at one date only.
NEW, VANISHED = "新增", "消失"
EDGES: Mapping[str, Text] = {NEW: Text("新增", "Newly placed"), VANISHED: Text("消失", "No longer placed")}

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "value_class": VALUE_CLASS,
    "customer_group": CUSTOMER_GROUP,
    "migration_cause": MIGRATION_CAUSE,
    "segment_measure": SEGMENT_MEASURE,
    "tag_family": TAG_FAMILY,
    "tag_dimension": TAG_DIMENSION,
    "tag": TAG,
    "tag_rule": TAG_RULE,
}
