"""What could each customer be offered next, and why?

Three kinds for each customer, in the order of how often such recommendations were bought looking back: what is due again by
the own rhythm, what goes with the last purchase, what buyers of the same things buy. Left out: what is bought once, what
is no longer sold, and customers who refused. Each recommendation keeps its reasons as figures. Looking back: the same rules
as of so many days ago, what share was bought since, beside a plain rule for the same customers and as many things.

Source: Deshpande and Karypis (2004), item neighbours; Agrawal, Imielinski and Swami (1993), lift; Wilson (1927).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from keguan.analysis import Analysis, Inputs, param
from keguan.core.text import Text
from keguan.evidence.statistics.ranking import MILLION
from keguan.evidence.statistics.sample_mean import SampleMean
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.item_neighbours import BASKET, LEAST, bought_sql
from keguan.marts.refusals import refused_sql
from keguan.models.recommendation.candidates import COLUMNS, KINDS, TESTED, all_sql, backtest_sql, everyone
from keguan.models.recommendation.columns import (
    KIND_COLUMNS,
    LIST_COLUMNS,
    PRODUCT_COLUMNS,
    RULE_COLUMNS,
    SCOPE_COLUMNS,
)
from keguan.models.recommendation.said import TEXT, claims, notes
from keguan.models.recommendation.stages import kept, own_view, staged
from keguan.result import Note, Relation, Result, Table

NEAR, SAMPLED, PRODUCTS = 10, 20_000, 30
RULE_OF = {"rhythm": "replenish", "crossed": "cross_sell"}  # parameter -> the kind that it makes
EVERY_RULE = dict.fromkeys(RULE_OF, 1)


@dataclass(frozen=True)
class Params:
    """What is recommended, and what is left out."""

    days: int = param(30, "几天内到期；回看的天数", "due within how many days; days looked back")
    each: int = param(3, "每位客户每类最多几条", "at most how many of a kind for a customer")
    after: int = param(
        30, "最近一次购买在几天内算购后", "a last purchase within how many days is followed up"
    )
    min_pair: int = param(5, "两种商品至少几位共同客户", "least customers in common of two products")
    sold_days: int = param(
        60, "几天内无人购买即视为不再销售", "not sold within how many days is out of range"
    )
    again: float = param(
        0.2,
        "重复购买的客户占比达到此数的商品才会再次推荐",
        "share of buyers who buy a product again from which it is recommended again",
    )
    purposes: str = param(
        "analysis,profiling",
        "拒绝其中任一用途的客户不推荐，逗号分隔",
        "customers who refused one of these purposes get none, separated by commas",
    )
    listed: int = param(30, "列出多少位客户", "how many customers are listed")


def run(inputs: Inputs, params: Params) -> Result:
    """Tables kinds, list, products, scope; relation recommendation (each customer's first product, its kind)."""
    if not inputs.has_values("order_lines", "product_id"):
        says = Text(
            "订单没有商品编号：导入含商品的订单明细后可做推荐",
            "Lines have no product: import order lines with products to recommend any",
        )
        return Result("recommendation", notes=(Note(says, "missing"),))
    first = _tested(inputs, params, EVERY_RULE)
    rules = _rules(first.kinds, inputs.settings.min_n)
    looked = first if rules == EVERY_RULE else _tested(inputs, params, rules)
    tested = looked.kinds
    order = sorted(KINDS, key=lambda kind: (-_share(tested.get(kind)), KINDS.index(kind)))
    refused = refused_sql(
        [name for part in params.purposes.split(",") if (name := part.strip().lower())] or [""]
    )
    bound = _bounds(inputs.as_of, inputs.as_of, params, rules)
    stages = staged(inputs, bound)
    views = stages.of(own_view(inputs, stages, everyone(refused), bound))
    view = inputs.scored(
        "recommendation", all_sql(views, order, crossed=bool(rules["crossed"])), kept, COLUMNS,
        method="recommendation.candidates", **bound,
    )  # fmt: skip
    tables = [
        _kind_table(inputs, params, view, looked, order),
        _rule_table(inputs, params, first, looked, rules),
        _list_table(inputs, params, view),
        _product_table(inputs, view),
        _scope_table(inputs, params, view, refused),
    ]
    tables = [replace(table, appendix=table.id in ("rules", "products", "scope")) for table in tables]
    result = Result("recommendation", tables=tuple(tables))
    reached = bool(inputs.query(f"SELECT 1 AS one FROM {view} LIMIT 1").num_rows)
    return replace(
        result,
        claims=tuple(claims(result)),
        relations=(_relation(view),) if reached else (),
        notes=tuple(notes(result, inputs.settings.min_n, rules, consents=inputs.has("consents"))),
    )


@dataclass(frozen=True)
class Looked:
    """Each kind looked back at, the query of it and its parameters."""

    kinds: Mapping[str, Mapping[str, Any]]
    sql: str
    bound: Mapping[str, Any]


def _rules(found: Mapping[str, Mapping[str, Any]], least: int) -> Mapping[str, int]:
    """Which rules are on: those that did worse than the plain rule beyond chance are off, and it stands in their place."""
    return {rule: int(not _worse(found.get(kind), least)) for rule, kind in RULE_OF.items()}


def _bounds(then: date, last: date, params: Params, rules: Mapping[str, int]) -> dict[str, Any]:
    return {
        "then": then, "last": last, "since": then - timedelta(days=364), "basket": BASKET, "least": LEAST, "near": NEAR,
        "recent_from": then - timedelta(days=29), "season_from": then - timedelta(days=179), "lead": params.days,
        "after": params.after, "sold_from": then - timedelta(days=params.sold_days - 1), "again": params.again,
        "pair": params.min_pair, "each": params.each, **rules,
    }  # fmt: skip


def _tested(inputs: Inputs, params: Params, rules: Mapping[str, int]) -> Looked:
    """Each kind looked back at."""
    then = inputs.as_of - timedelta(days=params.days)
    bound = {**_bounds(then, inputs.as_of, params, rules), "sampled": SAMPLED}
    stages = staged(inputs, bound)
    views = stages.of(own_view(inputs, stages, TESTED, bound))
    sql = backtest_sql(views, crossed=bool(rules["crossed"]))
    return Looked({row["kind"]: row for row in inputs.query(sql, **bound).to_pylist()}, sql, bound)


def _lead(row: Mapping[str, Any]) -> SampleMean:
    return SampleMean(row["customers"], row["more"] / MILLION, row["squares"] / MILLION**2)


def _worse(row: Mapping[str, Any] | None, least: int) -> bool:
    """Whether a kind did worse than the plain rule beyond chance."""
    return row is not None and row["customers"] >= least and _lead(row).interval().high < 0


def _share(row: Mapping[str, Any] | None) -> float:
    return round(row["bought"] / row["listed"], 6) if row else 0.0


def _kind_table(inputs: Inputs, params: Params, view: str, looked: Looked, order: Sequence[str]) -> Table:
    sql = f"""
SELECT kind, count(DISTINCT account_no) AS customers, count(*) AS listed FROM {view} GROUP BY kind ORDER BY kind
"""
    now = {row["kind"]: row for row in inputs.query(sql).to_pylist()}
    tested, since = looked.kinds, {"then": looked.bound["then"], "days": params.days}
    rows = [
        {
            "kind": kind,
            **now.get(kind, {"customers": 0, "listed": 0}),
            **since,
            **_shares(tested.get(kind), inputs),
        }
        for kind in order
        if kind in tested or kind in now
    ]
    return inputs.computed(
        "kinds", Text("各类建议与回看", "Kinds of recommendation, looked back at"), KIND_COLUMNS, ("kind",), rows,
        method="recommendation.run", sql=looked.sql, **looked.bound,
    )  # fmt: skip


def _shares(row: Mapping[str, Any] | None, inputs: Inputs) -> dict[str, Any]:
    """Customers tested, and the share of recommendations bought where there are enough of them."""
    enough = row is not None and row["customers"] >= inputs.settings.min_n
    ends = wilson(row["bought"], row["listed"]) if row and enough else None
    return {
        "tested": row["customers"] if row else 0, "share": row["bought"] / row["listed"] if row and ends else None,
        "low": ends.low if ends else None, "high": ends.high if ends else None,
    }  # fmt: skip


def _rule_table(
    inputs: Inputs, params: Params, first: Looked, looked: Looked, rules: Mapping[str, int]
) -> Table:
    """Each rule beside the plain one, for the same customers and as many things: as first looked back at where it was
    given up, else as it is used."""
    off = {kind for rule, kind in RULE_OF.items() if not rules[rule]}
    found = {kind: row if kind in off else looked.kinds.get(kind, row) for kind, row in first.kinds.items()}
    rows = []
    for kind, row in found.items():
        shares, lead = _shares(row, inputs), _lead(row)
        told = shares["share"] is not None
        rows.append(
            {
                "kind": kind, "then": first.bound["then"], "days": params.days, **shares,
                "plain": row["plain_bought"] / max(row["plain_listed"], 1) if told else None,
                "lead": lead.mean if told else None, "lead_low": lead.interval().low if told else None,
                "lead_high": lead.interval().high if told else None, "used": "baseline" if kind in off else "used",
            }
        )  # fmt: skip
    return inputs.computed(
        "rules", Text("推荐规则与简单规则相比", "The rules beside the plain one"), RULE_COLUMNS, ("kind",), rows,
        method="recommendation.run", sql=first.sql, **first.bound,
    )  # fmt: skip


def _list_table(inputs: Inputs, params: Params, view: str) -> Table:
    sql = f"""
WITH first AS (
  SELECT account_no FROM (
    SELECT v.account_no, row_number() OVER (ORDER BY f.net_revenue DESC, v.account_no) AS turn
    FROM (SELECT DISTINCT account_no FROM {view}) v JOIN customer_facts f ON f.account_no = v.account_no) r
  WHERE turn <= $listed
)
SELECT CAST(v.account_no AS VARCHAR) AS account, v.place, v.kind, coalesce(p.name, v.thing) AS product,
       coalesce(q.name, v.because) AS because, v.because_baskets AS because_customers, v.together, v.lift, v.times,
       v.own_gap, v.since, v.recent
FROM {view} v JOIN first i ON i.account_no = v.account_no JOIN customer_facts f ON f.account_no = v.account_no
LEFT JOIN products p ON p.product_id = v.thing LEFT JOIN products q ON q.product_id = v.because
ORDER BY f.net_revenue DESC, v.account_no, v.place
"""
    return inputs.table(
        "list", Text("给每位客户的建议与理由", "Recommendations for each customer, with reasons"), LIST_COLUMNS,
        ("account", "place"), sql, listed=params.listed,
        note=Text("累计净销售额最高的客户；全部客户见名单 recommendation",
                  "the customers with the largest net revenue; all are in the list recommendation"),
    )  # fmt: skip


def _product_table(inputs: Inputs, view: str) -> Table:
    kinds = ", ".join(
        f"CAST(sum(CASE WHEN kind = '{kind}' THEN 1 ELSE 0 END) AS BIGINT) AS {kind}" for kind in KINDS
    )
    sql = f"""
WITH counted AS (
  SELECT thing, count(*) AS customers, {kinds} FROM {view} GROUP BY thing
), ranked AS (
  SELECT *, row_number() OVER (ORDER BY customers DESC, thing) AS place FROM counted
)
SELECT r.place, coalesce(p.name, r.thing) AS product, r.customers, r.replenish, r.complement, r.cross_sell, r.popular
FROM ranked r LEFT JOIN products p ON p.product_id = r.thing WHERE r.place <= {PRODUCTS} ORDER BY r.place
"""
    title = Text("推荐最多的商品", "Products recommended most")
    return inputs.table("products", title, PRODUCT_COLUMNS, ("place",), sql)


def _scope_table(inputs: Inputs, params: Params, view: str, refused: str) -> Table:
    sql = f"""
WITH {bought_sql()}, buyers AS (
  SELECT b.account_no, max(CASE WHEN n.account_no IS NULL THEN 0 ELSE 1 END) AS refused
  FROM bought b LEFT JOIN ({refused}) n ON n.account_no = b.account_no GROUP BY b.account_no
)
SELECT $then AS as_of, p.customers, p.refused, v.reached, t.products, t.in_range
FROM (SELECT count(*) AS customers, CAST(coalesce(sum(refused), 0) AS BIGINT) AS refused FROM buyers) p
CROSS JOIN (SELECT count(DISTINCT account_no) AS reached FROM {view}) v
CROSS JOIN (SELECT count(*) AS products,
                   CAST(coalesce(sum(CASE WHEN last_day >= $sold_from THEN 1 ELSE 0 END), 0) AS BIGINT) AS in_range
            FROM things) t
"""
    bound = _bounds(inputs.as_of, inputs.as_of, params, {})
    wanted = {name: bound[name] for name in ("then", "last", "recent_from", "season_from", "sold_from")}
    title = Text("推荐的范围", "What is recommended from, and to whom")
    return inputs.table("scope", title, SCOPE_COLUMNS, ("as_of",), sql, **wanted)


def _relation(view: str) -> Relation:
    return Relation(
        "recommendation", Text("商品推荐", "Product recommended"),
        f"SELECT v.account_no, coalesce(p.name, v.thing) AS label, v.kind AS score\n"
        f"FROM {view} v LEFT JOIN products p ON p.product_id = v.thing WHERE v.place = 1",
    )  # fmt: skip


ANALYSIS = Analysis(
    name="recommendation",
    title=Text("商品推荐", "Product recommendations"),
    question=Text(
        "每位客户接下来可以推荐什么，理由是什么？", "What could each customer be offered next, and why?"
    ),
    section="strategy",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "customer_facts", "order_lines", "products", "consents"),
    order=60,
)
