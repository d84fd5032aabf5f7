"""Terms of kept predictions: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text
from keguan.schema.terms.churn import CHURN_LEARNER, CHURN_LEVEL
from keguan.schema.terms.forecasts import FORECAST_METHOD
from keguan.schema.terms.lifetime import CLV_METHOD

MODEL_NAME: Mapping[str, Text] = {
    "trend": Text("趋势与预测", "Trend and forecast"),
    "clv": Text("客户生命周期价值", "Customer lifetime value"),
    "churn": Text("流失概率", "Probability of churn"),
    "next_purchase": Text("下次购买", "Next purchase"),
}
PREDICTED_QUANTITY: Mapping[str, Text] = {
    "revenue": Text("净销售额", "Net revenue"),
    "orders": Text("订单数", "Orders placed"),
    "customers": Text("下单客户", "Customers with an order"),
    "new_customers": Text("新客户数", "New customers"),
    "lapsed": Text("流失客户", "Customers who leave"),
    **{
        f"known_purchases_{days}": Text(f"老客户 {days} 天内的购买", f"Purchases of known customers in {days} days")
        for days in (7, 30, 90, 365)
    },
    **{
        f"known_buyers_{days}": Text(f"{days} 天内购买的老客户", f"Known customers who buy in {days} days")
        for days in (7, 30, 90, 365)
    },
}  # fmt: skip
PREDICTED_PART: Mapping[str, Text] = {"all": Text("全部", "All"), **CHURN_LEVEL}
PREDICTION_HELD: Mapping[str, Text] = {
    "yes": Text("区间内", "Within"),
    "no": Text("区间外", "Outside"),
    "none": Text("无区间", "No interval"),
}
DRIFT_VERDICT: Mapping[str, Text] = {
    "stable": Text("稳定", "Stable"),
    "moderate": Text("中度变化", "Moved"),
    "strong": Text("显著变化", "Moved far"),
}
MODEL_INPUT: Mapping[str, Text] = {
    "recency_days": Text("距上次下单天数", "Days since the last order"),
    "tenure_days": Text("距首次下单天数", "Days since the first order"),
    "order_days": Text("下单天数", "Days with an order"),
    "spend": Text("每个下单日净消费", "Net spend a day with an order"),
}
BACKTEST_MEASURE: Mapping[str, Text] = {
    "mase": Text("MASE（净销售额）", "MASE (net revenue)"),
    "holdout_deviance": Text("检验期偏差", "Hold-out deviance"),
    "auc": Text("AUC", "AUC"),
}
MODEL_METHOD: Mapping[str, Text] = {**FORECAST_METHOD, **CLV_METHOD, **CHURN_LEARNER}
MODEL_USED: Mapping[str, Text] = {"model": Text("模型", "Model"), "baseline": Text("基线", "Baseline")}
VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "model_name": MODEL_NAME,
    "predicted_quantity": PREDICTED_QUANTITY,
    "predicted_part": PREDICTED_PART,
    "prediction_held": PREDICTION_HELD,
    "drift_verdict": DRIFT_VERDICT,
    "model_input": MODEL_INPUT,
    "backtest_measure": BACKTEST_MEASURE,
    "model_method": MODEL_METHOD,
    "model_used": MODEL_USED,
}
