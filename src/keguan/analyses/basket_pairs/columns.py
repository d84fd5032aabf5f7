"""Columns of the tables of pairs."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.result import Column

_FIGURES = (
    Column("together", Text("两者都有", "Both"), "count"),
    Column("a_baskets", Text("有前者", "With the first"), "count"),
    Column("b_baskets", Text("有后者", "With the second"), "count"),
    Column("support", Text("支持度", "Support"), "share", 2,
           note=Text("两者都有 / 全部", "both / all baskets")),
    Column("confidence", Text("置信度", "Confidence"), "share",
           note=Text("两者都有 / 有前者", "both / with the first")),
    Column("lift", Text("提升度", "Lift"), "ratio", 2,
           note=Text("两者都有的占比 / 两个占比之积；95% 区间用 delta 方法",
                     "share of both / product of the shares; 95% interval by the delta method")),
    Column("low", Text("区间下限", "Interval from"), "ratio", 2, role="low"),
    Column("high", Text("区间上限", "Interval to"), "ratio", 2, role="high"),
    Column("expected", Text("按种数应有", "Expected by size"), "number", 1,
           note=Text("只由每个购物篮的种数与每种商品的热度决定时应有的个数",
                     "baskets with both if only their sizes and the popularity of each thing decided")),
    Column("ratio", Text("实际 / 应有", "Observed / expected"), "ratio", 2),
    Column("ratio_low", Text("比的下限", "Ratio from"), "ratio", 2, role="low",
           note=Text("Byar 95% 区间", "Byar's 95% interval")),
    Column("ratio_high", Text("比的上限", "Ratio to"), "ratio", 2, role="high"),
    Column("q", Text("q 值", "q"), "number", 4,
           note=Text("Poisson 检验，按全部商品对做 Benjamini-Hochberg 校正",
                     "Poisson test, corrected over all pairs by Benjamini-Hochberg")),
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="pair_verdict"),
)  # fmt: skip
PAIR_COLUMNS = (
    Column("a", Text("商品编号（前）", "First product"), "text", role="key"),
    Column("a_name", Text("前者", "First"), "text"),
    Column("b", Text("商品编号（后）", "Second product"), "text", role="key"),
    Column("b_name", Text("后者", "Second"), "text"),
    *_FIGURES,
)
CATEGORY_COLUMNS = (
    Column("a", Text("类目（前）", "First category"), "label", role="key", vocabulary="unknown"),
    Column("b", Text("类目（后）", "Second category"), "label", role="key", vocabulary="unknown"),
    *_FIGURES,
)
BASKET_COLUMNS = (
    Column("unit", Text("购物篮", "Basket"), "label", role="key", vocabulary="basket_unit"),
    Column("first", Text("起", "From"), "date"),
    Column("baskets", Text("购物篮数", "Baskets"), "count"),
    Column("size", Text("平均种数", "Products a basket"), "number", 2),
    Column("things", Text("参与比较的商品", "Products compared"), "count",
           note=Text("在最多购物篮里、且不少于最小样本数的商品", "in the largest number of baskets, and in enough of them")),
    Column("pairs", Text("比较的商品对", "Pairs compared"), "count"),
    Column("found", Text("成立的商品对", "Pairs that hold"), "count"),
)  # fmt: skip
OFFER_COLUMNS = (
    Column("rule", Text("次序", "Rank"), "count", role="key"),
    Column("bought", Text("买过", "Bought"), "text"),
    Column("offered", Text("可推荐", "To offer"), "text"),
    Column("customers", Text("名单人数", "Customers on the list"), "count"),
    Column("confidence", Text("置信度", "Confidence"), "share",
           note=Text("买过前者的客户中也买了后者的占比，不是推荐后的购买率",
                     "share of buyers of the first who also bought the second; not the rate after an offer")),
)  # fmt: skip
