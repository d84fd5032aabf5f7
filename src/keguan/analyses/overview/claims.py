"""Sentences of the overview and the cells that they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keguan.core.text import Text
from keguan.result import Cell, Change, Claim, Computed, Table, Test
from keguan.schema.vocabulary import COMPARISON

CUSTOMER_BASE = Text("两期内有购买或退货的客户", "customers with a purchase or return in either period")
METHOD = "Poisson bootstrap over customers, XmR limits, materiality"
_ZH = "{comparison}：{period} 的净销售额（不含散客）为 {net}，比 {base_period} 的 {base_net} "
_EN = "{comparison}: net revenue (guests left out) of {period} is {net}, "
# Which columns of the comparison a reason quotes.
BOUNDS = {"unsure": ("low", "high"), "usual": ("usual_low", "usual_high"), "small": (), "untested": ()}
# Why a change is no finding; each ends the sentence of 'more' and of 'less'.
REASONS = {
    "unsure": Text(
        "增减额的 95% 区间 {low} 至 {high} 包含 0，不能与偶然区分",
        "the 95% interval of the change, {low} to {high}, includes 0: not told from chance",
    ),
    "usual": Text(
        "在平常的月间波动（{usual_low} 至 {usual_high}）之内",
        "within the usual month-to-month variation ({usual_low} to {usual_high})",
    ),
    "small": Text("幅度小于设定的下限", "smaller than the limit that was set"),
    "untested": Text(
        "完整的月份不足，不能判断是否超出平常波动",
        "too few complete months to know the usual variation: not tested",
    ),
}
TEXT = {
    "totals": Text(
        "{first} 至 {last}，{customers} 位有客户编号的客户下单 {orders} 次，销售额 {gross}，退货 {returns}，"
        "净销售额 {net}（n={n}，{base}）。",
        "From {first} to {last}, {customers} customers with an id placed {orders} orders: gross revenue {gross}, "
        "returns {returns}, net revenue {net} (n={n}, {base}).",
    ),
    "guests": Text(
        "散客（无客户编号）的销售额为 {revenue}，占全部销售额的 {share}；计入收入，不计入客户数"
        "（n={n}，{base}）。",
        "Guests (no customer id) bring gross revenue of {revenue}, {share} of all gross revenue; it counts as "
        "revenue, not as customers (n={n}, {base}).",
    ),
    "up": Text(
        _ZH + "显著增加 {rate}（增加额的 95% 区间 {low} 至 {high}，超出平常的月间波动；n={n}，{base}）。",
        _EN
        + "a significant increase of {rate} on {base_net} of {base_period} (95% interval of the increase {low} "
        "to {high}, beyond the usual month-to-month variation; n={n}, {base}).",
    ),
    "down": Text(
        _ZH + "显著减少 {rate}（增减额的 95% 区间 {low} 至 {high}，超出平常的月间波动；n={n}，{base}）。",
        _EN
        + "a significant decrease of {rate} from {base_net} of {base_period} (95% interval of the change {low} "
        "to {high}, beyond the usual month-to-month variation; n={n}, {base}).",
    ),
    **{
        f"{says}_{reason}": Text(
            f"{_ZH}{zh} {{rate}}；{why.zh}（n={{n}}，{{base}}）。",
            f"{_EN}{{rate}} {says} than {{base_net}} of {{base_period}}; {why.en} (n={{n}}, {{base}}).",
        )
        for says, zh in (("more", "增加"), ("less", "减少"))
        for reason, why in REASONS.items()
    },
}


def total_claims(kpis: Table) -> Iterator[Claim]:
    value = {row["metric"]: row["value"] for row in kpis}

    def cell(metric: str) -> Cell:
        return Cell("kpis", {"metric": metric}, "value")

    if value["orders"]:
        yield Claim(
            says="totals",
            key="overview/totals",
            values={
                "first": cell("first_order_on"), "last": cell("last_order_on"),
                "customers": cell("customers"), "orders": cell("orders"), "gross": cell("gross_revenue"),
                "returns": cell("returns"), "net": cell("net_revenue"),
            },
            n=int(value["orders"]), base=Text("有客户编号的订单", "orders with a customer id"),
            topic="totals", figure="monthly_revenue",
        )  # fmt: skip
    if value["guest_revenue"]:
        yield Claim(
            says="guests",
            key="overview/guests",
            values={"revenue": cell("guest_revenue"), "share": cell("guest_share")},
            n=int(value["lines_clean"] or value["orders"]), base=_guest_base(value),
            money=float(value["guest_revenue"]), topic="guests", summary=False, figure="monthly_revenue",
        )  # fmt: skip


def _guest_base(value: dict[str, Any]) -> Text:
    """What the share of guests is a share of: all lines, where the import counted them."""
    if value["lines_clean"]:
        return Text("可用的订单行", "clean order lines")
    return Text("有客户编号的订单，另有散客", "orders with a customer id, guests apart")


def _reason(row: dict[str, Any]) -> str:
    """Why a change is no finding, by the first rule that it does not meet."""
    if row["usual_low"] is None or row["low"] is None:
        return "untested"
    if row["low"] <= 0 <= row["high"]:
        return "unsure"
    return "usual" if row["usual_low"] <= row["change_rate"] <= row["usual_high"] else "small"


def _window(comparison: str) -> Text:
    compared = COMPARISON[comparison]
    return Text(f"{compared.zh}，不含散客", f"{compared.en}, guests left out")


def comparison_claims(compared: list[dict[str, Any]], min_n: int) -> Iterator[Claim]:
    """A sentence per comparison; of an unfinished month only where a change was found."""
    unfinished = any(row["comparison"].startswith("complete_") for row in compared)
    for row in compared:
        if row["change_rate"] is None or row["n"] < min_n or row["change"] == 0:
            continue
        passed = row["verdict"] in ("显著增加", "显著减少")
        if unfinished and not passed and row["comparison"].startswith("month_"):
            continue
        rising = row["change"] > 0
        direction = ("up" if rising else "down") if passed else ("more" if rising else "less")
        reason = _reason(row)
        says = direction if passed else f"{direction}_{reason}"
        key = {"comparison": row["comparison"]}

        def cell(column: str, key: dict[str, str] = key) -> Cell:
            return Cell("comparisons", key, column)

        days = {name: Cell("comparison_counts", key, name) for name in ("period", "base_period")}
        figures: dict[str, Cell | Computed] = {
            "net": cell("net_revenue"),
            "base_net": cell("base_net_revenue"),
            "rate": Computed("change", cell("net_revenue"), cell("base_net_revenue"), "share", absolute=True),
        }
        shown = ("low", "high") if passed else BOUNDS[reason]
        bounds = {name: cell(name) for name in shown}
        yield Claim(
            says=says,
            key=f"overview/{direction}/{row['comparison']}",
            values={**days, **figures, **bounds},
            n=int(row["n"]),
            base=CUSTOMER_BASE,
            strength="tested" if passed else "fact",
            test=Test(METHOD, passed, row["p"], row["low"], row["high"]) if row["p"] is not None else None,
            labels={"comparison": (row["comparison"], "comparison")},
            money=abs(float(row["change"])),
            certainty=0.95 if passed else 0.4,
            topic="revenue_change/year" if row["comparison"] == "year_previous" else "revenue_change/month",
            summary=passed or row["comparison"] == "year_previous",
            figure="monthly_revenue",
            change=Change(("net_revenue",), "up" if rising else "down", _window(row["comparison"])),
            worse=passed and not rising,
        )
