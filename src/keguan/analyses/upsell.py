"""Which customers are near the end of their own cycle, and what could they be offered now?

Method: a customer with three or more purchase days is due at last purchase + median of the own gaps. Due within the
next days, with a good credit grade where grades are known, and with a product of basket_pairs that goes with what was
bought. How well the rule works is shown: of those it named so many days before, the share that bought in time,
beside that of other customers with a rhythm of their own (Newcombe interval of the difference).

Source: Newcombe (1998); Platzer and Reutterer (2016), purchase timing against the own rhythm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from keguan.analysis import Analysis, Inputs, param
from keguan.core.period import span_ending
from keguan.core.text import Text
from keguan.evidence.statistics.newcombe import newcombe
from keguan.evidence.statistics.two_proportions import two_proportions
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.metrics import NET_REVENUE
from keguan.result import Cell, Claim, Column, Note, Relation, Result, Table, Test

ALPHA = 0.05
LISTED = 20
CYCLE = "周期将至"


@dataclass(frozen=True)
class Params:
    """Parameters of the analysis."""

    days: int = param(14, "几天内到期", "due within how many days")
    months: int = param(12, "近几个月的净销售额", "net revenue of how many latest months")
    good_grades: str = param(
        "AAA,AA,A+,A,优,优秀,良,良好,好,excellent,good",
        "算作良好的信用等级，逗号分隔",
        "credit grades that count as good, separated by commas",
    )


TEXT = {
    "due": Text(
        "按自己的购买间隔，{customers} 位客户在 {days} 天内到期{credit}，近 {months} 个月净销售额 {money}，其中 "
        "{offers} 位有可搭配的商品"
        "（名单 upsell；n={n}，{base}）。",
        "By their own rhythm {customers} customers are due within {days} days {credit}; net revenue of the last "
        "{months} months {money}; "
        "for {offers} of them there is a product that goes with what they bought (list upsell; n={n}, {base}).",
    ),
    "works": Text(
        "回看 {then}：当时到期的客户中 {share} 在 {days} 天内购买，高于其他有购买规律的客户的 {rest}"
        "（相差的 95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "Looking back to {then}: of the customers due then {share} bought within {days} days, higher than {rest} "
        "of the other customers "
        "with a rhythm (95% interval of the difference {low} to {high}; n={n}, {base}).",
    ),
    "unproven": Text(
        "回看 {then}：当时到期的客户中 {share} 在 {days} 天内购买，其他有购买规律的客户为 {rest}；相差的 95% "
        "区间 {low} 至 {high}，"
        "数据不足以说明到期名单更准（n={n}，{base}）。",
        "Looking back to {then}: of the customers due then {share} bought within {days} days, of the other "
        "customers with a rhythm {rest}; 95% "
        "interval of the difference {low} to {high}: the data do not show that the list finds buyers (n={n}, {base}).",
    ),
}

# Customers with a rhythm as of $then: the median of two or more gaps between purchase days.
RHYTHM = """
purchase_days AS (
  SELECT account_no, order_day FROM purchases
  WHERE account_no IS NOT NULL AND day <= $then
  GROUP BY account_no, order_day HAVING sum(orders) - sum(cancelled) > 0
), gaps AS (
  SELECT account_no, order_day,
         date_diff('day', lag(order_day) OVER (PARTITION BY account_no ORDER BY order_day), order_day) AS gap
  FROM purchase_days
), rhythm AS (
  SELECT account_no, max(order_day) AS last_purchase_on, count(*) AS purchase_days,
         median(CAST(gap AS DOUBLE)) AS own_gap
  FROM gaps GROUP BY account_no HAVING count(*) >= 3
), ages AS (
  SELECT account_no, last_purchase_on, purchase_days, own_gap,
         CAST(ceil(own_gap) AS INTEGER) - date_diff('day', last_purchase_on, $then) AS due_in
  FROM rhythm
)"""

HINDSIGHT_SQL = f"""
WITH {RHYTHM}, later AS (
  SELECT account_no FROM purchases
  WHERE account_no IS NOT NULL AND day > $then
  GROUP BY account_no HAVING sum(CASE WHEN order_day > $then THEN orders ELSE 0 END) > 0
)
SELECT CASE WHEN a.due_in BETWEEN 0 AND $days THEN 1 ELSE 0 END AS is_due, count(*) AS customers,
       CAST(sum(CASE WHEN l.account_no IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS bought
FROM ages a LEFT JOIN later l ON l.account_no = a.account_no
GROUP BY CASE WHEN a.due_in BETWEEN 0 AND $days THEN 1 ELSE 0 END
ORDER BY is_due DESC
"""


def _due(offer: str, graded: bool) -> str:
    """CTE: customers due, with credit class, spend and offer. `offer`: view of customers and products."""
    credit = (
        "CASE WHEN c.credit_grade IS NULL THEN 'unknown' "
        "WHEN contains($grades, ',' || lower(c.credit_grade) || ',') THEN 'good' ELSE 'other' END"
    )
    return f"""
{RHYTHM}, spend AS (
  SELECT account_no, {NET_REVENUE.sql} AS net_revenue FROM purchases
  WHERE account_no IS NOT NULL AND day >= $since GROUP BY account_no
), graded AS (
  SELECT c.account_no, max(c.credit_grade) AS credit_grade, max({credit}) AS credit
  FROM customers c WHERE c.account_no IS NOT NULL GROUP BY c.account_no
), due AS (
  SELECT a.account_no, a.last_purchase_on, a.purchase_days, a.own_gap, a.due_in,
         coalesce(g.credit, 'unknown') AS credit, g.credit_grade, coalesce(s.net_revenue, 0) AS net_revenue,
         o.label AS offer
  FROM ages a
  LEFT JOIN graded g ON g.account_no = a.account_no
  LEFT JOIN spend s ON s.account_no = a.account_no
  LEFT JOIN {offer} o ON o.account_no = a.account_no
  WHERE a.due_in BETWEEN 0 AND $days
), listed AS (
  SELECT * FROM due{" WHERE credit = 'good'" if graded else ""}
)"""


MONEY = Text("净销售额", "Net revenue")
GROUP_COLUMNS = (
    Column("credit", Text("信用", "Credit"), "label", role="key", vocabulary="credit_class"),
    Column("customers", Text("到期客户", "Customers due"), "count"),
    Column("offers", Text("有搭配商品的", "With a product to offer"), "count"),
    Column("net_revenue", MONEY, "money"),
)
ACCOUNT_COLUMNS = (
    Column("account", Text("账户", "Account"), "text", role="key",
           note=Text("工作区内的客户编号，不含个人信息", "the customer's number in the workspace, no personal data")),
    Column("due_in", Text("还有几天到期", "Due in (days)"), "days"),
    Column("own_gap", Text("自身间隔中位数（天）", "Own median gap (days)"), "days", 1),
    Column("last_purchase_on", Text("最近购买", "Last purchase"), "date"),
    Column("purchase_days", Text("购买天数", "Purchase days"), "count"),
    Column("net_revenue", MONEY, "money"),
    Column("credit_grade", Text("信用等级", "Credit grade"), "text"),
    Column("offer", Text("可搭配商品", "Product to offer"), "text"),
)  # fmt: skip
SUMMARY_COLUMNS = (
    Column("days", Text("几天内到期", "Due within (days)"), "days", role="key"),
    Column("months", Text("净销售额窗口（月）", "Revenue of (months)"), "count"),
    Column("rhythm", Text("有购买规律的客户", "Customers with a rhythm"), "count",
           note=Text("购买过三天及以上", "three or more purchase days")),
    Column("customers", Text("名单人数", "Customers on the list"), "count"),
    Column("offers", Text("有搭配商品的", "With a product to offer"), "count"),
    Column("net_revenue", MONEY, "money"),
)  # fmt: skip
HINDSIGHT_COLUMNS = (
    Column("group", Text("客户", "Customers"), "label", role="key", vocabulary="due_group"),
    Column("then", Text("回看日", "Looked back to"), "date"),
    Column("days", Text("观察天数", "Days watched"), "days"),
    Column("customers", Text("客户数", "Number of customers"), "count"),
    Column("bought", Text("期内购买", "Bought in time"), "count"),
    Column("share", Text("购买占比", "Share who bought"), "share"),
    Column("low", Text("区间下限", "Interval from"), "share", role="low", note=Text("Wilson 95% 区间", "Wilson 95% interval")),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
    Column("difference", Text("与其他相差", "Difference to the others"), "points"),
    Column("difference_low", Text("相差下限", "Difference from"), "points", role="low",
           note=Text("Newcombe 95% 区间", "Newcombe 95% interval")),
    Column("difference_high", Text("相差上限", "Difference to"), "points", role="high"),
    Column("p", Text("p 值", "p"), "number", 4),
)  # fmt: skip


def run(inputs: Inputs, params: Params) -> Result:
    """Tables summary, groups, accounts, hindsight; relation upsell (customer -> product to offer, due day)."""
    offer = inputs.segment("basket_pairs_offer")
    graded = inputs.has_values("customers", "credit_grade")
    since = span_ending(inputs.as_of, params.months).first
    bound: dict[str, Any] = {
        "then": inputs.as_of, "days": params.days, "since": since, "grades": _grades(params.good_grades),
    }  # fmt: skip
    due = _due(offer, graded)
    groups = inputs.table(
        "groups", Text("到期客户的信用", "Credit of the customers due"), GROUP_COLUMNS, ("credit",),
        f"""WITH {due} SELECT credit, count(*) AS customers, count(offer) AS offers, sum(net_revenue) AS net_revenue
FROM due GROUP BY credit ORDER BY credit""", **bound,
    )  # fmt: skip
    accounts = inputs.table(
        "accounts", Text("到期名单中净销售额最高的客户", "Largest customers on the list"), ACCOUNT_COLUMNS, ("account",),
        f"""WITH {due} SELECT CAST(account_no AS VARCHAR) AS account, due_in, own_gap, last_purchase_on, purchase_days,
       net_revenue, credit_grade, offer
FROM listed ORDER BY net_revenue DESC, account_no LIMIT {LISTED}""", **bound,
    )  # fmt: skip
    hindsight = _hindsight(inputs, params)
    summary = _summary(inputs, params, due, bound)
    tables = (
        replace(summary, appendix=True),
        replace(groups, appendix=True),
        accounts,
        replace(hindsight, appendix=True),
    )
    result = Result("upsell", tables=tables)
    return Result(
        "upsell",
        tables=tables,
        claims=tuple(_claims(result, inputs.settings.min_n, graded)),
        relations=_relations(result, due, bound),
        notes=tuple(_notes(inputs, result, graded)),
    )


def _grades(text: str) -> str:
    return "," + ",".join(part.strip().lower() for part in text.split(",") if part.strip()) + ","


def _summary(inputs: Inputs, params: Params, due: str, bound: Mapping[str, Any]) -> Table:
    sql = f"""WITH {due}
SELECT $days AS days, {int(params.months)} AS months, (SELECT count(*) FROM rhythm) AS rhythm, count(*) AS customers,
       count(offer) AS offers, coalesce(sum(net_revenue), 0) AS net_revenue
FROM listed"""
    return inputs.table(
        "summary", Text("近期到期的客户", "Customers due soon"), SUMMARY_COLUMNS, ("days",), sql, **bound
    )


def _hindsight(inputs: Inputs, params: Params) -> Table:
    """Of those whom the rule named `days` before the as-of day, how many bought in time, beside the others."""
    bound: dict[str, Any] = {"then": inputs.as_of - timedelta(days=params.days), "days": params.days}
    found = inputs.query(HINDSIGHT_SQL, **bound).to_pylist()
    least, rows = inputs.settings.min_n, []
    for row in found:
        ends = wilson(row["bought"], row["customers"]) if row["customers"] >= least else None
        rows.append(
            {
                "group": "due" if row["is_due"] else "others", **bound, "customers": row["customers"],
                "bought": row["bought"], "share": row["bought"] / row["customers"] if ends else None,
                "low": ends.low if ends else None, "high": ends.high if ends else None,
            }
        )  # fmt: skip
    if len(rows) == 2 and all(row["share"] is not None for row in rows):
        a, b = (row["bought"] for row in rows)
        m, n = (row["customers"] for row in rows)
        ends = newcombe(a, m, b, n)
        assert ends is not None
        rows[0] |= {"difference": a / m - b / n, "difference_low": ends.low, "difference_high": ends.high,
                    "p": two_proportions(a, m, b, n)}  # fmt: skip
    return inputs.computed(
        "hindsight", Text("回看：到期名单准不准", "Looking back: did those on the list "
                                        "buy?"), HINDSIGHT_COLUMNS, ("group",), rows,
        method="wilson, newcombe, two_proportions", sql=HINDSIGHT_SQL, **bound,
    )  # fmt: skip


def _relations(result: Result, due: str, bound: Mapping[str, Any]) -> tuple[Relation, ...]:
    row = next(iter(result.table("summary")), None)
    if row is None or not row["customers"]:
        return ()
    sql = f"""WITH {due}
SELECT account_no, coalesce(offer, '{CYCLE}') AS label, CAST(due_in AS VARCHAR) AS score FROM listed"""
    title = Text("临近周期的客户", "Customers near the end of their cycle")
    return (Relation("upsell", title, sql, dict(bound), vocabulary="upsell_offer"),)


def _claims(result: Result, min_n: int, graded: bool) -> Iterator[Claim]:
    row = next(iter(result.table("summary")), None)
    if row is None or not row["customers"]:
        return
    key = {"days": row["days"]}
    names = {
        "customers": "customers",
        "days": "days",
        "months": "months",
        "money": "net_revenue",
        "offers": "offers",
    }
    yield Claim(
        "due", "upsell/due", {name: Cell("summary", key, column) for name, column in names.items()},
        n=row["rhythm"], base=Text("购买过三天及以上的客户", "customers with three or more purchase days"),
        labels={"credit": ("good" if graded else "any", "credit_clause")},
        money=float(row["net_revenue"]) * 0.1, certainty=0.6, topic="due", figure=None,
    )  # fmt: skip
    due = result.table("hindsight").find({"group": "due"})
    if due is None or due["difference"] is None:
        return
    passed = due["p"] <= ALPHA and due["difference_low"] > 0
    others = result.table("hindsight").find({"group": "others"}) or {}
    key = {"group": "due"}
    names = {
        "then": "then",
        "share": "share",
        "days": "days",
        "low": "difference_low",
        "high": "difference_high",
    }
    yield Claim(
        "works" if passed else "unproven", "upsell/hindsight",
        {**{name: Cell("hindsight", key, column) for name, column in names.items()},
         "rest": Cell("hindsight", {"group": "others"}, "share")},
        n=due["customers"] + others["customers"], base=Text("当时有购买规律的客户", "customers with a rhythm then"),
        strength="tested",
        test=Test("two proportions, Newcombe", passed, due["p"], due["difference_low"], due["difference_high"]),
        certainty=1 - due["p"], topic="due_hindsight", summary=False,
    )  # fmt: skip


def _notes(inputs: Inputs, result: Result, graded: bool) -> Iterator[Note]:
    row = next(iter(result.table("summary")), None)
    if row is None or not row["rhythm"]:
        yield Note(
            Text("没有购买过三天及以上的客户，看不出各自的购买间隔",
                 "No customer has three purchase days: there is no rhythm to go by"), "missing")  # fmt: skip
        return
    if not graded:
        yield Note(
            Text("客户没有信用等级，名单未按信用筛选：导入含「信用等级」的客户表后可筛选",
                 "Customers have no credit grade and the list is not restricted by it: import customers with a credit grade"),
            "missing")  # fmt: skip
    if any(row["share"] is None for row in result.table("hindsight")):
        least = inputs.settings.min_n
        yield Note(
            Text(f"回看时有一组客户少于 {least} 位，不比较", f"Looking back, a group has fewer than {least} "
                                              f"customers: no comparison"),
            "withheld")  # fmt: skip


ANALYSIS = Analysis(
    name="upsell",
    title=Text("临近周期的增购名单", "Customers due to buy again"),
    question=Text(
        "哪些客户快到自己的购买周期，可以推荐什么？",
        "Which customers are near the end of their own cycle, and what could they be offered?",
    ),
    section="behaviour",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "customers"),
    uses=("basket_pairs",),
    order=48,
)
