"""Everything known of one customer: sources, facts, timeline, segments over time, consents, open issues, next step.

Method: the customer is named by parameter; without one nothing is shown. Personal columns are masked unless asked
otherwise. Segments are those of the as-of date and of the last quarter ends, each computed as of then. The next step
is the strategy of the RFM class in the strategy matrix (with open issues first, and no marketing against an
objection). It is about one named customer, so it is part of no report.
"""

from __future__ import annotations

from keguan.analyses.customer_360.claims import TEXT, customer_claims
from keguan.analyses.customer_360.finding import account_of
from keguan.analyses.customer_360.identity import identity_table, sources_table
from keguan.analyses.customer_360.outlook import MODELS, outlook_table
from keguan.analyses.customer_360.params import Params
from keguan.analyses.customer_360.segments import segments_table
from keguan.analyses.customer_360.steps import steps_table
from keguan.analyses.customer_360.timeline import consents_table, open_issues_table, timeline_table
from keguan.analyses.customer_360.value import facts_table
from keguan.analysis import Analysis, Inputs
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.marts.segmentations import OWNERS
from keguan.marts.strategy_matrix import matrix_of
from keguan.result import Note, Result

WINDOW_MONTHS = 12


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: identity, sources, facts, outlook, timeline, segments, consents, open_issues, steps; none without a customer."""
    if not params.customer.strip():
        says = Text(
            "没有指定客户：请给出客户编号",
            "No customer was given: name one by its id",
        )
        return Result("customer_360", notes=(Note(says, "missing"),))
    account = account_of(inputs, params.customer)
    facts = facts_table(inputs, account, window_start(inputs.as_of, WINDOW_MONTHS))
    first = facts.find({"fact": "first_order_on"})
    tables = (
        identity_table(inputs, account, params.show_personal),
        facts,
        outlook_table(inputs, account, params.outlook),
        segments_table(inputs, account, first["value"] if first else None, params.history),
        open_issues_table(inputs, account),
        consents_table(inputs, account),
        timeline_table(inputs, account, params.timeline),
        sources_table(inputs, account),
    )
    known = Result("customer_360", tables=tables)
    result = Result(
        "customer_360", tables=(*tables, steps_table(inputs, known, matrix_of(params.strategies)))
    )
    return Result(
        "customer_360",
        tables=result.tables,
        claims=customer_claims(result),
        notes=_notes(result, params.show_personal),
    )


def _notes(result: Result, show: bool) -> tuple[Note, ...]:
    notes = []
    if not len(result.table("facts").rows):
        notes.append(Note(Text("该客户没有订单", "The customer has no order"), "missing"))
    if not show:
        says = Text(
            "个人信息已遮盖；有权查看的人可加 --show-personal",
            "Personal data are masked; --show-personal shows them",
        )
        notes.append(Note(says))
    if not len(result.table("consents").rows):
        says = Text("没有授权同意的记录，联系前请先确认", "No consent is on record: ask before contacting")
        notes.append(Note(says, "warning"))
    return tuple(notes)


ANALYSIS = Analysis(
    name="customer_360",
    title=Text("单个客户全景", "One customer"),
    question=Text(
        "这位客户是谁、做过什么、现在怎样、下一步该做什么？",
        "Who is this customer, what happened, how do things stand, and what comes next?",
    ),
    section="appendix",
    params=Params,
    run=run,
    text=TEXT,
    reads=(
        "customers", "customer_keys", "customer_attributes", "contact_persons", "orders", "purchases", "customer_facts",
        "events", "feedback", "contacts", "payments", "campaigns", "campaign_members", "leads", "consents", "costs",
        "subscriptions",
    ),
    needs=(),
    uses=(*OWNERS, *MODELS),
    order=900,
)  # fmt: skip
