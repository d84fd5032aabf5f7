"""Sentences of the revenue bridge and the cells that they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from keguan.core.text import Text
from keguan.evidence.statistics.material_change import Verdict
from keguan.evidence.statistics.revenue_drivers import Drivers, SegmentPair
from keguan.result import Cell, Change, Claim, Computed, Table, Test

METHOD = "Poisson bootstrap over customers, XmR limits, materiality"
BASE = Text("两期内有购买或退货的客户", "customers with a purchase or return in either period")
_TOTAL_ZH = "净销售额（含散客）由 {base_period} 的 {before} "
_TOTAL_EN = "Net revenue (guests included) of {period} is {after}, "


def _listed(
    name: str, zh: str, en: str, parts: Mapping[str, Text], optional: Sequence[str]
) -> dict[str, Text]:
    """Sentences that list `parts`: one for each choice of the optional ones, as a part of 0 is left out."""
    choices = [chosen for size in range(len(optional) + 1) for chosen in combinations(optional, size)]
    kept = [[part for part in parts if part not in optional or part in chosen] for chosen in choices]
    return {
        "/".join((name, *chosen)): Text(
            zh + "，".join(parts[part].zh for part in listed) + "（n={n}，{base}）。",
            en + ", ".join(parts[part].en for part in listed) + " (n={n}, {base}).",
        )
        for chosen, listed in zip(choices, kept, strict=True)
    }


MOVED = {
    "new": Text("新客户 {new}", "new customers {new}"),
    "reactivated": Text("回流客户 {reactivated}", "reactivated customers {reactivated}"),
    "retained_up": Text("留存客户多买 {retained_up}", "retained customers buying more {retained_up}"),
    "retained_down": Text("留存客户少买 {retained_down}", "retained customers buying less {retained_down}"),
    "lost": Text("未再购买的客户 {lost}", "lost customers {lost}"),
    "returns_only": Text(
        "未下单客户的退货 {returns_only}", "returns of customers without an order {returns_only}"
    ),
    "guests": Text("散客 {guests}", "guests {guests}"),
}
MAY_BE_NONE = ("reactivated", "returns_only", "guests")
DRIVEN = {
    "customers": Text("客户数 {customers}", "number of customers {customers}"),
    "frequency": Text("购买频次 {frequency}", "purchases per customer {frequency}"),
    "value": Text("笔单价 {value}", "value per purchase {value}"),
    "mix": Text("客户构成（按{dimension}）{mix}", "mix of customers by {dimension} {mix}"),
    "returns_only": Text(
        "未下单客户的退货 {returns_only}", "returns of customers without an order {returns_only}"
    ),
}
MAY_NOT_DRIVE = ("mix", "returns_only")
MOVEMENT = _listed(
    "movement", "净销售额的变化 {total} 由这些部分相加而成：", "The change of {total} in net revenue is the sum of: ",
    MOVED, MAY_BE_NONE,
)  # fmt: skip
DRIVERS = _listed(
    "drivers", "有客户编号的净销售额变化 {total}，按因素拆分（各项相加等于变化额）：",
    "The change of {total} in net revenue of customers with an id, by factor (the parts add up to it): ",
    DRIVEN, MAY_NOT_DRIVE,
)  # fmt: skip
TEXT = {
    "more": Text(
        _TOTAL_ZH + "增加 {rate}，到 {period} 的 {after}，多 {diff}（n={n}，{base}）。",
        _TOTAL_EN + "{diff} ({rate}) more than {before} of {base_period} (n={n}, {base}).",
    ),
    "less": Text(
        _TOTAL_ZH + "减少 {rate}，到 {period} 的 {after}，少 {diff}（n={n}，{base}）。",
        _TOTAL_EN + "{diff} ({rate}) less than {before} of {base_period} (n={n}, {base}).",
    ),
    "up": Text(
        _TOTAL_ZH
        + "增加 {rate}，到 {period} 的 {after}；其中有客户编号的部分显著增加（增加额的 95% 区间 {low} 至 "
        "{high}，超出平常的月间波动；n={n}，{base}）。",
        _TOTAL_EN
        + "{rate} more than {before} of {base_period}; the increase from customers with an id is significant "
        "(95% interval {low} to {high}, beyond the usual variation; n={n}, {base}).",
    ),
    "down": Text(
        _TOTAL_ZH
        + "减少 {rate}，到 {period} 的 {after}；其中有客户编号的部分显著减少（增减额的 95% 区间 {low} 至 "
        "{high}，超出平常的月间波动；n={n}，{base}）。",
        _TOTAL_EN
        + "{rate} less than {before} of {base_period}; the decrease from customers with an id is significant "
        "(95% interval of the change {low} to {high}, beyond the usual variation; n={n}, {base}).",
    ),
    **MOVEMENT,
    **DRIVERS,
    "new": Text(
        "新客户 {customers} 位，带来净销售额 {amount}，相当于上期总额的 {share}（n={n}，{base}）。",
        "{customers} new customers brought {amount} of net revenue, {share} of the previous period's total "
        "(n={n}, {base}).",
    ),
    "reactivated": Text(
        "回流客户 {customers} 位（更早买过、上期没有下单），带来净销售额 {amount}，相当于上期总额的 {share}"
        "（n={n}，{base}）。",
        "{customers} customers came back (bought before, no order in the previous period) and brought {amount}, {share} "
        "of the previous period's total (n={n}, {base}).",
    ),
    "retained_up": Text(
        "两期都下单的客户中，{customers} 位比上期多买，合计增加 {amount}，相当于上期总额的 {share}（n={n}，{base}）。",
        "Of the customers with orders in both periods {customers} bought more than before, {amount} in all, {share} of "
        "the previous period's total (n={n}, {base}).",
    ),
    "retained_down": Text(
        "两期都下单的客户中，{customers} 位比上期少买，合计减少 {amount}，相当于上期总额的 {share}（n={n}，{base}）。",
        "Of the customers with orders in both periods {customers} bought less than before, {amount} in all, {share} of "
        "the previous period's total (n={n}, {base}).",
    ),
    "lost": Text(
        "{customers} 位上期的客户本期没有下单，与之相应的净销售额减少 {amount}，相当于上期总额的 {share}（n={n}，{base}）。",
        "{customers} customers of the previous period placed no order in this one: {amount} less net revenue, "
        "{share} of the previous period's total (n={n}, {base}).",
    ),
    "fall_by_mix": Text(
        "每个{dimension}的人均净消费都增加，合计的人均净消费却由 {before} 减少到 {after}：客户结构的影响为 {mix}"
        "（n={n}，{base}）。",
        "Net revenue per customer is up in every group ({dimension}), yet it fell from {before} to {after} in total: "
        "the mix of customers accounts for {mix} (n={n}, {base}).",
    ),
    "rise_by_mix": Text(
        "每个{dimension}的人均净消费都减少，合计的人均净消费却由 {before} 增加到 {after}：客户结构的影响为 {mix}"
        "（n={n}，{base}）。",
        "Net revenue per customer is down in every group ({dimension}), yet it rose from {before} to {after} in "
        "total: the mix of customers accounts for {mix} (n={n}, {base}).",
    ),
    "account_down": Text(
        "减少最多的客户（账户 {account}）净销售额由 {before} 到 {after}，变化 {change}（n={n}，{base}）。",
        "The largest decrease is that of account {account}: net revenue went from {before} to {after}, a change of "
        "{change} (n={n}, {base}).",
    ),
}


WITH_GUESTS = Text("最近一期对上一期，含散客", "the last period against the one before, guests included")


def total_claim(bridge: Table, tested: Table, row: Mapping[str, Any], word: Verdict) -> Iterator[Claim]:
    before, after = (
        Cell("bridge", {"part": "previous"}, "amount"),
        Cell("bridge", {"part": "current"}, "amount"),
    )
    amounts = {item["part"]: item["amount"] for item in bridge}
    change = amounts["current"] - amounts["previous"]
    if not row["n"] or amounts["previous"] <= 0 or change == 0:
        return
    result = tested.records()[0]
    same_way = (word == "显著增加" and change > 0) or (word == "显著减少" and change < 0)
    says = ("up" if change > 0 else "down") if same_way else ("more" if change > 0 else "less")
    interval = {name: Cell("change", {"scope": "total"}, name) for name in ("low", "high")}
    yield Claim(
        says=says,
        key=f"revenue_bridge/{says}",
        values={
            "before": before, "after": after,
            "period": Cell("periods", {"period": "current"}, "days"),
            "base_period": Cell("periods", {"period": "previous"}, "days"),
            "rate": Computed("change", after, before, "share", absolute=True),
            **(interval if same_way else {"diff": Computed("difference", after, before, "money", absolute=True)}),
        },
        n=int(row["n"]), base=BASE,
        strength="tested" if same_way else "fact",
        test=Test(METHOD, True, low=result["low"], high=result["high"]) if same_way else None,
        money=abs(float(change)), topic="revenue_change/year", figure="bridge",
        certainty=1.0 if same_way else 0.9,
        change=Change(("net_revenue",), "up" if change > 0 else "down", WITH_GUESTS), worse=same_way and change < 0,
    )  # fmt: skip


def movement_claim(bridge: Table, row: Mapping[str, Any]) -> Iterator[Claim]:
    """All parts in one sentence, for the summary; one sentence per part follows in the section."""
    amounts = {item["part"]: item["amount"] for item in bridge}
    moved = max(abs(float(amounts[part])) for part in MOVED)
    if not moved:
        return
    chosen = [part for part in MAY_BE_NONE if amounts[part]]
    parts = [part for part in MOVED if part not in MAY_BE_NONE or amounts[part]]
    ends = [Cell("bridge", {"part": part}, "amount") for part in ("current", "previous")]
    yield Claim(
        says="/".join(("movement", *chosen)),
        key="revenue_bridge/movement",
        values={
            "total": Computed("difference", ends[0], ends[1], "money"),
            **{part: Cell("bridge", {"part": part}, "amount") for part in parts},
        },
        n=int(row["n"]), base=BASE, money=moved, certainty=0.5, topic="movement", figure="bridge",
        change=Change(("net_revenue", "parts"), "up" if amounts["current"] > amounts["previous"] else "down"),
    )  # fmt: skip


def part_claims(bridge: Table, row: Mapping[str, Any]) -> Iterator[Claim]:
    absolute = {"retained_down", "lost"}
    for item in bridge:
        part = item["part"]
        if part not in TEXT or item["amount"] == 0 or item["share"] is None:
            continue
        if (part in absolute and item["amount"] > 0) or (part not in absolute and item["amount"] < 0):
            continue  # returns turned the sign; the table says it, the sentence would not be true

        def cell(column: str, part: str = part) -> Cell:
            return Cell("bridge", {"part": part}, column)

        amount = (
            Computed("difference", cell("base_revenue"), cell("revenue"), "money", absolute=True)
            if part in absolute
            else cell("amount")
        )
        share = Computed(
            "share",
            cell("amount"),
            Cell("bridge", {"part": "previous"}, "amount"),
            "share",
            absolute=part in absolute,
        )
        yield Claim(
            says=part,
            key=f"revenue_bridge/part/{part}",
            values={"customers": cell("customers"), "amount": amount, "share": share},
            n=int(row["n"]), base=BASE,
            money=abs(float(item["amount"])), topic=f"bridge/{part}", figure="bridge", summary=False,
        )  # fmt: skip


def driver_claims(drivers: Table, found: Drivers, dimension: str, row: Mapping[str, Any]) -> Iterator[Claim]:
    amounts = {item["driver"]: item["amount"] for item in drivers}
    # With one group there is no mix to speak of.
    there = {"mix": len(found.segments) > 1, "returns_only": bool(amounts["returns_only"])}
    names = [name for name in DRIVEN if there.get(name, True)]
    yield Claim(
        says="/".join(("drivers", *(name for name in MAY_NOT_DRIVE if there[name]))),
        key="revenue_bridge/drivers",
        values={name: Cell("drivers", {"driver": name}, "amount") for name in ("total", *names)},
        n=int(row["n"]), base=BASE,
        labels={"dimension": (dimension, "dimension")} if there["mix"] else {},
        money=max(abs(found.customers), abs(found.frequency), abs(found.value), abs(found.mix)),
        topic="drivers", figure="drivers", summary=False,
    )  # fmt: skip


def reversal_claim(
    segments: Table, pairs: list[SegmentPair], found: Drivers, dimension: str
) -> Iterator[Claim]:
    """The total per customer moved against every group: said, with the mix that explains it."""
    rows = [row for row in segments if row["segment"] != "*"]
    if len(rows) < 2 or any(row["per_customer"] is None or row["base_per_customer"] is None for row in rows):
        return
    total = segments.find({"segment": "*"}) or {}
    moves = [row["per_customer"] - row["base_per_customer"] for row in rows]
    overall = total["per_customer"] - total["base_per_customer"]
    if overall == 0 or any(move * overall >= 0 for move in moves):
        return
    yield Claim(
        says="fall_by_mix" if overall < 0 else "rise_by_mix",
        key=f"revenue_bridge/reversal/{dimension}",
        values={
            "before": Cell("segments", {"segment": "*"}, "base_per_customer"),
            "after": Cell("segments", {"segment": "*"}, "per_customer"),
            "mix": Cell("drivers", {"driver": "mix"}, "amount"),
        },
        n=sum(pair.base_customers + pair.customers for pair in pairs),
        base=Text("两期的下单客户", "customers with an order, both periods"),
        labels={"dimension": (dimension, "dimension")},
        money=abs(found.mix), topic="mix", figure="drivers",
        change=Change(("net_revenue_per_customer", dimension), "up" if overall > 0 else "down"), worse=overall < 0,
    )  # fmt: skip


def account_claim(accounts: Table, bridge: Table, row: Mapping[str, Any]) -> Iterator[Claim]:
    """The one customer whose decrease alone is worth a sentence: at least 0.5 % of the previous total."""
    worst = next((item for item in accounts if item["change"] < 0), None)
    previous = (bridge.find({"part": "previous"}) or {}).get("amount")
    if worst is None or not previous or -worst["change"] < previous / 200:
        return
    key = {"account_no": worst["account_no"]}
    yield Claim(
        says="account_down",
        key=f"revenue_bridge/account_down/{worst['account_no']}",
        values={
            "account": Cell("accounts", key, "account_no"), "before": Cell("accounts", key, "base_revenue"),
            "after": Cell("accounts", key, "revenue"), "change": Cell("accounts", key, "change"),
        },
        n=int(row["n"]), base=BASE, money=abs(float(worst["change"])), topic="account", figure="bridge",
        change=Change(("net_revenue", "account", str(worst["account_no"])), "down"), worse=True,
    )  # fmt: skip
