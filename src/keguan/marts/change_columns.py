"""Columns that say how far a change goes, of money or of a rate: the same wherever one is compared."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.result import Column

Q_NOTE = Text("Benjamini-Hochberg 校正后的 p", "p corrected by Benjamini-Hochberg")
P = Column("p", Text("p 值", "p"), "number", 4)
Q = Column("q", Text("q 值", "q"), "number", 4, note=Q_NOTE)

VERDICT = Column("verdict", Text("结论", "Verdict"), "label", vocabulary="verdict")
USUAL_COLUMNS = (
    Column("usual_low", Text("平常波动下限", "Usual variation, low"), "share",
           note=Text("去季节后月间波动的 XmR 控制限", "XmR limits of the deseasonalised months")),
    Column("usual_high", Text("平常波动上限", "Usual variation, high"), "share"),
)  # fmt: skip
# Money now against money before.
CHANGE_COLUMNS = (
    Column("change", Text("变化额", "Change"), "money"),
    Column("low", Text("区间下限", "Low"), "money", role="low",
           note=Text("客户自助法（泊松权重）95%区间", "95% interval, Poisson bootstrap over customers")),
    Column("high", Text("区间上限", "High"), "money", role="high"),
    Column("change_rate", Text("变化率", "Change, relative"), "share"),
    *USUAL_COLUMNS,
    VERDICT,
)  # fmt: skip
# A rate since a month against the rate before, where the month was searched for.
RATE_SHIFT = (
    Column("difference", Text("相差", "Difference"), "points"),
    Column("low", Text("区间下限", "Low"), "points", role="low",
           note=Text("Newcombe 95% 区间", "Newcombe 95% interval")),
    Column("high", Text("区间上限", "High"), "points", role="high"),
    Column("p", Text("p 值", "p"), "number", 4,
           note=Text("按月置换检验，已计入逐月搜索", "permutation of months, search included")),
    Q,
)  # fmt: skip
RATE_SHIFT_COLUMNS = (*RATE_SHIFT, VERDICT)
