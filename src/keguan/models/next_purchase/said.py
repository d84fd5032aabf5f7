"""Sentences and notes of the next purchase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from keguan.analysis import Settings
from keguan.core.text import Text
from keguan.models.next_purchase.when import Judged
from keguan.result import Cell, Claim, Computed, Note, Result, Test

CUSTOMERS = Text("有有效购买的客户", "customers with a purchase kept")
BOUGHT_AFTER = Text(
    "回看日之后购买商品的老客户", "earlier customers who bought products after the day looked back to"
)
ORDERED_AFTER = Text(
    "回看日前后都有订单的客户", "customers with orders before and after the day looked back to"
)
LIMITS = (("high", "high"), ("medium", "medium"))

TEXT: Mapping[str, Text] = {
    "expected": Text(
        "今后 {horizon} 天预计有 {expected} 位客户购买（95% 区间 {low} 至 {high}）。同样的方法回看 {then}：预计 {predicted} 位，"
        "实际 {buyers} 位（n={n}，{base}）。",
        "Within the next {horizon} days {expected} customers are expected to buy (95% interval {low} to {high}). The same way "
        "looking back to {then}: {predicted} expected, {buyers} did (n={n}, {base}).",
    ),
    "accuracy": Text(
        "{horizon} 天购买概率的误差（Brier 分数，越小越准）：回看 {then} 为 {brier}；一律以总体比例预测为 {base_brier}，"
        "按近度频次分格为 {cells_brier}（n={n}，{base}）。",
        "Error of the chances within {horizon} days (Brier score, the smaller the closer): {brier} looking back to {then}; "
        "{base_brier} with the share of all customers, {cells_brier} with recency-frequency cells (n={n}, {base}).",
    ),
    "level": Text(
        "30 天内「{level}」（{least} 及以上）的客户现有 {customers} 位，预计其中 {expected} 位购买。回看：当时在该级的 "
        "{placed} 位中实际购买 {share}（Wilson 95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "'{level}' within 30 days ({least} and above): {customers} customers now, of whom {expected} are expected to buy. "
        "Looking back, of the {placed} in that level then {share} bought (Wilson 95% interval {low} to {high}; n={n}, "
        "{base}).",
    ),
    "ranking": Text(
        "回看 {then}：给每位客户列出 {k} 种{kind}，其后所买的种类有 {recall} 在列，「{blend}」为 {base_recall}。"
        "模型更准：排序得分 nDCG {ndcg}，基线 {base_ndcg}，差的 95% 区间 {low} 至 {high}（n={n}，{base}）。",
        "Looking back to {then}, {k} listed for each customer ({kind}): of what was bought after, {recall} was on the list, "
        "and {base_recall} on that of '{blend}'. The model is closer: ranking score nDCG {ndcg}, the baseline's {base_ndcg}, "
        "95% interval of the difference {low} to {high} (n={n}, {base}).",
    ),
    "baseline": Text(
        "回看 {then}：给每位客户列出 {k} 种{kind}，其后所买的种类有 {recall} 在模型的列表中，「{blend}」为 {base_recall}；"
        "排序得分 nDCG {ndcg}，基线 {base_ndcg}，差的 95% 区间 {low} 至 {high}。两项未都证实胜过基线，因此采用基线"
        "（n={n}，{base}）。",
        "Looking back to {then}, {k} listed for each customer ({kind}): of what was bought after, {recall} was on the list of "
        "the model and {base_recall} on that of '{blend}'; ranking score nDCG {ndcg}, the baseline's {base_ndcg}, 95% interval "
        "of the difference {low} to {high}. The two do not both show a lead, so the baseline is used (n={n}, {base}).",
    ),
    "worth": Text(
        "预计下一单的金额：用本人均值向全体均值收缩，回看 {then} 的平均绝对误差 {error}；一律用全体均值为 {base_error}"
        "（n={n}，{base}）。",
        "Value of the next order, by the customer's own mean drawn to that of all: the mean absolute error was {error} looking "
        "back to {then}, and {base_error} with the mean of all (n={n}, {base}).",
    ),
    "worth_base": Text(
        "预计下一单的金额：回看 {then}，以全体均值预计的平均绝对误差 {base_error}，本人均值收缩后为 {error}，因此采用全体均值"
        "（n={n}，{base}）。",
        "Value of the next order: looking back to {then}, the mean absolute error was {base_error} with the mean of all and "
        "{error} with the customer's own mean drawn to it, so the mean of all is used (n={n}, {base}).",
    ),
}  # fmt: skip


def claims(result: Result) -> Iterator[Claim]:
    """Sentences in the order when, what, how much."""
    yield from _when(result)
    yield from _accuracy(result)
    yield from _levels(result)
    yield from _rankings(result)
    yield from _worth(result)


def _when(result: Result) -> Iterator[Claim]:
    for row in result.table("when"):
        if row["expected"] is None or row["used"] == "none":
            continue
        at = {"horizon": row["horizon"]}
        names = ("horizon", "expected", "low", "high", "then", "predicted", "buyers")
        cells: dict[str, Cell | Computed] = {name: Cell("when", at, name) for name in names}
        yield Claim(
            "expected", f"next_purchase/expected/{row['horizon']:.0f}", cells, row["customers"], CUSTOMERS, strength="forecast",
            certainty=0.6, topic="next_purchase", summary=row["horizon"] == 30,
        )  # fmt: skip


def _accuracy(result: Result) -> Iterator[Claim]:
    row = result.table("when").find({"horizon": 30})
    if row is None or row["used"] in ("none", "base"):
        return
    names = {"horizon": "horizon", "then": "then", "brier": f"brier_{row['used']}", "base_brier": "brier_base",
             "cells_brier": "brier_cells"}  # fmt: skip
    yield Claim(
        "accuracy", "next_purchase/accuracy/30",
        {name: Cell("accuracy", {"horizon": 30}, column) for name, column in names.items()}, row["customers"], CUSTOMERS,
        strength="estimate", topic="next_purchase_accuracy", summary=False, figure="calibration",
    )  # fmt: skip


def _levels(result: Result) -> Iterator[Claim]:
    if not result.has("levels"):
        return
    row = result.table("levels").find({"level": "high"})
    if row is None or row["share"] is None or not row["customers"]:
        return
    names = ("least", "customers", "expected", "placed", "share", "low", "high")
    yield Claim(
        "level", "next_purchase/level/high", {name: Cell("levels", {"level": "high"}, name) for name in names},
        row["placed"], Text("当时在该级的客户", "customers in that level then"), strength="forecast",
        labels={"level": ("high", "chance_level")}, certainty=0.6, topic="next_purchase_level", summary=False,
        about=("next_purchase", "high"),
    )  # fmt: skip


def _rankings(result: Result) -> Iterator[Claim]:
    for kind in ("product", "category"):
        row = result.table("what").find({"kind": kind, "way": "model"})
        blend = result.table("what").find({"kind": kind, "way": "blend"})
        lead = result.table("leads").find({"kind": kind, "way": "model"})
        if row is None or blend is None or lead is None:
            continue
        at, base = {"kind": kind, "way": "model"}, {"kind": kind, "way": "blend"}
        passed = row["used"] == "used"
        values = {name: Cell("what", at, name) for name in ("then", "k", "recall", "ndcg")}
        values |= {name: Cell("leads", at, name) for name in ("low", "high")}
        values |= {"base_recall": Cell("what", base, "recall"), "base_ndcg": Cell("what", base, "ndcg")}
        yield Claim(
            "ranking" if passed else "baseline", f"next_purchase/what/{kind}", values, row["customers"], BOUGHT_AFTER,
            strength="tested",
            test=Test("paired difference over customers", passed, None, lead["low"], lead["high"]),
            labels={"kind": (kind, "ranked_thing"), "blend": ("blend", "ranking_way")}, topic=f"next_{kind}",
            summary=False,
        )  # fmt: skip


def _worth(result: Result) -> Iterator[Claim]:
    row = next((row for row in result.table("worth") if row["used"] == "used"), None)
    if row is None:
        return
    at, base = {"way": "model"}, {"way": "base"}
    yield Claim(
        "worth" if row["way"] == "model" else "worth_base", "next_purchase/worth",
        {"then": Cell("worth", at, "then"), "error": Cell("worth", at, "error"), "base_error": Cell("worth", base, "error")},
        row["customers"], ORDERED_AFTER, strength="estimate",
        topic="next_worth", summary=False,
    )  # fmt: skip


def notes(
    settings: Settings, horizons: Sequence[Judged], result: Result, *, products: bool, categories: bool
) -> Iterator[Note]:
    """What could not be judged, and why."""
    least = settings.min_n
    short = [str(one.horizon) for one in horizons if one.used is None]
    if short:
        days = ", ".join(short)
        yield Note(
            Text(f"今后 {days} 天的购买概率不予预测：回看的两个时点须各有不少于 {least} 位购买与 {least} 位未购买的客户",
                 f"No chance of a purchase within {days} days: both days looked back to need {least} customers who bought "
                 f"after and {least} who did not"), "withheld")  # fmt: skip
    if not products:
        yield Note(
            Text("订单没有商品编号：导入含商品的订单明细后可预测买什么",
                 "Lines have no product: import order lines with products to predict what is bought"), "missing")  # fmt: skip
    elif not any(row["kind"] == "product" and row["used"] == "used" for row in result.table("what")):
        yield Note(
            Text(f"检验期内购买的老客户少于 {least} 位，商品排序未经检验，采用基线",
                 f"Fewer than {least} earlier customers bought in the days judged: the ranking of products is not judged and "
                 f"the baseline is used"), "withheld")  # fmt: skip
    elif not categories:
        yield Note(
            Text("商品没有类目：导入含类目的商品表后可预测类目与新商品",
                 "Products have no category: import products with a category to predict categories and new products"),
            "missing")  # fmt: skip
    if not len(result.table("worth").rows):
        yield Note(
            Text(f"检验期前后都有订单的客户少于 {least} 位，不预计单笔金额",
                 f"Fewer than {least} customers have orders before and after: the value of an order is not predicted"),
            "withheld")  # fmt: skip
