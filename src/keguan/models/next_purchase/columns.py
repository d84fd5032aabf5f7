"""Columns of the tables of the next purchase."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.result import Column

ACCOUNT = Column(
    "account", Text("账户", "Account"), "text",
    note=Text("工作区内的客户编号，不含个人信息", "the customer's number in the workspace, no personal data"),
)  # fmt: skip
_LOW, _HIGH = Text("区间下限", "Interval from"), Text("区间上限", "Interval to")
_BRIER = Text(
    "预测概率与结果之差的平方的均值，越小越准",
    "mean squared gap of chance and outcome, the smaller the closer",
)
_HORIZON = Column("horizon", Text("天数", "Days ahead"), "days", role="key")
_LOOKED_BACK = (
    Column("then", Text("回看日", "Looked back to"), "date"),
    Column("customers", Text("当时的客户", "Customers then"), "count"),
)
WHEN_COLUMNS = (
    _HORIZON,
    Column("expected", Text("今后预计购买的客户", "Customers expected to buy"), "number", 0),
    Column("low", _LOW, "number", 0, role="low",
           note=Text("95%，计入个体随机性与回看时总数的偏差",
                     "95%, from the chance of each customer and the error of the total looking back")),
    Column("high", _HIGH, "number", 0, role="high"),
    *_LOOKED_BACK,
    Column("predicted", Text("当时预计购买", "Expected then"), "number", 0),
    Column("buyers", Text("其后实际购买", "Bought after"), "count"),
    Column("used", Text("所用方法", "Way used"), "label", vocabulary="chance_way"),
)  # fmt: skip
ACCURACY_COLUMNS = (
    _HORIZON,
    *_LOOKED_BACK,
    Column("brier_base", Text("Brier：总体比例", "Brier: share of all"), "number", 4, note=_BRIER),
    Column("brier_cells", Text("Brier：近度频次格", "Brier: recency-frequency cells"), "number", 4),
    Column("brier_model", Text("Brier：逻辑回归", "Brier: logistic"), "number", 4),
    Column("gap", Text("校准误差", "Calibration error"), "points", 1,
           note=Text("十组等量客户中预计与实际占比之差的加权均值，所用方法", "mean gap over ten equal groups, of the way used")),
    Column("season", Text("季节修正(对数几率)", "Shift for the season (log odds)"), "number", 3),
)  # fmt: skip
BIN_COLUMNS = (
    Column("horizon", Text("天数", "Days ahead"), "days", role="key"),
    Column("bin", Text("组，概率由低到高", "Group, from low to high chance"), "count", role="key"),
    Column("customers", Text("客户数", "Customers"), "count"),
    Column("predicted", Text("预计占比", "Share expected"), "share"),
    Column("observed", Text("实际占比", "Share observed"), "share"),
    Column("low", _LOW, "share", role="low", note=Text("Wilson 95% 区间", "Wilson 95% interval")),
    Column("high", _HIGH, "share", role="high"),
)
LEVEL_COLUMNS = (
    Column("level", Text("30 天内", "Within 30 days"), "label", role="key", vocabulary="chance_level"),
    Column("least", Text("概率不低于", "Chance of at least"), "share"),
    Column("customers", Text("现在的客户", "Customers now"), "count"),
    Column("expected", Text("预计购买", "Expected to buy"), "number", 0),
    Column("placed", Text("回看日在该级的客户", "In the level then"), "count"),
    Column("bought", Text("其后购买", "Bought after"), "count"),
    Column("share", Text("实际占比", "Share observed"), "share"),
    Column("low", _LOW, "share", role="low", note=Text("Wilson 95% 区间", "Wilson 95% interval")),
    Column("high", _HIGH, "share", role="high"),
)
_KIND = Column("kind", Text("预测什么", "What"), "label", role="key", vocabulary="ranked_thing")
_WAY = Column("way", Text("排序方法", "Way to rank"), "label", role="key", vocabulary="ranking_way")
WHAT_COLUMNS = (
    _KIND,
    _WAY,
    Column("then", Text("回看日", "Looked back to"), "date"),
    Column("k", Text("列出几种", "Listed"), "count"),
    Column("customers", Text("其后购买的客户", "Customers who bought after"), "count"),
    Column("hits", Text("平均命中", "Hits on average"), "number", 2),
    Column("recall", Text("召回率", "Recall"), "share", 2,
           note=Text("列出的占其后所买种类的比例，按客户平均",
                     "share of the things bought after that were listed, mean over customers")),
    Column("ndcg", Text("排序得分 nDCG", "Ranking score nDCG"), "share", 2,
           note=Text("命中越靠前越高，全部命中并列在最前为 100%",
                     "hits count more the earlier they stand; 100% is a list with every hit first")),
    Column("used", Text("采用", "Used"), "label", vocabulary="prediction_used"),
)  # fmt: skip
LEAD_COLUMNS = (
    _KIND,
    _WAY,
    Column("lead", Text("nDCG 与基线之差", "nDCG against the baseline"), "points", 2),
    Column("low", Text("差的下限", "Difference from"), "points", 2, role="low",
           note=Text("客户间差值均值的 95% 区间", "95% interval of the mean over customers")),
    Column("high", Text("差的上限", "Difference to"), "points", 2, role="high"),
    Column("recall_low", Text("召回率之差的下限", "Recall difference from"), "points", 2, role="low"),
    Column("recall_high", Text("召回率之差的上限", "Recall difference to"), "points", 2, role="high"),
)  # fmt: skip
WORTH_COLUMNS = (
    Column("way", Text("方法", "Way"), "label", role="key", vocabulary="worth_way"),
    Column("then", Text("回看日", "Looked back to"), "date"),
    Column("customers", Text("前后都有订单的客户", "Customers with orders before and after"), "count"),
    Column("error", Text("平均绝对误差", "Mean absolute error"), "money"),
    Column("weight", Text("全体均值的权重(单)", "Weight of the mean of all (orders)"), "number", 2),
    Column("used", Text("采用", "Used"), "label", vocabulary="prediction_used"),
)
LIST_COLUMNS = (
    Column("place", Text("序", "Place"), "count", role="key"),
    ACCOUNT,
    Column("p7", Text("7 天内", "Within 7 days"), "share"),
    Column("p30", Text("30 天内", "Within 30 days"), "share"),
    Column("p90", Text("90 天内", "Within 90 days"), "share"),
    Column("value", Text("预计单笔金额", "Value expected of an order"), "money"),
    Column(
        "worth",
        Text("概率 × 单笔金额", "Chance x value"),
        "money",
        note=Text("30 天内一笔", "one order within 30 days"),
    ),
    *(
        Column(f"product{number}", Text(f"预计商品 {number}", f"Product {number}"), "text")
        for number in (1, 2, 3)
    ),
    Column("category", Text("预计类目", "Category"), "text"),
)
