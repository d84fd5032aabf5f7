"""What to do next, by rule: open issues first, then what the segment asks for, within what the customer agreed to.

The strategy is that of the customer's RFM class in the strategy matrix; each step names its reason.
"""

from __future__ import annotations

from typing import Any

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.marts.strategy_matrix import Matrix, Rule, new_since
from keguan.result import Column, Result, Table
from keguan.schema.vocabulary import IN_BOTH, VOCABULARIES, both

STEPS = (
    Column("place", Text("次序", "Order"), "count", role="key"),
    Column("step", Text("建议", "Step"), "label", vocabulary="next_step"),
    Column("what", Text("做什么", "What to do"), "label", vocabulary=IN_BOTH),
    Column("reason", Text("依据", "Because of"), "label", vocabulary="next_step_reason"),
)
MARKETING = ("sms", "email", "social")


CALLS = (
    "主动回访",
    "由专人联系",
    "自动化触达，不投人工",
)  # strategies that ask why by themselves, or spend no time


def steps_table(inputs: Inputs, result: Result, matrix: Matrix) -> Table:
    """At least one step, in the order in which they are due."""
    found: list[tuple[str, str]] = []
    if len(result.table("open_issues").rows):
        found.append(("solve_first", "open_issue"))
    agreed = [row for row in result.table("consents") if row["purpose"] in MARKETING]
    refused = bool(agreed) and not any(row["granted"] for row in agreed)
    found += _by_segment(result, matrix)
    if refused:
        found.append(("no_marketing", "objection"))
    rows: list[dict[str, Any]] = [
        {"place": place, "step": step, "what": _said(step, matrix), "reason": reason}
        for place, (step, reason) in enumerate(found, 1)
    ]
    return inputs.computed(
        "steps", Text("下一步建议", "Next steps"), STEPS, ("place",), rows, method="customer_360.steps",
        inputs=("segments", "facts", "open_issues", "consents"),
    )  # fmt: skip


def _said(step: str, matrix: Matrix) -> str:
    """A step in words: a term of ours, or the strategy of that name."""
    term = VOCABULARIES["next_step"].get(step)
    return both(term or matrix.strategies()[step].strategy)


def _by_segment(result: Result, matrix: Matrix) -> list[tuple[str, str]]:
    now = next(iter(result.table("segments")), None)
    if now is None:
        return [("first_order", "no_order")]
    if now["rfm"] is None:
        return [("look_again", "no_segment")]
    first = result.table("facts").find({"fact": "first_order_on"})
    new = first is not None and first["value"] >= new_since(now["as_of"])
    rule = _rule(matrix, now["rfm"], new)
    found = [(rule.id, "rfm_class")] if rule else [("look_again", "no_segment")]
    if now["lifecycle"] in ("有流失风险", "沉默") and not (rule and rule.id in CALLS):
        found.append(("ask_why", "overdue"))
    return found


def _rule(matrix: Matrix, label: str, new: bool) -> Rule | None:
    """The first rule of the class whose condition the customer meets."""
    return next((rule for rule in matrix.of("rfm", label) if rule.when is None or new), None)
