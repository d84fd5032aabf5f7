"""Sentences, and the claims that fill them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from keguan.core.text import Text
from keguan.result import Cell, Claim, Result

BASE = Text("所选月份内净消费为正的客户", "customers with positive net spend in the months looked at")
TEXT: Mapping[str, Text] = {
    "top": Text(
        "近 {months} 个月净消费最高的 {top} 客户（{customers} 位）贡献净消费的 {share}"
        "（自助法 95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "The top {top} of customers by net spend of the last {months} months ({customers}) bring {share} of it "
        "(bootstrap 95% interval {low} to {high}; n={n}, {base}).",
    ),
    "half": Text(
        "净消费的一半来自 {half} 位客户；基尼系数 {gini}（0 为人人相同，1 为全部来自一位；自助法 95% 区间 {low} 至 "
        "{high}；n={n}，{base}）。",
        "Half of net spend comes from {half} customers; the Gini coefficient is {gini} (0: all the same, 1: all from "
        "one; bootstrap 95% interval {low} to {high}; n={n}, {base}).",
    ),
    "first": Text(
        "净消费最高的客户（账户 {account}）近 {months} 个月净消费 {spend}，占 {share}，最近一次购买在 {last}"
        "（n={n}，{base}）。",
        "The largest customer (account {account}) spent {spend} net in the last {months} months, {share} of the total, "
        "and last bought on {last} (n={n}, {base}).",
    ),
    "overdue": Text(
        "净消费前 {listed} 位客户中，{customers} 位没有购买的天数已超过自己平常间隔（中位数）的 3 倍，"
        "他们近 {months} 个月的净消费为 {money}（n={n}，{base}）。",
        "Of the {listed} largest customers {customers} have been silent for over 3 times their own usual (median) gap; "
        "they spent {money} net in the last {months} months (n={n}, {base}).",
    ),
}


def concentration_claims(result: Result, enough: bool, months: int) -> tuple[Claim, ...]:
    summary = next(iter(result.table("summary")), None)
    if summary is None:
        return ()
    claims = [*(_curve_claims(result, summary) if enough else ()), *_account_claims(result)]
    spoken = {"months": (str(months), None)}
    return tuple(
        replace(claim, n=summary["customers"], labels=spoken, figure="lorenz" if enough else None)
        for claim in claims
    )


def _account_claims(result: Result) -> Iterator[Claim]:
    first = {"place": 1}
    yield Claim(
        says="first", key="concentration/first",
        values={
            "account": Cell("accounts", first, "account"), "spend": Cell("accounts", first, "net_revenue"),
            "share": Cell("accounts", first, "share"), "last": Cell("accounts", first, "last_purchase_on"),
        },
        n=None, base=BASE, topic="largest_account", summary=False,
    )  # fmt: skip
    late = next(iter(result.table("overdue")), None)
    if late is not None and late["customers"] > 0:
        key = {"listed": late["listed"]}
        yield Claim(
            says="overdue", key="concentration/overdue",
            values={
                "listed": Cell("overdue", key, "listed"), "customers": Cell("overdue", key, "customers"),
                "money": Cell("overdue", key, "net_revenue"),
            },
            n=None, base=BASE, money=float(late["net_revenue"]), topic="large_overdue",
        )  # fmt: skip


def _curve_claims(result: Result, summary: Mapping[str, Any]) -> Iterator[Claim]:
    """Shares of the top customers: what the ranking by spend says of spend, so never in the summary."""
    for top in (0.01, 0.1):
        key = {"top": top}
        if result.table("top_shares").find(key) is not None:
            names = ("top", "customers", "share", "low", "high")
            yield Claim(
                says="top", key=f"concentration/top/{top}",
                values={name: Cell("top_shares", key, name) for name in names},
                n=None, base=BASE, strength="estimate", topic="concentration", summary=False, certainty=0.9,
            )  # fmt: skip
    key = {"window_months": summary["window_months"]}
    yield Claim(
        says="half", key="concentration/half",
        values={name: Cell("summary", key, name) for name in ("half", "gini", "low", "high")},
        n=None, base=BASE, strength="estimate", topic="concentration", summary=False,
    )  # fmt: skip
