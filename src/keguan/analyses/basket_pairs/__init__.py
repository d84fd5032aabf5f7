"""Which products are bought by the same customers beyond chance, and to whom could the other one be offered?

Method: baskets of customers over the last months (or orders). For each pair of the products in the largest number of
baskets: support, confidence, lift with its interval. Lift rises above one for nearly every pair when customers buy
different numbers of products, so the test compares with what those numbers alone would give (see
evidence.statistics.pair_lift), corrected over all pairs by Benjamini-Hochberg. Only products in enough baskets are
looked at, and so many at most: the memory follows their number, not that of customers.

Source: Agrawal, Imielinski and Swami (1993), support and confidence; Chung and Lu (2002), expected pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from keguan.analyses.basket_pairs.columns import (
    BASKET_COLUMNS,
    CATEGORY_COLUMNS,
    OFFER_COLUMNS,
    PAIR_COLUMNS,
)
from keguan.analyses.basket_pairs.sql import offers_sql, pairs_sql, popular_sql, totals_sql
from keguan.analysis import Analysis, Inputs, param
from keguan.core.period import span_ending
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.corrected import corrected
from keguan.evidence.statistics.pair_lift import Baskets, pair_lift
from keguan.marts.category_level import category_at
from keguan.result import Cell, Claim, Note, Relation, Result, Table, Test

LISTED, RULES, SAID = 60, 20, 3
PRODUCT = "l.product_id"
NAMES_SQL = "SELECT product_id, name FROM products WHERE name IS NOT NULL"


@dataclass(frozen=True)
class Params:
    """Parameters of the analysis."""

    months: int = param(12, "近几个月的购买", "purchases of how many latest months")
    unit: str = param(
        "customer",
        "购物篮是一位客户还是一张订单",
        "a basket is a customer or an order",
        ("customer", "order"),
    )
    top: int = param(
        150,
        "比较多少种商品（在最多购物篮里的）",
        "how many products are compared (in the largest number of baskets)",
    )
    level: int = param(2, "类目按第几级比较", "at which level categories are compared")
    min_pair: int = param(
        10, "一对商品至少同时出现多少次才列出", "least baskets with both for a pair to be listed"
    )


TEXT = {
    "pair": Text(
        "买过「{a}」的客户中 {both} 位也买过「{b}」，占 {confidence}；提升度 {lift}（95% 区间 {low} 至 {high}）。"
        "按客户各自购买的种数应有 {expected} 位，实际是其 {ratio} 倍，显著高于应有（n={n}，{base}）。",
        "Of the customers who bought '{a}', {both} also bought '{b}': {confidence}; lift {lift} (95% interval {low} to {high}). "
        "By the number of products that customers buy there would be {expected}; there are {ratio} times as many, "
        "significantly more (n={n}, {base}).",
    ),
    "pair_order": Text(
        "含「{a}」的订单中 {both} 张也含「{b}」，占 {confidence}；提升度 {lift}（95% 区间 {low} 至 {high}）。"
        "按订单的种数应有 {expected} 张，实际是其 {ratio} 倍，显著高于应有（n={n}，{base}）。",
        "Of the orders with '{a}', {both} also hold '{b}': {confidence}; lift {lift} (95% interval {low} to "
        "{high}). By the number "
        "of products of orders there would be {expected}; there are {ratio} times as many, significantly more (n={n}, {base}).",
    ),
    "none": Text(
        "比较了 {pairs} 对商品，各对同时购买的次数与按购买种数应有的无显著差别（n={n}，{base}）。",
        "{pairs} pairs of products were compared: no significant difference between the times each is bought together "
        "and what the number of products bought would give (n={n}, {base}).",
    ),
    "offer": Text(
        "买过「{bought}」而没有买过「{offered}」的客户有 {customers} 位，可作为交叉销售名单（名单 "
        "basket_pairs_offer；n={n}，{base}）。",
        "Customers who bought '{bought}' and not '{offered}': {customers}, a list for cross-selling (list "
        "basket_pairs_offer; n={n}, "
        "{base}).",
    ),
}  # fmt: skip


def run(inputs: Inputs, params: Params) -> Result:
    """Tables baskets, pairs, category_pairs, offers; relation basket_pairs_offer (customer -> product to offer)."""
    if not inputs.has_values("order_lines", "product_id"):
        text = Text(
            "订单没有商品编号：导入含商品的订单明细后可看搭配购买",
            "Lines have no product: import order lines with products",
        )
        return Result("basket_pairs", notes=(Note(text, "missing"),))
    since = span_ending(inputs.as_of, params.months).first
    whole, pairs = _compared(inputs, params, PRODUCT, since)
    names = {row["product_id"]: row["name"] for row in inputs.query(NAMES_SQL).to_pylist()}
    for row in pairs:
        row |= {"a_name": names.get(row["a"], row["a"]), "b_name": names.get(row["b"], row["b"])}
    tables = [
        _basket_table(inputs, params, whole, pairs, since),
        _pair_table(
            inputs,
            "pairs",
            Text("常被一起购买的商品", "Products bought together"),
            PAIR_COLUMNS,
            pairs,
            params,
            since,
        ),
    ]
    if inputs.has_values("products", "category"):
        cut = category_at(params.level)
        _, found = _compared(inputs, params, cut, since)
        title = Text("常被一起购买的类目", "Categories bought together")
        tables.append(
            _pair_table(inputs, "category_pairs", title, CATEGORY_COLUMNS, found, params, since, cut)
        )
    relations, offers = _offers(inputs, pairs, since)
    tables += offers
    tables = [replace(table, appendix=table.id in ("baskets", "category_pairs")) for table in tables]
    result = Result("basket_pairs", tables=tuple(tables))
    return Result(
        "basket_pairs",
        tables=tuple(tables),
        claims=tuple(_claims(result, params, pairs, whole)),
        relations=relations,
        notes=tuple(_notes(inputs, params, whole, pairs, names)),
    )


def _compared(
    inputs: Inputs, params: Params, thing: str, since: date
) -> tuple[Baskets, list[dict[str, Any]]]:
    """All baskets, and every pair of popular things with its figures: the surest first, of each pair the direction
    of the larger confidence."""
    bound: dict[str, Any] = {"since": since}
    total = inputs.query(totals_sql(params.unit, thing), **bound).to_pylist()[0]
    whole = Baskets(total["baskets"], total["members"], total["ordered_pairs"])
    bound |= {"top": params.top, "min_n": inputs.settings.min_n}
    if whole.baskets < inputs.settings.min_n:
        return whole, []
    popular = inputs.query(popular_sql(params.unit, thing), **bound).to_pylist()
    together = {
        (row["a"], row["b"]): row["together"]
        for row in inputs.query(pairs_sql(params.unit, thing), **bound).to_pylist()
    }
    rows = [
        _pair(one, other, together.get((one["thing"], other["thing"]), 0), whole)
        for place, one in enumerate(popular)
        for other in popular[place + 1 :]
    ]
    rows = [row for row in rows if row["p"] is not None]
    for row, q in zip(rows, benjamini_hochberg([row["p"] for row in rows]), strict=True):
        holds = (
            q <= FALSE_DISCOVERY
            and row["ratio_low"] > 1
            and row["low"] > 1
            and row["together"] >= params.min_pair
        )
        row |= {"q": q, "verdict": "holds" if holds else "chance"}
    rows.sort(key=lambda row: (row["verdict"] != "holds", row["q"], -row["ratio"], row["a"], row["b"]))
    return whole, rows


def _pair(one: Mapping[str, Any], other: Mapping[str, Any], together: int, whole: Baskets) -> dict[str, Any]:
    # the rarer one first: its confidence is the larger
    a, b = (other, one) if other["baskets"] < one["baskets"] else (one, other)
    found = pair_lift(together, a["baskets"], b["baskets"], whole)
    row = {
        "a": a["thing"], "b": b["thing"], "together": together, "a_baskets": a["baskets"], "b_baskets": b["baskets"],
        "support": together / whole.baskets, "confidence": together / a["baskets"],
        "value": float(b["gross"]) / b["baskets"], "p": None,
    }  # fmt: skip
    if found is not None:
        names = ("lift", "low", "high", "expected", "ratio", "ratio_low", "ratio_high", "p")
        row |= {name: getattr(found, name) for name in names}
    return row


def _basket_table(
    inputs: Inputs, params: Params, whole: Baskets, pairs: Sequence[Mapping[str, Any]], since: date
) -> Table:
    rows = [
        {
            "unit": params.unit, "first": since, "baskets": whole.baskets,
            "size": whole.members / whole.baskets if whole.baskets >= inputs.settings.min_n else None,
            "things": len({thing for row in pairs for thing in (row["a"], row["b"])}), "pairs": len(pairs),
            "found": sum(row["verdict"] == "holds" for row in pairs),
        }
    ]  # fmt: skip
    return inputs.computed(
        "baskets", Text("比较了什么", "What was compared"), BASKET_COLUMNS, ("unit",), rows,
        method="basket_pairs.run", sql=totals_sql(params.unit, PRODUCT), since=since,
    )  # fmt: skip


def _pair_table(
    inputs: Inputs,
    id: str,
    title: Text,
    columns: Sequence[Any],
    pairs: Sequence[Mapping[str, Any]],
    params: Params,
    since: date,
    thing: str = PRODUCT,
) -> Table:
    listed = [row for row in pairs if row["together"] >= params.min_pair][:LISTED]
    return inputs.computed(
        id, title, columns, ("a", "b"), listed, method="pair_lift, benjamini_hochberg",
        sql=pairs_sql(params.unit, thing), since=since, top=params.top, min_n=inputs.settings.min_n,
        note=Text(f"列出最多 {LISTED} 对，同时出现不少于 {params.min_pair} 次；含后来退货的购买",
                  f"at most {LISTED} pairs with {params.min_pair} or more together; purchases returned later included"),
    )  # fmt: skip


def _offers(
    inputs: Inputs, pairs: Sequence[Mapping[str, Any]], since: date
) -> tuple[tuple[Relation, ...], list[Table]]:
    """Who bought the one and not the other, by the surest rules; nothing without a rule or a customer."""
    holds = [row for row in pairs if row["verdict"] == "holds"]
    ways = [way for row in holds for way in _both_ways(row)]
    rules = sorted(ways, key=lambda way: (-way["confidence"], way["a"], way["b"]))[:RULES]
    if not rules:
        return (), []
    sql, values = offers_sql(rules)
    counted = inputs.query(
        f"SELECT rule, count(*) AS customers FROM ({sql}) r GROUP BY rule ORDER BY rule",
        since=since,
        **values,
    ).to_pylist()
    rows = [
        {
            "rule": row["rule"], "customers": row["customers"], "bought": rules[row["rule"] - 1]["bought"],
            "offered": rules[row["rule"] - 1]["name"], "confidence": rules[row["rule"] - 1]["confidence"],
        }
        for row in counted
    ]  # fmt: skip
    if not rows:
        return (), []
    title = Text("交叉销售名单", "Cross-sell lists")
    table = inputs.computed(
        "offers", title, OFFER_COLUMNS, ("rule",), rows, method="basket_pairs.offers", inputs=("pairs",),
        sql=sql, since=since,
        note=Text("每位客户只列一次，取置信度最高的一对", "each customer once, by the pair of the largest confidence"),
        **values,
    )  # fmt: skip
    relation = Relation("basket_pairs_offer", title, f"SELECT account_no, label, score FROM ({sql}) r",
                        {"since": since, **values})  # fmt: skip
    return (relation,), [table]


def _both_ways(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The second to buyers of the first, and the first to buyers of the second."""
    for a, b in (("a", "b"), ("b", "a")):
        yield {
            "a": row[a], "b": row[b], "name": row[f"{b}_name"], "bought": row[f"{a}_name"],
            "confidence": row["together"] / row[f"{a}_baskets"],
        }  # fmt: skip


def _claims(
    result: Result, params: Params, pairs: Sequence[Mapping[str, Any]], whole: Baskets
) -> Iterator[Claim]:
    base = (
        Text("这段时间有购买的客户", "customers with a purchase in that time")
        if params.unit == "customer"
        else Text("这段时间的订单", "orders of that time")
    )
    holds = [row for row in pairs if row["verdict"] == "holds"]
    if pairs and not holds:
        yield Claim(
            "none", "basket_pairs/none", {"pairs": Cell("baskets", {"unit": params.unit}, "pairs")},
            n=whole.baskets, base=base, strength="tested", test=Test("Poisson, baskets of unequal size", False,
            min(row["p"] for row in pairs), corrected=corrected(min(row["q"] for row in pairs))), summary=False,
            topic="pairs",
        )  # fmt: skip
    listed = {(row["a"], row["b"]) for row in result.table("pairs")}
    said = sorted(holds, key=lambda row: (-_worth(row), row["a"], row["b"]))
    for row in [row for row in said if (row["a"], row["b"]) in listed][:SAID]:
        key = {"a": row["a"], "b": row["b"]}
        names = {"a": "a_name", "b": "b_name", "both": "together"}
        names |= {name: name for name in ("confidence", "lift", "low", "high", "expected", "ratio")}
        yield Claim(
            "pair" if params.unit == "customer" else "pair_order", f"basket_pairs/pair/{row['a']}/{row['b']}",
            {name: Cell("pairs", key, column) for name, column in names.items()},
            n=row["a_baskets"], base=Text("其中买过前者的", "those with the first"), strength="tested",
            test=Test("Poisson, baskets of unequal size", True, row["p"], row["low"], row["high"], corrected(row["q"])),
            money=_worth(row), certainty=1 - row["q"], topic=f"pair/{row['a']}",
        )  # fmt: skip
    yield from _offer_claims(result, whole)


def _worth(row: Mapping[str, Any]) -> float:
    """What those who lack the second would spend on it if they bought it as often as the others: for ranking."""
    return float((row["a_baskets"] - row["together"]) * row["confidence"] * row["value"])


def _offer_claims(result: Result, whole: Baskets) -> Iterator[Claim]:
    if not result.has("offers"):
        return
    row = max(result.table("offers"), key=lambda row: (row["customers"], -row["rule"]))
    key = {"rule": row["rule"]}
    yield Claim(
        "offer", "basket_pairs/offer", {name: Cell("offers", key, name) for name in ("bought", "offered", "customers")},
        n=whole.baskets, base=Text("这段时间有购买的客户", "customers with a purchase in that time"), certainty=0.5,
        topic="offers", summary=False,
    )  # fmt: skip


def _notes(
    inputs: Inputs,
    params: Params,
    whole: Baskets,
    pairs: Sequence[Mapping[str, Any]],
    names: Mapping[str, str],
) -> Iterator[Note]:
    least = inputs.settings.min_n
    if whole.baskets < least:
        yield Note(
            Text(f"有商品的购物篮 {whole.baskets} 个，少于 {least} 个，搭配不予比较",
                 f"{whole.baskets} baskets with a product, fewer than {least}: pairs are not compared"), "withheld")  # fmt: skip
    elif not pairs:
        yield Note(
            Text(f"没有两种商品各有不少于 {least} 个购物篮", f"No two products are in {least} baskets each"),
            "withheld",
        )
    else:
        yield Note(
            Text(f"只比较在最多购物篮里的 {params.top} 种商品，且每种不少于 {least} 个购物篮",
                 f"Only the {params.top} products in the largest number of baskets are compared, each in {least} "
                 f"or more"))  # fmt: skip
    if pairs and not names:
        yield Note(
            Text("没有商品名称，以商品编号列出", "No names of products: their ids are shown"), "missing"
        )


ANALYSIS = Analysis(
    name="basket_pairs",
    title=Text("搭配购买与交叉销售", "Bought together, cross-selling"),
    question=Text(
        "哪些商品常被同一批客户购买，可以向谁推荐另一种？",
        "Which products are bought by the same customers, and to whom could the other one be offered?",
    ),
    section="behaviour",
    params=Params,
    run=run,
    text=TEXT,
    reads=("order_lines", "products"),
    order=47,
)
