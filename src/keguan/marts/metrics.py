"""Each number once: its name, its SQL over `purchases`, its unit, its label, and whether it adds up.

Analyses use these expressions; none writes its own revenue.
"""

from __future__ import annotations

from dataclasses import dataclass

from keguan.core.text import Text, Unit


@dataclass(frozen=True, slots=True)
class Metric:
    """A number over rows of `purchases`."""

    name: str
    sql: str
    unit: Unit
    label: Text
    additive: bool = True


GROSS_REVENUE = Metric(
    "gross_revenue", "CAST(sum(gross) AS DECIMAL(18, 4))", "money", Text("销售额", "Gross revenue")
)
RETURNS = Metric("returns", "CAST(sum(returns) AS DECIMAL(18, 4))", "money", Text("退货额", "Returns"))
NET_REVENUE = Metric(
    "net_revenue",
    "CAST(sum(gross) - sum(returns) AS DECIMAL(18, 4))",
    "money",
    Text("净销售额", "Net revenue"),
)
ORDERS = Metric("orders", "CAST(sum(orders) AS BIGINT)", "count", Text("订单数", "Orders"))
PURCHASES = Metric(
    "purchases", "CAST(sum(orders) - sum(cancelled) AS BIGINT)", "count", Text("购买次数", "Purchases")
)
# Of calendar months only: a customer of two months counts in each.
MONTHLY_CUSTOMERS = Metric(
    "customers", "CAST(sum(opens_month) AS BIGINT)", "count", Text("下单客户", "Customers with an order")
)
METRICS = {
    metric.name: metric
    for metric in (GROSS_REVENUE, RETURNS, NET_REVENUE, ORDERS, PURCHASES, MONTHLY_CUSTOMERS)
}

# The first day with an order, guests included. Rows are added up first: some may take others away.
FIRST_DAY_SQL = """
SELECT min(day) AS day FROM (SELECT day FROM purchases GROUP BY day HAVING sum(orders) > 0) t
"""
