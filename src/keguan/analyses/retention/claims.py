"""Sentences and notes on churn and retention."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from keguan.analyses.retention.rates import SEGMENT_TERMS
from keguan.core.text import Text
from keguan.evidence.statistics.corrected import corrected
from keguan.result import Cell, Change, Claim, Note, Result, Test

SURE = 0.05
CONTRACT_BASE = Text("已知是否流失的合约", "contracts known to run or to have churned")
TEXT: Mapping[str, Text] = {
    "horizon": Text(
        "连续 {silent} 天没有下单的客户，之后同样长的时间内回来的占 {share}（Wilson 95% 区间 {low} 至 {high}），不超过 {limit}，"
        "因此流失期限取 {silent} 天（n={n}，{base}）。",
        "Of customers silent for {silent} days {share} came back within as long again (Wilson 95% interval {low} to "
        "{high}), no more than {limit}: the horizon of churn is {silent} days (n={n}, {base}).",
    ),
    "rate": Text(
        "{snapshot} 之前 {horizon} 天内下过单的 {customers} 位客户中，{lost} 位在之后 {horizon} 天没有再下单：流失率 {rate}"
        "（Wilson 95% 区间 {low} 至 {high}），留存率 {retention}；流失客户此前 {horizon} 天净销售额 {money}（n={n}，{base}）。",
        "Of the {customers} customers who ordered in the {horizon} days before {snapshot}, {lost} placed no order in the "
        "{horizon} days after: churn {rate} (Wilson 95% interval {low} to {high}), retention {retention}; those lost had "
        "brought {money} net in the {horizon} days before (n={n}, {base}).",
    ),
    "rose": Text(
        "{horizon} 天流失率比{against}显著上升：由 {before} 到 {rate}，上升 {change}（Newcombe "
        "95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "Churn over {horizon} days is significantly up against {against}: from {before} to {rate}, {change} (Newcombe 95% "
        "interval {low} to {high}; n={n}, {base}).",
    ),
    "fell": Text(
        "{horizon} 天流失率比{against}显著下降：由 {before} 到 {rate}，下降 {change:-}（Newcombe "
        "95% 区间 {high:-} 至 {low:-}；n={n}，{base}）。",
        "Churn over {horizon} days is significantly down against {against}: from {before} to {rate}, {change:-} (Newcombe "
        "95% interval {high:-} to {low:-}; n={n}, {base}).",
    ),
    "steady": Text(
        "{horizon} 天流失率与{against}相比无显著变化：由 {before} 到 {rate}（Newcombe 95% 区间 "
        "{low} 至 {high}；n={n}，{base}）。",
        "No significant change of churn over {horizon} days against {against}: from {before} to {rate} (Newcombe 95% "
        "interval {low} to {high}; n={n}, {base}).",
    ),
    "segment_above": Text(
        "{dimension}（期初）为「{segment}」的客户 {horizon} 天流失率为 {rate}，显著高于其余客户的 {rest}，相差 {difference}"
        "（n={n}，{base}）。",
        "{dimension} '{segment}' at the start: churn over {horizon} days {rate}, significantly higher than "
        "the rest ({rest}), a difference of {difference} (n={n}, {base}).",
    ),
    "segment_below": Text(
        "{dimension}（期初）为「{segment}」的客户 {horizon} 天流失率为 {rate}，显著低于其余客户的 {rest}，相差 {difference:-}"
        "（n={n}，{base}）。",
        "{dimension} '{segment}' at the start: churn over {horizon} days {rate}, significantly lower than "
        "the rest ({rest}), a difference of {difference:-} (n={n}, {base}).",
    ),
    "contract": Text(
        "{contracts} 份合约中 {lost} 份已流失，流失率 {rate}（Wilson 95% 区间 {low} 至 {high}）；已流失合约的月费合计 {money}"
        "（n={n}，{base}）。",
        "{lost} of {contracts} contracts have churned: {rate} (Wilson 95% interval {low} to {high}); their monthly amounts "
        "add up to {money} (n={n}, {base}).",
    ),
    "trait_above": Text(
        "{dimension}为「{segment}」的合约流失率 {rate}，显著高于其余合约的 {rest}（相差 {low} 至 {high}；n={n}，{base}）。",
        "Contracts with {dimension} '{segment}' churn at {rate}, significantly higher than the rest at {rest} (difference "
        "{low} to {high}; n={n}, {base}).",
    ),
    "trait_below": Text(
        "{dimension}为「{segment}」的合约流失率 {rate}，显著低于其余合约的 {rest}（相差 {high:-} 至 {low:-}；n={n}，{base}）。",
        "Contracts with {dimension} '{segment}' churn at {rate}, significantly lower than the rest at {rest} (difference "
        "{high:-} to {low:-}; n={n}, {base}).",
    ),
}  # fmt: skip
TRAITS = 4  # sentences on traits of contracts


def silence_claims(result: Result, horizon: int, segmentation: str, material: float) -> Iterator[Claim]:
    """On the horizon, the last period, its change, and segments that differ from the rest.

    `material`: the smallest relative change of the rate worth saying.
    """
    yield from _horizon(result, horizon)
    periods = [row for row in result.table("periods") if row["rate"] is not None]
    if not periods:
        return
    last = periods[-1]
    at = {"snapshot": last["snapshot"]}
    span = {"horizon": Cell("horizon", {"horizon": horizon}, "horizon")}
    base = Text(
        f"期初前 {horizon} 天内下过单的客户", f"customers who ordered in the {horizon} days before the start"
    )
    yield Claim(
        "rate", "retention/rate",
        {
            "snapshot": Cell("periods", at, "snapshot"), **span,
            "customers": Cell("periods", at, "base"), "money": Cell("periods", at, "lost_net"),
            **{name: Cell("periods", at, name) for name in ("lost", "rate", "low", "high", "retention")},
        },
        last["base"], base, strength="estimate", topic="churn", money=float(last["lost_net"] or 0), figure="periods",
    )  # fmt: skip
    # The same days of last year have the same season; the period before stands in only where there are none.
    changes = result.table("changes").records()
    for row in [row for row in changes if row["against"] == "last_year"] or changes:
        yield _change(row, float(last["base_net"] or 0), base, material, span)
    yield from _segments(result, segmentation, base, span)


def _horizon(result: Result, horizon: int) -> Iterator[Claim]:
    row = result.table("return_curve").find({"silent_days": horizon})
    how = result.table("horizon").records()[0]
    if row is None or row["share"] is None or how["how"] != "found":
        return
    at = {"silent_days": horizon}
    yield Claim(
        "horizon", "retention/horizon",
        {
            "silent": Cell("return_curve", at, "silent_days"), "limit": Cell("horizon", {"horizon": horizon}, "return_share"),
            **{name: Cell("return_curve", at, name) for name in ("share", "low", "high")},
        },
        row["silent"], Text("过去各快照中期限内未下单的客户", "customers silent for the horizon, over past snapshots"),
        strength="estimate", summary=False, figure="return_curve",
    )  # fmt: skip


def _change(
    row: Mapping[str, Any], revenue: float, base: Text, material: float, span: Mapping[str, Cell]
) -> Claim:
    at = {"against": row["against"]}
    sure = row["q"] <= SURE and not row["low"] <= 0 <= row["high"]
    sure = sure and abs(row["difference"]) >= material * row["before"]
    says = ("rose" if row["difference"] > 0 else "fell") if sure else "steady"
    values = {**span, **{name: Cell("changes", at, name) for name in ("before", "rate", "low", "high")}}
    if says != "steady":
        values["change"] = Cell("changes", at, "difference")
    return Claim(
        says, f"retention/change/{row['against']}", values, row["n"], base, strength="tested",
        test=Test("newcombe", sure, row["q"], row["low"], row["high"], corrected(row["q"])),
        labels={"against": (row["against"], "churn_against")}, topic="churn_change", summary=sure,
        money=abs(row["difference"]) * revenue if sure else 0.0, figure="periods",
        change=Change(("churn_rate",), "up" if row["difference"] > 0 else "down") if sure else None,
        worse=sure and row["difference"] > 0,
    )  # fmt: skip


def _segments(result: Result, segmentation: str, base: Text, span: Mapping[str, Cell]) -> Iterator[Claim]:
    """The largest sure difference of each dimension. What a class is made of by behaviour is no finding."""
    rows = sorted(
        (row for row in result.table("segments") if row["q"] is not None and row["q"] <= SURE),
        key=lambda row: (row["dimension"], -abs(row["difference"]), row["segment"]),
    )
    seen: set[str] = set()
    for row in rows:
        if row["dimension"] in seen:
            continue
        seen.add(row["dimension"])
        at = {"dimension": row["dimension"], "segment": row["segment"]}
        behaviour = row["dimension"] == "segment"
        yield Claim(
            "segment_above" if row["difference"] > 0 else "segment_below", f"retention/segment/{row['dimension']}",
            {**span, **{name: Cell("segments", at, name) for name in ("rate", "rest", "difference")}},
            row["base"], base, strength="tested",
            test=Test("two_proportions", True, row["q"], corrected=corrected(row["q"])),
            labels={
                "dimension": (segmentation if behaviour else row["dimension"], "churn_dimension"),
                "segment": (row["segment"], SEGMENT_TERMS[segmentation] if behaviour else "unknown"),
            },
            topic=f"churn_{row['dimension']}", summary=not behaviour, worse=row["difference"] > 0,
        )  # fmt: skip


def contract_claims(result: Result) -> Iterator[Claim]:
    """On all contracts, and the traits that differ most from the rest."""
    whole = {"dimension": "*", "segment": "*"}
    row = result.table("contracts").find(whole)
    if row is None or row["rate"] is None:
        return
    yield Claim(
        "contract", "retention/contract",
        {
            "contracts": Cell("contracts", whole, "base"), "money": Cell("contracts", whole, "monthly"),
            **{name: Cell("contracts", whole, name) for name in ("lost", "rate", "low", "high")},
        },
        row["base"], CONTRACT_BASE, strength="estimate", topic="contract_churn", money=float(row["monthly"]) * 12,
        figure="survival",
    )  # fmt: skip
    sure = [
        r
        for r in result.table("contracts")
        if r["q"] is not None and r["q"] <= SURE and r["dimension"] != "tenure"
    ]
    told: set[str] = set()
    for row in sorted(sure, key=lambda r: (-abs(r["difference"]), r["dimension"], r["segment"])):
        if row["dimension"] in told or len(told) == TRAITS:
            continue
        told.add(row["dimension"])
        at = {"dimension": row["dimension"], "segment": row["segment"]}
        yield Claim(
            "trait_above" if row["difference"] > 0 else "trait_below", f"retention/trait/{row['dimension']}",
            {
                "rate": Cell("contracts", at, "rate"), "rest": Cell("contracts", at, "rest"),
                "low": Cell("contracts", at, "difference_low"), "high": Cell("contracts", at, "difference_high"),
            },
            row["base"], CONTRACT_BASE, strength="tested",
            test=Test("two_proportions", True, row["q"], corrected=corrected(row["q"])),
            labels={"dimension": (row["dimension"], "contract_dimension"), "segment": (row["segment"], None)},
            topic="contract_traits", money=float(row["monthly"]) * 12, certainty=0.8,
        )  # fmt: skip


def notes_on_contracts(unknown: int, hidden: list[str]) -> Iterator[Note]:
    """Contracts of which it is not known whether they ended, and traits that are no groups."""
    if unknown:
        yield Note(
            Text(
                f"{unknown} 份合约既无流失标记也无起止日期，未计入流失率",
                f"{unknown} contracts have neither a churn flag nor dates and are in no rate",
            ),
            "warning",
        )
    if hidden:
        listed = ", ".join(hidden)
        yield Note(
            Text(
                f"未按这些属性分组（取值过多，或等同于流失标记）：{listed}",
                f"Not grouped by these attributes (too many values, or nothing but the churn flag): {listed}",
            )
        )


NO_HORIZON = Text(
    "流失期限无法由数据确定：历史内没有哪一段沉默之后回来的客户降到上限以下，或样本不足。请用 horizon_days 指定期限",
    "The horizon of churn cannot be found from the data: after no silence within the history did the share that came back "
    "fall to the limit, or there are too few customers. Set it with horizon_days",
)
RENEWAL = Text(
    "疑似自动续费：沉默时间不代表客户的选择，未按沉默判断流失；有合约表（开始、终止或流失标记）时按合约计算",
    "Purchases look like automatic renewals: silence says nothing about the customer, so churn is not judged by it; "
    "contracts (start, end or churn flag) are used where they are imported",
)
NOTHING = Text(
    "没有带客户编号的订单，也没有合约表；导入其一即可计算流失与留存",
    "There are neither orders with a customer id nor contracts; import either to compute churn and retention",
)
