"""Terms stored in tables and shown to readers: stored value -> wording in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Language, Text

RFM_CLASS: Mapping[str, Text] = {
    "重要价值": Text("重要价值", "Key value"),
    "重要发展": Text("重要发展", "Key growth"),
    "重要保持": Text("重要保持", "Key to keep"),
    "重要挽留": Text("重要挽留", "Key to win back"),
    "一般价值": Text("一般价值", "Regular value"),
    "一般发展": Text("一般发展", "Regular growth"),
    "一般保持": Text("一般保持", "Regular to keep"),
    "一般挽留": Text("一般挽留", "Regular to win back"),
    "窗口内无订单": Text("窗口内无订单", "No order in the window"),
}

RFM_ABSOLUTE: Mapping[str, Text] = {
    "高价值": Text("高价值", "High value"),
    "潜力": Text("潜力", "Potential"),
    "新客户": Text("新客户", "New"),
    "流失风险": Text("流失风险", "At risk of leaving"),
    "未匹配": Text("未匹配", "Unmatched"),
}

ABC_CLASS: Mapping[str, Text] = {
    "A": Text("A", "A"),
    "B": Text("B", "B"),
    "C": Text("C", "C"),
    "无净消费": Text("无净消费", "No net spend"),
}

LIFECYCLE_STATE: Mapping[str, Text] = {
    "活跃": Text("活跃", "Active"),
    "沉默": Text("沉默", "Dormant"),
    "有流失风险": Text("有流失风险", "At risk"),
    "流失": Text("流失", "Lost"),
}

LIFECYCLE_DEPTH: Mapping[str, Text] = {
    "新客": Text("新客(1次购买)", "New (1 purchase)"),
    "一次客": Text("一次客(较早)", "One-time (older)"),
    "二次客": Text("二次客", "Two purchases"),
    "多次客": Text("三次及以上", "Three or more"),
}

LIFECYCLE_STAGE: Mapping[str, Text] = {
    "获取": Text("获取", "Acquire"),
    "转化": Text("转化", "Convert"),
    "忠诚": Text("忠诚", "Loyal"),
    "挽留": Text("挽留", "Retain"),
}

BUSINESS_KIND: Mapping[str, Text] = {
    "few_accounts": Text("少数大客户型", "Few accounts"),
    "one_time_buyers": Text("一次购买为主", "Mostly one-time buyers"),
    "fast_goods": Text("快消型", "Fast goods"),
    "automatic_renewal": Text("疑似自动续费", "Suspected automatic renewal"),
    "repeat_purchase": Text("重复购买型", "Repeat purchase"),
}

BRIDGE_PART: Mapping[str, Text] = {
    "previous": Text("上期", "Previous period"),
    "new": Text("新客户", "New"),
    "reactivated": Text("回流客户", "Reactivated"),
    "retained_up": Text("留存增购", "Retained, up"),
    "retained_down": Text("留存减购", "Retained, down"),
    "lost": Text("未再购买", "Lost"),
    "returns_only": Text("未下单客户的退货", "Returns of customers without an order"),
    "guests": Text("散客", "Guests"),
    "current": Text("本期", "Current period"),
}

LINE_KIND: Mapping[str, Text] = {
    "product": Text("商品", "Product"),
    "shipping": Text("运费", "Shipping"),
    "fee": Text("费用", "Fee"),
    "manual": Text("手工", "Manual"),
    "adjustment": Text("调整", "Adjustment"),
    "discount": Text("折扣", "Discount"),
}

MOVEMENT: Mapping[str, Text] = {
    "purchase": Text("购买", "Purchase"),
    "return": Text("退货", "Return"),
    "free": Text("赠品或零价", "Free of charge"),
    "adjustment": Text("库存调整", "Stock adjustment"),
    "void": Text("未成交", "Not completed"),
}

WEEKDAY: Mapping[str, Text] = {
    "1": Text("周一", "Mon"),
    "2": Text("周二", "Tue"),
    "3": Text("周三", "Wed"),
    "4": Text("周四", "Thu"),
    "5": Text("周五", "Fri"),
    "6": Text("周六", "Sat"),
    "7": Text("周日", "Sun"),
}

METRIC: Mapping[str, Text] = {
    "lines_received": Text("收到行数", "Lines received"),
    "lines_clean": Text("可用行数", "Lines clean"),
    "lines_quarantined": Text("隔离行数", "Lines quarantined"),
    "lines_superseded": Text("被后续文件替换的行数", "Lines superseded"),
    "lines_dropped": Text("按规则去掉的行数", "Lines dropped by rule"),
    "lines_repeated": Text("重复行数(保留)", "Repeated lines (kept)"),
    "customers": Text("下单客户数", "Customers with an order"),
    "buyers": Text("有效购买客户数", "Customers with a purchase kept"),
    "orders": Text("订单数", "Orders placed"),
    "purchases": Text("购买次数(未全退)", "Purchases not fully returned"),
    "gross_revenue": Text("销售额", "Gross revenue"),
    "returns": Text("退货额", "Returns"),
    "net_revenue": Text("净销售额", "Net revenue"),
    "guest_revenue": Text("散客销售额", "Guest revenue"),
    "guest_share": Text("散客占销售额", "Guest share of gross revenue"),
    "avg_order_value": Text("笔单价", "Net revenue per purchase"),
    "first_order_on": Text("首单日期", "First order on"),
    "last_order_on": Text("末单日期", "Last order on"),
}

COMPARISON: Mapping[str, Text] = {
    "month_previous": Text("最近月对上月同期", "Latest month, previous month"),
    "month_last_year": Text("最近月对去年同期", "Latest month, a year ago"),
    "month_festival": Text("最近月对去年同期(按春节对齐)", "Latest month, a year ago (by Spring Festival)"),
    "complete_previous": Text("最近完整月对上月", "Last complete month, previous month"),
    "complete_last_year": Text("最近完整月对去年同月", "Last complete month, a year ago"),
    "complete_festival": Text(
        "最近完整月对去年同月(按春节对齐)", "Last complete month, a year ago (by Spring Festival)"
    ),
    "year_previous": Text("近12个月对上一个12个月", "Last 12 months, the 12 before"),
}

VERDICT: Mapping[str, Text] = {
    "显著增加": Text("显著增加", "Significant increase"),
    "显著减少": Text("显著减少", "Significant decrease"),
    "无显著变化": Text("无显著变化", "No significant change"),
    "未检验": Text("未检验", "Not tested"),
}

REVENUE_DRIVER: Mapping[str, Text] = {
    "customers": Text("客户数", "Number of customers"),
    "frequency": Text("购买频次", "Purchases per customer"),
    "value": Text("笔单价", "Value per purchase"),
    "mix": Text("结构(客户构成)", "Mix of customers"),
    "returns_only": Text("未下单客户的退货", "Returns of customers without an order"),
    "guests": Text("散客", "Guests"),
    "total": Text("合计", "Total"),
}

DIMENSION: Mapping[str, Text] = {
    "channel": Text("首单渠道", "channel of the first order"),
    "region": Text("首单地区", "region of the first order"),
}

UNKNOWN = "待核实"

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "rfm_class": RFM_CLASS,
    "rfm_absolute": RFM_ABSOLUTE,
    "abc_class": ABC_CLASS,
    "lifecycle_state": LIFECYCLE_STATE,
    "lifecycle_depth": LIFECYCLE_DEPTH,
    "lifecycle_stage": LIFECYCLE_STAGE,
    "business_kind": BUSINESS_KIND,
    "bridge_part": BRIDGE_PART,
    "line_kind": LINE_KIND,
    "movement": MOVEMENT,
    "weekday": WEEKDAY,
    "metric": METRIC,
    "comparison": COMPARISON,
    "verdict": VERDICT,
    "revenue_driver": REVENUE_DRIVER,
    "dimension": DIMENSION,
    "unknown": {
        UNKNOWN: Text("待核实", "To be verified"),
        "其他": Text("其他", "Other"),
        "全部": Text("全部", "All"),
        "未分类": Text("未分类", "Uncategorised"),
    },
}


def shown(value: str, vocabulary: str | None, language: Language) -> str:
    """A stored term in the reader's language; a value that is no term is returned as it is."""
    for name in (vocabulary, "unknown"):
        if name and (term := VOCABULARIES.get(name, {}).get(value)):
            return term.in_(language)
    return value
