"""What was planned, how did it go, and what comes next, by whom and until when?

Method: cards of actions are kept in the workspace with their changes; the card as of a day is its last change until then.
Each is measured over its own days among those who were in its segment on the day it rests on (trap: today's label has lost
whoever was activated). Beside the target stands what the segment's customers did in as many days before: a target under it
says nothing. A card whose campaign has a control group is told against it, by the analysis `experiments`; all others are
attributed to nothing. What is not due has no verdict. Rates have Wilson's interval and are withheld below the smallest n.

Source: Wilson (1927); effects as in `experiments`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from keguan.analysis import Analysis, Inputs, param
from keguan.core.text import Text
from keguan.result import Note, Result, Table
from keguan.strategies.action_plan.cards import read
from keguan.strategies.action_plan.claims import TEXT, plan_claims, plan_notes
from keguan.strategies.action_plan.scores import control_of
from keguan.strategies.action_plan.tables import (
    card_table,
    count_table,
    customers_today,
    next_table,
    overlap_table,
    owner_table,
    period_table,
    score_table,
)

VIEWS = ("week", "month", "quarter")
MOST_PAIRED = 30  # open cards whose customers are compared in pairs


@dataclass(frozen=True)
class Params:
    """How actions are put together, and how many are looked at."""

    view: str = param("month", "按周、月或季汇总", "actions by week, month or quarter", choices=VIEWS)
    most: int = param(60, "最多看几项行动，截止日最近的在前", "actions looked at, those due last first")

    def __post_init__(self) -> None:
        """ValueError for an unknown view or a number out of range."""
        if self.view not in VIEWS or not 1 <= self.most <= 500:
            raise ValueError(f"view {self.view}, most {self.most}")


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: next_actions, scores, cards, counts, periods, owners, overlaps."""
    cards = read(inputs, params.most)
    if not cards:
        says = Text("还没有行动计划；运行 keguan actions plan，从各分群的策略起草",
                    "There is no plan of actions yet; keguan actions plan drafts one from the strategies")  # fmt: skip
        return Result("action_plan", notes=(Note(says, "missing"),))
    scores = score_table(inputs, cards, control_of(inputs, cards))
    tables: tuple[Table, ...] = (
        next_table(inputs, cards, customers_today(inputs, cards)),
        scores,
        card_table(inputs, cards),
        count_table(inputs, cards),
        period_table(inputs, cards, scores, params.view),
        owner_table(inputs, cards),
        overlap_table(inputs, cards, MOST_PAIRED),
    )
    tables = tuple(replace(table, appendix=table.id not in ("next_actions", "scores")) for table in tables)
    result = Result("action_plan", tables)
    min_n = inputs.settings.min_n
    return replace(
        result,
        claims=tuple(plan_claims(result, cards, inputs.as_of, min_n)),
        notes=tuple(plan_notes(result, cards, inputs.as_of, min_n)),
    )


ANALYSIS = Analysis(
    name="action_plan",
    title=Text("行动计划", "Action plan"),
    question=Text(
        "计划了什么、做得怎样、接下来由谁在何时之前做什么？",
        "What was planned, how did it go, and who does what until when?",
    ),
    section="strategy",
    params=Params,
    run=run,
    text=TEXT,
    reads=("actions", "purchases", "feedback", "campaign_members", "campaigns"),
    needs=(),
    uses=(
        "business_kind", "rfm", "abc_class", "lifecycle", "value_class", "customer_groups", "tags", "clv", "churn",
        "clv_at_risk", "clusters", "custom_segments", "matching", "experiments",
    ),
    order=50,
)  # fmt: skip
