"""Whom does contacting change: who buys because of it, who would anyway, who is driven away?

Method: T-learner, X-learner (Künzel et al. 2019) and transformed outcome (Athey and Imbens 2016) of a campaign with a
control group drawn at random, and the best rule on one variable. Each ranking is judged on twenty random halves that it
has not seen: effect among the first customers, gain over as many at random, area between the curve of incremental outcomes
per customer and the random line (Qini; Radcliffe 2007), intervals by 200 bootstraps of customers. Which learner, and how
deep, is decided on training data. A customer is advised to be contacted, or not to be, only where the interval of their
band says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from keguan.analysis import Analysis, Inputs
from keguan.core.text import Text
from keguan.models.uplift.claims import TEXT
from keguan.models.uplift.params import Params
from keguan.result import Column, Note, Relation, Result, Table

TODAY_SQL = "SELECT label, count(*) AS customers FROM {view} GROUP BY label ORDER BY label"


def run(inputs: Inputs, params: Params) -> Result:
    """Tables arms, effect, features, held_out, bands, whom, curve, rules, halves, policies, today; relation uplift."""
    from keguan.models.uplift.asked import Asked
    from keguan.models.uplift.campaign import KNOWN, asked_of, campaign_of, members_sql
    from keguan.models.uplift.held_out import settled
    from keguan.models.uplift.leaks import judged
    from keguan.models.uplift.scorer import columns_of
    from keguan.models.uplift.story import told

    campaign = campaign_of(inputs, params)
    if campaign is None:
        text = Text("没有窗口已满且带对照组的活动：导入 campaign_members（活动、客户、组别）后可知接触谁有用",
                    "No campaign that is over has a control group: import campaign_members (campaign, customer, arm) to learn "
                    "whom to contact")  # fmt: skip
        return Result("uplift", notes=(Note(text, "missing"),))
    sql, bound = members_sql(params), asked_of(campaign)
    rows = inputs.query(sql, **bound)
    treated, outcome = rows.column("treated").to_numpy() == 1, rows.column("outcome").to_numpy()
    columns = columns_of(rows, KNOWN)
    found = judged(KNOWN, columns, treated, outcome)
    trial = settled([i.feature for i in found if i.verdict == "used"], columns, treated, outcome)

    def make(
        id: str, title: Text, columns: Sequence[Column], key: tuple[str, ...], rows: Sequence[Mapping[str, Any]]
    ) -> Table:  # fmt: skip
        method = f"models.uplift.tables.{id}"
        return inputs.computed(id, title, columns, key, rows, method=method, sql=sql, **bound)

    asked = Asked(
        campaign.arm, "control", "share" if params.metric == "conversion" else "money", make, inputs.settings.min_n,
        terms="uplift_known",
    )  # fmt: skip
    story = told(trial, found, params.stakes, params.seed, asked)
    notes = [_campaign_note(campaign), *story.result.notes]
    if campaign.left_out:
        notes.append(Note(Text(f"{campaign.left_out:,} 人没有组别或同时在两个组，没有计入",
            f"{campaign.left_out:,} members have no arm or stand in two, and are left out"), "warning"))  # fmt: skip
    tables, relations = _today(inputs, trial, story)
    return replace(
        story.result, tables=(*story.result.tables, *tables), relations=relations, notes=tuple(notes)
    )


def _campaign_note(campaign: Any) -> Note:
    first, last = campaign.first_day, campaign.last_day
    return Note(Text(f"活动「{campaign.name}」，按分组计入，结果计 {first} 至 {last}，特征截至活动前一天",
        f"Campaign '{campaign.name}', members as assigned, outcomes of {first} to {last}, features as of the day "
        "before"))  # fmt: skip


def _today(inputs: Inputs, trial: Any, story: Any) -> tuple[tuple[Table, ...], tuple[Relation, ...]]:
    """Today's customers with their advice; nothing where no ranking is of use."""
    from keguan.models.uplift import columns as c
    from keguan.models.uplift.campaign import FACTS, days_known
    from keguan.models.uplift.scorer import SCORED, scorer

    made = scorer(trial, story.held, story.used, story.bands) if story.used is not None else None
    if made is None:
        return (), ()
    view = inputs.scored("uplift", FACTS, made, SCORED, method=made.method, **days_known(inputs.as_of))
    table = inputs.table(
        "today", Text("今天的客户", "Customers of today"), c.TODAY, ("label",), TODAY_SQL.format(view=view)
    )
    relation = Relation(
        "uplift", Text("接触建议", "Whom to contact"),
        f"SELECT account_no, label, CAST(CAST(score AS DECIMAL(18, 6)) AS VARCHAR) AS score FROM {view}",
        vocabulary="uplift_contact",
    )  # fmt: skip
    return (table,), (relation,)


ANALYSIS = Analysis(
    name="uplift",
    title=Text("接触谁有用", "Whom to contact"),
    question=Text(
        "接触哪些客户会改变结果，哪些会买也不必接触，哪些接触了反而更差？",
        "Whose outcome does contacting change, who buys anyway, and who is driven away?",
    ),
    section="strategy",
    params=Params,
    run=run,
    text=TEXT,
    reads=("campaign_members", "campaigns", "purchases", "customer_facts"),
    needs=("campaign_members",),
    order=22,
)
