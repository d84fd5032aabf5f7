"""Terms of profit, churn, benchmarks, records: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text

COMPARED_REPORT: Mapping[str, Text] = {
    "last": Text("上期报告", "Last report"),
    "this": Text("本期报告", "This report"),
}

PROFIT_STEP: Mapping[str, Text] = {
    "net": Text("净销售额（已扣优惠与退货）", "Net revenue (after discounts and returns)"),
    "unknown_net": Text("其中成本未知，不计入", "Of it with unknown cost, left out"),
    "net_known": Text("成本已知的净销售额", "Net revenue with known cost"),
    "cost_of_goods": Text("商品成本", "Cost of goods"),
    "margin": Text("毛利", "Gross margin"),
    "direct_costs": Text("服务成本（已记到客户）", "Cost to serve (booked to customers)"),
    "contact_costs": Text("触达成本", "Cost of contacts"),
    "allocated": Text("分摊的共同成本", "Common costs shared out"),
    "profit": Text("利润", "Profit"),
    "discounts_in_price": Text("备注：已含在价格里的优惠", "For reference: discounts already in the amounts"),
    "returns_in_net": Text("备注：已扣除的退货", "For reference: returns already taken off"),
}

ALLOCATION_KEY: Mapping[str, Text] = {
    "orders": Text("订单数", "orders placed"),
    "revenue": Text("销售额", "gross revenue"),
    "lines": Text("购买行数", "lines bought"),
}

COST_KIND: Mapping[str, Text] = {
    "service": Text("服务", "Service"),
    "shipping": Text("配送", "Shipping"),
    "return": Text("退货处理", "Handling of returns"),
    "acquisition": Text("获客", "Acquisition"),
    "contact": Text("触达", "Contacts"),
}

PROFIT_LABEL: Mapping[str, Text] = {
    "盈利": Text("盈利", "At a profit"),
    "亏损": Text("亏损", "At a loss"),
}

PROFIT_DIMENSION: Mapping[str, Text] = {
    "abc_class": Text("ABC 类", "ABC class"),
    "channel": Text("首单渠道", "Channel of the first order"),
    "region": Text("首单地区", "Region of the first order"),
}

CHURN_AGAINST: Mapping[str, Text] = {
    "previous": Text("上一期", "the period before"),
    "last_year": Text("去年同期", "the same days a year ago"),
}

CHURN_DIMENSION: Mapping[str, Text] = {
    "segment": Text("所选分层", "Segment chosen"),
    "abc_class": Text("ABC 类", "ABC class"),
    "rfm": Text("RFM 分层", "RFM class"),
    "lifecycle": Text("生命周期状态", "Lifecycle state"),
    "channel": Text("首单渠道", "Channel of the first order"),
    "region": Text("首单地区", "Region of the first order"),
}

CONTRACT_DIMENSION: Mapping[str, Text] = {
    "*": Text("合计", "Total"),
    "plan": Text("套餐", "Plan"),
    "tenure": Text("在网月数", "Tenure (months)"),
}

OWN_FIGURE: Mapping[str, Text] = {
    "net_revenue": Text("净销售额", "Net revenue"),
    "gross_revenue": Text("销售额", "Gross revenue"),
    "orders": Text("订单数", "Orders placed"),
    "customers": Text("下单客户数", "Customers with an order"),
    "new_customers": Text("新客户数", "New customers"),
    "refund_rate": Text("退款率", "Refund rate"),
    "gross_margin": Text("毛利率", "Gross margin rate"),
    "avg_order_value": Text("笔单价", "Value per purchase"),
    "spend_per_customer": Text("人均消费", "Spend per customer"),
    "repurchase_rate": Text("复购率", "Repurchase rate"),
    "retention_rate": Text(
        "期间留存率（前一同长期间下过单、本期又下单）",
        "Retention rate of the span (ordered in the span before and in this one)",
    ),
    "churn_rate": Text(
        "期间流失率（前一同长期间下过单、本期未下单）",
        "Churn rate of the span (ordered in the span before, not in this one)",
    ),
    "csat": Text("满意度 CSAT", "Satisfaction (CSAT)"),
    "nps": Text("净推荐值 NPS", "Net promoter score"),
}

OWN_FIGURE_DEFINITION: Mapping[str, Text] = {
    "net_revenue": Text(
        "净销售额：扣除优惠与退货，含散客", "Net revenue: after discounts and returns, guests included"
    ),
    "gross_revenue": Text("销售额：未扣退货，含散客", "Gross revenue: before returns, guests included"),
    "orders": Text("订单数：有购买行的订单", "Orders placed: orders with a purchase line"),
    "customers": Text(
        "下单客户数：期内下过单的客户", "Customers with an order: customers with an order in the period"
    ),
    "new_customers": Text(
        "新客户数：首次下单在期内的客户", "New customers: customers whose first order is in the period"
    ),
    "refund_rate": Text("退款率：退货额 ÷ 销售额", "Refund rate: returns / gross revenue"),
    "gross_margin": Text(
        "毛利率：(净销售额 - 商品成本) ÷ 净销售额，成本已知的商品行",
        "Gross margin rate: (net revenue - cost of goods) / net revenue, lines with a known cost",
    ),
    "avg_order_value": Text(
        "笔单价：净销售额 ÷ 购买次数（未全退），有编号的客户",
        "Value per purchase: net revenue / purchases not fully returned, identified customers",
    ),
    "spend_per_customer": Text(
        "人均消费：净销售额 ÷ 下单客户数", "Spend per customer: net revenue / customers with an order"
    ),
    "repurchase_rate": Text(
        "复购率：期内购买两次及以上的客户 ÷ 期内有购买的客户",
        "Repurchase rate: customers with two or more purchases / customers with one, in the period",
    ),
    "retention_rate": Text(
        "留存率：前一个同长期间下过单的客户中本期下单的占比",
        "Retention rate: of customers with an order in the span before, those with one in this span",
    ),
    "churn_rate": Text(
        "流失率：前一个同长期间下过单的客户中本期未下单的占比",
        "Churn rate: of customers with an order in the span before, those without one in this span",
    ),
    "csat": Text(
        "满意度 CSAT：5 级量表中 4-5 分的占比，受访者", "Satisfaction (CSAT): share of 4-5 of 5, respondents"
    ),
    "nps": Text(
        "净推荐值 NPS：9-10 分占比 - 0-6 分占比，-100 至 100，受访者",
        "Net promoter score: share of 9-10 minus share of 0-6, from -100 to 100, respondents",
    ),
}

PLAN_STATE: Mapping[str, Text] = {
    "over": Text("已结束", "Finished"),
    "running": Text("进行中", "Running"),
    "ahead": Text("未开始", "Not begun"),
    "unknown_metric": Text("指标未知", "Unknown metric"),
    "unknown_period": Text("期间无法读出", "Unreadable period"),
    "unknown_dimension": Text("不能按该维度拆分", "No such part"),
}

PLAN_VERDICT: Mapping[str, Text] = {
    "reached": Text("达成", "Reached"),
    "missed": Text("未达成", "Missed"),
    "on_track": Text("达到折算目标", "At or over the pro rata target"),
    "behind": Text("未到折算目标", "Under the pro rata target"),
    "so_far": Text("截至目前，不与全期比较", "So far, not held against the whole period"),
    "too_few": Text("样本不足", "Too few"),
}

RANGE_READING: Mapping[str, Text] = {
    "given": Text("高低值", "Low and high"),
    "points": Text("按百分点", "In points"),
    "relative": Text("按相对比例", "Relative"),
}

BENCHMARK_VERDICT: Mapping[str, Text] = {
    "below": Text("之下", "Below"),
    "inside": Text("之内", "Inside"),
    "above": Text("之上", "Above"),
    "overlaps": Text("区间跨过端点，不作判断", "Interval crosses an end, no verdict"),
    "unknown_kind": Text("允差类型不明，不作判断", "Kind of tolerance unknown, no verdict"),
    "expired": Text("已过期，不用", "Out of date, not used"),
    "unsourced": Text("无出处或日期，不用", "No source or date, not used"),
    "example": Text("示例，不用", "Example, not used"),
    "other_population": Text("适用对象不符，不用", "Other population, not used"),
    "other_definition": Text("口径不同，不用", "Other definition, not used"),
    "unknown_metric": Text("指标未知", "Unknown metric"),
    "no_range": Text("没有区间", "No range"),
    "too_few": Text("样本不足", "Too few"),
}

USUAL_POSITION: Mapping[str, Text] = {
    "within": Text("在平时变化之内", "Within the usual change"),
    "outside": Text("超出平时变化", "Outside the usual change"),
}

RECORD_OWNER: Mapping[str, Text] = {
    "归属不一": Text("归属不一", "More than one owner"),
}

TARGET_READS: Mapping[str, Text] = {
    "over": Text(
        "自然回流已超过目标：达到目标不能说明唤回有效",
        "Natural return exceeds the target: reaching it shows nothing",
    ),
    "same": Text("目标落在自然回流的区间内", "The target lies within the interval of natural return"),
    "under": Text("目标超过自然回流", "The target exceeds natural return"),
}

REASON_SOURCE: Mapping[str, Text] = {
    "feedback": Text("问卷与访谈", "Surveys and interviews"),
    "leads": Text("输单线索", "Lost leads"),
}

REASON_WENT: Mapping[str, Text] = {
    "competitor": Text("转向竞争者", "To a competitor"),
    "ended": Text("需求结束", "The need ended"),
    "other": Text("其他原因", "Other reasons"),
}

COST_CHANNEL: Mapping[str, Text] = {
    "未分渠道": Text("未分渠道", "Without a channel"),
}

ACQUISITION_ITEM: Mapping[str, Text] = {
    "winning": Text("获取新客户", "Winning a new customer"),
    "keeping": Text("维系老客户", "Keeping a customer"),
}

NEWS_BAND: Mapping[str, Text] = {
    "90": Text("90 天内", "Within 90 days"),
    "180": Text("91-180 天", "91-180 days"),
    "365": Text("181-365 天", "181-365 days"),
    "older": Text("365 天以前", "Over 365 days"),
    "never": Text("没有任何动静", "Never"),
}

OWNER_ISSUE: Mapping[str, Text] = {
    "none": Text("没有责任人", "No owner"),
    "dispute": Text("归属争议合计", "All disputes"),
    "account": Text("同一账户有不同责任人", "One account, more than one owner"),
    "customer_id": Text(
        "同一客户编号在不同账户，责任人不同", "One customer id on different accounts, more than one owner"
    ),
    "key": Text(
        "同一标识（电话等）在不同账户，责任人不同",
        "One key (phone ...) on different accounts, more than one owner",
    ),
}

CRM_AREA: Mapping[str, Text] = {
    "identification": Text("识别", "Identification"),
    "interaction": Text("互动", "Interaction"),
    "knowledge": Text("知识", "Knowledge"),
    "*": Text("合计", "Total"),
}

CRM_ITEM: Mapping[str, Text] = {
    "orders_identified": Text("订单有客户编号", "Orders with a customer"),
    "buyers_on_file": Text("下单客户有档案", "Customers with an order who are on file"),
    "records_named": Text("档案有名称", "Records with a name"),
    "records_placed": Text("档案有地区", "Records with a place"),
    "records_owned": Text("档案有责任人", "Records with an owner"),
    "events_identified": Text("线上行为能对应客户", "Events of known customers"),
    "buyers_contacted": Text("下单客户被主动触达过", "Customers with an order who were contacted"),
    "contacts_answered": Text("触达有结果记录", "Contacts with a recorded outcome"),
    "issues_solved": Text("投诉、咨询、建议已解决", "Complaints, enquiries, suggestions solved"),
    "issues_handled": Text(
        "投诉、咨询、建议有处理部门或处理人", "Complaints, enquiries, suggestions with a handler"
    ),
    "buyers_consented": Text("下单客户有授权记录", "Customers with an order and a consent on file"),
    "buyers_heard": Text("下单客户有反馈", "Customers with an order who gave feedback"),
    "costs_known": Text("购买行有成本", "Purchase lines with a cost"),
    "products_filed": Text("商品有类目", "Products with a category"),
    "origin_known": Text("档案有获客渠道", "Records with the channel acquired through"),
    "losses_explained": Text("输单线索写明原因", "Lost leads with a reason"),
    "campaigns_controlled": Text("活动设有对照组", "Campaigns with a control group"),
}

CRM_EVIDENCE: Mapping[str, Text] = {
    "measured": Text("由数据得出", "Measured"),
    "no_data": Text("没有数据，计 0 分", "No data, counts 0"),
}

CONTRIBUTOR_DIMENSION: Mapping[str, Text] = {
    "segment": Text("期初 ABC 类", "ABC class at the start"),
    "channel": Text("首单渠道", "Channel of the first order"),
    "region": Text("首单地区", "Region of the first order"),
    "branch": Text("分支机构", "Branch"),
    "owner": Text("责任人", "Owner"),
    "category": Text("类目", "Category"),
}

CONTRIBUTOR: Mapping[str, Text] = {
    "散客": Text("散客", "Guests"),
    "此前无消费": Text("此前无消费", "No spend before"),
    "其余": Text("其余", "The rest"),
    "归属不一": Text("归属不一", "More than one owner"),
    "无净消费": Text("无净消费", "No net spend"),
    "A": Text("A", "A"),
    "B": Text("B", "B"),
    "C": Text("C", "C"),
}

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "crm_area": CRM_AREA,
    "crm_item": CRM_ITEM,
    "crm_evidence": CRM_EVIDENCE,
    "contributor_dimension": CONTRIBUTOR_DIMENSION,
    "contributor": CONTRIBUTOR,
    "news_band": NEWS_BAND,
    "owner_issue": OWNER_ISSUE,
    "cost_channel": COST_CHANNEL,
    "acquisition_item": ACQUISITION_ITEM,
    "record_owner": RECORD_OWNER,
    "target_reads": TARGET_READS,
    "reason_source": REASON_SOURCE,
    "reason_went": REASON_WENT,
    "range_reading": RANGE_READING,
    "benchmark_verdict": BENCHMARK_VERDICT,
    "usual_position": USUAL_POSITION,
    "own_figure": OWN_FIGURE,
    "own_figure_definition": OWN_FIGURE_DEFINITION,
    "plan_state": PLAN_STATE,
    "plan_verdict": PLAN_VERDICT,
    "churn_against": CHURN_AGAINST,
    "churn_dimension": CHURN_DIMENSION,
    "contract_dimension": CONTRACT_DIMENSION,
    "compared_report": COMPARED_REPORT,
    "profit_step": PROFIT_STEP,
    "allocation_key": ALLOCATION_KEY,
    "cost_kind": COST_KIND,
    "profit_label": PROFIT_LABEL,
    "profit_dimension": PROFIT_DIMENSION,
}
