"""Terms of the churn model: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text

CHURN_LEVEL: Mapping[str, Text] = {
    "高": Text("高流失风险", "High risk of churn"),
    "中": Text("中流失风险", "Medium risk of churn"),
    "低": Text("低流失风险", "Low risk of churn"),
}

CHURN_LEARNER: Mapping[str, Text] = {
    "lightgbm": Text("LightGBM 与逻辑回归", "LightGBM with logistic regression"),
    "logistic": Text("逻辑回归", "Logistic regression"),
    "rule": Text("单一规则（基线）", "One-variable rule (baseline)"),
}

# Features of customers that raise or lower a probability; names of imported attributes stand as they are.
CHURN_DRIVER: Mapping[str, Text] = {
    "tenure": Text("在网月数", "Tenure (months)"),
    "monthly_amount": Text("月费", "Monthly amount"),
    "total_amount": Text("累计金额", "Total amount"),
    "plan": Text("套餐", "Plan"),
    "recency_days": Text("距最近下单的天数", "Days since the last order"),
    "tenure_days": Text("距首次下单的天数", "Days since the first order"),
    "order_days": Text("下过单的天数", "Days with an order"),
    "orders_horizon": Text("最近一个期限的订单数", "Orders in the last horizon"),
    "orders_before": Text("再前一个期限的订单数", "Orders in the horizon before"),
    "orders_lately": Text("最近四分之一期限的订单数", "Orders in the last quarter of the horizon"),
    "net_horizon": Text("最近一个期限的净销售额", "Net revenue of the last horizon"),
    "net_before": Text("再前一个期限的净销售额", "Net revenue of the horizon before"),
    "own_gap": Text("自己的平均下单间隔（天）", "Own mean gap (days)"),
    "silence_ratio": Text("沉默时间与自己平均间隔之比", "Silence over the own mean gap"),
    "return_share": Text("最近一个期限的退货占比", "Returned share of the last horizon"),
    "complaints": Text("最近一个期限的投诉数", "Complaints in the last horizon"),
}

CHURN_RAISES: Mapping[str, Text] = {
    "high": Text("数值大", "Large values"),
    "low": Text("数值小", "Small values"),
    "–": Text("缺失", "Missing"),
}

CHURN_SEGMENT_KIND: Mapping[str, Text] = {
    "abc_class": Text("ABC 分层", "ABC class"),
    "unknown": Text("套餐", "Plan"),
}

_VALUES = {"高CLV": "High CLV", "中CLV": "Middle CLV", "低CLV": "Low CLV", "负CLV": "Negative CLV"}
_RISKS = {"高": "high risk", "中": "medium risk", "低": "low risk"}
CLV_AT_RISK: Mapping[str, Text] = {
    f"{value}{risk}风险": Text(f"{value}、{risk}流失风险", f"{named}, {words} of churn")
    for value, named in _VALUES.items()
    for risk, words in _RISKS.items()
}

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "churn_level": CHURN_LEVEL,
    "churn_learner": CHURN_LEARNER,
    "churn_driver": CHURN_DRIVER,
    "churn_raises": CHURN_RAISES,
    "clv_at_risk": CLV_AT_RISK,
    "churn_segment_kind": CHURN_SEGMENT_KIND,
}
