"""Who is at risk of leaving now, with which owner and how much money, and how many come back anyway?

Method: the recency rule of the lifecycle: each customer's silence against the own rhythm (over the 80th
percentile dormant, 90th at risk, 97.5th lost). Money at risk is the net revenue of the window; nothing shows that
it could be saved (Ascarza 2018), and the words say so. Natural return: of the customers who stood in a state so
many days ago, the share with an order since, with Wilson interval; a target is read beside it.

Source: Platzer and Reutterer (2016) for the states; Wilson (1927); Ascarza (2018).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from keguan.analysis import Analysis, Inputs, param
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.owners import OWNERS
from keguan.result import Cell, Claim, Column, Figure, Note, Relation, Result, Table
from keguan.schema.vocabulary import UNKNOWN

STATES = ("有流失风险", "沉默", "流失")
_PLACES = " ".join(f"WHEN '{state}' THEN {place}" for place, state in enumerate(STATES, 1))


@dataclass(frozen=True)
class Params:
    """Window of the money, span of natural return, target to read beside it, and length of the list."""

    window_months: int = param(12, "风险金额的窗口（月）", "window of the money at risk, months")
    return_days: int = param(90, "自然回流观察多少天", "days within which natural return is observed")
    target: float = param(
        0.3, "激活率目标，与自然回流率并列", "activation target, read beside natural return"
    )
    listed: int = param(50, "列出多少位客户", "how many customers are listed")


BASE = Text("处于该状态的客户", "customers in that state")
TEXT: Mapping[str, Text] = {
    "at_risk": Text(
        "有流失风险的客户 {customers} 位，近 {months} 个月净销售额 {money}，为风险金额（未证实可挽回）；"
        "其中 {unowned} 位没有责任人（n={n}，{base}）。",
        "{customers} customers are at risk; their net revenue of the last {months} months, {money}, is money at risk (not shown "
        "to be savable); {unowned} of them have no owner (n={n}, {base}).",
    ),
    "natural": Text(
        "{days} 天前处于「{state}」的 {customers} 位客户中，{rate} 在这 {days} 天内又下单（Wilson 95% 区间 {low} 至 {high}；"
        "期间的活动未区分）；激活率目标 {target}，须扣除这部分自然回流（n={n}，{base}）。",
        "Of {customers} customers who were '{state}' {days} days ago {rate} ordered within these {days} days (Wilson 95% "
        "interval {low} to {high}; campaigns of that time not told apart); this natural return is to be deducted "
        "from the activation target of {target} "
        "(n={n}, {base}).",
    ),
}  # fmt: skip


def silent_ctes(lifecycle: str) -> str:
    """CTEs up to silent: every customer who is not active, with owner, silence and money."""
    return f"""{OWNERS}, silent AS (
  SELECT s.account_no, s.label AS state, s.score AS depth, coalesce(o.owner, '{UNKNOWN}') AS owner,
         coalesce(o.branch, '{UNKNOWN}') AS branch, w.last_purchase_on, w.recency_days,
         CASE WHEN w.window_net > 0 THEN w.window_net ELSE 0 END AS money
  FROM {lifecycle} s
  JOIN window_facts w ON w.account_no = s.account_no
  LEFT JOIN owners o ON o.account_no = s.account_no
  WHERE s.label <> '活跃'
)"""


def states_sql(lifecycle: str) -> str:
    return f"""
WITH {silent_ctes(lifecycle)}
SELECT state, count(*) AS customers, sum(CASE WHEN owner = '{UNKNOWN}' THEN 1 ELSE 0 END) AS unowned,
       sum(money) AS money
FROM silent GROUP BY state ORDER BY CASE state {_PLACES} END
"""


def owners_sql(lifecycle: str) -> str:
    return f"""
WITH {silent_ctes(lifecycle)}
SELECT branch, owner, sum(CASE WHEN state = '有流失风险' THEN 1 ELSE 0 END) AS at_risk,
       sum(CASE WHEN state = '沉默' THEN 1 ELSE 0 END) AS dormant,
       sum(CASE WHEN state = '流失' THEN 1 ELSE 0 END) AS lost,
       sum(CASE WHEN state = '有流失风险' THEN money ELSE 0 END) AS money
FROM silent GROUP BY branch, owner ORDER BY money DESC, branch, owner LIMIT 200
"""


def list_sql(lifecycle: str) -> str:
    return f"""
WITH {silent_ctes(lifecycle)}, ranked AS (
  SELECT *, row_number() OVER (ORDER BY CASE state {_PLACES} END, money DESC, account_no) AS place
  FROM silent WHERE state <> '流失'
)
SELECT place, CAST(account_no AS VARCHAR) AS account, state, depth, owner, branch, last_purchase_on, recency_days, money
FROM ranked WHERE place <= $listed ORDER BY place
"""


def natural_sql(lifecycle: str) -> str:
    """Of the customers in each state so many days ago, those with an order since."""
    return f"""
WITH since AS (
  SELECT account_no FROM purchases WHERE account_no IS NOT NULL AND day > $then
  GROUP BY account_no HAVING sum(orders) > 0
)
SELECT s.label AS state, count(*) AS customers, CAST(sum(CASE WHEN r.account_no IS NULL THEN 0 ELSE 1 END) AS BIGINT)
         AS returned
FROM {lifecycle} s LEFT JOIN since r ON r.account_no = s.account_no
WHERE s.label <> '活跃' GROUP BY s.label ORDER BY CASE s.label {_PLACES} END
"""


_STATE = Column("state", Text("状态", "State"), "label", role="key", vocabulary="lifecycle_state")
_OWNER = Column("owner", Text("责任人", "Owner"), "label", vocabulary="record_owner")
_BRANCH = Column("branch", Text("分支机构", "Branch"), "label", vocabulary="unknown")
_MONEY = Text("风险金额（未证实可挽回）", "Money at risk (not shown to be savable)")
STATE_COLUMNS = (
    _STATE,
    Column("customers", Text("客户数", "Customers"), "count"),
    Column("unowned", Text("无责任人", "Without owner"), "count"),
    Column("money", _MONEY, "money", note=Text("窗口内净销售额", "net revenue of the window")),
)
OWNER_COLUMNS = (
    replace(_BRANCH, role="key"), replace(_OWNER, role="key"),
    Column("at_risk", Text("有流失风险", "At risk"), "count"),
    Column("dormant", Text("沉默", "Dormant"), "count"),
    Column("lost", Text("流失", "Lost"), "count"),
    Column("money", _MONEY, "money", note=Text("有流失风险的客户", "of customers at risk")),
)  # fmt: skip
LIST_COLUMNS = (
    Column("place", Text("序", "No."), "count", role="key"),
    Column(
        "account", Text("账户", "Account"), "text",
        note=Text("工作区内的客户编号，不含个人信息", "the customer's number in the workspace, no personal data"),
    ),
    replace(_STATE, role="measure"),
    Column("depth", Text("购买次数", "Purchases"), "label", vocabulary="lifecycle_depth"),
    _OWNER, _BRANCH,
    Column("last_purchase_on", Text("最近购买", "Last purchase"), "date"),
    Column("recency_days", Text("距今（天）", "Days since"), "days"),
    Column("money", _MONEY, "money"),
)  # fmt: skip
_MIXED = Text("期间的活动未区分", "campaigns of that time not told apart")
NATURAL_COLUMNS = (
    _STATE,
    Column("days", Text("观察天数", "Days observed"), "count"),
    Column("customers", Text("当时的客户", "Customers then"), "count"),
    Column("returned", Text("之后下单", "Ordered since"), "count"),
    Column("rate", Text("自然回流率", "Natural return rate"), "share", note=_MIXED),
    Column("low", Text("区间下限", "Interval from"), "share", role="low", note=Text("Wilson 95% 区间", "Wilson 95% interval")),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
    Column("target", Text("激活率目标", "Activation target"), "share"),
    Column("reads", Text("目标与自然回流", "Target and natural return"), "label", vocabulary="target_reads"),
)  # fmt: skip


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: states, owners, list, natural; relation of all customers who are not active."""
    now = inputs.segment("lifecycle")
    bound: dict[str, Any] = {"from_day": window_start(inputs.as_of, params.window_months)}
    states = inputs.table(
        "states", Text("流失预警", "Churn warning"), STATE_COLUMNS, ("state",), states_sql(now), **bound
    )
    if not len(states.rows):
        says = Text(
            "没有沉默或有流失风险的客户，或疑似自动续费而不判断",
            "No customer is dormant or at risk, or purchases look like automatic renewals and are not judged",
        )
        return Result("churn_warning", notes=(Note(says, "info"),))
    tables = (
        states,
        _natural(inputs, params),
        inputs.table("owners", Text("按责任人", "By owner"), OWNER_COLUMNS, ("branch", "owner"), owners_sql(now), **bound),
        inputs.table("list", Text("预警名单", "Customers to look after"), LIST_COLUMNS, ("place",), list_sql(now),
                     listed=params.listed, **bound),
    )  # fmt: skip
    result = Result(
        "churn_warning", tables=(*tables[:2], *(replace(table, appendix=True) for table in tables[2:]))
    )
    return replace(
        result,
        figures=(Figure("states", "bar", _MONEY, "states", "state", ("money",)),),
        claims=tuple(_claims(result, params)),
        relations=(
            Relation(
                "churn_warning", Text("流失预警名单", "Churn warning list"),
                f"SELECT account_no, label, score FROM {now} WHERE label <> '活跃'", vocabulary="lifecycle_state",
            ),
        ),
        notes=_notes(inputs),
    )  # fmt: skip


def _natural(inputs: Inputs, params: Params) -> Table:
    then = inputs.as_of - timedelta(days=params.return_days)
    sql = natural_sql(inputs.segment("lifecycle", then))
    rows = []
    for row in inputs.query(sql, then=then).to_pylist():
        n, returned = int(row["customers"]), int(row["returned"])
        ends = wilson(returned, n) if n >= inputs.settings.min_n else None
        reads = None
        if ends:
            reads = "over" if ends.low > params.target else "under" if ends.high < params.target else "same"
        rows.append(
            {
                "state": row["state"], "days": params.return_days, "customers": n, "returned": returned,
                "rate": returned / n if ends else None, "low": ends.low if ends else None,
                "high": ends.high if ends else None, "target": params.target, "reads": reads,
            }
        )  # fmt: skip
    return inputs.computed(
        "natural", Text("自然回流率与目标", "Natural return and the target"), NATURAL_COLUMNS, ("state",), rows,
        method="evidence.statistics.wilson", sql=sql, then=then,
    )  # fmt: skip


def _claims(result: Result, params: Params) -> Iterator[Claim]:
    """Counts of a class made by recency, and its natural return: both stay out of the summary."""
    at = {"state": "有流失风险"}
    row = result.table("states").find(at)
    if row is not None:
        yield Claim(
            "at_risk", "churn_warning/at_risk",
            {name: Cell("states", at, name) for name in ("customers", "money", "unowned")},
            row["customers"], BASE, labels={"months": (str(params.window_months), None)}, topic="money_at_risk",
            money=float(row["money"]), summary=False, figure="states", about=("lifecycle", "有流失风险"),
        )  # fmt: skip
    for row in result.table("natural"):
        if row["rate"] is None:
            continue
        at = {"state": row["state"]}
        yield Claim(
            "natural", f"churn_warning/natural/{row['state']}",
            {name: Cell("natural", at, name) for name in ("days", "customers", "rate", "low", "high", "target")},
            row["customers"], BASE, strength="estimate", labels={"state": (row["state"], "lifecycle_state")}, summary=False,
            about=("lifecycle", row["state"]),
        )  # fmt: skip


def _notes(inputs: Inputs) -> tuple[Note, ...]:
    if inputs.has_values("customers", "owner"):
        return ()
    says = Text(
        "没有责任人；在客户表里导入责任人即可分派名单",
        "There are no owners; import them with the customers to hand out the list",
    )
    return (Note(says, "missing"),)


ANALYSIS = Analysis(
    name="churn_warning",
    title=Text("流失预警", "Churn warning"),
    question=Text(
        "现在哪些客户有流失风险，由谁负责，涉及多少金额，不做什么也会回来多少？",
        "Who is at risk now, whose customers are they, how much money, and how many come back anyway?",
    ),
    section="value",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "customer_facts", "window_facts", "customers"),
    uses=("lifecycle",),
    order=31,
)
