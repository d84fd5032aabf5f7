"""What is said about the classes: sentences bound to cells, and notes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keguan.analyses.rfm.classes import EIGHT_LABELS, NO_ORDER
from keguan.analyses.rfm.cuts import DIMENSIONS, Cut
from keguan.analyses.rfm.proposed import UNMATCHED_LIMIT
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.result import Cell, Claim, Note, Result, Table

BASE = Text("有购买的客户", "customers with a purchase")

ACTIVE = Text("窗口内有购买的客户", "customers with a purchase in the window")

TEXT: Mapping[str, Text] = {
    "silent_regulars": Text(
        "窗口内购买 {cut_f} 次及以上、但最近 {cut_r} 天没有购买的客户有 {customers} 位，"
        "他们在窗口内的净销售额为 {money}，占 {share}（n={n}，{base}）。",
        "{customers} customers bought {cut_f} times or more in the window but not in the last {cut_r} days; "
        "their net revenue in the window is {money}, {share} of the total (n={n}, {base}).",
    ),
    "key_silent": Text(
        "「{class}」客户 {customers} 位，最近 {cut_r} 天没有购买，窗口内净销售额合计 {money}（n={n}，{base}）。",
        "{class}: {customers} customers without a purchase in the last {cut_r} days, net revenue of {money} in "
        "the window (n={n}, {base}).",
    ),
    "largest": Text(
        "八类中人数最多的是「{class}」，{customers} 位，占 {share}；窗口内无订单的有 {idle} 位（n={n}，{base}）。",
        "The largest of the eight classes is {class} with {customers} customers, {share}; {idle} customers had "
        "no order in the window (n={n}, {base}).",
    ),
    "border": Text(
        "{share} 的客户至少有一项距分界不到 5%，分层接近边界（n={n}，{base}）。",
        "{share} of customers are within 5% of a cut in at least one of R, F and M (n={n}, {base}).",
    ),
    "stability": Text(
        "用重抽样的客户重新计算分界，平均 {kept} 的客户类别不变，最少的一次为 {lowest}（n={n}，{base}）。",
        "With cuts from resampled customers {kept} keep their class on average, {lowest} in the least "
        "favourable resample (n={n}, {base}).",
    ),
    "unmatched": Text(
        "绝对值标准未能匹配的客户有 {customers} 位，占 {share}（n={n}，{base}）。",
        "{customers} customers, {share}, match no row of the absolute table (n={n}, {base}).",
    ),
}


def rfm_claims(inputs: Inputs, result: Result, method: str) -> tuple[Claim, ...]:
    classes = {row["label"]: row for row in result.table("classes")}
    base = sum(row["customers"] for row in classes.values())
    active = base - classes[NO_ORDER]["customers"] if classes else 0
    if base < inputs.settings.min_n or active < inputs.settings.min_n:
        return ()
    claims = [*_money_claims(result, classes, active, method), _largest(classes, base)]
    if result.has("border"):
        claims.append(
            Claim(
                says="border", key="rfm/border",
                values={"share": Cell("border", {"dimension": "RFM"}, "share")},
                n=active, base=ACTIVE, topic="rfm_border", summary=False,
            )
        )  # fmt: skip
    if result.has("stability"):
        cells = {name: Cell("stability", {"dimension": "RFM"}, name) for name in ("kept", "lowest")}
        claims.append(
            Claim(
                says="stability", key="rfm/stability", values=cells, n=active, base=ACTIVE, strength="estimate",
                topic="rfm_stability", summary=False,
            )
        )  # fmt: skip
    unmatched = {name: Cell("absolute", {"label": "未匹配"}, name) for name in ("customers", "share")}
    claims.append(
        Claim(
            says="unmatched", key="rfm/unmatched", values=unmatched, n=base, base=BASE, topic="rfm_absolute",
            summary=False,
        )
    )  # fmt: skip
    return tuple(claims)


def _money_claims(
    result: Result, classes: Mapping[str, Mapping[str, Any]], active: int, method: str
) -> list[Claim]:
    """Money with customers who have gone silent. The first group is defined by R and F, not by money."""
    cut_r = Cell("cuts", {"dimension": "R", "method": method}, "cut")
    claims = []
    key = {"recency": "R-", "frequency": "F+"}
    row = result.table("activity").find(key)
    if row is not None and row["revenue_share"] is not None:
        claims.append(
            Claim(
                says="silent_regulars", key="rfm/silent_regulars",
                values={
                    "cut_r": cut_r, "cut_f": Cell("cuts", {"dimension": "F", "method": method}, "cut"),
                    "customers": Cell("activity", key, "customers"),
                    "money": Cell("activity", key, "net_revenue"),
                    "share": Cell("activity", key, "revenue_share"),
                },
                n=active, base=ACTIVE, money=float(row["net_revenue"]), topic="money_at_risk",
            )
        )  # fmt: skip
    for label in ("重要保持", "重要挽留"):
        if classes[label]["customers"] > 0:
            claims.append(
                Claim(
                    says="key_silent", key=f"rfm/key_silent/{label}",
                    values={
                        "cut_r": cut_r, "customers": Cell("classes", {"label": label}, "customers"),
                        "money": Cell("classes", {"label": label}, "net_revenue"),
                    },
                    n=active, base=ACTIVE, labels={"class": (label, "rfm_class")},
                    money=float(classes[label]["net_revenue"]), topic=f"rfm/{label}", summary=False,
                    figure="classes",
                )
            )  # fmt: skip
    return claims


def _largest(classes: Mapping[str, Mapping[str, Any]], base: int) -> Claim:
    label = max(EIGHT_LABELS[:-1], key=lambda name: (classes[name]["customers"], name))
    return Claim(
        says="largest", key="rfm/largest",
        values={
            "customers": Cell("classes", {"label": label}, "customers"),
            "share": Cell("classes", {"label": label}, "share"),
            "idle": Cell("classes", {"label": NO_ORDER}, "customers"),
        },
        n=base, base=BASE, labels={"class": (label, "rfm_class")}, topic="rfm_classes", summary=False,
        figure="classes",
    )  # fmt: skip


def rfm_notes(
    inputs: Inputs,
    classes: Table,
    absolute: Table,
    cuts: Mapping[str, Mapping[str, Cut]],
    method: str,
    decision: Mapping[str, Any],
) -> tuple[Note, ...]:
    rows, min_n, notes = classes.records(), inputs.settings.min_n, []
    if not rows:
        return (Note(Text("没有带客户编号的购买", "There is no purchase with a customer id"), "missing"),)
    if sum(row["customers"] for row in rows if row["label"] != NO_ORDER) == 0:
        says = Text(
            "窗口内没有客户购买，无法分层", "No customer bought in the window: there is nothing to cut"
        )
        return (Note(says, "warning"),)
    small = sum(0 < row["customers"] < min_n for row in rows)
    if small:
        notes.append(
            Note(
                Text(
                    f"{small} 类客户少于 {min_n} 位，其平均值不予给出",
                    f"{small} classes have fewer than {min_n} customers: their averages are withheld",
                ),
                "withheld",
            )
        )
    moved = [name for name in DIMENSIONS if cuts[method][name].moved]
    if moved:
        names = "、".join(moved)
        notes.append(
            Note(
                Text(
                    f"{names} 的分界等于最差的取值，会使所有客户同侧，已移至下一个取值",
                    f"The cut of {', '.join(moved)} equalled the worst value and would have put everybody on one "
                    "side; it moved to the next value",
                ),
                "warning",
            )
        )
    unmatched = absolute.find({"label": "未匹配"})
    if unmatched and unmatched["share"] is not None and unmatched["share"] > UNMATCHED_LIMIT:
        notes.append(
            Note(
                Text(
                    "阈值不适合本企业：绝对值标准未匹配的客户超过 20%，该表移至附录，并按本企业分位数给出建议标准",
                    "The thresholds do not fit this company: over 20% of customers match no row, so the absolute "
                    "table moves to the appendix and thresholds are proposed from own quantiles",
                ),
                "warning",
            )
        )
    if decision["kind"] == "few_accounts":
        notes.append(
            Note(
                Text("客户数少，分层仅供参考，以逐户视角为先", "Few accounts: look at single accounts first")
            )
        )
    return tuple(notes)
