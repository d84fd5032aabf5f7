"""Columns of the tables."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.result import Column

LABEL = Column("label", Text("分群", "Group"), "label", role="key", vocabulary="cluster")
LOG_NOTE = Text(
    "金额、件数、次数、天数为几何平均；类目占比为各客户占比的平均",
    "money, pieces, purchases and days are geometric means; a category's share is the mean of customers' shares",
)
GROUP_COLUMNS = (
    LABEL,
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("share", Text("占比", "Share"), "share"),
    Column("net_revenue", Text("净消费", "Net spend"), "money"),
    Column("revenue_share", Text("净消费占比", "Share of net spend"), "share"),
    Column("trait", Text("最突出的特征", "Stands out by"), "label", vocabulary="cluster_trait"),
    Column("category", Text("类目", "Category"), "text"),
    Column("second", Text("其次", "And by"), "label", vocabulary="cluster_trait"),
    Column("second_category", Text("其次的类目", "Category of it"), "text"),
    Column("per_customer", Text("人均净消费", "Net spend per customer"), "money"),
)
CONTRAST_COLUMNS = (
    LABEL,
    Column("fact", Text("指标", "Fact"), "label", role="key", vocabulary="cluster_fact"),
    Column("category", Text("类目", "Category"), "text", role="key"),
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("inside", Text("本群", "In the group"), "number", 2, unit_column="unit", note=LOG_NOTE),
    Column("rest", Text("其余客户", "Other customers"), "number", 2, unit_column="unit"),
    Column("unit", Text("单位", "Unit"), "text"),
    Column(
        "distance", Text("差异（标准差）", "Difference (standard deviations)"), "number", 2,
        note=Text("本群减其余，以全部客户的标准差计", "group minus others, in standard deviations of all customers"),
    ),
    Column(
        "q", Text("q 值", "q"), "number", 4,
        note=Text("大样本 Welch 检验，Benjamini-Hochberg 校正", "Welch for large samples, Benjamini-Hochberg"),
    ),
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="against_rest"),
    Column(
        "defining", Text("用于分群", "Made the groups"), "text",
        note=Text("分群所用的指标必有差异，不作为发现", "what groups were made of must differ, and is no finding"),
    ),
)  # fmt: skip
CHOICE_COLUMNS = (
    Column("k", Text("群数", "Groups"), "count", role="key"),
    Column(
        "gap", Text("间隙", "Gap"), "number", 3,
        note=Text(
            "参照样本与本样本的组内平方和（对数）之差，取两种参照中较小者；大于 0 为比没有分群时更紧密",
            "log of squares within groups, reference minus sample, the smaller of the references; above 0: closer than "
            "without clusters",
        ),
    ),
    Column("error", Text("标准误", "Standard error"), "number", 3),
    Column(
        "stability", Text("稳定性", "Stability"), "number", 3,
        note=Text("不同的一半客户所得分群之间的调整兰德指数", "adjusted Rand index between groups of different halves"),
    ),
    Column("smallest", Text("最小一群（样本中）", "Smallest group in the sample"), "count"),
    Column("natural", Text("两项均达到", "Both met"), "text"),
    Column("used", Text("采用", "Used"), "text"),
)  # fmt: skip
VERDICT_COLUMNS = (
    Column("kind", Text("分群性质", "Kind of groups"), "label", role="key", vocabulary="cluster_kind"),
    Column("facts", Text("分群依据", "Made of"), "label", vocabulary="cluster_facts"),
    Column("k", Text("群数", "Groups"), "count"),
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("sampled", Text("用于建群的客户", "Customers that groups were made of"), "count"),
    Column("gap", Text("间隙", "Gap"), "number", 3),
    Column("error", Text("标准误", "Standard error"), "number", 3),
    Column("stability", Text("稳定性", "Stability"), "number", 3),
)
KEPT_COLUMNS = (
    Column("day", Text("较早日期", "Earlier day"), "date", role="key"),
    Column("customers", Text("两日均在样本中的客户", "Customers of the sample on both days"), "count"),
    Column("same", Text("仍在同一群", "In the same group"), "count"),
    Column("share", Text("占比", "Share"), "share"),
    Column("low", Text("区间下限", "Interval from"), "share", role="low", note=Text("Wilson 95% 区间", "Wilson 95%")),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
    Column("chance", Text("随机情形", "By chance"), "share", note=Text("基线", "the baseline")),
)  # fmt: skip
