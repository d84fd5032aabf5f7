"""What to do next, by rule: open issues first, then what the segment asks for, within what the customer agreed to.

The strategies are the defaults for RFM classes and the four groups of customers; each step names its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.result import Column, Result, Table

STEPS = (
    Column("place", Text("次序", "Order"), "count", role="key"),
    Column("step", Text("建议", "Step"), "label", vocabulary="next_step"),
    Column("reason", Text("依据", "Because of"), "label", vocabulary="next_step_reason"),
)
# RFM class -> step. 一般发展 depends on how long ago the first order was.
BY_CLASS: Mapping[str, str] = {
    "重要价值": "dedicated", "重要发展": "raise_frequency", "重要保持": "active_visit", "重要挽留": "personal_recall",
    "一般价值": "raise_basket", "一般发展": "second_purchase", "一般保持": "low_cost_recall", "一般挽留": "automated",
    "窗口内无订单": "automated",
}  # fmt: skip
NEW_DAYS = 30
MARKETING = ("sms", "email", "social")


def steps_table(inputs: Inputs, result: Result) -> Table:
    """At least one step, in the order in which they are due."""
    found: list[tuple[str, str]] = []
    if len(result.table("open_issues").rows):
        found.append(("solve_first", "open_issue"))
    agreed = [row for row in result.table("consents") if row["purpose"] in MARKETING]
    refused = bool(agreed) and not any(row["granted"] for row in agreed)
    found += _by_segment(result)
    if refused:
        found.append(("no_marketing", "objection"))
    rows: list[dict[str, Any]] = [
        {"place": place, "step": step, "reason": reason} for place, (step, reason) in enumerate(found, 1)
    ]
    return inputs.computed(
        "steps", Text("下一步建议", "Next steps"), STEPS, ("place",), rows, method="customer_360.steps",
        inputs=("segments", "facts", "open_issues", "consents"),
    )  # fmt: skip


def _by_segment(result: Result) -> list[tuple[str, str]]:
    now = next(iter(result.table("segments")), None)
    if now is None:
        return [("first_order", "no_order")]
    if now["rfm"] is None:
        return [("look_again", "no_segment")]
    first = result.table("facts").find({"fact": "first_order_on"})
    new = (
        first is not None
        and (result.table("segments").records()[0]["as_of"] - first["value"]).days <= NEW_DAYS
    )
    step = "welcome" if now["rfm"] == "一般发展" and new else BY_CLASS[now["rfm"]]
    found = [(step, "rfm_class")]
    if now["lifecycle"] in ("有流失风险", "沉默") and step not in (
        "personal_recall",
        "active_visit",
        "automated",
    ):
        found.append(("ask_why", "overdue"))
    return found
