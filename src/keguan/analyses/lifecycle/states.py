"""The two axes in SQL: state by silence, depth by purchases, and the stage read from both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keguan.analyses.lifecycle.gaps import SHARES, UNKNOWN_DAYS, Level
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.gamma_poisson import silence_sql
from keguan.result import Column, Note, Relation, Result, Table

STATES = ("活跃", "沉默", "有流失风险", "流失")

DEPTHS = ("新客", "一次客", "二次客", "多次客")

STAGES = ("获取", "转化", "忠诚", "挽留")


def states_sql(models: Sequence[Level], first: Mapping[str, float]) -> str:
    """CTEs up to `placed`: every customer with a purchase, with state, depth, stage and window money."""
    rows = ", ".join(
        f"({m.low}, {m.high}, CAST({m.model.shape!r} AS DOUBLE), CAST({m.model.rate!r} AS DOUBLE))"
        if m.model
        else f"({m.low}, {m.high}, CAST(NULL AS DOUBLE), CAST(NULL AS DOUBLE))"
        for m in models
    )
    limits = ",\n         ".join(
        f"CASE WHEN purchase_days <= 1 THEN {first[name]!r} WHEN shape IS NULL THEN {UNKNOWN_DAYS!r} "
        f"ELSE {silence_sql(repr(share))} END AS {name}_after"
        for name, share in SHARES.items()
    )
    return f"""
models AS (
  SELECT * FROM (VALUES {rows}) AS t(low, high, shape, rate)
), known AS (
  SELECT f.account_no, f.purchases, f.purchase_days, f.recency_days,
         f.purchase_days - 1 AS gaps,
         date_diff('day', f.first_purchase_on, f.last_purchase_on) AS days,
         m.shape, m.rate,
         f.window_net AS net_revenue
  FROM window_facts f
  LEFT JOIN models m ON f.purchase_days BETWEEN m.low AND m.high
  WHERE f.purchases > 0
), limits AS (
  SELECT account_no, purchases, recency_days, net_revenue,
         {limits}
  FROM known
), axes AS (
  SELECT account_no, net_revenue, recency_days,
         CASE
           WHEN recency_days > lost_after THEN '流失'
           WHEN recency_days > risk_after THEN '有流失风险'
           WHEN recency_days > dormant_after THEN '沉默'
           ELSE '活跃'
         END AS state,
         CASE
           WHEN purchases >= 3 THEN '多次客'
           WHEN purchases = 2 THEN '二次客'
           WHEN recency_days <= $new_days THEN '新客'
           ELSE '一次客'
         END AS depth
  FROM limits
), placed AS (
  SELECT account_no, net_revenue, state, depth,
         CASE
           WHEN state <> '活跃' THEN '挽留'
           WHEN depth = '新客' THEN '获取'
           WHEN depth = '多次客' THEN '忠诚'
           ELSE '转化'
         END AS stage
  FROM axes
)"""


def quoted(value: str) -> str:
    """A string literal of a term of a vocabulary."""
    return f"'{value}'"


def counted_sql(placed: str, axes: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Customers and money by one or two axes; every combination is a row, also when nobody is in it."""
    sources = " CROSS JOIN ".join(
        f"(VALUES {', '.join(f'({place}, {quoted(value)})' for place, value in enumerate(values))}) "
        f"AS {axis}s({axis}_no, {axis})"
        for axis, values in axes
    )
    names = [axis for axis, _ in axes]
    on = " AND ".join(f"c.{name} = {name}s.{name}" for name in names)
    return f"""
WITH {placed}, counted AS (
  SELECT {", ".join(names)}, count(*) AS customers, sum(net_revenue) AS net_revenue
  FROM placed GROUP BY {", ".join(names)}
), complete AS (
  SELECT {", ".join(f"{n}s.{n}_no, {n}s.{n}" for n in names)},
         coalesce(c.customers, 0) AS customers,
         coalesce(c.net_revenue, 0) AS net_revenue
  FROM {sources}
  LEFT JOIN counted c ON {on}
), totals AS (
  SELECT sum(customers) AS customers, sum(net_revenue) AS net_revenue FROM complete
)
SELECT {", ".join(f"x.{n}" for n in names)},
       x.customers,
       CASE WHEN t.customers >= $min_n THEN CAST(x.customers AS DOUBLE) / t.customers END AS share,
       x.net_revenue,
       CASE WHEN t.customers >= $min_n AND t.net_revenue > 0
            THEN CAST(x.net_revenue AS DOUBLE) / CAST(t.net_revenue AS DOUBLE) END AS revenue_share
FROM complete x CROSS JOIN totals t
WHERE t.customers > 0
ORDER BY {", ".join(f"x.{n}_no" for n in names)}
"""


STATE = Column("state", Text("状态", "State"), "label", role="key", vocabulary="lifecycle_state")

DEPTH = Column("depth", Text("购买次数", "Purchases"), "label", role="key", vocabulary="lifecycle_depth")

STAGE = Column(
    "stage", Text("阶段", "Stage"), "label", role="key", vocabulary="lifecycle_stage",
    note=Text(
        "不活跃为挽留；活跃的新客为获取，一次客与二次客为转化，三次及以上为忠诚",
        "not active: retain; active: new is acquire, one or two purchases convert, three or more loyal",
    ),
)  # fmt: skip

COUNTS = (
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("share", Text("客户占比", "Share of customers"), "share"),
    Column(
        "net_revenue", Text("净销售额", "Net revenue"), "money",
        note=Text("所选月份内，扣除退货", "of the months looked at, after returns"),
    ),
    Column("revenue_share", Text("净销售额占比", "Revenue share"), "share"),
)  # fmt: skip


def switched_off(inputs: Inputs) -> Result:
    table = inputs.computed(
        "states", Text("状态与深度", "State by depth"), (STATE, DEPTH, *COUNTS), ("state", "depth"), [],
        method="lifecycle.run",
    )  # fmt: skip
    says = Text(
        "疑似自动续费，沉默时间不代表客户的选择，未判断生命周期状态",
        "Purchases look like automatic renewals: silence says nothing about the customer, so no state is given",
    )
    return Result("lifecycle", tables=(table,), notes=(Note(says, "info"),))


def count_table(
    inputs: Inputs, id: str, title: Text, keys: tuple[Column, ...], placed: str, bound: Mapping[str, Any]
) -> Table:
    values = {"state": STATES, "depth": DEPTHS, "stage": STAGES}
    names = tuple(key.name for key in keys)
    sql = counted_sql(placed, [(name, values[name]) for name in names])
    return inputs.table(
        id, title, (*keys, *COUNTS), names, sql, min_n=inputs.settings.min_n,
        note=Text(
            "占比的分母为有购买（未全额退货）的客户", "shares are of customers with a purchase not fully returned"
        ),
        **bound,
    )  # fmt: skip


def state_relations(placed: str, bound: Mapping[str, Any]) -> tuple[Relation, ...]:
    return (
        Relation(
            "lifecycle", Text("生命周期状态", "Lifecycle state"),
            f"WITH {placed}\nSELECT account_no, state AS label, depth AS score\nFROM placed", bound,
            vocabulary="lifecycle_state",
        ),
        Relation(
            "lifecycle_stage", Text("生命周期阶段", "Lifecycle stage"),
            f"WITH {placed}\nSELECT account_no, stage AS label, CAST(NULL AS VARCHAR) AS score\nFROM placed", bound,
            vocabulary="lifecycle_stage",
        ),
    )  # fmt: skip
