"""Churn of contracts: learned from those whose end is known, told of those that run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.marts.owners import OWNERS
from keguan.models.churn import columns as c
from keguan.models.churn import tables
from keguan.models.churn.basis import Scores
from keguan.models.churn.claims import contract_claims, few_note, given_away_note, library_note
from keguan.models.churn.contract_rows import (
    COUNT_SQL,
    ContractRows,
    contract_rows,
    contracts_sql,
    with_rule,
)
from keguan.models.churn.explained import driver_tables, reasons
from keguan.models.churn.learners import (
    TREE_EVENTS,
    Fitted,
    LearnerName,
    fitting,
    folds,
    has_trees,
    out_of_fold,
)
from keguan.models.churn.params import Params
from keguan.models.churn.quality import Quality, chosen, judged
from keguan.models.churn.scorer import SCORED, Scorer
from keguan.result import Figure, Note, Result, Table
from keguan.schema.vocabulary import UNKNOWN

if TYPE_CHECKING:
    from numpy.typing import NDArray

REPEATS = 3
FEWEST_EVENTS = 10


@dataclass(frozen=True)
class Tried:
    """A learner with its quality, its probabilities in the first repetition and the models that made them."""

    quality: Quality
    probability: NDArray[Any]
    models: tuple[Fitted, ...]


def by_contracts(inputs: Inputs, params: Params) -> Result:
    """Tables contract_backtest, contract_calibration, contract_thresholds, contract_levels, contract_owners,
    contract_list, contract_drivers, contract_segments, contract_win_back."""
    counted = inputs.query(COUNT_SQL).to_pylist()[0]
    known, gone = int(counted["contracts"]), int(counted["gone"])
    few = min(gone, known - gone) < FEWEST_EVENTS or known < inputs.settings.min_n
    rows = None if few else contract_rows(inputs, params.money_months, known)
    tried = _tried(rows) if rows is not None else []
    if rows is None or not tried:
        return Result("churn", notes=(few_note("contracts", known, gone),))
    used = chosen([item.quality for item in tried])
    best = next(item for item in tried if item.quality is used)
    scores = _scores(inputs, params, rows, best)
    quality = (
        tables.backtest_table(
            inputs, scores.prefix, [item.quality for item in tried], used, rows.sql, rows.bound
        ),
        tables.calibration_table(inputs, scores.prefix, used),
        tables.thresholds_table(inputs, scores.prefix, params, rows.events, best.probability),
    )
    customers = _customers(inputs, params, scores, known - gone)
    related = (scores.relation,) if customers else ()
    result = Result("churn", (*quality, *customers), _figures(bool(customers)), relations=related)
    return replace(result, claims=tuple(contract_claims(result, params)), notes=tuple(_notes(rows, used)))


def _tried(rows: ContractRows) -> list[Tried]:
    """The learners that so many events allow, each in three times five folds of the same customers."""
    rule = with_rule(rows)
    if rule is None:
        return []
    strongest = fitting(rows.features, rows.columns, rows.events)
    order: tuple[LearnerName, ...] = ("lightgbm", "logistic", "rule")
    names = order[order.index(strongest) :]
    made: dict[LearnerName, list[tuple[NDArray[Any], tuple[Fitted, ...]]]] = {}
    for name in reversed(names):
        features = (rule,) if name == "rule" else rows.features
        found = [
            out_of_fold(name, features, rows.columns, rows.events, folds(rows.columns["account_no"], seed))
            for seed in range(1, REPEATS + 1)
        ]
        done = [item for item in found if item is not None]
        if len(done) == REPEATS:
            made[name] = done
    if "rule" not in made:
        return []
    by_rule = [p for p, _ in made["rule"]]
    judgements = {
        name: judged(name, rows.events, [p for p, _ in made[name]], by_rule) for name in names if name in made
    }
    return [Tried(quality, *made[name][0]) for name, quality in judgements.items() if quality is not None]


def _scores(inputs: Inputs, params: Params, rows: ContractRows, best: Tried) -> Scores:
    """Probabilities of running contracts, each by the model that has not seen its customer."""
    sql = f"SELECT * FROM ({contracts_sql(rows.attributes)}) c WHERE coalesce(gone, 0) = 0"
    scorer = Scorer(best.models, params.borders, rows.numeric, seed=1)
    bound = {"months": params.money_months}
    view = inputs.scored("churn_contracts", sql, scorer, SCORED, method=scorer.method, **bound)
    return Scores("contracts", view, sql, bound, scorer, "f.plan", "unknown", "", rows.names, ("plan",))


def _customers(inputs: Inputs, params: Params, scores: Scores, running: int) -> Sequence[Table]:
    levels = tables.levels_table(inputs, scores)
    if not len(levels.rows):
        return ()
    listed = tables.list_table(inputs, scores, reasons(inputs, scores, params.listed), params.listed)
    drivers = driver_tables(inputs, scores, running)
    return levels, tables.owners_table(inputs, scores), listed, *drivers, _win_back(inputs, params)


def _win_back(inputs: Inputs, params: Params) -> Table:
    """Contracts that have churned, the largest first."""
    sql = f"""
WITH {OWNERS}, ended AS (
  SELECT * FROM ({contracts_sql(())}) c WHERE gone = 1
), ranked AS (
  SELECT e.*, coalesce(o.owner, '{UNKNOWN}') AS owner, coalesce(o.branch, '{UNKNOWN}') AS branch,
         row_number() OVER (ORDER BY e.money DESC, e.account_no, e.item) AS place
  FROM ended e LEFT JOIN owners o ON o.account_no = e.account_no
)
SELECT place, CAST(account_no AS VARCHAR) AS account, owner, branch, plan, tenure, money
FROM ranked WHERE place <= $listed ORDER BY place
"""
    title = Text("挽回候选：已流失的合约", "Win-back candidates: churned contracts")
    made = inputs.table(
        "contract_win_back",
        title,
        c.CONTRACT_WIN_BACK,
        ("place",),
        sql,
        months=params.money_months,
        listed=params.listed,
    )
    return replace(made, appendix=True)


def _figures(running: bool) -> tuple[Figure, ...]:
    drawn = (
        Figure(
            "contract_levels", "bar", Text("各流失风险等级的合约数", "Contracts by risk of churn"), "contract_levels", "label",
            ("customers",),
        ),
        Figure(
            "contract_drivers", "bar", Text("什么推高合约的流失概率", "What raises the probability of contracts"),
            "contract_drivers", "driver", ("weight",),
        ),
        Figure(
            "contract_calibration", "line", Text("合约：预测与实际的流失率", "Contracts: predicted and observed churn"),
            "contract_calibration", "bin", ("predicted", "observed"),
        ),
    )  # fmt: skip
    return drawn if running else drawn[2:]


def _notes(rows: ContractRows, used: Quality) -> list[Note]:
    notes = []
    if rows.given_away:
        notes.append(given_away_note([rows.names.get(name, name) for name in rows.given_away]))
    if used.events >= TREE_EVENTS and not has_trees():
        notes.append(library_note())
    return notes
