"""Columns and SQL of the tables on profit."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.marts.customer_profit import MONEY, profit_ctes, served
from keguan.result import Column
from keguan.schema.vocabulary import UNKNOWN

TENTHS = 10
_SUMS = (*MONEY, "margin", "before_allocation", "allocated", "profit")

STEP_COLUMNS = (
    Column("step", Text("项目", "Item"), "label", role="key", vocabulary="profit_step"),
    Column("customers_amount", Text("客户", "Customers"), "money"),
    Column("guests_amount", Text("散客", "Guests"), "money"),
    Column("amount", Text("合计", "Total"), "money"),
    Column(
        "share", Text("占净销售额", "Share of net revenue"), "share",
        note=Text("分母为成本已知的净销售额", "of net revenue whose cost is known"),
    ),
)  # fmt: skip
KIND_COLUMNS = (
    Column("kind", Text("成本类别", "Kind of cost"), "label", role="key", vocabulary="cost_kind"),
    Column("direct", Text("已记到客户", "Booked to customers"), "money"),
    Column("common", Text("未记到客户（分摊）", "Without a customer (shared out)"), "money"),
    Column("amount", Text("合计", "Total"), "money"),
    Column("counted", Text("计入利润", "Counted"), "text"),
)
WHALE_COLUMNS = (
    Column("customers_share", Text("客户累计占比", "Cumulative share of customers"), "share", 0, role="key"),
    Column("customers", Text("客户数", "Customers"), "count"),
    Column("profit", Text("客户利润", "Customer profit"), "money"),
    Column("cumulated", Text("累计利润", "Cumulative profit"), "money"),
    Column(
        "profit_share", Text("累计利润占比", "Cumulative share of profit"), "share",
        note=Text(
            "占全部客户利润；超过 100% 的部分被亏损客户抵消",
            "of all customers' profit; what lies over 100% is offset by customers at a loss",
        ),
    ),
)  # fmt: skip
SUMMARY_COLUMNS = (
    Column("window_months", Text("窗口（月）", "Window (months)"), "count", role="key"),
    Column("customers", Text("客户数", "Customers"), "count"),
    Column("unprofitable", Text("亏损客户", "Customers at a loss"), "count"),
    Column("unprofitable_share", Text("亏损客户占比", "Share at a loss"), "share"),
    Column("loss", Text("亏损合计", "Their loss"), "money"),
    Column("buying", Text("有净销售额的客户", "Customers with net revenue"), "count"),
    Column("buying_loss_makers", Text("其中亏损", "Of them at a loss"), "count"),
    Column("buying_share", Text("占有净销售额的客户", "Share of those with net revenue"), "share"),
    Column("buying_loss", Text("其亏损合计", "Loss of those with net revenue"), "money"),
    Column("costs_only", Text("没有净销售额、只有成本的亏损客户", "At a loss without net revenue"), "count"),
    Column("costs_only_loss", Text("没有净销售额的客户的亏损", "Loss of those without net revenue"), "money"),
    Column("before_allocation", Text("分摊前已亏损的客户", "At a loss before common costs"), "count"),
    Column("allocated", Text("客户承担的分摊成本", "Common costs borne by customers"), "money"),
)
SEGMENT_COLUMNS = (
    Column("dimension", Text("维度", "By"), "label", role="key", vocabulary="profit_dimension"),
    Column("segment", Text("分层", "Segment"), "label", role="key", vocabulary="abc_class"),
    Column("customers", Text("客户数", "Customers"), "count"),
    Column("net", Text("净销售额", "Net revenue"), "money"),
    Column("margin", Text("毛利", "Margin"), "money"),
    Column("serving", Text("服务与触达成本", "Cost to serve and contact"), "money"),
    Column("allocated", Text("其中分摊", "Of it shared out"), "money"),
    Column("profit", Text("客户利润", "Customer profit"), "money"),
    Column("profit_rate", Text("利润率", "Profit rate"), "share"),
    Column("unprofitable", Text("亏损客户", "Customers at a loss"), "count"),
)
_ACCOUNT = (
    Column("place", Text("序", "No."), "count", role="key"),
    Column(
        "account", Text("账户", "Account"), "text",
        note=Text("工作区内的客户编号，不含个人信息", "the customer's number in the workspace, no personal data"),
    ),
    Column("abc", Text("ABC 类", "ABC class"), "label", vocabulary="abc_class"),
    Column("net", Text("净销售额", "Net revenue"), "money"),
    Column("returns", Text("退货额", "Returns"), "money"),
    Column("margin", Text("毛利", "Margin"), "money"),
    Column("direct_costs", Text("服务成本", "Cost to serve"), "money"),
    Column("contact_costs", Text("触达成本", "Contact cost"), "money"),
    Column("before_allocation", Text("分摊前利润", "Before common costs"), "money"),
    Column(
        "allocated", Text("分摊成本", "Common costs"), "money",
        note=Text("按所选依据分摊，非实际记账", "shared out by the key chosen, not booked"),
    ),
    Column("profit", Text("客户利润", "Customer profit"), "money"),
)  # fmt: skip
ACCOUNT_COLUMNS = _ACCOUNT


def cells_sql(key: str, left_out: tuple[str, ...]) -> str:
    """Sums by tenth of customers, the most profitable first; guests are tenth 0."""
    return f"""
WITH {profit_ctes(key, left_out)}, placed AS (
  SELECT p.*, row_number() OVER (ORDER BY profit DESC, account_no) AS place, count(*) OVER () AS all_customers
  FROM profit p WHERE account_no IS NOT NULL
), tenths AS (
  SELECT CAST(ceil(CAST(place * {TENTHS} AS DOUBLE) / all_customers) AS INTEGER) AS tenth, {", ".join(_SUMS)}
  FROM placed
  UNION ALL
  SELECT 0, {", ".join(_SUMS)} FROM profit WHERE account_no IS NULL
)
SELECT tenth, count(*) AS customers,
       sum(CASE WHEN profit < 0 THEN 1 ELSE 0 END) AS unprofitable,
       sum(CASE WHEN profit < 0 THEN -profit ELSE 0 END) AS loss,
       sum(CASE WHEN before_allocation < 0 THEN 1 ELSE 0 END) AS early,
       sum(CASE WHEN net > 0 THEN 1 ELSE 0 END) AS buying,
       sum(CASE WHEN net > 0 AND profit < 0 THEN 1 ELSE 0 END) AS buying_loss_makers,
       sum(CASE WHEN net > 0 AND profit < 0 THEN -profit ELSE 0 END) AS buying_loss,
       {", ".join(f"sum({name}) AS {name}" for name in _SUMS)}
FROM tenths GROUP BY tenth ORDER BY tenth
"""


def kinds_sql(left_out: tuple[str, ...]) -> str:
    """Costs by kind, booked to a customer or not; contacts are a kind of their own."""
    return f"""
WITH items AS (
  SELECT coalesce(kind, '{UNKNOWN}') AS kind, account_no, amount,
         CASE WHEN {served(left_out)} THEN 1 ELSE 0 END AS counted
  FROM costs WHERE day >= $from_day
  UNION ALL
  SELECT 'contact', account_no, cost, 1 FROM contacts WHERE cost IS NOT NULL AND day >= $from_day
)
SELECT kind,
       sum(CASE WHEN account_no IS NOT NULL THEN amount ELSE 0 END) AS direct,
       sum(CASE WHEN account_no IS NULL THEN amount ELSE 0 END) AS common,
       sum(amount) AS amount,
       max(counted) = 1 AS counted
FROM items GROUP BY kind ORDER BY counted DESC, amount DESC, kind
"""


def segments_sql(key: str, left_out: tuple[str, ...], abc: str) -> str:
    """Profit by ABC class, channel and region of the first order."""
    return f"""
WITH {profit_ctes(key, left_out)}, seen AS (
  SELECT p.*, coalesce(a.label, '{UNKNOWN}') AS abc, f.first_channel, f.first_region
  FROM profit p
  LEFT JOIN {abc} a ON a.account_no = p.account_no
  LEFT JOIN customer_facts f ON f.account_no = p.account_no
  WHERE p.account_no IS NOT NULL
), long AS (
  SELECT 'abc_class' AS dimension, abc AS segment, s.* FROM seen s
  UNION ALL SELECT 'channel', coalesce(first_channel, '{UNKNOWN}'), s.* FROM seen s
  UNION ALL SELECT 'region', coalesce(first_region, '{UNKNOWN}'), s.* FROM seen s
)
SELECT dimension, segment, count(*) AS customers, sum(net) AS net, sum(margin) AS margin,
       sum(direct_costs + contact_costs + allocated) AS serving, sum(allocated) AS allocated,
       sum(profit) AS profit,
       CASE WHEN count(*) >= $min_n THEN CAST(sum(profit) AS DOUBLE)
              / nullif(CAST(sum(CASE WHEN net > unknown_net THEN net - unknown_net ELSE 0 END) AS DOUBLE), 0) END
         AS profit_rate,
       sum(CASE WHEN profit < 0 THEN 1 ELSE 0 END) AS unprofitable
FROM long GROUP BY dimension, segment
ORDER BY dimension, segment
"""


def accounts_sql(key: str, left_out: tuple[str, ...], abc: str, only: str) -> str:
    """Customers with the smallest profit first; `only` is a condition."""
    return f"""
WITH {profit_ctes(key, left_out)}, ranked AS (
  SELECT p.*, coalesce(a.label, '{UNKNOWN}') AS abc,
         row_number() OVER (ORDER BY p.profit, p.account_no) AS place
  FROM profit p LEFT JOIN {abc} a ON a.account_no = p.account_no
  WHERE p.account_no IS NOT NULL AND {only}
)
SELECT place, CAST(account_no AS VARCHAR) AS account, abc, net, returns, margin, direct_costs, contact_costs,
       before_allocation, allocated, profit
FROM ranked WHERE place <= $listed ORDER BY place
"""


def large_sql(key: str, left_out: tuple[str, ...], abc: str) -> str:
    """How many class A customers lose money, and how much."""
    return f"""
WITH {profit_ctes(key, left_out)}
SELECT 'A' AS abc, count(*) AS large,
       coalesce(sum(CASE WHEN p.profit < 0 THEN 1 ELSE 0 END), 0) AS customers,
       coalesce(sum(CASE WHEN p.profit < 0 THEN p.net ELSE 0 END), 0) AS net,
       coalesce(sum(CASE WHEN p.profit < 0 THEN -p.profit ELSE 0 END), 0) AS loss,
       coalesce(sum(CASE WHEN p.before_allocation < 0 THEN 1 ELSE 0 END), 0) AS early
FROM profit p JOIN {abc} a ON a.account_no = p.account_no AND a.label = 'A'
"""


LARGE_COLUMNS = (
    Column("abc", Text("ABC 类", "ABC class"), "label", role="key", vocabulary="abc_class"),
    Column("large", Text("该类客户", "Customers of the class"), "count"),
    Column("customers", Text("其中亏损", "At a loss"), "count"),
    Column("net", Text("亏损客户的净销售额", "Net revenue of those at a loss"), "money"),
    Column("loss", Text("亏损合计", "Their loss"), "money"),
    Column("early", Text("分摊前已亏损", "At a loss before common costs"), "count"),
)
