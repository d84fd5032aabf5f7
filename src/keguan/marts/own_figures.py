"""The company's own figures by the names that plans and outside ranges use, for any span of days. SQL text only.

Each figure is a numerator, of some a denominator, by random group of customers (for bootstrap intervals).
Parameters: $first, $last (the span); of retention and churn also $before (first day of the span as long before).
`{only}` stands for conditions on order lines or accounts, such as a region.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from keguan.core.text import Unit
from keguan.evidence.statistics.bootstrap import BUCKET
from keguan.marts.answers import WHOLE
from keguan.marts.customer_profit import costed_ctes
from keguan.marts.line_metrics import LINE_GROSS, LINE_NET, LINE_ORDERS, LINE_RETURNS, SOLD_OR_RETURNED

Kind = Literal["total", "proportion", "ratio", "net_promoters"]
Source = Literal["lines", "accounts", "feedback"]


@dataclass(frozen=True, slots=True)
class OwnFigure:
    """A figure of the company: its unit, what it is counted over, and its SQL. A net promoter score is a number from
    -100 to 100, no share. Labels and definitions are terms of
    the vocabularies own_figure and own_figure_definition."""

    name: str
    unit: Unit
    kind: Kind
    source: Source
    sql: str
    aliases: tuple[str, ...] = ()
    less_is_better: bool = False

    @property
    def adds_up(self) -> bool:
        """Whether a part of a period can be held against the same part of a plan."""
        return self.kind == "total"


_GROUP = BUCKET.replace("account_no", "coalesce(account_no, 0)")


def _lines(numerator: str, denominator: str = "CAST(NULL AS DECIMAL(18, 4))") -> str:
    return f"""
SELECT {_GROUP} AS bucket, {numerator} AS numerator, {denominator} AS denominator, count(*) AS n
FROM order_lines l WHERE {SOLD_OR_RETURNED} AND day BETWEEN $first AND $last {{only}}
GROUP BY {_GROUP} ORDER BY bucket"""


def _accounts(numerator: str, denominator: str, having: str) -> str:
    """Over accounts with figures of the span: net, orders, kept (purchases)."""
    return f"""
WITH own AS (
  SELECT account_no, sum(gross - returns) AS net, sum(orders) AS orders,
         sum(CASE WHEN order_day >= $first THEN orders - cancelled ELSE 0 END) AS kept
  FROM purchases
  WHERE account_no IS NOT NULL AND day BETWEEN $first AND $last {{only}}
  GROUP BY account_no
)
SELECT {BUCKET} AS bucket, {numerator} AS numerator, {denominator} AS denominator, count(*) AS n
FROM own WHERE {having} GROUP BY {BUCKET} ORDER BY bucket"""


_STAYED = f"""
WITH own AS (
  SELECT account_no,
         sum(CASE WHEN day < $first THEN orders ELSE 0 END) AS before,
         sum(CASE WHEN day >= $first THEN orders ELSE 0 END) AS after
  FROM purchases
  WHERE account_no IS NOT NULL AND day BETWEEN $before AND $last {{only}}
  GROUP BY account_no
)
SELECT {BUCKET} AS bucket, sum(CASE WHEN after {{sign}} 0 THEN 1 ELSE 0 END) AS numerator, count(*) AS denominator, count(*) AS n
FROM own WHERE before > 0 GROUP BY {BUCKET} ORDER BY bucket"""

# Of lines whose cost is known, recorded or from the product.
_MARGIN = f"""
WITH {costed_ctes("l.day BETWEEN $first AND $last", "l.product_id, l.region, l.channel,")}
SELECT {_GROUP} AS bucket, sum(amount - cost) AS numerator, sum(amount) AS denominator, count(*) AS n
FROM costed WHERE cost IS NOT NULL {{only}}
GROUP BY {_GROUP} ORDER BY bucket"""

_NEW = f"""
SELECT {BUCKET} AS bucket, count(*) AS numerator, CAST(NULL AS BIGINT) AS denominator, count(*) AS n
FROM customer_facts WHERE first_order_on BETWEEN $first AND $last {{only}}
GROUP BY {BUCKET} ORDER BY bucket"""


def _answers(scale: str, numerator: str) -> str:
    return f"""
SELECT 0 AS bucket, {numerator} AS numerator, count(*) AS denominator, count(*) AS n,
       sum(CASE WHEN score >= 9 THEN 1 ELSE 0 END) AS high, sum(CASE WHEN score <= 6 THEN 1 ELSE 0 END) AS low
FROM {WHOLE} f WHERE scale = '{scale}' AND day BETWEEN $first AND $last {{only}}
HAVING count(*) > 0"""


_FIGURES = (
    OwnFigure("net_revenue", "money", "total", "lines", _lines(LINE_NET.sql),
              ("净销售额", "净收入", "销售收入", "revenue", "net sales")),
    OwnFigure("gross_revenue", "money", "total", "lines", _lines(LINE_GROSS.sql),
              ("销售额", "gmv", "成交额", "sales", "gross sales")),
    OwnFigure("orders", "count", "total", "lines", _lines(LINE_ORDERS.sql), ("订单数", "订单量", "order count")),
    OwnFigure("customers", "count", "total", "accounts", _accounts("count(*)", "CAST(NULL AS BIGINT)", "orders > 0"),
              ("下单客户数", "客户数", "活跃客户数", "active customers")),
    OwnFigure("new_customers", "count", "total", "accounts", _NEW, ("新客户数", "新客数", "新增客户", "new buyers")),
    OwnFigure("refund_rate", "share", "ratio", "lines", _lines(LINE_RETURNS.sql, LINE_GROSS.sql),
              ("退款率", "退货率", "return rate"), True),
    OwnFigure("gross_margin", "share", "ratio", "lines", _MARGIN,
              ("毛利率", "销售毛利率", "gross margin rate", "gross profit margin")),
    OwnFigure("avg_order_value", "money", "ratio", "accounts",
              _accounts("sum(net)", "sum(kept)", "orders <> 0 OR net <> 0"),
              ("笔单价", "客单价", "平均客单价", "aov", "average order value")),
    OwnFigure("spend_per_customer", "money", "ratio", "accounts", _accounts("sum(net)", "count(*)", "orders > 0"),
              ("人均消费", "arpu")),
    OwnFigure("repurchase_rate", "share", "proportion", "accounts",
              _accounts("sum(CASE WHEN kept >= 2 THEN 1 ELSE 0 END)", "count(*)", "kept > 0"),
              ("复购率", "重复购买率", "repeat purchase rate", "repeat rate")),
    OwnFigure("retention_rate", "share", "proportion", "accounts", _STAYED.replace("{sign}", ">"),
              ("留存率", "客户留存率", "客户保持率")),
    OwnFigure("churn_rate", "share", "proportion", "accounts", _STAYED.replace("{sign}", "<="),
              ("流失率", "客户流失率"), True),
    OwnFigure("csat", "share", "proportion", "feedback",
              _answers("csat5", "sum(CASE WHEN score >= 4 THEN 1 ELSE 0 END)"),
              ("csat", "满意度", "客户满意度", "satisfaction")),
    OwnFigure("nps", "number", "net_promoters", "feedback",
              _answers("nps", "sum(CASE WHEN score >= 9 THEN 1 WHEN score <= 6 THEN -1 ELSE 0 END)"),
              ("nps", "净推荐值", "net promoter score")),
)  # fmt: skip
OWN_FIGURES = {figure.name: figure for figure in _FIGURES}
_BY_ALIAS = {alias.casefold(): figure for figure in _FIGURES for alias in (figure.name, *figure.aliases)}


def figure_named(metric: str) -> OwnFigure | None:
    """The figure that a plan or a range means, by its name in either language; None when unknown."""
    return _BY_ALIAS.get(metric.strip().casefold()) or _BY_ALIAS.get(
        metric.strip().casefold().replace(" ", "_")
    )
