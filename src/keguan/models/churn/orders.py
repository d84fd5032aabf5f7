"""Churn of customers without contracts: learned from snapshots of the past, tested on a later one, told of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.marts.snapshot_features import FEATURES
from keguan.models.churn import columns as c
from keguan.models.churn import tables
from keguan.models.churn.basis import Scores
from keguan.models.churn.claims import (
    AUTOMATIC,
    NO_HORIZON,
    few_note,
    given_away_note,
    library_note,
    natural_claims,
    off_note,
    order_claims,
    short_note,
)
from keguan.models.churn.contract_rows import GIVEN_AWAY, alone
from keguan.models.churn.design import Feature
from keguan.models.churn.explained import driver_tables, reasons
from keguan.models.churn.foresight import foresight
from keguan.models.churn.learners import (
    TREE_EVENTS,
    Fitted,
    LearnerName,
    calibrated_fit,
    fitting,
    folds,
    has_trees,
)
from keguan.models.churn.params import Params
from keguan.models.churn.quality import Quality, chosen, judged
from keguan.models.churn.scorer import SCORED, Scorer
from keguan.models.churn.snapshots import (
    KNOWN,
    MOST_COMPARED,
    MOST_TESTED,
    MOST_TRAINING,
    RULE,
    Past,
    bound,
    history,
    leaking,
    past_rows,
    places_for,
    training_days,
)
from keguan.models.churn.win_back import natural_table, stated_table, win_back_table
from keguan.result import Figure, Foresight, Note, Result, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_EVENTS = 10


@dataclass(frozen=True)
class Learned:
    """What came of the back-test: the learner to use, its features, its probabilities on the tested day."""

    used: Quality
    tried: tuple[Quality, ...]
    features: tuple[Feature, ...]
    probability: NDArray[Any]


def by_orders(inputs: Inputs, params: Params) -> Result:
    """Tables backtest, calibration, thresholds, levels, owners, list, drivers, segments, win_back, natural, stated,
    leaks."""
    retention = inputs.result("retention")
    horizon = params.horizon_days or _horizon(retention)
    if horizon is None:
        return Result("churn", notes=(NO_HORIZON if retention.has("horizon") else AUTOMATIC,))
    left = _left(inputs, params, horizon, retention)
    days, base = history(inputs, horizon)
    training = training_days(inputs.as_of, horizon, days)
    if not training:
        return _without(left, short_note(horizon, days))
    months = params.money_months
    tested = inputs.as_of - timedelta(days=horizon)
    past = past_rows(inputs, training, horizon, months, places_for(MOST_TRAINING, base, len(training)))
    later = past_rows(inputs, (tested,), horizon, months, places_for(MOST_TESTED, base))
    if few := _few(inputs, past, later):
        return _without(left, few)
    leaks, clean = _leaks(inputs, max(training), horizon, months, base)
    learned = _learned(past, later, clean)
    if learned is None:
        return _without(left, few_note("orders", len(later), int(later.events.sum())))
    asked = bound(tested, horizon, months, places_for(MOST_TESTED, base))
    quality = (
        tables.backtest_table(inputs, "", learned.tried, learned.used, FEATURES, asked),
        tables.calibration_table(inputs, "", learned.used),
        tables.thresholds_table(inputs, "", params, later.events, learned.probability),
    )
    scores = _scores(inputs, params, horizon, _together(past, later), learned)
    customers = _customers(inputs, params, base, scores) if scores else ()
    made = (*quality, *customers, *left, leaks)
    result = Result("churn", made, relations=(scores.relation,) if scores and customers else ())
    return replace(
        result,
        figures=_figures(result),
        claims=tuple(order_claims(result, params, horizon)),
        notes=tuple(_notes(learned, clean)),
        foresight=_foresight(inputs, scores, horizon, learned) if scores and customers else None,
    )


def _foresight(inputs: Inputs, scores: Scores, horizon: int, learned: Learned) -> Foresight:
    rule = next(item for item in learned.tried if item.learner == "rule")
    return foresight(inputs, scores, horizon, learned.used, rule)


def _without(left: tuple[Table, ...], note: Note) -> Result:
    """What can be told without probabilities: who is gone, and how many come back."""
    result = Result("churn", left, notes=(note,))
    return replace(result, claims=tuple(natural_claims(result)))


def _horizon(retention: Result) -> int | None:
    rows = retention.table("horizon").records() if retention.has("horizon") else []
    return int(rows[0]["horizon"]) if rows else None


def _few(inputs: Inputs, *parts: Past) -> Note | None:
    """The note where a part has too few of those who stay or of those who are lost."""
    for part in parts:
        lost = int(part.events.sum())
        if len(part) < inputs.settings.min_n or min(lost, len(part) - lost) < FEWEST_EVENTS:
            return few_note("orders", len(part), lost)
    return None


def _leaks(
    inputs: Inputs, day: date, horizon: int, months: int, base: int
) -> tuple[Table, tuple[Feature, ...]]:
    """Each feature recomputed where nothing later is known, and the features that stay the same."""
    asked = bound(day, horizon, months, places_for(MOST_COMPARED, base))
    compared, differing = leaking(inputs, day, asked, [item.name for item in KNOWN])
    rows = [
        {"feature": name, "snapshot": day, "compared": compared, "differing": n}
        for name, n in differing.items()
    ]
    table = inputs.computed(
        "leaks", Text("特征只用快照之前的数据", "Features know nothing after their day"), c.LEAKS, ("feature",), rows,
        method="churn.snapshots.leaking", sql=FEATURES, **asked,
    )  # fmt: skip
    return replace(table, appendix=True), tuple(item for item in KNOWN if not differing[item.name])


def _learned(past: Past, later: Past, clean: Sequence[Feature]) -> Learned | None:
    """Learners fitted on the past and judged on the later day."""
    features = tuple(item for item in clean if alone(item, past.columns, past.events) < GIVEN_AWAY)
    order: tuple[LearnerName, ...] = ("lightgbm", "logistic", "rule")
    names = order[order.index(fitting(features, past.columns, past.events)) :]
    made: dict[LearnerName, NDArray[Any]] = {}
    known: dict[int, Fitted] = {}  # the rule is fitted last, to another feature: nothing is known of it
    for name in names:
        model = calibrated_fit(name, _for(name, features), past.columns, past.events, _folds(past), known)
        if model is not None:
            made[name] = model.probability(later.columns)
    if "rule" not in made:
        return None
    found = [judged(name, later.events, [p], [made["rule"]]) for name, p in made.items()]
    tried = tuple(item for item in found if item is not None)
    if len(tried) < len(made):
        return None
    used = chosen(tried)
    return Learned(used, tried, features, made[used.learner])


def _for(name: LearnerName, features: Sequence[Feature]) -> tuple[Feature, ...]:
    return (RULE,) if name == "rule" else tuple(features)


def _folds(past: Past) -> NDArray[Any]:
    return folds(past.columns["account_no"], 1)


def _together(past: Past, later: Past) -> Past:
    import numpy as np

    columns = {name: np.concatenate((values, later.columns[name])) for name, values in past.columns.items()}
    return Past(columns, np.concatenate((past.events, later.events)))


def _scores(inputs: Inputs, params: Params, horizon: int, rows: Past, learned: Learned) -> Scores | None:
    """Probabilities of today's base by the learner fitted anew on all days whose outcome is known."""
    name = learned.used.learner
    model = calibrated_fit(name, _for(name, learned.features), rows.columns, rows.events, _folds(rows))
    if model is None:
        return None
    scorer, asked = Scorer((model,), params.borders), bound(inputs.as_of, horizon, params.money_months)
    view = inputs.scored("churn", FEATURES, scorer, SCORED, method=scorer.method, **asked)
    joined = f"LEFT JOIN {inputs.segment('abc_class')} s ON s.account_no = f.account_no"
    spent = ("net_horizon", "net_before")
    return Scores("orders", view, FEATURES, asked, scorer, "s.label", "abc_class", joined, {}, spent)


def _customers(inputs: Inputs, params: Params, base: int, scores: Scores) -> Sequence[Table]:
    levels = tables.levels_table(inputs, scores)
    if not len(levels.rows):
        return ()
    listed = tables.list_table(inputs, scores, reasons(inputs, scores, params.listed), params.listed)
    return levels, tables.owners_table(inputs, scores), listed, *driver_tables(inputs, scores, base)


def _left(inputs: Inputs, params: Params, horizon: int, retention: Result) -> tuple[Table, ...]:
    """Whom to win back, how many come back anyway, and what those who left say."""
    made = (
        win_back_table(inputs, horizon, params.listed),
        natural_table(inputs, retention, horizon),
        stated_table(inputs),
    )
    return tuple(table for table in made if table is not None and len(table.rows))


def _figures(result: Result) -> tuple[Figure, ...]:
    drawn = (
        Figure("levels", "bar", Text("各流失风险等级的客户数", "Customers by risk of churn"), "levels", "label", ("customers",)),
        Figure(
            "drivers", "bar", Text("什么推高流失概率", "What raises the probability of churn"), "drivers", "driver",
            ("weight",),
        ),
        Figure(
            "calibration", "line", Text("预测与实际的流失率", "Predicted and observed churn"), "calibration", "bin",
            ("predicted", "observed"),
        ),
    )  # fmt: skip
    return tuple(figure for figure in drawn if result.has(figure.table))


def _notes(learned: Learned, clean: Sequence[Feature]) -> list[Note]:
    left_out = [item.name for item in KNOWN if item not in learned.features]
    notes = [given_away_note(left_out)] if left_out or len(clean) < len(KNOWN) else []
    if learned.used.events >= TREE_EVENTS and not has_trees():
        notes.append(library_note())
    off = off_note(learned.used)
    return [*notes, off] if off else notes
