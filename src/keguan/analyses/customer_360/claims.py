"""What is said about one customer: facts and a recommendation; never part of a summary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from keguan.analyses.customer_360.outlook import outlook_claims
from keguan.core.text import Text
from keguan.result import Cell, Claim, Result

BASE = Text("该客户", "this customer")

TEXT: Mapping[str, Text] = {
    "value": Text(
        "账户 {account} 首单于 {first}，共购买 {purchases} 次，净销售额 {net}，在 {customers} 位下过单的客户中排第 {place}。",
        "Account {account} first ordered on {first}, made {purchases} purchases with net revenue of {net}: place {place} of "
        "{customers} customers with an order.",
    ),
    "recency": Text(
        "最近一次购买在 {last}，距今 {days} 天。",
        "The last purchase was on {last}, {days} days ago.",
    ),
    "rhythm": Text(
        "最近一次购买在 {last}，距今 {days} 天；自己的购买间隔中位数为 {gap} 天。",
        "The last purchase was on {last}, {days} days ago; the customer's own median gap is {gap} days.",
    ),
    "segment": Text(
        "目前的 RFM 分层为「{rfm}」。",
        "The RFM segment now is '{rfm}'.",
    ),
    "moved": Text(
        "目前的 RFM 分层为「{rfm}」，{day} 时为「{before}」。",
        "The RFM segment now is '{rfm}'; on {day} it was '{before}'.",
    ),
    "issues": Text(
        "有未解决的问题，最早的一件（{topic}）提出于 {raised}，已过 {days} 天。",
        "There are open issues; the oldest ({topic}) was raised on {raised}, {days} days ago.",
    ),
    "expected": Text(
        "模型预测该客户未来 12 个月的价值为 {value}，属于「{clv}」。",
        "A value of {value} is forecast of the customer for the next 12 months; the class is '{clv}'.",
    ),
    "risk": Text(
        "模型给出的流失概率为 {probability}，属于「{risk}」。",
        "The model's probability of churn is {probability}; the class is '{risk}'.",
    ),
    "step": Text("建议：{step}（依据：{reason}）。", "Next step: {step} (because of: {reason})."),
}


def customer_claims(result: Result) -> tuple[Claim, ...]:
    return tuple(
        Claim(**{"n": None, "base": BASE, "summary": False, **made})
        for made in (
            *_value(result),
            *outlook_claims(result),
            *_segment(result),
            *_issues(result),
            *_step(result),
        )
    )


def _value(result: Result) -> Iterator[dict[str, Any]]:
    facts = {row["fact"]: Cell("facts", {"fact": row["fact"]}, "value") for row in result.table("facts")}
    if not facts:
        return
    yield {
        "says": "value", "key": "customer_360/value",
        "values": {
            "account": Cell("identity", {"attribute": "account_no", "place": 1}, "value"), "first": facts["first_order_on"],
            "purchases": facts["purchases"], "net": facts["net_revenue"], "place": facts["place"],
            "customers": facts["customers"],
        },
    }  # fmt: skip
    if "last_purchase_on" not in facts:
        return
    values = {"last": facts["last_purchase_on"], "days": facts["recency_days"]}
    if "own_gap" in facts:
        values["gap"] = facts["own_gap"]
    yield {
        "says": "rhythm" if "gap" in values else "recency",
        "key": "customer_360/recency",
        "values": values,
    }


def _segment(result: Result) -> Iterator[dict[str, Any]]:
    rows = result.table("segments").records()
    if not rows or rows[0]["rfm"] is None:
        return
    now = {"rfm": Cell("segments", {"as_of": rows[0]["as_of"]}, "rfm")}
    moved = next((row for row in rows[1:] if row["rfm"] not in (None, rows[0]["rfm"])), None)
    if moved is None:
        yield {"says": "segment", "key": "customer_360/segment", "values": now}
        return
    key = {"as_of": moved["as_of"]}
    before = {"before": Cell("segments", key, "rfm"), "day": Cell("segments", key, "as_of")}
    yield {"says": "moved", "key": "customer_360/segment", "values": now | before}


def _issues(result: Result) -> Iterator[dict[str, Any]]:
    for row in result.table("open_issues").records()[:1]:
        key = {"place": row["place"]}
        if row["raised_on"] is not None:
            names = {"topic": "topic", "raised": "raised_on", "days": "days"}
            yield {"says": "issues", "key": "customer_360/issues",
                   "values": {name: Cell("open_issues", key, column) for name, column in names.items()}}  # fmt: skip


def _step(result: Result) -> Iterator[dict[str, Any]]:
    for row in result.table("steps"):
        key = {"place": row["place"]}
        yield {
            "says": "step", "key": f"customer_360/step/{row['place']}", "strength": "recommendation",
            "values": {"step": Cell("steps", key, "what"), "reason": Cell("steps", key, "reason")},
        }  # fmt: skip
