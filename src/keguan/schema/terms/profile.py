"""Terms of who the customers are: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text
from keguan.schema.customers import CUSTOMERS
from keguan.schema.industries import INDUSTRY

TRAIT: Mapping[str, Text] = {
    "kind": Text("客户类型", "Kind"),
    "place": Text("所在地", "Place"),
    "age": Text("年龄", "Age"),
    "gender": Text("性别", "Gender"),
    "occupation": Text("职业", "Occupation"),
    "income": Text("收入", "Income"),
    "education": Text("学历", "Education"),
    "industry": Text("行业", "Industry"),
    "size_staff": Text("人员规模", "Staff size"),
    "size_revenue": Text("营收规模", "Revenue size"),
    "company_age": Text("成立年数", "Years since founded"),
    "acquired_channel": Text("获客渠道", "Acquired through"),
    "member_level": Text("会员等级", "Member level"),
    "decision_role": Text("已知的决策角色", "Decision roles known"),
    "delivery": Text("收货省份", "Province of delivery"),
}

TRAIT_FAMILY: Mapping[str, Text] = {
    "all": Text("全部客户", "All customers"),
    "person": Text("个人客户", "Persons"),
    "company": Text("企业客户", "Companies"),
    "attribute": Text("客户属性与问卷", "Attributes and surveys"),
    "contact": Text("客户联系人", "Contact persons"),
    "order": Text("订单", "Orders"),
}

# Of whom a sentence speaks.
TRAIT_WHOM: Mapping[str, Text] = {
    "all": Text("客户", "customers"),
    "person": Text("个人客户", "persons"),
    "company": Text("企业客户", "companies"),
}

# Values that Keguan stores; a company's own words (its income brackets) are shown as they are.
TRAIT_VALUE: Mapping[str, Text] = {
    "person": Text("个人", "Person"),
    "company": Text("企业", "Company"),
    "女": Text("女", "Female"),
    "男": Text("男", "Male"),
    "home": Text("全部寄往本省", "All to the own province"),
    "elsewhere": Text("有寄往外省的订单", "Some to another province"),
    "decider": Text("决策者", "Decider"),
    "influencer": Text("影响者", "Influencer"),
    "user": Text("使用者", "User"),
    "decider+influencer": Text("决策者与影响者", "Decider and influencer"),
    "decider+user": Text("决策者与使用者", "Decider and user"),
    "influencer+user": Text("影响者与使用者", "Influencer and user"),
    "decider+influencer+user": Text("决策者、影响者与使用者", "Decider, influencer and user"),
    **{f"GB/T {code}": text for code, text in INDUSTRY.items()},
}

DIFFERENCE: Mapping[str, Text] = {
    "higher": Text("显著高于", "Significantly higher"),
    "lower": Text("显著低于", "Significantly lower"),
    "none": Text("无显著差异", "No significant difference"),
    "untested": Text("未检验", "Not tested"),
}

PROFILE_DIMENSION: Mapping[str, Text] = {
    "user": Text("为谁购买（购买者与使用者）", "Bought for whom (buyer and user)"),
    "scene": Text("使用场景", "Scene of use"),
    "style": Text("风格偏好", "Preferred style"),
    "psychographic": Text("态度与生活方式", "Attitudes and lifestyle"),
    "other": Text("其他维度", "Other dimensions"),
}

INTEREST_SCORE: Mapping[str, Text] = {
    "promotion": Text("优惠敏感度", "Promotion sensitivity"),
    "paid_below": Text("折价购买倾向", "Paying below the reference price"),
    "low_price": Text("低价偏好", "Preference for low prices"),
    "novelty": Text("新品偏好", "Preference for new products"),
    "activity": Text("活跃度", "Activity"),
}

# What a share of a score is a share of.
INTEREST_MEASURE: Mapping[str, Text] = {
    "promotion": Text("优惠订单", "orders with a discount or coupon"),
    "paid_below": Text("折价购买", "lines paid below the reference price"),
    "low_price": Text("低价商品", "lines of low-priced products"),
    "novelty": Text("新品", "lines of new products"),
    "activity": Text("活跃月", "active spans of 30 days"),
}

SCORE_LEVEL: Mapping[str, Text] = {
    "高": Text("高", "High"),
    "中": Text("中", "Middle"),
    "低": Text("低", "Low"),
    "次数不足": Text("次数不足", "Too few trials"),
}

CUSTOMER_FACT: Mapping[str, Text] = {
    "first_order_on": Text("首次下单日", "First order"),
    "last_purchase_on": Text("最近购买日", "Last purchase"),
    "recency_days": Text("距最近购买（天）", "Days since the last purchase"),
    "orders_placed": Text("下单数", "Orders placed"),
    "purchases": Text("购买次数", "Purchases"),
    "gross_revenue": Text("销售额", "Gross revenue"),
    "returns": Text("退货额", "Returns"),
    "net_revenue": Text("净销售额", "Net revenue"),
    "margin": Text("毛利", "Gross margin"),
    "window_net": Text("近 12 个月净销售额", "Net revenue, last 12 months"),
    "per_purchase": Text("笔单价", "Value per purchase"),
    "own_gap": Text("自身购买间隔中位数（天）", "Own median gap (days)"),
    "place": Text("净销售额名次", "Place by net revenue"),
    "customers": Text("下过单的客户数", "Customers with an order"),
}

# Columns of the customer file, and keys of other kinds.
CUSTOMER_COLUMN: Mapping[str, Text] = {
    **{item.name: item.label for item in CUSTOMERS.fields if not item.derived or item.name == "account_no"},
    "phone": Text("电话", "Phone"),
    "email": Text("电子邮件", "E-mail"),
    "wechat": Text("微信", "WeChat"),
    "tax_no": Text("税号", "Tax number"),
}

TIMELINE_KIND: Mapping[str, Text] = {
    "order": Text("下单", "Order"),
    "return": Text("退货", "Return"),
    "visit": Text("访问与浏览", "Visits"),
    "survey": Text("问卷", "Survey"),
    "review": Text("评价", "Review"),
    "complaint": Text("投诉", "Complaint"),
    "opinion": Text("意见", "Opinion"),
    "enquiry": Text("咨询", "Enquiry"),
    "suggestion": Text("建议", "Suggestion"),
    "interview": Text("访谈", "Interview"),
    "feedback": Text("客户反馈", "Feedback"),
    "resolved": Text("问题已解决", "Issue resolved"),
    "contact": Text("主动触达", "Contact"),
    "payment_due": Text("应付款到期", "Payment due"),
    "payment": Text("付款", "Payment"),
    "campaign": Text("进入营销活动", "Entered a campaign"),
    "lead": Text("线索", "Lead"),
    "consent": Text("同意授权", "Consent given"),
    "objection": Text("拒绝授权", "Consent refused"),
}

TIMELINE_SUBJECT: Mapping[str, Text] = {
    "analysis": Text("分析", "Analysis"),
    "sms": Text("短信", "SMS"),
    "email": Text("电子邮件", "E-mail"),
    "phone": Text("电话", "Phone"),
    "social": Text("社交媒体", "Social media"),
    "profiling": Text("画像", "Profiling"),
}

NEXT_STEP: Mapping[str, Text] = {
    "solve_first": Text("先解决未了结的问题，再谈销售", "solve the open issue first, sell later"),
    "ask_why": Text("久未购买：做一次简短的满意度回访", "overdue: a short call about satisfaction"),
    "first_order": Text("促成首次下单：答疑与试用", "bring about the first order: answers and a trial"),
    "look_again": Text("分群不可用，请人工判断", "no segment can be told: a person should look"),
    "no_marketing": Text(
        "客户拒绝营销，不发短信、邮件与社交消息",
        "the customer refused marketing: no SMS, e-mail or social messages",
    ),
}

NEXT_STEP_REASON: Mapping[str, Text] = {
    "open_issue": Text("有未解决的问题", "an open issue"),
    "rfm_class": Text("RFM 分层规则", "the rule of the RFM class"),
    "overdue": Text("生命周期规则", "the rule of the lifecycle state"),
    "no_order": Text("从未下单", "no order yet"),
    "no_segment": Text("没有分群", "no segment"),
    "objection": Text("授权记录", "the consents on record"),
}

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "trait": TRAIT,
    "trait_family": TRAIT_FAMILY,
    "trait_whom": TRAIT_WHOM,
    "trait_value": TRAIT_VALUE,
    "difference": DIFFERENCE,
    "profile_dimension": PROFILE_DIMENSION,
    "interest_score": INTEREST_SCORE,
    "interest_measure": INTEREST_MEASURE,
    "score_level": SCORE_LEVEL,
    "customer_fact": CUSTOMER_FACT,
    "customer_column": CUSTOMER_COLUMN,
    "timeline_kind": TIMELINE_KIND,
    "timeline_subject": TIMELINE_SUBJECT,
    "next_step": NEXT_STEP,
    "next_step_reason": NEXT_STEP_REASON,
}
