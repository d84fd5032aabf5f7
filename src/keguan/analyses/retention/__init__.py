"""How many customers stay and how many are lost, by period and by segment, and since when is one lost?

Method: without contracts a customer is lost who placed no order for one horizon. The horizon is the shortest
silence after which at most 10 % came back within a further horizon, read from past snapshots; where the curve
never gets there nobody is called lost until the user sets it. Base: customers with an order in the horizon
before the start; rate: those of them without one in the horizon after. Segments are those at the start. With
contracts: share churned by plan, tenure and trait, and Kaplan-Meier by tenure. Rates have Wilson intervals,
changes Newcombe's; comparisons are tested (pooled score test) and corrected (Benjamini-Hochberg).

Source: Clemente-Ciscar, San Matias and Giner-Bosch (2014); Kaplan and Meier (1958); Newcombe (1998).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from keguan.analyses.retention.claims import (
    NO_HORIZON,
    NOTHING,
    RENEWAL,
    TEXT,
    contract_claims,
    notes_on_contracts,
    silence_claims,
)
from keguan.analyses.retention.contracts import RATES_SQL, UNKNOWN_SQL, contract_tables, left_out
from keguan.analyses.retention.horizon import (
    HORIZON_COLUMNS,
    History,
    curve_table,
    history,
    shortest,
)
from keguan.analyses.retention.params import Params
from keguan.analyses.retention.rates import change_table, period_table, segment_table
from keguan.analysis import Analysis, Inputs
from keguan.core.text import Text
from keguan.result import Figure, Note, Result, Table


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: return_curve, horizon, periods, changes, segments of orders; contracts, survival of contracts."""
    past = history(inputs)
    result = Result("retention")
    if past.customers:
        decision = inputs.result("business_kind").table("decision").records()[0]
        if decision["automatic_renewal"] and not params.despite_renewal:
            result = replace(result, notes=(Note(RENEWAL, "info"),))
        else:
            result = _by_silence(inputs, params, past)
    if inputs.has("subscriptions"):
        result = _with_contracts(inputs, result)
    if not past.customers and not inputs.has("subscriptions"):
        return replace(result, notes=(Note(NOTHING, "missing"),))
    return result


def _by_silence(inputs: Inputs, params: Params, past: History) -> Result:
    curve = curve_table(inputs, past)
    horizon = params.horizon_days or shortest(curve, params.return_share)
    chosen = {
        "horizon": horizon,
        "how": "set" if params.horizon_days else "found",
        "return_share": params.return_share,
    }
    settled = inputs.computed(
        "horizon", Text("流失期限", "Horizon of churn"), HORIZON_COLUMNS, ("horizon",), [chosen] if horizon else [],
        method="retention.shortest", inputs=("return_curve",),
    )  # fmt: skip
    if horizon is None:
        return Result(
            "retention",
            _appendix((curve, settled)),
            _curve_figure(curve),
            notes=(Note(NO_HORIZON, "withheld"),),
        )
    periods = period_table(inputs, horizon, past.days)
    tables = (
        curve, settled, periods, change_table(inputs, periods, horizon, past.days),
        segment_table(inputs, params.segment, horizon, past.days),
    )  # fmt: skip
    result = Result(
        "retention", _appendix(tables, "segments"), (*_curve_figure(curve), *_period_figure(periods))
    )
    return replace(
        result,
        claims=tuple(silence_claims(result, horizon, params.segment, inputs.settings.material_relative)),
        notes=tuple(_notes(inputs, periods, horizon)),
    )


def _notes(inputs: Inputs, periods: Table, horizon: int) -> list[Note]:
    min_n = inputs.settings.min_n
    if any(row["rate"] is not None for row in periods):
        return []
    says = Text(
        f"历史不足两个 {horizon} 天，或期初客户少于 {min_n} 位，不给出流失率",
        f"The history is shorter than two spans of {horizon} days, or fewer than {min_n} customers: no churn rate",
    )
    return [Note(says, "withheld")]


def _with_contracts(inputs: Inputs, result: Result) -> Result:
    rates, survival = contract_tables(inputs)
    hidden = left_out(inputs.query(RATES_SQL).to_pylist(), rates)
    unknown = int(inputs.query(UNKNOWN_SQL).to_pylist()[0]["contracts"])
    figures = result.figures
    if len(survival.rows):
        figures += (
            Figure(
                "survival", "line", Text("合约按在网月数的留存", "Contracts still running by tenure"), "survival",
                "tenure", ("staying",), series="plan",
            ),
        )  # fmt: skip
    tables = (*result.tables, rates, replace(survival, appendix=True))
    joined = replace(result, tables=tables, figures=figures)
    claims = (*result.claims, *contract_claims(joined))
    if not len(survival.rows):
        claims = tuple(replace(c, figure=None) if c.figure == "survival" else c for c in claims)
    return replace(joined, claims=claims, notes=(*result.notes, *notes_on_contracts(unknown, hidden)))


def _appendix(tables: Sequence[Table], *body: str) -> tuple[Table, ...]:
    return tuple(replace(table, appendix=table.id not in body) for table in tables)


def _curve_figure(curve: Table) -> tuple[Figure, ...]:
    if not any(row["share"] is not None for row in curve):
        return ()
    return (
        Figure(
            "return_curve", "band", Text("沉默之后回来的客户占比", "Share of silent customers who came back"),
            "return_curve", "silent_days", ("share",), low="low", high="high",
            note=Text("横轴为未购买的天数；之后同样长的时间内再次下单", "across: days of silence; ordered again in as long"),
        ),
    )  # fmt: skip


def _period_figure(periods: Table) -> tuple[Figure, ...]:
    if not any(row["rate"] is not None for row in periods):
        return ()
    return (
        Figure(
            "periods", "bar", Text("各期流失率", "Churn rate by period"), "periods", "snapshot", ("rate",),
            low="low", high="high",
        ),
    )  # fmt: skip


ANALYSIS = Analysis(
    name="retention",
    title=Text("流失与留存", "Churn and retention"),
    question=Text(
        "多少客户留下、多少流失，哪些期间和客群不同？沉默多久算流失？",
        "How many customers stay and how many are lost, by period and segment, and since when is one lost?",
    ),
    section="value",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "customer_facts", "window_facts", "subscriptions", "customer_attributes"),
    needs=(),
    uses=("business_kind", "abc_class", "rfm", "lifecycle"),
    order=30,
)
