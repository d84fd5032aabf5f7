"""What is said about the classes: sentences bound to cells, and notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from keguan.analyses.rfm.classes import EIGHT_LABELS, NO_ORDER
from keguan.analyses.rfm.cuts import DIMENSIONS, Cut
from keguan.analyses.rfm.proposed import UNMATCHED_LIMIT
from keguan.analysis import Inputs
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.result import Cell, Claim, Note, Result, Strength, Table, Value

BASE = Text("有购买的客户", "customers with a purchase")

TEXT: Mapping[str, Text] = {
    "cuts": Text(
        "分界方法为「{method}」：最近 {cut_r} 天内购买过为近期（高 R），近 {months} 个月（{since} 起）购买 {cut_f} 次"
        "及以上为频繁（高 F），"
        "净销售额 {cut_m} 及以上为高额（高 M）（n={n}，{base}）。",
        "Cuts are made by '{method}': recent (R) is a purchase within the last {cut_r} days, frequent (F) is {cut_f} purchases "
        "or more in the last {months} months (since {since}), valuable (M) is net revenue of {cut_m} or more (n={n}, {base}).",
    ),
    "silent_regulars": Text(
        "近 {months} 个月购买 {cut_f} 次及以上、但最近 {cut_r} 天没有购买的客户有 {customers} 位，"
        "他们近 {months} 个月的净销售额为 {money}，占这期间全部的 {share}（n={n}，{base}）。",
        "{customers} customers bought {cut_f} times or more in the last {months} months but not in the last {cut_r} "
        "days; their net revenue of the {months} months is {money}, {share} of the total (n={n}, {base}).",
    ),
    "key_silent": Text(
        "「{class}」客户 {customers} 位，最近 {cut_r} 天没有购买，近 {months} 个月的净销售额合计 {money}"
        "（n={n}，{base}）。",
        "{class}: {customers} customers without a purchase in the last {cut_r} days, net revenue of {money} in "
        "the last {months} months (n={n}, {base}).",
    ),
    "largest": Text(
        "八类中人数最多的是「{class}」，{customers} 位，占 {share}；另有 {idle} 位（{idle_share}）近 {months} 个月没有购买"
        "（n={n}，{base}）。",
        "The largest of the eight classes is {class} with {customers} customers, {share}; {idle} more ({idle_share}) "
        "had no purchase in the last {months} months (n={n}, {base}).",
    ),
    "border": Text(
        "{share} 的客户至少有一项距分界不到 5%，其类别接近边界（n={n}，{base}）。",
        "{share} of customers are within 5% of a cut in at least one of R, F and M (n={n}, {base}).",
    ),
    "stability": Text(
        "换一批客户（重抽样）重新计算分界，平均 {kept} 的客户类别不变，最少的一次为 {lowest}（n={n}，{base}）。",
        "With cuts from other customers (resampling) {kept} keep their class on average, {lowest} in the least "
        "favourable resample (n={n}, {base}).",
    ),
    "unmatched": Text(
        "对不上绝对值标准任何一行的客户有 {customers} 位，占 {share}（n={n}，{base}）。",
        "{customers} customers, {share}, match no row of the absolute table (n={n}, {base}).",
    ),
}


@dataclass(frozen=True, slots=True)
class Said:
    """How many customers the sentences are about, and over which months, the first day of which is `since`."""

    everybody: int
    active: int
    months: int
    since: date

    def claim(
        self,
        says: str,
        values: Mapping[str, Value],
        *,
        topic: str,
        all_customers: bool = False,
        label: str = "",
        method: str = "median",
        money: float = 0.0,
        strength: Strength = "fact",
        summary: bool = False,
        about: tuple[str, str] | None = None,
    ) -> Claim:
        """A sentence about the customers of the window, or about all with a purchase."""
        active = Text(
            f"近 {self.months} 个月有购买的客户",
            f"customers with a purchase in the last {self.months} months",
        )
        return Claim(
            says=says, key=f"rfm/{says}/{label}".rstrip("/"), values=values,
            n=self.everybody if all_customers else self.active, base=BASE if all_customers else active,
            strength=strength,
            labels={
                "months": (str(self.months), None), "since": (self.since.isoformat(), None),
                "class": (label, "rfm_class"), "method": (method, "rfm_method"),
            },
            money=money, topic=topic, summary=summary, figure="classes",
            about=about or (("rfm", label) if label else None),
        )  # fmt: skip


def rfm_claims(inputs: Inputs, result: Result, method: str, months: int) -> tuple[Claim, ...]:
    classes = {row["label"]: row for row in result.table("classes")}
    base = sum(row["customers"] for row in classes.values())
    active = base - classes[NO_ORDER]["customers"] if classes else 0
    if base < inputs.settings.min_n or active < inputs.settings.min_n:
        return ()
    said = Said(base, active, months, window_start(inputs.as_of, months))
    return (
        _cuts(said, method),
        _largest(said, classes),
        *_money_claims(said, result, classes, method),
        *_sureness(said, result),
    )


def _cut(name: str, method: str) -> Cell:
    return Cell("cuts", {"dimension": name, "method": method}, "cut")


def _cuts(said: Said, method: str) -> Claim:
    values = {f"cut_{name.lower()}": _cut(name, method) for name in DIMENSIONS}
    return said.claim("cuts", values, topic="rfm_cuts", method=method)


def _largest(said: Said, classes: Mapping[str, Mapping[str, Any]]) -> Claim:
    label = max(EIGHT_LABELS[:-1], key=lambda name: (classes[name]["customers"], name))
    values = {
        "customers": Cell("classes", {"label": label}, "customers"),
        "share": Cell("classes", {"label": label}, "share"),
        "idle": Cell("classes", {"label": NO_ORDER}, "customers"),
        "idle_share": Cell("classes", {"label": NO_ORDER}, "share"),
    }
    found = said.claim("largest", values, topic="rfm_classes", label=label, all_customers=True)
    return replace(found, key="rfm/largest")


def _money_claims(
    said: Said, result: Result, classes: Mapping[str, Mapping[str, Any]], method: str
) -> Iterator[Claim]:
    """Money with customers who have gone silent. The first group is defined by R and F, not by money."""
    key = {"recency": "R-", "frequency": "F+"}
    row = result.table("activity").find(key)
    if row is not None and row["revenue_share"] is not None:
        values = {
            "cut_r": _cut("R", method),
            "cut_f": _cut("F", method),
            "customers": Cell("activity", key, "customers"),
            "money": Cell("activity", key, "net_revenue"),
            "share": Cell("activity", key, "revenue_share"),
        }
        money = float(row["net_revenue"])
        yield said.claim("silent_regulars", values, topic="money_at_risk", money=money, summary=True,
                         about=("rfm_activity", "R-F+"))  # fmt: skip
    for label in ("重要保持", "重要挽留"):
        if classes[label]["customers"] > 0:
            values = {
                "cut_r": _cut("R", method),
                "customers": Cell("classes", {"label": label}, "customers"),
                "money": Cell("classes", {"label": label}, "net_revenue"),
            }
            money = float(classes[label]["net_revenue"])
            yield said.claim("key_silent", values, topic=f"rfm/{label}", label=label, money=money)


def _sureness(said: Said, result: Result) -> Iterator[Claim]:
    """How near customers are to a cut, how stable the classes, and who matches no row of the absolute table."""
    if result.has("border"):
        values = {"share": Cell("border", {"dimension": "RFM"}, "share")}
        yield said.claim("border", values, topic="rfm_border")
    if result.has("stability"):
        values = {name: Cell("stability", {"dimension": "RFM"}, name) for name in ("kept", "lowest")}
        yield said.claim("stability", values, topic="rfm_stability", strength="estimate")
    if not result.has("proposed"):  # else a note says that the table does not fit
        values = {name: Cell("absolute", {"label": "未匹配"}, name) for name in ("customers", "share")}
        yield said.claim("unmatched", values, topic="rfm_absolute", all_customers=True)


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
            "所选的月份内没有客户购买，无法分层",
            "No customer bought in the months looked at: there is nothing to cut",
        )
        return (Note(says, "warning"),)
    small = sum(0 < row["customers"] < min_n for row in rows)
    if small:
        notes.append(
            Note(
                Text(
                    f"{small} 类客户少于 {min_n} 位，其平均值不予给出",
                    f"Classes with fewer than {min_n} customers: {small}; their averages are withheld",
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
                    f"{names} 的分界原为最差的取值，会把所有客户分在同一侧，已移至下一个取值",
                    f"The cut of {', '.join(moved)} equalled the worst value and would have put everybody on one "
                    "side; it moved to the next value",
                ),
            )
        )
    unmatched = absolute.find({"label": "未匹配"})
    if unmatched and unmatched["share"] is not None and unmatched["share"] > UNMATCHED_LIMIT:
        notes.append(
            Note(
                Text(
                    "RFM 绝对值标准（固定的天数、次数与金额）的阈值不适合本企业：超过 20% 的客户对不上任何一行；"
                    "该表移至附录，并附按本企业分位数的建议标准",
                    "The fixed thresholds of the absolute RFM table do not fit this company: over 20% of customers "
                    "match no row. The table is in the appendix, with thresholds proposed from own quantiles",
                ),
            )
        )
    if decision["kind"] == "few_accounts":
        notes.append(
            Note(
                Text("客户数少，分层仅供参考，以逐户视角为先", "Few accounts: look at single accounts first")
            )
        )
    return tuple(notes)
