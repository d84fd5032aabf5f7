"""The eight classes and the absolute table: what they are in SQL, their tables, and who is in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from keguan.analyses.rfm.params import Params
from keguan.analysis import Inputs
from keguan.core.period import add_months
from keguan.core.text import Text
from keguan.result import Column, Note, Relation, Result, Table

NO_ORDER = "窗口内无订单"

# One row per customer with a purchase: R in days over all history, F and M inside the window.
FACTS = """
facts AS (
  SELECT account_no, last_purchase_on, recency_days AS r, window_purchases AS f, window_net AS m
  FROM window_facts
  WHERE purchases > 0
)"""

# A value equal to the cut is high; recent is high.
EIGHT = """
CASE
  WHEN f <= 0 THEN '窗口内无订单'
  WHEN r <= $cut_r AND f >= $cut_f AND m >= $cut_m THEN '重要价值'
  WHEN r <= $cut_r AND f < $cut_f AND m >= $cut_m THEN '重要发展'
  WHEN r > $cut_r AND f >= $cut_f AND m >= $cut_m THEN '重要保持'
  WHEN r > $cut_r AND f < $cut_f AND m >= $cut_m THEN '重要挽留'
  WHEN r <= $cut_r AND f >= $cut_f THEN '一般价值'
  WHEN r <= $cut_r THEN '一般发展'
  WHEN f >= $cut_f THEN '一般保持'
  ELSE '一般挽留'
END"""

SCORE = """
CASE WHEN f <= 0 THEN NULL ELSE concat(
  CASE WHEN r <= $cut_r THEN 'R+' ELSE 'R-' END,
  CASE WHEN f >= $cut_f THEN 'F+' ELSE 'F-' END,
  CASE WHEN m >= $cut_m THEN 'M+' ELSE 'M-' END) END"""

# The thresholds leave holes between the rows; whoever falls into one is unmatched.
ABSOLUTE = """
CASE
  WHEN last_purchase_on >= $high_from AND f >= $high_f AND m >= $high_m THEN '高价值'
  WHEN last_purchase_on < $high_from AND last_purchase_on >= $potential_from
       AND f >= $potential_f AND f < $high_f AND m >= $potential_m AND m < $high_m THEN '潜力'
  WHEN last_purchase_on >= $new_from AND f >= 1 AND f < $potential_f AND m < $potential_m THEN '新客户'
  WHEN last_purchase_on < $potential_from AND f >= 1 AND f < $potential_f AND m < $potential_m THEN '流失风险'
  ELSE '未匹配'
END"""

EIGHT_LABELS = (
    "重要价值", "重要发展", "重要保持", "重要挽留", "一般价值", "一般发展", "一般保持", "一般挽留", NO_ORDER,
)  # fmt: skip

ABSOLUTE_LABELS = ("高价值", "潜力", "新客户", "流失风险", "未匹配")


def classes_sql(label: str, labels: Sequence[str]) -> str:
    """One row per label, also for labels that nobody has; averages need $min_n customers."""
    listed = ", ".join(f"({place}, '{name}')" for place, name in enumerate(labels))
    return f"""
WITH {FACTS}, labelled AS (
  SELECT {label} AS label, f, m FROM facts
), counted AS (
  SELECT label, count(*) AS customers, sum(f) AS purchases, sum(m) AS net_revenue
  FROM labelled GROUP BY label
), named AS (
  SELECT * FROM (VALUES {listed}) AS t(place, label)
), complete AS (
  SELECT n.place, n.label,
         coalesce(c.customers, 0) AS customers,
         coalesce(c.purchases, 0) AS purchases,
         coalesce(c.net_revenue, 0) AS net_revenue
  FROM named n LEFT JOIN counted c ON c.label = n.label
), totals AS (
  SELECT sum(customers) AS customers, sum(net_revenue) AS net_revenue FROM complete
)
SELECT c.label,
       c.customers,
       CASE WHEN t.customers >= $min_n THEN CAST(c.customers AS DOUBLE) / t.customers END AS share,
       c.net_revenue,
       CASE WHEN t.customers >= $min_n AND t.net_revenue > 0
            THEN CAST(c.net_revenue AS DOUBLE) / CAST(t.net_revenue AS DOUBLE) END AS revenue_share,
       CASE WHEN c.customers >= $min_n
            THEN CAST(c.net_revenue AS DOUBLE) / nullif(c.purchases, 0) END AS avg_order_value,
       CASE WHEN c.customers >= $min_n
            THEN CAST(c.purchases AS DOUBLE) / c.customers END AS avg_orders
FROM complete c CROSS JOIN totals t
WHERE t.customers > 0
ORDER BY c.place
"""


def _class_columns(vocabulary: str) -> tuple[Column, ...]:
    return (
        Column("label", Text("客户类型", "Class"), "label", role="key", vocabulary=vocabulary),
        Column("customers", Text("客户数量", "Customers"), "count"),
        Column(
            "share", Text("占比", "Share"), "share",
            note=Text("占有购买（未全额退货）的客户", "of customers with a purchase not fully returned"),
        ),
        Column(
            "net_revenue", Text("净销售额", "Net revenue"), "money",
            note=Text("窗口内，扣除退货", "in the window, after returns"),
        ),
        Column("revenue_share", Text("净销售额占比", "Revenue share"), "share"),
        Column(
            "avg_order_value", Text("平均客单价", "Average order value"), "money",
            note=Text("即笔单价：净销售额 / 购买次数", "net revenue / purchases of the class"),
        ),
        Column(
            "avg_orders", Text("平均消费频次", "Average purchases"), "number", 2,
            note=Text("购买次数 / 客户数", "purchases / customers"),
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The absolute table: dates and values at which its bands begin."""

    high_from: date
    potential_from: date
    new_from: date
    high_f: int
    potential_f: int
    high_m: float
    potential_m: float

    def params(self) -> dict[str, Any]:
        """Named parameters of ABSOLUTE."""
        return {name: getattr(self, name) for name in Thresholds.__dataclass_fields__}


def switched_off(inputs: Inputs) -> Result:
    empty: tuple[Table, ...] = tuple(
        inputs.computed(id, title, _class_columns(vocabulary), ("label",), [], method="rfm.run")
        for id, title, vocabulary in (
            ("classes", CLASSES_TITLE, "rfm_class"),
            ("absolute", ABSOLUTE_TITLE, "rfm_absolute"),
        )
    )
    says = Text(
        "疑似自动续费，最近购买时间和频次不代表客户的选择，未做 RFM 分层",
        "Purchases look like automatic renewals: recency and frequency are no choices of the customer, so "
        "there is no RFM",
    )
    return Result("rfm", tables=empty, notes=(Note(says, "info"),))


CLASSES_TITLE = Text("RFM 八类客户", "Eight RFM classes")

ABSOLUTE_TITLE = Text("RFM 绝对值标准", "RFM by absolute thresholds")


def absolute_thresholds(as_of: date, params: Params) -> Thresholds:
    return Thresholds(
        high_from=add_months(as_of, -params.high_r_months),
        potential_from=add_months(as_of, -params.potential_r_months),
        new_from=add_months(as_of, -params.new_r_months),
        high_f=params.high_f,
        potential_f=params.potential_f,
        high_m=params.high_m,
        potential_m=params.potential_m,
    )


def class_table(
    inputs: Inputs, id: str, label: str, labels: Sequence[str], bound: Mapping[str, Any]
) -> Table:
    eight = id == "classes"
    return inputs.table(
        id,
        CLASSES_TITLE if eight else ABSOLUTE_TITLE,
        _class_columns("rfm_class" if eight else "rfm_absolute"),
        ("label",),
        classes_sql(label, labels),
        min_n=inputs.settings.min_n,
        **bound,
    )


def class_relations(bound: Mapping[str, Any]) -> tuple[Relation, ...]:
    names = {
        "eight": ("from_day", "cut_r", "cut_f", "cut_m"),
        "absolute": ("from_day", *Thresholds.__slots__),
    }
    return (
        Relation(
            "rfm", CLASSES_TITLE,
            f"WITH {FACTS}\nSELECT account_no, {EIGHT} AS label, {SCORE} AS score\nFROM facts",
            {name: bound[name] for name in names["eight"]}, vocabulary="rfm_class",
        ),
        Relation(
            "rfm_absolute", ABSOLUTE_TITLE,
            f"WITH {FACTS}\nSELECT account_no, {ABSOLUTE} AS label, CAST(NULL AS VARCHAR) AS score\nFROM facts",
            {name: bound[name] for name in names["absolute"]}, vocabulary="rfm_absolute",
        ),
    )  # fmt: skip
