"""Columns of the tables on migration; labels are terms of the segmentation that is looked at."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.marts.change_columns import P, Q
from keguan.result import Column


def _label(name: str, text: Text, vocabulary: str | None) -> Column:
    return Column(name, text, "label", role="key", vocabulary=vocabulary)


def moves(vocabulary: str | None) -> tuple[Column, Column]:
    """Class at the start and class at the end."""
    return _label("before", Text("期初类别", "Class at the start"), vocabulary), _label(
        "now", Text("期末类别", "Class at the end"), vocabulary
    )


CUSTOMERS = Column("customers", Text("客户数量", "Customers"), "count")
MONEY = (
    Column("net_then", Text("期初窗口净销售额", "Net revenue, window to the start"), "money"),
    Column("net_now", Text("期末窗口净销售额", "Net revenue, window to the end"), "money"),
    Column("moved", Text("金额变化", "Money moved"), "money"),
)
SHARE = Column(
    "share", Text("占期初该类", "Share of the class at the start"), "share",
    note=Text("按期初的类别计算，不用今天的标签", "by the class at the start, never by today's label"),
)  # fmt: skip
CAUSE = Column("cause", Text("原因", "Cause"), "label", role="key", vocabulary="migration_cause")


def matrix(vocabulary: str | None) -> tuple[Column, ...]:
    """One row per cell."""
    return (*moves(vocabulary), CUSTOMERS, SHARE, *MONEY)


def cell_causes(vocabulary: str | None) -> tuple[Column, ...]:
    """One row per cell and cause."""
    return (*moves(vocabulary), CAUSE, CUSTOMERS, *MONEY)


CAUSES = (
    CAUSE,
    CUSTOMERS,
    Column("share", Text("占两期客户", "Share of all customers"), "share"),
    *MONEY,
)


def flows(vocabulary: str | None) -> tuple[Column, ...]:
    """One row per class: then = stayed + left + vanished; now = stayed + arrived + new."""
    counts = (
        ("then", "期初", "At the start"), ("stayed", "留在本类", "Stayed"), ("left_class", "转出", "Left"),
        ("vanished", "消失", "No longer placed"), ("arrived", "转入", "Arrived"), ("newly", "新增", "Newly placed"),
        ("now", "期末", "At the end"),
    )  # fmt: skip
    return (
        _label("label", Text("类别", "Class"), vocabulary),
        *(Column(name, Text(zh, en), "count") for name, zh, en in counts),
        Column("net_then", Text("期初窗口净销售额", "Net revenue, window to the start"), "money"),
        Column("net_now", Text("期末窗口净销售额", "Net revenue, window to the end"), "money"),
    )


def tested(vocabulary: str | None) -> tuple[Column, ...]:
    """Moves held against earlier periods of the same length."""
    return (
        *moves(vocabulary),
        Column("customers", Text("客户数量", "Customers"), "count"),
        Column("of_customers", Text("期初该类客户", "Customers of the class at the start"), "count"),
        Column("share", Text("占比", "Share"), "share"),
        Column("periods", Text("此前期数", "Periods before"), "count"),
        Column("usual", Text("此前平均", "Mean of the periods before"), "share"),
        Column("low", Text("预测区间下限", "Prediction from"), "share", role="low"),
        Column("high", Text("预测区间上限", "Prediction to"), "share", role="high"),
        P,
        Q,
        Column("moved", Text("金额变化", "Money moved"), "money"),
    )


PERIOD = (
    Column("segmentation", Text("分群方法", "Segmentation"), "text", role="key"),
    Column("then", Text("期初", "At the start"), "date"),
    Column("now", Text("期末", "At the end"), "date"),
    Column("window_months", Text("金额窗口（月）", "Window of money (months)"), "count"),
    Column(
        "placed",
        Text("两期都有类别的客户", "Customers placed at both dates"),
        "count",
        note=Text("期初仍在购买", "still buying at the start"),
    ),
    Column("changed", Text("换了类别", "Changed class"), "count"),
    Column("share", Text("占比", "Share"), "share"),
    Column("periods", Text("此前期数", "Periods before"), "count"),
    Column("usual", Text("此前平均", "Mean of the periods before"), "share"),
    Column("low", Text("预测区间下限", "Prediction from"), "share", role="low"),
    Column("high", Text("预测区间上限", "Prediction to"), "share", role="high"),
    P,
)
