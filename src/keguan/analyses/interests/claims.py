"""What is said about interests and sensitivities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from keguan.analyses.interests.params import Params
from keguan.core.text import Text
from keguan.evidence.statistics.corrected import corrected
from keguan.marts.product_sales import NO_CATEGORY
from keguan.marts.segmentations import SEGMENTATIONS
from keguan.result import Cell, Claim, Result, Test
from keguan.schema.vocabulary import UNKNOWN

MOST = 4  # sentences on segments, of each kind
MATERIAL = 0.15  # relative difference that a sentence needs
OTHER = "其他"

TEXT: Mapping[str, Text] = {
    "promotion": Text(
        "近 {months} 个月的订单中，{share} 用了优惠或优惠券；优惠敏感度高的客户有 {high} 位，"
        "占可评客户的 {high_share}（n={n}，{base}）。",
        "Of the orders of the last {months} months {share} had a discount or coupon; {high} customers, {high_share} of those "
        "with a level, are promotion sensitive (n={n}, {base}).",
    ),
    "paid_below": Text(
        "近 {months} 个月买下的商品中，{share} 的成交价不到参考价的 {below}；折价购买倾向高的客户有 {high} 位，"
        "占可评客户的 {high_share}（n={n}，{base}）。",
        "Of the lines bought in the last {months} months {share} were paid below {below} of the reference price; {high} "
        "customers, {high_share} of those with a level, pay below it time and again (n={n}, {base}).",
    ),
    "low_price": Text(
        "近 {months} 个月买下的商品中，{share} 属于所在类目价格最低的三分之一；偏好低价的客户有 {high} 位，"
        "占可评客户的 {high_share}（n={n}，{base}）。",
        "Of the lines bought in the last {months} months {share} are of the lowest third of prices of their category; {high} "
        "customers, {high_share} of those with a level, prefer low prices (n={n}, {base}).",
    ),
    "novelty": Text(
        "近 {months} 个月买下的商品中，{share} 是上市 {new_days} 天内的新品；偏好新品的客户有 {high} 位，"
        "占可评客户的 {high_share}（n={n}，{base}）。",
        "Of the lines bought in the last {months} months {share} are of products new within {new_days} days; {high} customers, "
        "{high_share} of those with a level, prefer new products (n={n}, {base}).",
    ),
    "higher": Text(
        "「{segment}」客户的{score}占比（同月比较）为 {share}（95% 区间 {low} 至 {high}），"
        "显著高于其余客户的 {rest}（n={n}，{base}）。",
        "Share of {score} of '{segment}', compared within months: {share} (95% interval {low} to {high}), significantly "
        "higher than {rest} of the other customers (n={n}, {base}).",
    ),
    "lower": Text(
        "「{segment}」客户的{score}占比（同月比较）为 {share}（95% 区间 {low} 至 {high}），"
        "显著低于其余客户的 {rest}（n={n}，{base}）。",
        "Share of {score} of '{segment}', compared within months: {share} (95% interval {low} to {high}), significantly "
        "lower than {rest} of the other customers (n={n}, {base}).",
    ),
    "category": Text(
        "近 {months} 个月客户花费最多的类目是「{category}」：占商品销售额的 {share}，"
        "{customers} 位客户买过，占 {customer_share}（n={n}，{base}）。",
        "Customers of the last {months} months spent the most on '{category}': {share} of product sales, bought by {customers} "
        "customers ({customer_share}; n={n}, {base}).",
    ),
    "category_higher": Text(
        "「{segment}」客户的花费中，「{category}」占 {share}（95% 区间 {low} 至 {high}），显著高于其余客户的 {rest}，指数 {index}"
        "（n={n}，{base}）。",
        "Of the spend of '{segment}' '{category}' makes {share} (95% interval {low} to {high}), significantly higher than "
        "{rest} of the other customers: index {index} (n={n}, {base}).",
    ),
    "category_lower": Text(
        "「{segment}」客户的花费中，「{category}」占 {share}（95% 区间 {low} 至 {high}），显著低于其余客户的 {rest}，指数 {index}"
        "（n={n}，{base}）。",
        "Of the spend of '{segment}' '{category}' makes {share} (95% interval {low} to {high}), significantly lower than "
        "{rest} of the other customers: index {index} (n={n}, {base}).",
    ),
}  # fmt: skip


def interest_claims(result: Result, params: Params) -> tuple[Claim, ...]:
    spoken = {
        "months": (str(params.window_months), None), "new_days": (str(params.new_days), None),
        "below": (f"{params.below:.0%}", None),
    }  # fmt: skip
    vocabulary = SEGMENTATIONS[params.segmentation].vocabulary
    made = (
        *_shares(result),
        *_segments(result, params, vocabulary),
        *_category(result),
        *_categories(result, vocabulary),
    )
    return tuple(Claim(**{**claim, "labels": {**spoken, **claim.get("labels", {})}}) for claim in made)


def _shares(result: Result) -> Iterator[dict[str, Any]]:
    for row in result.table("scores"):
        high = {"score": row["score"], "label": "高"}
        level = result.table("levels").find(high)
        if row["score"] not in TEXT or row["share"] is None or level is None or not level["customers"]:
            continue
        yield {
            "says": row["score"], "key": f"interests/{row['score']}",
            "values": {"share": Cell("scores", {"score": row["score"]}, "share"),
                       "high": Cell("levels", high, "customers"), "high_share": Cell("levels", high, "share")},
            "n": row["trials"],
            "base": Text("客户的订单", "orders of customers") if row["score"] == "promotion"
            else Text("客户买下的可判断的商品行", "lines bought by customers of which it can be told"),
            "topic": f"interest/{row['score']}", "summary": False,
        }  # fmt: skip


def _segments(result: Result, params: Params, vocabulary: str) -> Iterator[dict[str, Any]]:
    """Differences between segments; how active a customer is and what he spends define most of them: not said."""
    left_out = ("activity", "low_price") if SEGMENTATIONS[params.segmentation].by_purchases else ()
    found = [row for row in result.table("by_segment") if _material(row) and row["score"] not in left_out]
    found.sort(key=lambda row: (row["q"], -abs(row["share"] / row["rest"] - 1), row["segment"], row["score"]))
    said: Counter[str] = Counter()
    for row in found:
        if said[row["score"]] >= 2 or said.total() >= MOST:
            continue
        said[row["score"]] += 1
        key = {"segment": row["segment"], "score": row["score"]}
        yield {
            "says": row["verdict"], "key": f"interests/{row['score']}/{row['segment']}",
            "values": {name: Cell("by_segment", key, name) for name in ("share", "low", "high", "rest")},
            "n": row["customers"], "base": Text("该分群可判断的客户", "customers of the segment of whom it can be told"),
            "strength": "tested", "test": _test(row),
            "labels": {"segment": (row["segment"], vocabulary), "score": (row["score"], "interest_measure")},
            "certainty": 1 - row["q"], "topic": f"interest/{row['score']}/{row['segment']}", "figure": "by_segment",
        }  # fmt: skip


def _category(result: Result) -> Iterator[dict[str, Any]]:
    rows = result.table("categories").records()
    for row in rows:
        if row["category"] in (NO_CATEGORY, OTHER) or row["share"] is None or len(rows) < 2:
            continue
        key = {"category": row["category"]}
        yield {
            "says": "category", "key": "interests/category",
            "values": {name: Cell("categories", key, name) for name in ("category", "share", "customers", "customer_share")},
            "n": row["customers"], "base": Text("买过该类目的客户", "customers who bought of it"),
            "money": float(row["gross_revenue"]), "topic": "interest/category", "summary": False, "figure": "categories",
        }  # fmt: skip
        return


def _categories(result: Result, vocabulary: str) -> Iterator[dict[str, Any]]:
    found = [
        row for row in result.table("category_segments")
        if _material(row) and row["category"] not in (NO_CATEGORY, OTHER)
    ]  # fmt: skip
    found.sort(
        key=lambda row: (
            row["verdict"] == "lower",
            row["q"],
            -abs(row["share"] - row["rest"]),
            row["segment"],
            row["category"],
        )
    )
    said: set[str] = set()
    for row in found:
        if row["category"] in said or len(said) >= MOST:
            continue
        said.add(row["category"])
        key = {"segment": row["segment"], "category": row["category"]}
        yield {
            "says": f"category_{row['verdict']}", "key": f"interests/category/{row['segment']}/{row['category']}",
            "values": {name: Cell("category_segments", key, name) for name in ("share", "low", "high", "rest", "index")},
            "n": row["customers"], "base": Text("该分群买过商品的客户", "customers of the segment who bought products"),
            "strength": "tested", "test": _test(row),
            "labels": {"segment": (row["segment"], vocabulary), "category": (row["category"], None)},
            "money": abs(row["share"] - row["rest"]) * float(row["gross_revenue"]) / row["share"],
            "certainty": 1 - row["q"], "topic": f"interest/category/{row['category']}",
        }  # fmt: skip


def _material(row: Mapping[str, Any]) -> bool:
    if (
        row["verdict"] not in ("higher", "lower")
        or row["segment"] == UNKNOWN
        or not row["rest"]
        or not row["share"]
    ):
        return False
    return bool(abs(row["share"] / row["rest"] - 1) >= MATERIAL)


def _test(row: Mapping[str, Any]) -> Test:
    return Test(
        "bootstrap, log ratio of shares", True, row["p"], row["low"], row["high"], corrected(row["q"])
    )
