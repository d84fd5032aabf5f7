"""Terms of forecasts: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text

FORECAST_SERIES: Mapping[str, Text] = {
    "revenue": Text("净销售额", "Net revenue"),
    "orders": Text("订单数", "Orders placed"),
    "customers": Text("下单客户", "Customers with an order"),
    "new_customers": Text("新客户数", "New customers"),
    "all": Text("以上合计", "All of these"),
    "category": Text("类目净销售额", "Net revenue of a category"),
    "region": Text("地区净销售额", "Net revenue of a region"),
}
FORECAST_METHOD: Mapping[str, Text] = {
    "seasonal_naive": Text("季节朴素（去年同期）", "Seasonal naive (a year ago)"),
    "growing_naive": Text("去年同期乘近期增幅", "A year ago times recent growth"),
    "ets": Text("指数平滑", "Exponential smoothing"),
    "theta": Text("Theta 法", "Theta method"),
    "arima_festivals": Text("ARIMA 与节日", "ARIMA with festivals"),
}
FORECAST_DIMENSION: Mapping[str, Text] = {
    "category": Text("类目", "Category"),
    "region": Text("地区", "Region"),
}
RENEWAL_MODEL: Mapping[str, Text] = {
    "sbg": Text("移位 beta-几何分布", "shifted beta-geometric"),
    "constant": Text("固定离开率", "constant rate of leaving"),
}

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "forecast_series": FORECAST_SERIES,
    "forecast_method": FORECAST_METHOD,
    "forecast_dimension": FORECAST_DIMENSION,
    "renewal_model": RENEWAL_MODEL,
}
