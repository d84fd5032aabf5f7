"""Sentences and notes on profit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from keguan.core.text import Text
from keguan.result import Cell, Claim, Note, Result

BASE = Text("窗口内有购买、退货或成本的客户", "customers with sales, returns or costs in the window")
BUYING = Text("窗口内有净销售额的客户", "customers with net revenue in the window")
TEXT: Mapping[str, Text] = {
    "total": Text(
        "近 {months} 个月，成本已知的净销售额 {net}，扣除商品成本、服务成本与触达成本后，利润 {profit}，为净销售额的 {rate}；"
        "其中客户 {customers_profit}、散客 {guests_profit}（n={n}，{base}）。",
        "In the last {months} months {profit} of {net} net revenue with known cost is left after the cost of goods, of "
        "serving and of contacts: {rate}; {customers_profit} from customers, {guests_profit} from guests "
        "(n={n}, {base}).",
    ),
    "margin_only": Text(
        "近 {months} 个月，成本已知的净销售额 {net}，扣除商品成本后为 {profit}，占净销售额的 {rate}；没有服务与触达成本可扣除；"
        "其中客户 {customers_profit}、散客 {guests_profit}（n={n}，{base}）。",
        "In the last {months} months {profit} of {net} net revenue with known cost is left after the cost of goods: {rate}; "
        "there are no costs of serving or of contacts to take off; {customers_profit} from customers, {guests_profit} from "
        "guests (n={n}, {base}).",
    ),
    "unprofitable": Text(
        "近 {months} 个月有净销售额的客户中 {customers} 位亏损，占 {share}，合计亏损 {loss}；另有 {costs_only} 位客户没有"
        "净销售额，其成本与退货合计 {costs_loss}（n={n}，{base}）。",
        "In the last {months} months {customers} of the customers with net revenue, {share}, were served at a loss, {loss} in "
        "all; {costs_only} others had no net revenue, and costs and returns of {costs_loss} (n={n}, {base}).",
    ),
    "unprofitable_counts": Text(
        "近 {months} 个月有净销售额的客户中 {customers} 位亏损，合计亏损 {loss}；另有 {costs_only} 位客户没有"
        "净销售额，其成本与退货合计 {costs_loss}（n={n}，{base}）。",
        "In the last {months} months {customers} customers with net revenue were served at a loss, {loss} in all; "
        "{costs_only} others had no net revenue, and costs and returns of {costs_loss} (n={n}, {base}).",
    ),
    "large": Text(
        "A 类客户中有 {customers} 位亏损：净销售额 {net}，亏损 {loss}；亏损最多的是账户 {account}，净销售额 {its_net}，"
        "利润 {its_profit}（n={n}，{base}）。",
        "{customers} class A customers are served at a loss: {net} of net revenue, {loss} of loss. The largest loss is "
        "account {account}: {its_net} of net revenue, {its_profit} of profit (n={n}, {base}).",
    ),
    "allocated": Text(
        "客户承担的成本里有 {allocated} 是未记到客户、按{by}分摊的（n={n}，{base}）。",
        "{allocated} of the costs that customers bear were booked to no customer and are shared out by {by} "
        "(n={n}, {base}).",
    ),
}  # fmt: skip


def claims(result: Result, months: int, key: str) -> Iterator[Claim]:
    """Sentences on total profit, customers at a loss, large ones among them, and what was shared out."""
    row = next(iter(result.table("summary")), None)
    if row is None:
        return
    steps = {step["step"]: step for step in result.table("steps")}
    if steps["profit"]["share"] is not None:
        served = any(steps[step]["amount"] for step in ("direct_costs", "contact_costs", "allocated"))
        yield _total("total" if served else "margin_only", steps["profit"], row["customers"], months)
    if row["unprofitable"]:
        yield _losses(row, months)
    yield from _large(result)
    if steps["allocated"]["customers_amount"]:
        yield Claim(
            "allocated", "profitability/allocated",
            {"allocated": Cell("summary", {"window_months": months}, "allocated")},
            row["customers"], BASE, labels={"by": (key, "allocation_key")}, summary=False,
        )  # fmt: skip


def _total(says: str, profit: Mapping[str, Any], n: int, months: int) -> Claim:
    at = {"step": "profit"}
    return Claim(
        says, "profitability/total",
        {
            "net": Cell("steps", {"step": "net_known"}, "amount"), "profit": Cell("steps", at, "amount"),
            "rate": Cell("steps", at, "share"), "customers_profit": Cell("steps", at, "customers_amount"),
            "guests_profit": Cell("steps", at, "guests_amount"),
        },
        n, BASE, labels={"months": (str(months), None)}, topic="profit", figure="whale",
        money=abs(float(profit["amount"])), certainty=0.8,
    )  # fmt: skip


def _losses(row: Mapping[str, Any], months: int) -> Claim:
    at = {"window_months": months}
    values = {
        "customers": Cell("summary", at, "buying_loss_makers"), "loss": Cell("summary", at, "buying_loss"),
        "costs_only": Cell("summary", at, "costs_only"), "costs_loss": Cell("summary", at, "costs_only_loss"),
    }  # fmt: skip
    says = "unprofitable_counts"
    if row["buying_share"] is not None:
        says, values["share"] = "unprofitable", Cell("summary", at, "buying_share")
    return Claim(
        says, "profitability/unprofitable", values, row["buying"], BUYING,
        labels={"months": (str(months), None)}, topic="unprofitable", figure="whale", money=float(row["loss"]),
    )  # fmt: skip


def _large(result: Result) -> Iterator[Claim]:
    """Large customers at a loss, the worst by its account: spend makes the class, profit does not."""
    row = next(iter(result.table("large")), None)
    worst = next(iter(result.table("unprofitable_a")), None)
    if row is None or worst is None or not row["customers"]:
        return
    at, first = {"abc": "A"}, {"place": 1}
    yield Claim(
        "large", "profitability/large",
        {
            **{name: Cell("large", at, name) for name in ("customers", "net", "loss")},
            "account": Cell("unprofitable_a", first, "account"),
            "its_net": Cell("unprofitable_a", first, "net"), "its_profit": Cell("unprofitable_a", first, "profit"),
        },
        row["large"], Text("A 类客户", "class A customers"), topic="large_at_loss", money=float(row["loss"]),
    )  # fmt: skip


def notes(result: Result, min_n: int, costs: bool) -> Iterator[Note]:
    """What the profit rests on, and what is missing."""
    if not costs:
        yield Note(
            Text(
                "没有服务成本与触达成本，利润等于毛利；导入成本表（客户、日期、类别、金额）或触达记录的成本即可扣除",
                "There are no costs of serving or of contacts, so profit is the margin; import a table of costs (customer, "
                "day, kind, amount) or the cost of contacts",
            ),
            "missing",
        )
    row = next(iter(result.table("summary")), None)
    if row is not None and row["customers"] < min_n:
        yield Note(
            Text(f"客户少于 {min_n} 位，不给出占比", f"Fewer than {min_n} customers: no shares"), "withheld"
        )
    steps = {step["step"]: step for step in result.table("steps")}
    if steps and steps["unknown_net"]["amount"]:
        yield Note(
            Text(
                "部分商品没有成本，其净销售额单列在「成本未知的净销售额」，不计入利润",
                "Lines without a cost stay out of profit; their net revenue is a row of its own",
            ),
            "warning",
        )
