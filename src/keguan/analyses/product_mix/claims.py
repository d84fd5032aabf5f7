"""Sentences of product_mix and the cells that they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keguan.analyses.product_mix.categories import Node
from keguan.analyses.product_mix.params import ALL
from keguan.core.period import month_name
from keguan.core.text import Text
from keguan.evidence.statistics.corrected import corrected
from keguan.marts.product_sales import (
    SEPARATOR,
)
from keguan.result import Cell, Change, Claim, Table, Test
from keguan.schema.vocabulary import UNKNOWN

TEXT = {
    "region_up": Text(
        "{part}的商品净销售额在 {period} 为 {net}，比去年同期的 {base_net} 显著增加 {rate}（95% 区间 {low} 至 {high}），"
        "高于其他地区合计的 {rest}（n={n}，{base}）。",
        "Net product revenue of {part} in {period} is {net}, a significant increase of {rate} on {base_net} a year ago "
        "(95% interval {low} to {high}), higher than the {rest} of all other regions (n={n}, {base}).",
    ),
    "region_down": Text(
        "{part}的商品净销售额在 {period} 为 {net}，去年同期为 {base_net}，显著减少，变化率 {rate}"
        "（95% 区间 {low} 至 {high}），低于其他地区合计的 {rest}（n={n}，{base}）。",
        "Net product revenue of {part} in {period} is {net} against {base_net} a year ago, a significant decrease: {rate} "
        "(95% interval {low} to {high}), lower than the {rest} of all other regions (n={n}, {base}).",
    ),
    "category_up": Text(
        "类目「{part}」的净销售额在 {period} 为 {net}，比去年同期的 {base_net} 显著增加 {rate}（95% 区间 {low} 至 {high}），"
        "高于其他类目合计的 {rest}（n={n}，{base}）。",
        "Net revenue of category '{part}' in {period} is {net}, a significant increase of {rate} on {base_net} a year ago "
        "(95% interval {low} to {high}), higher than the {rest} of all other categories (n={n}, {base}).",
    ),
    "category_down": Text(
        "类目「{part}」的净销售额在 {period} 为 {net}，去年同期为 {base_net}，显著减少，变化率 {rate}"
        "（95% 区间 {low} 至 {high}），低于其他类目合计的 {rest}（n={n}，{base}）。",
        "Net revenue of category '{part}' in {period} is {net} against {base_net} a year ago, a significant decrease: {rate} "
        "(95% interval {low} to {high}), lower than the {rest} of all other categories (n={n}, {base}).",
    ),
    "refund_up": Text(
        "自 {since} 起，「{category}」的退货率（退货行数 / 购买行数）由 {before} 显著上升到 {after}（相差 {difference}，"
        "95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "Since {since} the return rate of '{category}' (lines returned / lines bought) has risen significantly from {before} "
        "to {after} ({difference}, 95% interval {low} to {high}; n={n}, {base}).",
    ),
    "refund_down": Text(
        "自 {since} 起，「{category}」的退货率（退货行数 / 购买行数）由 {before} 显著下降到 {after}（相差 {difference:-}，"
        "95% 区间 {high:-} 至 {low:-}；n={n}，{base}）。",
        "Since {since} the return rate of '{category}' (lines returned / lines bought) has fallen significantly from {before} "
        "to {after} ({difference:-}, 95% interval {high:-} to {low:-}; n={n}, {base}).",
    ),
    "top_product": Text(
        "近 12 个月净销售额最高的商品是「{product}」：{net}，占商品净销售额的 {share}，{customers} 位客户购买（n={n}，{base}）。",
        "The product with the largest net revenue of the last 12 months is '{product}': {net}, {share} of net product revenue, "
        "bought by {customers} customers (n={n}, {base}).",
    ),
}


def refund_claims(refunds: Table, nodes: Sequence[Node]) -> Iterator[Claim]:
    """Significant changes, of related categories only the clearest."""
    gross = {(node.level, node.path): node for node in nodes}
    said: list[str] = []
    for row in refunds:
        if row["verdict"] == "无显著变化" or any(_related(row["category"], path) for path in said):
            continue
        said.append(row["category"])
        key = {"level": row["level"], "category": row["category"]}
        says = "refund_up" if row["difference"] > 0 else "refund_down"
        names = {
            "since": "since", "before": "rate_before", "after": "rate_after",
            "difference": "difference", "low": "low", "high": "high",
        }  # fmt: skip
        since = [
            month["gross_revenue"]
            for number, month in gross[row["level"], row["category"]].months.items()
            if month_name(number) >= row["since"]
        ]
        yield Claim(
            says=says,
            key=f"product_mix/{says}/{row['category']}",
            values={name: Cell("refunds", key, column) for name, column in names.items()},
            n=row["lines_before"] + row["lines_after"],
            base=Text("购买行", "lines bought"),
            strength="tested",
            test=Test("change point, permutation of months", True, row["p"], row["low"], row["high"],
                      corrected(row["q"])),
            labels={"category": (row["category"], "unknown")},
            money=abs(row["difference"]) * float(sum(since)),
            certainty=1 - row["q"], topic=f"refunds/{row['category']}",
            change=Change(("refund_rate", "category", row["category"]), "up" if row["difference"] > 0 else "down"),
            worse=row["difference"] > 0,
        )  # fmt: skip


HALF_YEAR = Text("最近一期对去年同期", "the recent period against the same one a year ago")


def _related(a: str, b: str) -> bool:
    return ALL in (a, b) or a == b or a.startswith(b + SEPARATOR) or b.startswith(a + SEPARATOR)


def growth_claims(table: Table, kind: str) -> Iterator[Claim]:
    for row in table:
        if row["verdict"] not in ("显著增加", "显著减少") or row["part"] == UNKNOWN:
            continue
        says = f"{kind}_{'up' if row['change'] > 0 else 'down'}"
        key = {"part": row["part"]}
        names = {
            "net": "net_revenue", "base_net": "base_net_revenue", "rate": "change_rate",
            "low": "low", "high": "high", "rest": "rest_rate",
        }  # fmt: skip
        yield Claim(
            says=says,
            key=f"product_mix/{says}/{row['part']}",
            values={
                **{name: Cell(table.id, key, column) for name, column in names.items()},
                "period": Cell("periods", {"period": "recent"}, "days"),
            },
            n=row["customers"] + row["base_customers"],
            base=Text(
                "两期购买客户之和，两期都买的计两次，散客每单算一位",
                "customers of the two periods added up, those of both count twice, each guest order as one",
            ),
            strength="tested",
            test=Test("growth against the rest, customers as units; XmR; materiality", True, None, row["low"], row["high"],
                      corrected(row["q"])),
            labels={"part": (row["part"], "unknown")},
            money=abs(float(row["change"])), certainty=1 - row["q"], topic=f"growth/{kind}/{row['part']}",
            figure="regions" if kind == "region" else "category_months",
            change=Change(("net_revenue", kind, row["part"]), "up" if row["change"] > 0 else "down", HALF_YEAR),
            worse=row["change"] < 0,
        )  # fmt: skip


def product_claims(products: Table) -> Iterator[Claim]:
    row = next(iter(products), None)
    if row is None:
        return
    key = {"product_id": row["product_id"]}
    named = "name" if row["name"] else "product_id"
    yield Claim(
        says="top_product",
        key="product_mix/top_product",
        values={
            "product": Cell("products", key, named),
            **{name: Cell("products", key, column) for name, column in
               {"net": "net_revenue", "share": "share", "customers": "customers"}.items()},
        },
        n=row["lines"], base=Text("该商品的购买行", "lines bought of this product"),
        money=float(row["net_revenue"]), certainty=0.5, topic="top_product", summary=False,
    )  # fmt: skip
