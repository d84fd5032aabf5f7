"""Terms stored in tables and shown to readers: stored value -> wording in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Language, Text
from keguan.schema.industries import INDUSTRY
from keguan.schema.provinces import PROVINCE
from keguan.schema.tables import RECEIVED
from keguan.schema.terms import (
    audiences,
    budget,
    campaigns,
    churn,
    clusters,
    commerce,
    experiments,
    forecasts,
    journeys,
    lifetime,
    model_care,
    needs,
    next_purchase,
    profile,
    segmentation,
    simulation,
    strategies,
    uplift,
    value,
    voice,
)
from keguan.schema.terms.rfm_classes import RFM_CLASS

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
    "新客": Text("新客（1 次购买）", "New (1 purchase)"),
    "一次客": Text("一次客（较早）", "One-time (older)"),
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
    "shipping": Text("运费", "Shipping fee"),
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
    "lines_repeated": Text("重复行数（保留）", "Repeated lines (kept)"),
    "customers": Text("下单客户数", "Customers with an order"),
    "buyers": Text("有效购买客户数", "Customers with a purchase kept"),
    "orders": Text("订单数", "Orders placed"),
    "purchases": Text("购买次数（未全退）", "Purchases not fully returned"),
    "gross_revenue": Text("销售额", "Gross revenue"),
    "returns": Text("退货额", "Returns"),
    "net_revenue": Text("净销售额", "Net revenue"),
    "guest_revenue": Text("散客销售额", "Guest revenue"),
    "guest_share": Text("散客占销售额", "Guest share of gross revenue"),
    "avg_order_value": Text("笔单价", "Value per purchase"),
    "first_order_on": Text("首单日期", "First order on"),
    "last_order_on": Text("末单日期", "Last order on"),
}

COMPARISON: Mapping[str, Text] = {
    "month_previous": Text("最近月与上月同期比", "Latest month against the previous month"),
    "month_last_year": Text("最近月与去年同期比", "Latest month against a year ago"),
    "month_festival": Text(
        "最近月与去年同期比（按春节对齐）", "Latest month against a year ago (by Spring Festival)"
    ),
    "complete_previous": Text("最近完整月与上月比", "Last complete month against the previous month"),
    "complete_last_year": Text("最近完整月与去年同月比", "Last complete month against a year ago"),
    "complete_festival": Text(
        "最近完整月与去年同月比（按春节对齐）", "Last complete month against a year ago (by Spring Festival)"
    ),
    "year_previous": Text("近 12 个月与上一个 12 个月比", "Last 12 months against the 12 before"),
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
    "mix": Text("结构（客户构成）", "Mix of customers"),
    "returns_only": Text("未下单客户的退货", "Returns of customers without an order"),
    "guests": Text("散客", "Guests"),
    "total": Text("合计", "Total"),
}

DIMENSION: Mapping[str, Text] = {
    "channel": Text("首单渠道", "channel of the first order"),
    "region": Text("首单地区", "region of the first order"),
}

COLUMN: Mapping[str, Text] = {
    **{item.name: item.label for entity in RECEIVED for item in entity.fields},
    "customer_key": Text("客户编号", "Customer id"),
    "order_number": Text("订单编号", "Order id"),
    "refund_amount": Text("退款金额", "Refund amount"),
}

ENTITY: Mapping[str, Text] = {entity.name: entity.label for entity in RECEIVED}

FINDING_RULE: Mapping[str, Text] = {
    "quarantine_columns": Text(
        "隔离：列数与表头不符", "Quarantined: number of cells differs from the header"
    ),
    "quarantine_unreadable": Text("隔离：单元格无法读取", "Quarantined: a cell cannot be read"),
    "quarantine_total_row": Text("隔离：合计行", "Quarantined: a total row"),
    "quarantine_no_time": Text("隔离：缺下单时间", "Quarantined: no time of order"),
    "quarantine_implausible_time": Text("隔离：下单时间不合常理", "Quarantined: implausible time of order"),
    "quarantine_no_order": Text("隔离：缺订单编号", "Quarantined: no order number"),
    "quarantine_no_amount": Text("隔离：缺金额", "Quarantined: no amount"),
    "quarantine_implausible_amount": Text("隔离：金额大得不合常理", "Quarantined: implausibly large amount"),
    "quarantine_negative_price": Text("隔离：单价为负", "Quarantined: negative unit price"),
    "quarantine_no_customer_id": Text("隔离：缺客户编号", "Quarantined: no customer id"),
    "quarantine_no_product_id": Text("隔离：缺商品编号", "Quarantined: no product id"),
    "quarantine_missing_required": Text("隔离：缺必需的内容", "Quarantined: something needed is missing"),
    "quarantine_nothing_said": Text(
        "隔离：没有评分、内容、状态或类型", "Quarantined: feedback that says nothing"
    ),
    "quarantine_out_of_scale": Text("隔离：评分超出量表", "Quarantined: score out of its scale"),
    "answer_unreadable": Text("问卷中读不懂的评分（只去掉该题）", "Answers left out: score not readable"),
    "answer_out_of_scale": Text(
        "问卷中超出量表的评分（只去掉该题）", "Answers left out: score out of its scale"
    ),
    "answer_implausible_amount": Text(
        "问卷中大得离谱的评分（只去掉该题）", "Answers left out: implausible score"
    ),
    "quarantine_ends_before_start": Text("隔离：结束早于开始", "Quarantined: it ends before it begins"),
    "quarantine_low_above_high": Text("隔离：低值大于高值", "Quarantined: low is above high"),
    "no_customer": Text("无客户编号的购买（散客）", "Purchases without a customer id (guests)"),
    "repeated_lines": Text("同一文件内重复的行（保留）", "Lines repeated inside one file (kept)"),
    "bulk": Text("大宗行（保留并标记）", "Bulk lines (kept, flagged)"),
    "imputed": Text("含填补值的行", "Lines with an imputed value"),
    "imputed_price": Text("用中位价填补的单价", "Unit prices filled with the product's median"),
    "unmatched_returns": Text("找不到原购买的退货", "Returns without a matching purchase"),
    "movement_return": Text("退货行", "Return lines"),
    "movement_free": Text("零价行（赠品等）", "Lines at price 0 (gifts)"),
    "movement_adjustment": Text("库存调整行", "Stock adjustments"),
    "movement_void": Text("未付款或付款前取消的行", "Lines unpaid or cancelled before payment"),
    "kind_shipping": Text("运费行", "Shipping lines"),
    "kind_fee": Text("费用行", "Fee lines"),
    "kind_manual": Text("手工行", "Manual lines"),
    "kind_adjustment": Text("调整行", "Adjustment lines"),
    "kind_discount": Text("折扣行", "Discount lines"),
    "unreadable_attribute": Text("无法读取而留空的单元格", "Cells left empty because unreadable"),
    "missing_reason": Text("注明原因的缺失", "Missing with a stated reason"),
    "missing_to_verify": Text("缺失 5% 及以上（待核实）", "Missing, 5% or more (to be verified)"),
    "missing_few": Text("缺失不到 5%", "Missing, under 5%"),
    "amount_mismatch": Text("订单金额与明细不符", "Orders whose amount is not that of their lines"),
    "several_currencies": Text(
        "同一批数据有多种币种（未折算）", "More than one currency in a batch (not converted)"
    ),
    "order_shrunk": Text("再次收到时变小的订单", "Orders that came back smaller"),
    "arm_contradicted": Text(
        "与冻结名单的组别不符（仍按冻结的组别）", "Arms other than the frozen ones (which stay)"
    ),
    "two_arms": Text("同时在两个组的活动成员（不计组别）", "Members in two arms (given no arm)"),
    "arm_changed": Text(
        "组别与先前不同的活动成员（按新的）", "Members whose arm differs from before (the new one stands)"
    ),
    "not_in_audience": Text(
        "不在冻结名单里的活动成员（不计组别）", "Members not in the frozen audience (given no arm)"
    ),
}

RFM_METHOD: Mapping[str, Text] = {
    "median": Text("中位数", "Median"),
    "mean": Text("均值", "Mean"),
    "quintile": Text("五分位", "Quintile"),
    "own": Text("自定", "Own values"),
    "absolute": Text("绝对值标准", "Absolute table"),
}

BUSINESS_KIND_REASON: Mapping[str, Text] = {
    "found": Text("按数据判断", "Found from the data"),
    "set": Text("人工指定", "Set by a person"),
    "not_met": Text("未达到", "Not met"),
    "later": Text("达到，但次序在后", "Met, but comes later"),
    "too_few": Text("样本不足", "Too few"),
}

LIFECYCLE_METHOD: Mapping[str, Text] = {
    "kaplan_meier": Text("Kaplan-Meier 生存曲线", "Kaplan-Meier curve"),
    "gamma_poisson": Text("Gamma-Poisson 间隔模型", "Gamma-Poisson gap model"),
    "unknown": Text("无法估计，以 365 天代替", "Not estimable, 365 days instead"),
}

COMPARED_PERIOD: Mapping[str, Text] = {
    "recent": Text("最近", "Recent"),
    "before": Text("对比期", "Compared with"),
}

# Names of the parts in conditions such as 'region=四川', as people write them.
_parts_of_a_plan: Mapping[Text, tuple[str, ...]] = {
    Text("地区", "Region"): ("region", "地区", "区域"),
    Text("渠道", "Channel"): ("channel", "渠道"),
    Text("商品", "Product"): ("product", "product_id", "商品"),
    Text("类目", "Category"): ("category", "类目"),
    Text("责任人", "Owner"): ("owner", "责任人", "负责人"),
    Text("分支机构", "Branch"): ("branch", "分支机构"),
    Text("部门", "Department"): ("unit", "部门"),
}
CONDITION: Mapping[str, Text] = {word: term for term, words in _parts_of_a_plan.items() for word in words}

UNKNOWN = "待核实"

# A cell that holds words of people in both languages, and the name of the vocabulary of such a column.
IN_BOTH, BETWEEN = "in_both", " ¦ "


def both(text: Text) -> str:
    """Words of people as one cell: both languages where they differ."""
    return text.zh if text.zh == text.en else f"{text.zh}{BETWEEN}{text.en}"


VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    **profile.VOCABULARIES,
    **segmentation.VOCABULARIES,
    **clusters.VOCABULARIES,
    **commerce.VOCABULARIES,
    **campaigns.VOCABULARIES,
    **experiments.VOCABULARIES,
    **uplift.VOCABULARIES,
    **budget.VOCABULARIES,
    **forecasts.VOCABULARIES,
    **journeys.VOCABULARIES,
    **voice.VOCABULARIES,
    **needs.VOCABULARIES,
    **value.VOCABULARIES,
    **audiences.VOCABULARIES,
    **churn.VOCABULARIES,
    **lifetime.VOCABULARIES,
    **model_care.VOCABULARIES,
    **next_purchase.VOCABULARIES,
    **strategies.VOCABULARIES,
    **simulation.VOCABULARIES,
    "segment_label": {
        **RFM_CLASS,
        **RFM_ABSOLUTE,
        **ABC_CLASS,
        **LIFECYCLE_STATE,
        **LIFECYCLE_STAGE,
        **segmentation.VALUE_CLASS,
        **segmentation.CUSTOMER_GROUP,
        **clusters.VOCABULARIES["cluster"],
        **lifetime.VOCABULARIES["clv_class"],
        **churn.VOCABULARIES["churn_level"],
        **strategies.STRATEGY,
    },
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
    "finding_rule": FINDING_RULE,
    "industry": INDUSTRY,
    "province": PROVINCE,
    "rfm_method": RFM_METHOD,
    "business_kind_reason": BUSINESS_KIND_REASON,
    "lifecycle_method": LIFECYCLE_METHOD,
    "compared_period": COMPARED_PERIOD,
    "entity": ENTITY,
    "condition": CONDITION,
    "column": COLUMN,
    "unknown": {
        UNKNOWN: Text("待核实", "To be verified"),
        **PROVINCE,
        **segmentation.EDGES,
        "*": Text("合计", "Total"),
        "其他": Text("其他", "Other"),
        "全部": Text("全部", "All"),
        "未分类": Text("未分类", "Uncategorised"),
    },
}


def shown(value: str, vocabulary: str | None, language: Language) -> str:
    """A stored term in the reader's language; a value that is no term is returned as it is."""
    if vocabulary == IN_BOTH:
        zh, between, en = value.partition(BETWEEN)
        return en if between and language == "en" else zh
    for name in (vocabulary, "unknown"):
        if name and (term := VOCABULARIES.get(name, {}).get(value)):
            return term.in_(language)
    return _condition(value, language) if vocabulary == "condition" else value


def _condition(value: str, language: Language) -> str:
    """'region=四川; channel=官网' reads 地区：四川；渠道：官网."""
    colon, semicolon = ("：", "；") if language == "zh" else (": ", "; ")
    told = []
    for part in value.replace("；", ";").split(";"):
        name, equals, what = (piece.strip() for piece in part.partition("="))
        term = CONDITION.get(name.casefold())
        told.append(
            f"{term.in_(language)}{colon}{shown(what, None, language)}" if equals and term else part.strip()
        )
    return semicolon.join(told)
