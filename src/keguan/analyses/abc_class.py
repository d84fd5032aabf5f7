"""Which customers make up the bulk of a year's spend, and what became of last year's A customers?

Method: customers by net spend of the last 12 months, descending. A customer before whom less than 70 % of the
spend has accumulated is A, less than 90 % is B, else C; equal spend, equal class. The denominator is the sum
of positive net spend; customers without net spend are a row of their own. Migration compares with the class
of the same customers one window earlier: the segment at the start of the period, never today's.

Source: Pareto analysis as used in inventory control (Dickie 1951), applied to customers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from keguan.analysis import Analysis, Inputs, param
from keguan.core.period import window_start
from keguan.core.text import Scalar, Text
from keguan.marts.metrics import NET_REVENUE
from keguan.marts.money_levels import levels_sql
from keguan.result import Cell, Change, Claim, Column, Figure, Note, Relation, Result, Table


@dataclass(frozen=True)
class Params:
    """Window and cumulative shares at which the classes end."""

    window_months: int = param(12, "净消费窗口（月）", "window of net spend, months")
    a_share: float = param(0.7, "A 类累计占比", "cumulative share of class A")
    b_share: float = param(0.9, "A、B 类累计占比", "cumulative share of classes A and B")


BASE = Text("下过单的客户", "customers with an order")
TEXT: Mapping[str, Text] = {
    "structure": Text(
        "近 {months} 个月（{since} 起）净消费最高的 A 类客户有 {a} 位，占 {share}，合计占净消费的 {a_share}，每位 "
        "{from_spend} 及以上"
        "（n={n}，{base}）。",
        "Class A, the largest spenders of the last {months} months (since {since}), has {a} customers, {share} of "
        "all; they bring "
        "{a_share} of net spend, each {from_spend} or more (n={n}, {base}).",
    ),
    "lost": Text(
        "此前 {months} 个月的 A 类客户（净消费从高到低累计到 {a_share}）中，{customers} 位近 {months} 个月没有净消费；"
        "他们此前 {months} 个月净消费 {before}，占当时 A 类净消费的 {share}（n={n}，{base}）。",
        "Of the class A customers of the {months} months before (the largest spenders, up to {a_share} of net spend), "
        "{customers} have no net spend in the last {months} months; they had spent {before} net, {share} of what "
        "class A spent then (n={n}, {base}).",
    ),
}


# Every customer with an order, and what each spent in the window that ends at the as-of date.
SPEND_NOW = """
spend_now AS (
  SELECT account_no, window_net AS spend, window_purchases AS purchases
  FROM window_facts WHERE orders_placed > 0
)"""

# The same in the window before it.
SPEND_BEFORE = f"""
windowed_before AS (
  SELECT account_no, {NET_REVENUE.sql} AS spend
  FROM purchases
  WHERE account_no IS NOT NULL AND day >= $from_before AND day <= $to_before
  GROUP BY account_no
), spend_before AS (
  SELECT c.account_no, coalesce(w.spend, CAST(0 AS DECIMAL(18, 4))) AS spend
  FROM customer_facts c
  LEFT JOIN windowed_before w ON w.account_no = c.account_no
  WHERE c.first_order_on <= $to_before
)"""


_CLASS = (
    "CASE WHEN spend <= 0 THEN '无净消费' WHEN spend >= {a} THEN 'A' WHEN spend >= {b} THEN 'B' ELSE 'C' END"
)


def labelled_sql(when: str) -> str:
    """CTEs up to `labelled_<when>`: every customer with spend and class. By distinct spend: equal spend,
    equal class, whatever the row order."""
    return f"""
{SPEND_NOW if when == "now" else SPEND_BEFORE}, {levels_sql(f"spend_{when}", "spend", when)}, bounds_{when} AS (
  SELECT min(CASE WHEN CAST(before AS DOUBLE) < $a_share * CAST(total AS DOUBLE) THEN spend END) AS a_from,
         min(CASE WHEN CAST(before AS DOUBLE) < $b_share * CAST(total AS DOUBLE) THEN spend END) AS b_from
  FROM cumulated_{when}
), labelled_{when} AS (
  SELECT s.*,
         {_CLASS.format(a="b.a_from", b="b.b_from")} AS label
  FROM spend_{when} s CROSS JOIN bounds_{when} b
)"""


CLASSES_SQL = f"""
WITH {labelled_sql("now")}, counted AS (
  SELECT label,
         count(*) AS customers,
         sum(spend) AS net_revenue,
         sum(purchases) AS purchases,
         min(spend) AS lowest
  FROM labelled_now GROUP BY label
), complete AS (
  SELECT n.label,
         coalesce(c.customers, 0) AS customers,
         coalesce(c.net_revenue, 0) AS net_revenue,
         coalesce(c.purchases, 0) AS purchases,
         CASE WHEN n.label <> '无净消费' THEN c.lowest END AS from_spend
  FROM (VALUES ('A'), ('B'), ('C'), ('无净消费')) AS n(label)
  LEFT JOIN counted c ON c.label = n.label
), totals AS (
  SELECT sum(customers) AS customers,
         sum(CASE WHEN label <> '无净消费' THEN net_revenue ELSE 0 END) AS spend
  FROM complete
)
SELECT c.label,
       c.customers,
       CASE WHEN t.customers >= $min_n THEN CAST(c.customers AS DOUBLE) / t.customers END AS share,
       c.net_revenue,
       CASE WHEN t.customers >= $min_n AND t.spend > 0
            THEN CAST(c.net_revenue AS DOUBLE) / CAST(t.spend AS DOUBLE) END AS revenue_share,
       CASE WHEN c.customers >= $min_n AND c.label <> '无净消费'
            THEN CAST(c.net_revenue AS DOUBLE) / nullif(c.purchases, 0) END AS avg_order_value,
       CASE WHEN c.customers >= $min_n
            THEN CAST(c.purchases AS DOUBLE) / c.customers END AS avg_orders,
       c.from_spend
FROM complete c CROSS JOIN totals t
WHERE t.customers > 0
ORDER BY c.label
"""


# $a_from, $b_from: where classes A and B begin now, as found for the classes.
MIGRATION_SQL = f"""
WITH {SPEND_NOW}, labelled_now AS (
  SELECT s.*, {_CLASS.format(a="$a_from", b="$b_from")} AS label FROM spend_now s
), {labelled_sql("before")}
SELECT b.label AS before,
       n.label AS now,
       count(*) AS customers,
       sum(b.spend) AS spend_before,
       sum(n.spend) AS spend_now,
       CASE WHEN sum(sum(b.spend)) OVER (PARTITION BY b.label) > 0
            THEN CAST(sum(b.spend) AS DOUBLE)
                 / CAST(sum(sum(b.spend)) OVER (PARTITION BY b.label) AS DOUBLE) END AS share_before
FROM labelled_before b
JOIN labelled_now n ON n.account_no = b.account_no
GROUP BY b.label, n.label
ORDER BY before, now
"""
FIRST_DAY_SQL = "SELECT min(first_order_on) AS first_day FROM customer_facts"

CLASS_COLUMNS = (
    Column("label", Text("类别", "Class"), "label", role="key", vocabulary="abc_class"),
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column(
        "share", Text("客户占比", "Share of customers"), "share",
        note=Text("占下过单的客户", "of customers with an order"),
    ),
    Column(
        "net_revenue", Text("净消费", "Net spend"), "money",
        note=Text("所选月份内，扣除退货", "of the months looked at, after returns"),
    ),
    Column(
        "revenue_share", Text("净消费占比", "Share of spend"), "share",
        note=Text("分母为净消费为正者之和", "of the sum of positive net spend"),
    ),
    Column(
        "avg_order_value", Text("平均客单价", "Average order value"), "money",
        note=Text("平均客单价 = 笔单价 = 净消费 / 购买次数", "net spend / purchases of the class"),
    ),
    Column("avg_orders", Text("平均消费频次", "Average purchases"), "number", 2),
    Column("from_spend", Text("每位净消费起点", "Net spend from"), "money"),
)  # fmt: skip
MIGRATION_COLUMNS = (
    Column("before", Text("此前类别", "Class before"), "label", role="key", vocabulary="abc_class"),
    Column("now", Text("现在类别", "Class now"), "label", role="key", vocabulary="abc_class"),
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("spend_before", Text("此前净消费", "Net spend before"), "money"),
    Column("spend_now", Text("近期净消费", "Net spend now"), "money"),
    Column(
        "share_before", Text("占此前该类净消费", "Share of the class's spend before"), "share",
        note=Text(
            "按期初类别看去向；消费极高的年份之后回落是常见的", "class at the start; a peak year is often followed by less"
        ),
    ),
)  # fmt: skip


def run(inputs: Inputs, params: Params) -> Result:
    """Tables `classes` and, with two windows of history, `migration`; relation `abc_class`."""
    now, before = windows(inputs.as_of, params.window_months)
    bound: dict[str, Scalar] = {**now, "a_share": params.a_share, "b_share": params.b_share}
    classes = inputs.table(
        "classes", Text("ABC 分类", "ABC classes"), CLASS_COLUMNS, ("label",), CLASSES_SQL, note=None,
        min_n=inputs.settings.min_n, **now, a_share=params.a_share, b_share=params.b_share,
    )  # fmt: skip
    first = inputs.query(FIRST_DAY_SQL).to_pylist()[0]["first_day"]
    tables = [classes]
    # A window of 12 months holds 12 months and a day: a file of exactly 24 months has two of them.
    if first is not None and first <= before["from_before"] + timedelta(days=1):
        tables.append(
            replace(inputs.table(
                "migration", Text("ABC 各类客户的去向", "Where ABC classes went"), MIGRATION_COLUMNS, ("before", "now"),
                MIGRATION_SQL, note=None, **now, **before, **_begins(classes),
                a_share=params.a_share, b_share=params.b_share,
            ), appendix=True)
        )  # fmt: skip
    result = Result("abc_class", tables=tuple(tables))
    return Result(
        "abc_class",
        tables=result.tables,
        figures=_figures(classes),
        claims=_claims(result, inputs.settings.min_n, params, window_start(inputs.as_of, params.window_months)),
        relations=(
            Relation(
                "abc_class", Text("ABC 分类", "ABC classes"),
                f"WITH {labelled_sql('now')}\nSELECT account_no, label, CAST(spend AS VARCHAR) AS score\nFROM labelled_now",
                bound, vocabulary="abc_class",
            ),
        ),
        notes=_notes(classes, len(tables) > 1, inputs.settings.min_n),
    )  # fmt: skip


def _begins(classes: Table) -> dict[str, Scalar]:
    """Net spend from which a customer is A, and A or B; None where nobody is."""
    begins = {row["label"]: row["from_spend"] for row in classes}
    return {"a_from": begins["A"], "b_from": begins["A"] if begins["B"] is None else begins["B"]}


def windows(as_of: date, months: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The window to as_of, and the one that ends the day before it begins."""
    start = window_start(as_of, months)
    end = start - timedelta(days=1)
    return (
        {"from_day": start},
        {"from_before": window_start(end, months) + timedelta(days=1), "to_before": end},
    )


def _figures(classes: Table) -> tuple[Figure, ...]:
    if not len(classes.rows):
        return ()
    title = Text("ABC 各类客户：人数占比与净消费占比", "ABC classes: share of customers and of net spend")
    return (Figure("classes", "bar", title, "classes", "label", ("share", "revenue_share")),)


def _claims(result: Result, min_n: int, params: Params, since: date) -> tuple[Claim, ...]:
    classes = {row["label"]: row for row in result.table("classes")}
    base = sum(row["customers"] for row in classes.values())
    if base < min_n:
        return ()
    claims = []
    if classes["A"]["customers"]:
        claims.append(
            Claim(
                says="structure", key="abc_class/structure",
                values={
                    "a": Cell("classes", {"label": "A"}, "customers"),
                    "share": Cell("classes", {"label": "A"}, "share"),
                    "a_share": Cell("classes", {"label": "A"}, "revenue_share"),
                    "from_spend": Cell("classes", {"label": "A"}, "from_spend"),
                },
                n=base, base=BASE, labels={**_spoken(params), "since": (since.isoformat(), None)},
                topic="abc", summary=False, figure="classes",
                about=("abc_class", "A"),
            )
        )  # fmt: skip
    return (*claims, *_lost(result, params)) if result.has("migration") else tuple(claims)


def _spoken(params: Params) -> dict[str, tuple[str, str | None]]:
    """The parameters that the sentences name."""
    return {"months": (str(params.window_months), None), "a_share": (f"{params.a_share:.0%}", None)}


def _lost(result: Result, params: Params) -> list[Claim]:
    """Customers who left class A for nothing, by their class at the start."""
    rows = {(row["before"], row["now"]): row for row in result.table("migration")}
    was_a = sum(row["customers"] for (before, _), row in rows.items() if before == "A")
    claims = []
    key = {"before": "A", "now": "无净消费"}
    if (lost := rows.get(("A", "无净消费"))) is not None:
        claims.append(
            Claim(
                says="lost", key="abc_class/lost",
                values={
                    "customers": Cell("migration", key, "customers"),
                    "before": Cell("migration", key, "spend_before"),
                    "share": Cell("migration", key, "share_before"),
                },
                n=was_a, base=Text("此前的 A 类客户", "class A customers of the period before"),
                labels=_spoken(params), money=float(lost["spend_before"]), topic="abc_lost", figure="classes",
                about=("lost_best", "A"), change=Change(("best_customers",), "down"), worse=True,
            )
        )  # fmt: skip
    return claims


def _notes(classes: Table, migrated: bool, min_n: int) -> tuple[Note, ...]:
    rows = classes.records()
    if not rows:
        return (Note(Text("没有带客户编号的订单", "There is no order with a customer id"), "missing"),)
    notes = []
    if sum(row["customers"] for row in rows) < min_n:
        notes.append(
            Note(
                Text(
                    f"客户少于 {min_n} 位，占比与平均值不予给出",
                    f"Fewer than {min_n} customers: shares and averages are withheld",
                ),
                "withheld",
            )
        )
    if all(row["customers"] == 0 for row in rows if row["label"] != "无净消费"):
        notes.append(
            Note(
                Text("所选月份内没有客户有净消费", "No customer has net spend in the months looked at"),
                "warning",
            )
        )
    if not migrated:
        notes.append(
            Note(
                Text(
                    "历史不足两个期间，不能看各类客户的去向",
                    "Less than two periods of history: where classes went is not shown",
                ),
                "missing",
            )
        )
    return tuple(notes)


ANALYSIS = Analysis(
    name="abc_class",
    title=Text("ABC 分类", "ABC classes"),
    question=Text(
        "哪些客户贡献了一年净消费的主体，此前的 A 类客户后来怎样？",
        "Which customers make up the bulk of a year's spend, and what became of the A customers before?",
    ),
    section="structure",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "customer_facts"),
    order=20,
)
