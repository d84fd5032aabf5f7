"""Who is known but never bought, who fell silent, who is leaving, and which old customers have potential?

Method: every known customer (of the customer list, of an order or of a lead) is in exactly one group; leads that
belong to no customer are a row of their own. Customers with a purchase are placed by the lifecycle state as of
the day: silent (dormant), at risk, lost. Active ones are recent customers in the first 12 months after their
first purchase, else old customers; an old customer has high potential who spends much at a time and comes
seldom: net revenue per purchase in the window from the 75th percentile of active old customers up, and no more
purchases than their median. Where no state can be judged (automatic renewal) the row says so.

Source: Keguan's own combination of lifecycle states (Platzer and Reutterer 2016); thresholds are parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from keguan.analyses.customer_groups.sql import GROUPS_SQL, NAMED, PLACED, PROSPECTS_SQL, STANDARD_SQL
from keguan.analysis import Analysis, Inputs, param
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.result import Cell, Claim, Column, Figure, Note, Relation, Result, Table


@dataclass(frozen=True)
class Params:
    """Window, from when a customer is an old one, and what high potential is."""

    window_months: int = param(12, "净销售额窗口（月）", "window of net revenue, months")
    old_months: int = param(
        12, "首购满多少个月为老客户", "months after the first purchase from which a customer is old"
    )
    potential_quantile: float = param(
        0.75,
        "高潜力：笔单价不低于老客户的第几分位（0-1）",
        "high potential: value per purchase from this quantile up (0-1)",
    )


BASE = Text("已知客户与线索", "known customers and leads")
OLD = Text("活跃的老客户", "active old customers")
TEXT: Mapping[str, Text] = {
    "potential": Text(
        "活跃的老客户中有 {customers} 位高潜力老客户：每次消费不少于 {value}，近 {months} 个月购买不超过 {purchases} 次；"
        "他们近 {months} 个月的净销售额为 {money}（n={n}，{base}）。",
        "{customers} of the active old customers have high potential: {value} or more a purchase, at most {purchases} "
        "purchases in the last {months} months; their net revenue of that time is {money} (n={n}, {base}).",
    ),
    "never": Text(
        "名录里有 {customers} 位客户从未购买，占 {share}；另有 {leads} 条线索尚未对应到客户（n={n}，{base}）。",
        "{customers} customers on record never bought, {share} of all; {leads} more leads belong to no customer yet "
        "(n={n}, {base}).",
    ),
    "silent": Text(
        "按各自的购买规律，{silent} 位客户已沉默，{risk} 位有流失风险，{lost} 位已流失（n={n}，{base}）。",
        "By their own rhythm {silent} customers are silent, {risk} at risk of leaving and {lost} lost (n={n}, {base}).",
    ),
}

COLUMNS = (
    Column("label", Text("客户群", "Group"), "label", role="key", vocabulary="customer_group"),
    Column(
        "customers", Text("客户数量", "Customers"), "count",
        note=Text("「未成交线索」一行为线索条数", "in the row of leads: number of leads"),
    ),
    Column(
        "share", Text("占比", "Share"), "share",
        note=Text("分母为全部已知客户与未成交线索", "of all known customers and leads without a customer"),
    ),
    Column(
        "net_revenue", Text("净销售额", "Net revenue"), "money",
        note=Text("所选月份内，扣除退货", "of the months looked at, after returns"),
    ),
    Column("last_purchase_on", Text("最近购买日", "Last purchase"), "date"),
)  # fmt: skip
STANDARD_COLUMNS = (
    Column("months", Text("窗口（月）", "Window (months)"), "count", role="key"),
    Column("old_customers", Text("活跃的老客户", "Active old customers"), "count"),
    Column("value_from", Text("笔单价不少于", "Value per purchase from"), "money"),
    Column("purchases_to", Text("购买次数不超过", "Purchases up to"), "count"),
)
PROSPECT_COLUMNS = (
    Column("origin", Text("来源", "Origin"), "label", role="key", vocabulary="unknown"),
    Column("customers", Text("未购客户", "Known, never bought"), "count"),
    Column("leads", Text("未成交线索", "Lead without a customer"), "count"),
)


def run(inputs: Inputs, params: Params) -> Result:
    """Tables groups, prospects, standard; relation customer_groups (customers only, without leads)."""
    bound: dict[str, Any] = {
        "from_day": window_start(inputs.as_of, params.window_months),
        "old_before": window_start(inputs.as_of, params.old_months),
        "quantile": params.potential_quantile,
    }
    placed = PLACED.format(state=inputs.segment("lifecycle"))
    groups = inputs.table(
        "groups", Text("客户群", "Customer groups"), COLUMNS, ("label",), GROUPS_SQL.format(placed=placed, named=NAMED),
        min_n=inputs.settings.min_n, **bound,
    )  # fmt: skip
    standard = inputs.table(
        "standard", Text("高潜力老客户的标准", "Standard of high potential"), STANDARD_COLUMNS, ("months",),
        STANDARD_SQL.format(placed=placed), months=params.window_months, **bound,
    )  # fmt: skip
    prospects = inputs.table(
        "prospects", Text("未购客户与线索的来源", "Where prospects come from"), PROSPECT_COLUMNS, ("origin",),
        PROSPECTS_SQL, note=Text("未购客户按获客渠道，线索按线索来源", "customers by acquiring channel, leads by lead source"),
    )  # fmt: skip
    tables = (groups, replace(prospects, appendix=True), replace(standard, appendix=True))
    result = Result("customer_groups", tables=tables)
    return replace(
        result,
        figures=_figures(groups),
        claims=_claims(result, inputs.settings.min_n, params),
        relations=(
            Relation(
                "customer_groups", Text("客户群", "Customer groups"),
                f"WITH {placed}\nSELECT account_no, label, CAST(net_revenue AS VARCHAR) AS score FROM placed", bound,
                vocabulary="customer_group",
            ),
        ),
        notes=_notes(inputs, groups),
    )  # fmt: skip


def _figures(groups: Table) -> tuple[Figure, ...]:
    if not len(groups.rows):
        return ()
    return (
        Figure(
            "groups", "bar", Text("各客户群人数", "Customers by group"), "groups", "label", ("customers",)
        ),
    )


def _claims(result: Result, min_n: int, params: Params) -> tuple[Claim, ...]:
    rows = {row["label"]: row for row in result.table("groups")}
    base = sum(row["customers"] for row in rows.values())
    if base < min_n:
        return ()
    claims = []

    def cell(label: str, column: str = "customers") -> Cell:
        return Cell("groups", {"label": label}, column)

    if rows["未购客户"]["customers"] or rows["未成交线索"]["customers"]:
        claims.append(
            Claim(
                says="never", key="customer_groups/never",
                values={
                    "customers": cell("未购客户"), "share": cell("未购客户", "share"), "leads": cell("未成交线索"),
                },
                n=base, base=BASE, topic="prospects", certainty=0.9, figure="groups",
                about=("customer_groups", "未购客户"),
            )
        )  # fmt: skip
    bought = base - sum(
        rows[name]["customers"] for name in ("未购客户", "未成交线索", "全部退货", "状态未判断")
    )
    if bought >= min_n:
        claims.append(
            Claim(
                says="silent", key="customer_groups/silent",
                values={"silent": cell("沉默客户"), "risk": cell("有流失风险客户"), "lost": cell("已流失客户")},
                n=bought, base=Text("有购买的客户", "customers with a purchase"), topic="lifecycle", summary=False,
                figure="groups", about=("customer_groups", "沉默客户"),
            )
        )  # fmt: skip
    return (*claims, *_potential(result, rows, min_n, params))


def _potential(
    result: Result, rows: Mapping[str, Mapping[str, Any]], min_n: int, params: Params
) -> list[Claim]:
    """The money of the group follows from its definition: it is a list to work on, no finding."""
    old, group = result.table("standard").records(), rows["高潜力老客户"]
    if not old or old[0]["old_customers"] < min_n or not group["customers"]:
        return []
    key = {"months": params.window_months}
    return [
        Claim(
            says="potential", key="customer_groups/potential",
            values={
                "customers": Cell("groups", {"label": "高潜力老客户"}, "customers"),
                "money": Cell("groups", {"label": "高潜力老客户"}, "net_revenue"),
                "value": Cell("standard", key, "value_from"), "purchases": Cell("standard", key, "purchases_to"),
                "months": Cell("standard", key, "months"),
            },
            n=old[0]["old_customers"], base=OLD, money=float(group["net_revenue"]), topic="high_potential",
            summary=False, figure="groups", about=("customer_groups", "高潜力老客户"),
        )
    ]  # fmt: skip


def _notes(inputs: Inputs, groups: Table) -> tuple[Note, ...]:
    notes = []
    rows = {row["label"]: row["customers"] for row in groups}
    if not rows:
        notes.append(
            Note(
                Text(
                    "没有客户、带客户编号的订单或线索",
                    "There are no customers, orders with a customer or leads",
                ),
                "missing",
            )
        )
    elif rows["状态未判断"]:
        says = Text(
            "疑似自动续费或没有购买规律可循，有购买的客户未判断沉默与流失",
            "Renewals look automatic, or there is no rhythm to judge by: silence and churn are not judged",
        )
        notes.append(Note(says, "info"))
    if not inputs.has("customers"):
        says = Text(
            "没有客户名录，从未购买的客户无从得知；导入客户表后可见",
            "Without a customer list nobody is known who never bought: import the customers",
        )
        notes.append(Note(says, "missing"))
    if not inputs.has("leads"):
        says = Text(
            "没有线索与商机数据；导入后可见尚未成交的线索",
            "There are no leads: import them to see open prospects",
        )
        notes.append(Note(says, "missing"))
    return tuple(notes)


ANALYSIS = Analysis(
    name="customer_groups",
    title=Text("沉默、高潜力与潜在客户", "Silent, high-potential and prospective customers"),
    question=Text(
        "谁已沉默或正在流失，哪些老客户有高潜力，谁还没有购买过？",
        "Who fell silent or is leaving, which old customers have high potential, and who has not bought yet?",
    ),
    section="structure",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "customer_facts", "customers", "leads"),
    needs=(),
    uses=("business_kind", "lifecycle"),
    order=45,
)
