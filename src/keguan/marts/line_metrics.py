"""Numbers over rows of `order_lines`, where a question needs products, channels or regions.

They agree with the mart `purchases`: a sale counts on its day, a return on its own. `PRODUCTS_ONLY` leaves
out lines that are no product (postage, fees, manual, adjustments); every money total keeps them.
"""

from __future__ import annotations

from keguan.core.text import Text
from keguan.marts.metrics import Metric

LINE_GROSS = Metric(
    "gross_revenue",
    "CAST(sum(CASE WHEN movement = 'purchase' THEN amount ELSE 0 END) AS DECIMAL(18, 4))",
    "money",
    Text("销售额", "Gross revenue"),
)
LINE_RETURNS = Metric(
    "returns",
    "CAST(sum(CASE WHEN movement = 'return' THEN -amount ELSE 0 END) AS DECIMAL(18, 4))",
    "money",
    Text("退货额", "Returns"),
)
LINE_NET = Metric(
    "net_revenue",
    "CAST(sum(CASE WHEN movement IN ('purchase', 'return') THEN amount ELSE 0 END) AS DECIMAL(18, 4))",
    "money",
    Text("净销售额", "Net revenue"),
)
LINES_BOUGHT = Metric(
    "lines_bought",
    "CAST(sum(CASE WHEN movement = 'purchase' THEN 1 ELSE 0 END) AS BIGINT)",
    "count",
    Text("购买行数", "Lines bought"),
)
LINES_RETURNED = Metric(
    "lines_returned",
    "CAST(sum(CASE WHEN movement = 'return' THEN 1 ELSE 0 END) AS BIGINT)",
    "count",
    Text("退货行数", "Lines returned"),
)
LINE_ORDERS = Metric("orders", "CAST(sum(opens_order) AS BIGINT)", "count", Text("订单数", "Orders placed"))
LINE_QUANTITY = Metric(
    "quantity",
    "CAST(sum(CASE WHEN movement = 'purchase' THEN quantity ELSE 0 END) AS DOUBLE)",
    "number",
    Text("销量", "Pieces sold"),
)
SOLD_OR_RETURNED = "movement IN ('purchase', 'return')"
PRODUCTS_ONLY = "line_kind = 'product'"
