"""Columns of the tables of browsing."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.result import Column

SESSIONS = Column("sessions", Text("会话数", "Sessions"), "count")
VIEWS = Column(
    "views",
    Text("浏览次数", "Views"),
    "count",
    note=Text("重复发送的事件算一次", "events sent twice count once"),
)
SHARE = Column("share", Text("占全部会话", "Share of sessions"), "share")
CONVERTED = Column("converted", Text("有转化的会话", "Sessions with conversion"), "count")
RATE = Column("rate", Text("会话转化率", "Conversion of sessions"), "share")
LOW = Column(
    "low",
    Text("区间下限", "Interval from"),
    "share",
    role="low",
    note=Text("Wilson 95% 区间", "Wilson 95% interval"),
)
HIGH = Column("high", Text("区间上限", "Interval to"), "share", role="high")
REST = Column("rest_rate", Text("其余的占比", "Share among the others"), "share")
DIFFERENCE = (
    Column("difference", Text("相差", "Difference"), "points"),
    Column(
        "difference_low", Text("差的区间下限", "Difference from"), "points", role="low",
        note=Text("Newcombe 95% 区间", "Newcombe 95% interval"),
    ),
    Column("difference_high", Text("差的区间上限", "Difference to"), "points", role="high"),
    Column(
        "q", Text("q 值", "q"), "number", 4,
        note=Text("Benjamini-Hochberg 校正后的 p", "p corrected by Benjamini-Hochberg"),
    ),
)  # fmt: skip
DWELL = Column(
    "dwell",
    Text("平均停留（秒）", "Mean dwell time (s)"),
    "number",
    1,
    note=Text("有停留秒数的事件", "events that tell it"),
)

PAGE_COLUMNS = (
    Column("page", Text("页面", "Page"), "text", role="key", note=Text("不含 ? 与 # 之后的部分", "without what follows ? or #")),
    VIEWS, SESSIONS, SHARE, DWELL, CONVERTED, RATE, LOW, HIGH,
)  # fmt: skip
PRODUCT_COLUMNS = (
    Column("product_id", Text("商品编号", "Product id"), "text", role="key"),
    Column("name", Text("商品名称", "Product name"), "text"),
    VIEWS,
    SESSIONS,
    SHARE,
    Column("carts", Text("加购的会话", "Sessions that put it in the cart"), "count"),
    Column("converted", Text("购买它的会话", "Sessions that bought it"), "count"),
    RATE,
    LOW,
    HIGH,
)
WAY_COLUMNS = (
    Column("way", Text("找商品的方式", "Way of finding products"), "label", role="key", vocabulary="journey_way"),
    SESSIONS, SHARE, CONVERTED, RATE, LOW, HIGH,
)  # fmt: skip
CONTRAST_COLUMNS = (
    Column("way", Text("方式", "Way"), "label", role="key", vocabulary="journey_way"),
    Column("against", Text("相比", "Against"), "label", role="key", vocabulary="journey_way"),
    Column("rate", Text("转化率", "Conversion"), "share"),
    Column("rest_rate", Text("对比的转化率", "Conversion compared with"), "share"),
    *DIFFERENCE[:3],
    Column("p", Text("p 值", "p value"), "number", 4, note=Text("两比例检验", "test of two proportions")),
)
ENGAGEMENT_COLUMNS = (
    Column("dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="journey_dimension"),
    Column("value", Text("取值", "Value"), "label", role="key", vocabulary="journey_value"),
    SESSIONS,
    Column("events", Text("每个会话事件数", "Events per session"), "number", 2),
    Column("minutes", Text("会话时长中位数（分钟）", "Median minutes of a session"), "number", 1),
    Column("dwell", Text("会话停留中位数（秒）", "Median dwell time of a session (s)"), "number", 1),
    Column("single", Text("只有一个事件的会话", "Sessions of one event"), "count"),
    Column("rate", Text("只有一个事件的占比", "Share of one event"), "share"),
    LOW,
    HIGH,
    REST,
    *DIFFERENCE,
)
PAGE_GROUP_COLUMNS = (
    Column("page", Text("页面", "Page"), "text", role="key"),
    Column("dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="journey_dimension"),
    Column("value", Text("取值", "Value"), "label", role="key", vocabulary="journey_value"),
    Column("sessions", Text("到过的会话", "Sessions that saw it"), "count"),
    Column("of", Text("该组会话", "Sessions of the group"), "count"),
    Column("rate", Text("到过的占比", "Share that saw it"), "share"),
    LOW,
    HIGH,
    REST,
    *DIFFERENCE,
)
