"""Tables that Keguan itself writes: books of the imports, marts, segments."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.schema.entity import Entity, column

LOADS = Entity(
    "loads",
    Text("导入记录", "Loads"),
    ("load_id",),
    (
        column("load_id", "integer", "导入编号", "Load"),
        column("batch_id", "integer", "批次", "Batch"),
        column("source", "text", "来源", "Source"),
        column("file", "text", "文件", "File"),
        column("sha256", "text", "指纹", "SHA-256"),
        column("bytes", "bigint", "字节", "Bytes"),
        column("entity", "text", "数据表", "Table"),
        column("mapping", "text", "映射", "Mapping"),
        column("form", "text", "读取方式", "How it was read"),
        column("received", "bigint", "收到", "Received"),
        column("clean", "bigint", "干净", "Clean"),
        column("quarantined", "bigint", "隔离", "Quarantined"),
        column("superseded", "bigint", "被替换", "Superseded"),
        column("dropped", "bigint", "按规则去掉", "Dropped"),
        column("first_day", "date", "起始日", "First day"),
        column("last_day", "date", "结束日", "Last day"),
        column("loaded_at", "timestamp", "导入时间", "Loaded at"),
    ),
)

QUARANTINE = Entity(
    "quarantine",
    Text("隔离区", "Quarantine"),
    ("load_id", "source_row"),
    (
        column("load_id", "integer", "导入编号", "Load"),
        column("source_row", "bigint", "原文件行", "Row in file"),
        column("entity", "text", "数据表", "Table"),
        column("rule", "text", "规则", "Rule"),
        column("column_name", "text", "列", "Column"),
        column("found", "text", "读到的值", "Found", privacy="personal"),
        column("row_key", "text", "行键", "Row key"),
        column("amount", "decimal", "金额", "Amount"),
        column("raw", "text", "原始行", "Raw row", privacy="personal"),
    ),
)

FINDINGS = Entity(
    "findings",
    Text("清洗发现", "Cleaning findings"),
    ("load_id", "rule", "column_name", "detail"),
    (
        column("load_id", "integer", "导入编号", "Load"),
        column("rule", "text", "规则", "Rule"),
        column("column_name", "text", "列", "Column"),
        column("detail", "text", "说明", "Detail"),
        column("rows", "bigint", "行数", "Rows"),
        column("base", "bigint", "总行数", "Of rows"),
        column("amount", "decimal", "涉及金额", "Money at stake"),
    ),
)

SEGMENTS = Entity(
    "segments",
    Text("客户分群", "Segments"),
    ("account_no", "segmentation", "as_of"),
    (
        column("account_no", "integer", "账户号", "Account no"),
        column("segmentation", "text", "分群方法", "Segmentation"),
        column("label", "text", "分群", "Label"),
        column("score", "text", "得分", "Score"),
        column("as_of", "date", "截至日", "As of"),
        column("run_id", "text", "运行编号", "Run"),
    ),
)

PURCHASES = Entity(
    "purchases",
    Text("购买", "Purchases"),
    ("account_no", "day", "order_day"),
    (
        column("account_no", "integer", "账户号", "Account no"),
        column("day", "date", "计入日", "Day it counts"),
        column("order_day", "date", "原购买日", "Day of the purchase"),
        column("orders", "integer", "下单数", "Orders placed"),
        column("cancelled", "integer", "全退订单数", "Orders fully returned"),
        column("gross", "decimal", "销售额", "Gross revenue"),
        column("returns", "decimal", "退货额", "Returns"),
        column("quantity", "decimal", "数量", "Quantity"),
        column("margin", "decimal", "毛利", "Gross margin"),
        column("lines", "integer", "明细行数", "Lines"),
        column("opens_month", "integer", "当月首个购买日", "First purchase day of its month"),
    ),
)

CUSTOMER_FACTS = Entity(
    "customer_facts",
    Text("客户事实", "Customer facts"),
    ("account_no",),
    (
        column("account_no", "integer", "账户号", "Account no"),
        column("first_order_on", "date", "首次下单日", "First order"),
        column("last_order_on", "date", "最近下单日", "Last order"),
        column("first_purchase_on", "date", "首次购买日", "First purchase"),
        column("last_purchase_on", "date", "最近购买日", "Last purchase"),
        column("orders_placed", "bigint", "下单数", "Orders placed"),
        column("purchases", "bigint", "购买次数", "Purchases"),
        column("purchase_days", "bigint", "购买天数", "Purchase days"),
        column("gross_revenue", "decimal", "销售额", "Gross revenue"),
        column("returns", "decimal", "退货额", "Returns"),
        column("net_revenue", "decimal", "净销售额", "Net revenue"),
        column("margin", "decimal", "毛利", "Gross margin"),
        column("first_channel", "text", "首单渠道", "Channel of the first order"),
        column("first_region", "text", "首单地区", "Region of the first order"),
    ),
)

EVENT_SESSIONS = Entity(
    "event_sessions",
    Text("会话", "Sessions"),
    ("session_no",),
    (
        column("session_no", "bigint", "会话序号", "Session no"),
        column("visitor_no", "bigint", "访客序号", "Visitor no"),
        column("visitor_id", "text", "访客编号", "Visitor id", privacy="personal"),
        column("session_key", "text", "会话键", "Session key"),
        column("account_no", "integer", "账户号", "Account no"),
        column("day", "date", "首日", "First day"),
        column("events", "bigint", "事件数", "Number of events"),
        column("properties", "text", "其他属性", "Properties"),
        column("first_moment", "bigint", "首个时刻", "First moment"),
        column("last_moment", "bigint", "末个时刻", "Last moment"),
        column("seen", "bigint", "出现的事件", "Events in it"),
        column("device", "text", "设备或平台", "Device or platform"),
        column("traffic_source", "text", "流量来源", "Traffic source"),
        column("opening", "bigint", "开头各步", "First steps"),
        column("steps", "bigint", "步数", "Number of steps"),
        column("again", "bigint", "回到的事件", "Events come back to"),
        column("definition", "text", "口径版本", "Definition"),
    ),
)

SESSION_NAMES = Entity(
    "session_names",
    Text("会话中的事件", "Events in sessions"),
    ("session_no", "name_no"),
    (
        column("session_no", "bigint", "会话序号", "Session no"),
        column("name_no", "integer", "事件序号", "Event no"),
        column("visits", "bigint", "到访次数", "Visits"),
        column("waited", "bigint", "首次用时(微秒)", "Microseconds to it"),
    ),
)

EVENT_TRANSITIONS = Entity(
    "event_transitions",
    Text("事件转移", "Transitions"),
    ("from_no", "to_no"),
    (
        column("from_no", "integer", "前一事件序号", "Event before, no"),
        column("to_no", "integer", "后一事件序号", "Event after, no"),
        column("times", "bigint", "次数", "Times"),
    ),
)
