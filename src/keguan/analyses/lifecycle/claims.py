"""What is said about the states: sentences bound to cells, and notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keguan.analyses.lifecycle.gaps import Level
from keguan.core.text import Text
from keguan.result import Cell, Claim, Note, Result, Table

BASE = Text("有购买的客户", "customers with a purchase")

# The percentiles of the states are said in words: of those who come back, so many would have done so by now.
TEXT: Mapping[str, Text] = {
    "at_risk": Text(
        "购买过三次及以上的客户中，{customers} 位有流失风险：按各自的购买规律，会回来的客户到这时有 90% 已再次购买"
        "（到 97.5% 为流失）；他们近 {months} 个月的净销售额为 {money}（n={n}，{base}）。",
        "{customers} customers with three or more purchases are at risk: by their own rhythm 90% of those who come "
        "back would have bought again by now (at 97.5% they count as lost); their net revenue of the last {months} months "
        "is {money} (n={n}, {base}).",
    ),
    "dormant": Text(
        "购买过三次及以上的客户中，{customers} 位已沉默：按各自的购买规律，会回来的客户到这时有 80% 已再次购买"
        "（到 90% 为有流失风险）；他们近 {months} 个月的净销售额为 {money}（n={n}，{base}）。",
        "{customers} customers with three or more purchases are dormant: by their own rhythm 80% of those who come "
        "back would have bought again by now (at 90% they are at risk); their net revenue of the last {months} months "
        "is {money} (n={n}, {base}).",
    ),
    "active": Text(
        "处于活跃状态的客户有 {customers} 位，占 {share}；流失 {lost} 位，占 {lost_share}（n={n}，{base}）。",
        "{customers} customers, {share}, are active; {lost}, {lost_share}, are lost (n={n}, {base}).",
    ),
    "one_time": Text(
        "只买过一次、已过新客期、仍在活跃期内的客户有 {customers} 位，是促成第二次购买的对象（n={n}，{base}）。",
        "{customers} customers bought once, are no longer new and are still active: the group for a second-purchase "
        "programme (n={n}, {base}).",
    ),
}


def lifecycle_claims(result: Result, min_n: int) -> tuple[Claim, ...]:
    totals = {row["state"]: row for row in result.table("totals")}
    base = sum(row["customers"] for row in totals.values())
    if base < min_n:
        return ()
    claims = [
        Claim(
            says="active", key="lifecycle/active",
            values={
                "customers": Cell("totals", {"state": "活跃"}, "customers"),
                "share": Cell("totals", {"state": "活跃"}, "share"),
                "lost": Cell("totals", {"state": "流失"}, "customers"),
                "lost_share": Cell("totals", {"state": "流失"}, "share"),
            },
            n=base, base=BASE, topic="lifecycle", summary=False, certainty=0.8,
            figure="states", about=("lifecycle", "活跃"),
        )
    ]  # fmt: skip
    months = result.table("settings").records()[0]["months"]
    loyal = sum(row["customers"] for row in result.table("states") if row["depth"] == "多次客")
    for says, state in (("at_risk", "有流失风险"), ("dormant", "沉默")):
        key = {"state": state, "depth": "多次客"}
        row = result.table("states").find(key)
        if row is None or not row["customers"] or row["net_revenue"] <= 0:
            continue  # without revenue in the window they are a count in the chart, not a finding
        claims.append(
            Claim(
                says=says, key=f"lifecycle/{says}",
                values={
                    "customers": Cell("states", key, "customers"), "money": Cell("states", key, "net_revenue"),
                    "months": Cell("settings", {"months": months}, "months"),
                },
                n=loyal, base=Text("购买三次及以上的客户", "customers with three or more purchases"),
                money=float(row["net_revenue"]), certainty=0.9 if state == "有流失风险" else 0.8,
                topic="money_at_risk", figure="states",
                about=("lifecycle", state),
            )
        )  # fmt: skip
    claims.append(
        Claim(
            says="one_time", key="lifecycle/one_time",
            values={"customers": Cell("states", {"state": "活跃", "depth": "一次客"}, "customers")},
            n=base, base=BASE, topic="second_purchase_group", summary=False, figure="states",
            about=("lifecycle_stage", "转化"),
        )
    )  # fmt: skip
    return tuple(claims)


def lifecycle_notes(
    tables: Sequence[Table], levels: Sequence[Level], first: Mapping[str, float] | None
) -> tuple[Note, ...]:
    if not len(tables[0].rows):
        return (Note(Text("没有带客户编号的购买", "There is no purchase with a customer id"), "missing"),)
    notes = []
    if first is None or any(level.model is None for level in levels):
        notes.append(
            Note(
                Text(
                    "复购间隔样本不足，无法估计分位数的客户按 365 天判断",
                    "Too few gaps to estimate percentiles: 365 days stand in where none could be estimated",
                ),
                "warning",
            )
        )
    return tuple(notes)
