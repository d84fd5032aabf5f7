"""Terms of products, channels, offers, delivery, settlement: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text
from keguan.schema.terms.rfm_classes import RFM_CLASS

MAIN_CHANNEL: Mapping[str, Text] = {
    "未下单": Text("未下单", "No order"),
}

CHANNEL_MOVE: Mapping[str, Text] = {
    "stayed": Text("未换渠道", "Stayed"),
    "moved": Text("换了渠道", "Moved"),
    "came": Text("上期未下单", "No order before"),
    "left": Text("本期未下单", "No order now"),
}

CHANNEL_FLOW: Mapping[str, Text] = {
    "directed": Text("方向显著", "Significant direction"),
    "undirected": Text("方向不显著", "No significant direction"),
    "untested": Text("未检验", "Not tested"),
}

DEVICE_CLASS: Mapping[str, Text] = {
    "移动端": Text("移动端", "Phone or tablet"),
    "非移动端": Text("非移动端", "Not a phone"),
}

BASKET_UNIT: Mapping[str, Text] = {
    "customer": Text("一位客户", "A customer"),
    "order": Text("一张订单", "An order"),
}

PAIR_VERDICT: Mapping[str, Text] = {
    "holds": Text("成立", "Holds"),
    "chance": Text("未超出偶然", "Not beyond chance"),
}

CREDIT_CLASS: Mapping[str, Text] = {
    "good": Text("信用良好", "Good"),
    "other": Text("其他等级", "Other grade"),
    "unknown": Text("无等级", "No grade"),
}

CREDIT_CLAUSE: Mapping[str, Text] = {
    "good": Text("且信用良好", "and of good credit"),
    "any": Text("(未按信用筛选)", "(whatever their credit)"),
}

DUE_GROUP: Mapping[str, Text] = {
    "due": Text("当时到期", "Due then"),
    "others": Text("其他有规律的客户", "Others with a rhythm"),
}

UPSELL_OFFER: Mapping[str, Text] = {
    "周期将至": Text("周期将至", "Near the end of the cycle"),
}

PRODUCT_VERDICT: Mapping[str, Text] = {
    "star": Text("再购高且增长快", "Bought again, growing"),
    "repeat": Text("再购高", "Bought again"),
    "draw": Text("增长快而再购低", "Growing, seldom bought again"),
    "grows": Text("增长快", "Growing"),
    "shrinks": Text("下降快", "Shrinking"),
    "fading": Text("再购低且下降", "Seldom bought again, shrinking"),
    "plain": Text("未见差异", "No difference shown"),
    "untested": Text("未检验", "Not tested"),
}

AGAINST_REST: Mapping[str, Text] = {
    "above": Text("高于其余", "Above the rest"),
    "below": Text("低于其余", "Below the rest"),
    "plain": Text("未见差异", "No difference shown"),
    "untested": Text("未检验", "Not tested"),
}

SCORE_SCALE: Mapping[str, Text] = {
    "csat5": Text("满意度 1–5 分", "CSAT, 1 to 5"),
    "nps": Text("推荐意愿 0–10 分", "NPS, 0 to 10"),
    "ces7": Text("费力度 1–7 分", "CES, 1 to 7"),
}

LAUNCH_SOURCE: Mapping[str, Text] = {
    "given": Text("商品资料", "Product data"),
    "first_sale": Text("首次售出", "First sale"),
}

LAUNCH_SPEED: Mapping[str, Text] = {
    "faster": Text("比以往快", "Faster than before"),
    "slower": Text("比以往慢", "Slower than before"),
    "usual": Text("与以往无显著差别", "No significant difference to before"),
    "untested": Text("未检验", "Not tested"),
}

# Classes as of an earlier day, and those who were no customers then.
RFM_THEN: Mapping[str, Text] = {
    **RFM_CLASS,
    "当时尚未购买": Text("当时尚未购买", "No customer yet"),
}

FESTIVAL: Mapping[str, Text] = {
    "春节": Text("春节", "Spring Festival"),
    "618": Text("618", "618"),
    "双11": Text("双11", "Double 11"),
}

SEASON_KIND: Mapping[str, Text] = {
    "month": Text("月", "Month of the year"),
    "week": Text("ISO 周", "ISO week"),
}

SEASON_VERDICT: Mapping[str, Text] = {
    "season": Text("有季节性", "There is a season"),
    "none": Text("未见季节性", "No season shown"),
    "untested": Text("未检验", "Not tested"),
}

AGAINST_LEVEL: Mapping[str, Text] = {
    "above": Text("高于平常", "Above the usual level"),
    "below": Text("低于平常", "Below the usual level"),
    "plain": Text("未见差异", "No difference shown"),
}

PROMOTION_KIND: Mapping[str, Text] = {
    "campaign": Text("活动", "Named campaign"),
    "coupon": Text("用券", "With a coupon"),
    "discount": Text("打折", "With a discount"),
    "none": Text("非促销", "Not on promotion"),
    "any": Text("全部促销", "Any promotion"),
}

PROMOTION_USE: Mapping[str, Text] = {
    "only": Text("只在促销时购买", "On promotion only"),
    "sometimes": Text("促销与平时都购买", "On promotion and without"),
    "never": Text("不在促销时购买", "Never on promotion"),
}

CUSTOMER_FACT: Mapping[str, Text] = {
    "rfm": Text("RFM 分层", "RFM class"),
    "lifecycle": Text("客户状态", "Lifecycle state"),
    "region": Text("首单地区", "Region of the first order"),
    "kind": Text("客户类型", "Kind"),
    "member_level": Text("会员等级", "Member level"),
    "industry": Text("行业", "Industry"),
    "size": Text("人员规模", "Staff size"),
    "acquired": Text("获客渠道", "Acquired through"),
    "category": Text("买过的类目", "Category bought"),
    "channel": Text("用过的渠道", "Channel used"),
    "device": Text("用过的设备", "Device used"),
    "promotion": Text("有促销订单", "Bought on promotion"),
    "page": Text("看过的页面", "Page viewed"),
    "event": Text("做过的事件", "Event done"),
    "feedback": Text("提出过的反馈", "Feedback given"),
    "complaint_open": Text("投诉未解决", "Complaint open"),
    "satisfied": Text("评为满意（4–5 分）", "Satisfied (4 or 5 of 5)"),
    "contact": Text("被触达的渠道", "Contacted through"),
}

FACT_VALUE: Mapping[str, Text] = {
    **{label: text for label, text in RFM_THEN.items() if label != "当时尚未购买"},
    "活跃": Text("活跃", "Active"),
    "沉默": Text("沉默", "Dormant"),
    "有流失风险": Text("有流失风险", "At risk"),
    "流失": Text("流失", "Lost"),
    "是": Text("是", "yes"),
    "否": Text("否", "no"),
    "person": Text("个人", "Person"),
    "company": Text("企业", "Company"),
}

FACT_VALUES: Mapping[str, Text] = {
    "one": Text("一个", "One"),
    "more": Text("可有几个", "One or more"),
}

FACT_BASE: Mapping[str, Text] = {
    "all": Text("下过单的全部客户", "All customers with an order"),
    "own": Text("有这项记录的客户", "Customers of whom it is known"),
}

LEAD_DIMENSION: Mapping[str, Text] = {
    "source": Text("来源", "Source"),
    "industry": Text("行业", "Industry"),
    "size": Text("规模", "Size"),
    "region": Text("地区", "Region"),
    "together": Text("行业 × 规模 × 来源", "Industry x size x source"),
}

WAIT_ORIGIN: Mapping[str, Text] = {
    "lead": Text("线索", "Lead"),
    "registered": Text("注册", "Registration"),
}

LOOKALIKE: Mapping[str, Text] = {
    "lookalike": Text("相似客户", "Look-alike"),
}

DELIVERY_DIMENSION: Mapping[str, Text] = {
    "all": Text("合计", "Total"),
    "region": Text("地区", "Region"),
    "product": Text("商品", "Product"),
}

DELIVERY_OUTCOME: Mapping[str, Text] = {
    "satisfied": Text("满意（4–5 分）", "Satisfied (4 or 5)"),
    "again": Text("90 天内再次下单", "Ordered again within 90 days"),
}

SOCIAL_KIND: Mapping[str, Text] = {
    "sum": Text("期内合计", "Sum of the period"),
    "level": Text("期末水平", "Level at its end"),
}

SOCIAL_DIMENSION: Mapping[str, Text] = {
    "region": Text("地区", "Region"),
    "segment": Text("客群", "Segment"),
}

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "social_kind": SOCIAL_KIND,
    "social_dimension": SOCIAL_DIMENSION,
    "delivery_dimension": DELIVERY_DIMENSION,
    "delivery_outcome": DELIVERY_OUTCOME,
    "lead_dimension": LEAD_DIMENSION,
    "wait_origin": WAIT_ORIGIN,
    "lookalike": LOOKALIKE,
    "customer_fact": CUSTOMER_FACT,
    "fact_value": FACT_VALUE,
    "fact_values": FACT_VALUES,
    "fact_base": FACT_BASE,
    "promotion_kind": PROMOTION_KIND,
    "promotion_use": PROMOTION_USE,
    "festival": FESTIVAL,
    "season_kind": SEASON_KIND,
    "season_verdict": SEASON_VERDICT,
    "against_level": AGAINST_LEVEL,
    "launch_source": LAUNCH_SOURCE,
    "launch_speed": LAUNCH_SPEED,
    "rfm_then": RFM_THEN,
    "product_verdict": PRODUCT_VERDICT,
    "against_rest": AGAINST_REST,
    "score_scale": SCORE_SCALE,
    "credit_class": CREDIT_CLASS,
    "credit_clause": CREDIT_CLAUSE,
    "due_group": DUE_GROUP,
    "upsell_offer": UPSELL_OFFER,
    "basket_unit": BASKET_UNIT,
    "pair_verdict": PAIR_VERDICT,
    "main_channel": MAIN_CHANNEL,
    "channel_move": CHANNEL_MOVE,
    "channel_flow": CHANNEL_FLOW,
    "device_class": DEVICE_CLASS,
}
