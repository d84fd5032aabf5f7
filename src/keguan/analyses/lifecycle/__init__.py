"""Where does each customer stand: still active, silent, at risk or lost, and how deep is the relation?

Method: two axes, exclusive and complete. State compares the silence since the last purchase with the customer's
own predictive gap: gamma-Poisson, fitted by maximum likelihood on the gaps of customers with as many purchases,
open gaps censored; past its 80th percentile 沉默 (dormant), 90th at risk, 97.5th lost, among those who come
back within the length of the history. So 20 %, 10 % and 2.5 % of live customers are flagged wrongly. Customers
with one purchase day use the Kaplan-Meier time from first to second purchase in the same way. 365 days stand
in only where no percentile can be estimated. Depth counts purchases; the stage is read from both axes.

Source: Platzer and Reutterer (2016); Ehrenberg (1959); Kaplan and Meier (1958).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from keguan.analyses.lifecycle.claims import TEXT, lifecycle_claims, lifecycle_notes
from keguan.analyses.lifecycle.gaps import (
    FIRST_GAPS_SQL,
    SHARES,
    UNKNOWN_DAYS,
    Level,
    first_limits,
    first_median,
    gap_levels,
    threshold_table,
)
from keguan.analyses.lifecycle.params import Params
from keguan.analyses.lifecycle.states import (
    DEPTH,
    STAGE,
    STATE,
    count_table,
    state_relations,
    states_sql,
    switched_off,
)
from keguan.analysis import Analysis, Inputs
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.evidence.statistics.kaplan_meier import Step, kaplan_meier
from keguan.result import Column, Figure, Relation, Result, Table

NEW_DAYS = 30

HISTORY_SQL = "SELECT date_diff('day', min(first_order_on), $as_of) AS days FROM customer_facts"

SETTING_COLUMNS = (
    Column("months", Text("窗口（月）", "Window (months)"), "count", role="key"),
    Column("new_days", Text("新客期（天）", "New for (days)"), "count"),
    Column("horizon", Text("历史长度（天）", "History (days)"), "count"),
)


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: states (state x depth), totals (by state), stages, thresholds, settings; relations by customer."""
    decision = inputs.result("business_kind").table("decision").records()[0]
    if decision["automatic_renewal"] and not params.despite_renewal:
        return switched_off(inputs)
    rhythm = _rhythm(inputs, params)
    steps, first, levels, bound = rhythm.steps, rhythm.first, rhythm.levels, rhythm.bound
    horizon, new_days, placed = int(bound["horizon"]), bound["new_days"], rhythm.placed
    tables: tuple[Table, ...] = (
        count_table(inputs, "states", Text("客户状态与购买次数", "State by number of purchases"), (STATE, DEPTH), placed, bound),
        count_table(inputs, "totals", Text("客户状态", "State"), (STATE,), placed, bound),
        count_table(inputs, "stages", Text("生命周期阶段", "Lifecycle stage"), (STAGE,), placed, bound),
        threshold_table(inputs, levels, first, steps, horizon),
        inputs.computed(
            "settings", Text("判断的设定", "Settings"), SETTING_COLUMNS, ("months",),
            [{"months": params.window_months, "new_days": new_days, "horizon": horizon}],
            method="lifecycle.run", sql=HISTORY_SQL,
        ),
    )  # fmt: skip
    # The chart draws the states; the others say how it was judged.
    tables = tuple(replace(table, appendix=table.id != "stages") for table in tables)
    result = Result("lifecycle", tables=tables)
    return Result(
        "lifecycle",
        tables=tables,
        figures=_figures(tables),
        claims=lifecycle_claims(result, inputs.settings.min_n),
        relations=state_relations(placed, bound),
        notes=lifecycle_notes(tables, levels, first),
    )


@dataclass(frozen=True)
class Rhythm:
    """The limits of silence, and the SQL that places customers by them with its parameters."""

    steps: Sequence[Step]
    first: Mapping[str, float] | None
    levels: Sequence[Level]
    bound: dict[str, Any]

    @property
    def placed(self) -> str:
        """CTEs up to `placed`."""
        return states_sql(self.levels, self.first or dict.fromkeys(SHARES, UNKNOWN_DAYS))


def _rhythm(inputs: Inputs, params: Params) -> Rhythm:
    history = inputs.query(HISTORY_SQL).to_pylist()[0]["days"]
    steps = kaplan_meier(
        (int(r["days"]), int(r["returned"]), int(r["still_open"]))
        for r in inputs.query(FIRST_GAPS_SQL).to_pylist()
    )
    min_n = inputs.settings.min_n
    bound: dict[str, Any] = {
        "from_day": window_start(inputs.as_of, params.window_months),
        "horizon": float(max(1, int(history or 0))),
        "new_days": params.new_days or min(NEW_DAYS, int(first_median(steps, min_n) or NEW_DAYS)),
    }
    return Rhythm(steps, first_limits(steps, min_n), gap_levels(inputs), bound)


def relations(inputs: Inputs, params: Params) -> tuple[Relation, ...]:
    """State and stage of every customer, without the tables."""
    decision = inputs.result("business_kind").table("decision").records()[0]
    if decision["automatic_renewal"] and not params.despite_renewal:
        return ()
    rhythm = _rhythm(inputs, params)
    return state_relations(rhythm.placed, rhythm.bound)


def _figures(tables: Sequence[Table]) -> tuple[Figure, ...]:
    if not len(tables[0].rows):
        return ()
    note = Text(
        "状态按每位客户自己的购买规律判断：沉默的天数超过会回来的客户的 80%、90%、97.5%，依次为沉默、有流失风险、流失",
        "States follow each customer's own rhythm: silent for longer than 80%, 90%, 97.5% of those who come back is "
        "dormant, at risk, lost",
    )
    return (
        Figure(
            "states", "stacked_bar", Text("客户状态与购买次数", "Customers by state and number of purchases"),
            "states", "state", ("customers",), series="depth", note=note,
        ),
    )  # fmt: skip


ANALYSIS = Analysis(
    name="lifecycle",
    title=Text("客户生命周期", "Customer lifecycle"),
    question=Text(
        "每位客户处于什么状态，关系有多深，哪些老客户正在流失？",
        "Where does each customer stand, how deep is the relation, and which loyal customers are leaving?",
    ),
    section="structure",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "customer_facts"),
    uses=("business_kind",),
    order=40,
    relations=relations,
)
