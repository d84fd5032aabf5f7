"""Of customers who renew automatically, how many stay after each renewal, and how many will?

Method: only where gaps between purchases say automatic renewal (see business_kind). The cycle is the one that most
gaps lie near. A customer is asked for a renewal each cycle from the first purchase on, and has left when silent for
more than a cycle and a half. Kaplan-Meier over renewals, running contracts censored; beside it the shifted
beta-geometric, which goes on after what was seen. Back-test: fitted as of some cycles ago, the customers then running
who still run today against a constant rate of leaving as baseline; the better one makes the forecast.

Source: Kaplan and Meier (1958); Fader and Hardie (2007, 2010).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from keguan.analysis import Analysis, Inputs, param
from keguan.core.text import Scalar, Text
from keguan.evidence.statistics.kaplan_meier import kaplan_meier, survival_at
from keguan.evidence.statistics.shifted_beta_geometric import Retention, fit_retention
from keguan.models.renewal.claims import TEXT, renewal_claims
from keguan.models.renewal.columns import BACKTEST_COLUMNS, CURVE_COLUMNS, FIT_COLUMNS, OUTLOOK_COLUMNS
from keguan.models.renewal.counting import COUNTS_SQL, RUNNING_SQL, Counts, counts_of, cycle_of, grace_of
from keguan.result import Figure, Note, Result, Table


@dataclass(frozen=True)
class Params:
    """The cycle, and how far it goes on."""

    cycle_days: int = param(0, "续费周期（天），0 为由数据确定", "cycle in days; 0: found from the data")
    ahead: int = param(6, "预测几个周期", "cycles ahead")


def run(inputs: Inputs, params: Params) -> Result:
    """Tables fit, curve, outlook, backtest."""
    decision = inputs.result("business_kind").table("decision").records()
    if not decision or not decision[0]["automatic_renewal"]:
        return Result("renewal", notes=(NOT_RENEWING,))
    cycle = cycle_of(inputs, params.cycle_days)
    if cycle is None:
        return Result("renewal", notes=(NOT_RENEWING,))
    counts = counts_of(inputs, cycle)
    if counts.customers < inputs.settings.min_n:
        return Result("renewal", notes=(_few(inputs.settings.min_n),))
    fitted = fit_retention(counts.rows)
    back = _backtest(inputs, cycle, params.ahead)
    model = _used(fitted, back)
    result = Result(
        "renewal",
        tables=(
            _outlook(inputs, cycle, counts, fitted, model, params.ahead),
            replace(_curve(inputs, cycle, counts, fitted, params.ahead), appendix=True),
            replace(_fit(inputs, cycle, counts, fitted), appendix=True),
            replace(back, appendix=True),
        ),
    )
    return replace(result, figures=FIGURES, claims=renewal_claims(result), notes=_notes(fitted, back))


def _used(fitted: Retention | None, back: Table) -> str:
    """The shifted beta-geometric unless the constant rate came nearer in the back-test."""
    if fitted is None:
        return "constant"
    rows = {row["model"]: row for row in back}
    if rows and abs(rows["constant"]["miss"]) < abs(rows["sbg"]["miss"]):
        return "constant"
    return "sbg"


def expected(counts: Counts, fitted: Retention | None, model: str, ahead: int) -> float:
    """How many of those running are expected to run after so many more renewals."""
    if model == "sbg" and fitted is not None:
        return sum(
            running * fitted.survival(renewals + ahead) / fitted.survival(renewals)
            for renewals, _, running in counts.rows
        )
    return counts.running * (1 - counts.leaving_rate) ** ahead


def _backtest(inputs: Inputs, cycle: int, ahead: int) -> Table:
    """As of `ahead` cycles ago: who ran then and runs now, as forecast then and as it came."""
    then = inputs.as_of - timedelta(days=ahead * cycle)
    before = counts_of(inputs.at(then), cycle)
    rows: list[dict[str, Any]] = []
    if before.running >= inputs.settings.min_n and before.left > 0:
        fitted = fit_retention(before.rows)
        known: dict[str, Scalar] = {"cycle": cycle, "grace": grace_of(cycle), "then": then}
        actual = int(inputs.query(RUNNING_SQL, **known).to_pylist()[0]["customers"])
        for model in ("sbg", "constant"):
            if model == "constant" or fitted is not None:
                said = expected(before, fitted, model, ahead)
                rows.append(
                    {
                        "model": model, "day": then, "running": before.running, "expected": said, "actual": actual,
                        "miss": said - actual, "share": actual / before.running,
                    }
                )  # fmt: skip
        rows = rows if len(rows) == 2 else []
    return inputs.computed(
        "backtest", Text("回测：当时的预测与实际", "Back-test: what was forecast and what came"), BACKTEST_COLUMNS,
        ("model",), rows, method="renewal.backtest", sql=COUNTS_SQL, cycle=cycle, grace=grace_of(cycle),
    )  # fmt: skip


def _fit(inputs: Inputs, cycle: int, counts: Counts, fitted: Retention | None) -> Table:
    row: dict[str, Any] = {
        "cycle": cycle, "customers": counts.customers, "left": counts.left, "running": counts.running,
        "leaving_rate": counts.leaving_rate,
    }  # fmt: skip
    if fitted:
        row |= {"alpha": fitted.alpha, "beta": fitted.beta, "log_likelihood": fitted.log_likelihood}
    return inputs.computed(
        "fit", Text("续费模型", "Model of renewals"), FIT_COLUMNS, ("cycle",), [row],
        method="evidence.statistics.shifted_beta_geometric", sql=COUNTS_SQL, cycle=cycle, grace=grace_of(cycle),
    )  # fmt: skip


def _curve(inputs: Inputs, cycle: int, counts: Counts, fitted: Retention | None, ahead: int) -> Table:
    steps = kaplan_meier([(float(renewal), left, open_) for renewal, left, open_ in counts.rows])
    longest = max(renewal for renewal, _, _ in counts.rows)
    rows = []
    for renewal in range(1, min(longest, MOST) + ahead + 1):
        at = survival_at(steps, renewal) if renewal <= longest else None
        exact = at if at is not None and at.time == renewal else None
        row: dict[str, Any] = {"renewal": renewal, "at_risk": exact.at_risk if exact else None}
        if at is not None and at.at_risk >= inputs.settings.min_n:
            row |= {"survival": at.survival, "low": at.low, "high": at.high}
            if exact is not None:
                row["rate"] = 1 - exact.events / exact.at_risk
        if fitted:
            row |= {"fitted": fitted.survival(renewal), "fitted_rate": fitted.rate(renewal)}
        rows.append(row)
    return inputs.computed(
        "curve", Text("每次续费后的留存", "Retention after each renewal"), CURVE_COLUMNS, ("renewal",), rows,
        method="evidence.statistics: kaplan_meier, shifted_beta_geometric", sql=COUNTS_SQL, cycle=cycle,
        grace=grace_of(cycle),
    )  # fmt: skip


MOST = 120


def _outlook(
    inputs: Inputs, cycle: int, counts: Counts, fitted: Retention | None, model: str, ahead: int
) -> Table:
    rows = []
    for step in range(1, ahead + 1):
        stay = expected(counts, fitted, model, step)
        rows.append(
            {
                "ahead": step, "day": inputs.as_of + timedelta(days=step * cycle), "running": counts.running,
                "expected": stay, "share": stay / counts.running if counts.running else None, "model": model,
            }
        )  # fmt: skip
    return inputs.computed(
        "outlook", Text("预计仍续费的客户", "Customers expected to renew still"), OUTLOOK_COLUMNS, ("ahead",),
        rows if counts.running >= inputs.settings.min_n else [], method="renewal.expected", sql=COUNTS_SQL,
        cycle=cycle, grace=grace_of(cycle),
    )  # fmt: skip


FIGURES = (
    Figure(
        "curve", "line", Text("每次续费后的留存：观察与模型", "Retention after each renewal: seen and fitted"), "curve",
        "renewal", ("survival", "fitted"),
    ),
)  # fmt: skip
NOT_RENEWING = Note(
    Text(
        "购买间隔不像自动续费，本节不适用；合约数据见客户留存",
        "Gaps between purchases are not those of automatic renewal: this section does not apply; for contracts see retention",
    )
)


def _few(min_n: int) -> Note:
    says = Text(
        f"续费客户少于 {min_n} 位，不给留存率", f"Fewer than {min_n} renewing customers: no rates are given"
    )
    return Note(says, "withheld")


def _notes(fitted: Retention | None, back: Table) -> tuple[Note, ...]:
    notes = []
    if fitted is None:
        says = Text(
            "没有客户离开或没有客户续费，续费模型无法拟合，采用固定流失率",
            "Nobody left or nobody renewed: the model cannot be fitted and a constant rate is used",
        )
        notes.append(Note(says, "warning"))
    if not len(back.rows):
        says = Text("历史不足，无法回测", "There is too little history for a back-test")
        notes.append(Note(says, "warning"))
    return tuple(notes)


ANALYSIS = Analysis(
    name="renewal",
    title=Text("自动续费留存", "Retention of automatic renewals"),
    question=Text(
        "自动续费的客户每次续费后留下多少，今后还会留下多少？",
        "Of customers who renew automatically, how many stay after each renewal, and how many will?",
    ),
    section="value",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "customer_facts"),
    uses=("business_kind",),
    order=95,
)
