"""The learners: trees together with a regression, the regression alone, or a rule on one feature.

'lightgbm' is the mean, in log odds, of gradient-boosted trees with monotone constraints (Ke et al. 2017) and of a
penalised logistic regression with the same signs: trees see thresholds and interactions, the regression what is
straight, and what each feature adds stays a sum (Lundberg, Erion and Lee 2018 for the trees). Fits are the same
twice: one thread, fixed seeds, rows in the order of their keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

from keguan.core.imports import without
from keguan.evidence.statistics.beta_calibration import Calibration, beta_calibration
from keguan.evidence.statistics.logistic_regression import Logistic, logistic_regression
from keguan.models.churn.design import Columns, Design, Feature, learned

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LearnerName = Literal["lightgbm", "logistic", "rule"]
TREE_EVENTS = 500  # churn events from which trees are fitted
EVENTS_PER_COEFFICIENT = 10
ROUNDS = 75
TREES = {
    "objective": "binary", "num_leaves": 6, "learning_rate": 0.1, "min_data_in_leaf": 30, "lambda_l2": 5.0,
    "max_bin": 63, "feature_fraction": 0.5, "seed": 1, "deterministic": True, "num_threads": 1, "force_row_wise": True,
    "verbose": -1,
}  # fmt: skip
RIDGE = 1.0


@dataclass(frozen=True)
class Fitted:
    """A model that scores rows: parameters only, so that it travels to where the rows are."""

    name: LearnerName
    design: Design
    regression: Logistic
    trees: str | None = None  # text of the LightGBM model
    calibration: Calibration | None = None

    def raw(self, columns: Columns) -> NDArray[np.float64]:
        """Probability before calibration."""
        import numpy as np

        odds = self.regression.log_odds(self.design.straight(columns))
        if self.trees is not None:
            odds = (
                odds + booster(self.trees).predict(self.design.plain(columns), raw_score=True, num_threads=1)
            ) / 2
        probability: NDArray[np.float64] = 1 / (1 + np.exp(-odds))
        return probability

    def probability(self, columns: Columns) -> NDArray[np.float64]:
        """Calibrated probability of churn of each row."""
        raw = self.raw(columns)
        return self.calibration.calibrated(raw) if self.calibration else raw

    def contributions(self, columns: Columns) -> NDArray[np.float64]:
        """Rows x features: what each feature adds to the log odds, against the average row of the fit."""
        added = self.design.gathered(self.regression.parts(self.design.straight(columns)))
        if self.trees is None:
            return added
        parts = booster(self.trees).predict(self.design.plain(columns), pred_contrib=True, num_threads=1)
        halved: NDArray[np.float64] = (added + self.design.gathered(parts[:, :-1])) / 2
        return halved


@lru_cache(maxsize=32)
def booster(text: str) -> Any:
    """The trees of a model's text, read once in each process."""
    return trees_library().Booster(model_str=text)


def trees_library() -> ModuleType:
    """LightGBM, without the scikit-learn that its own learners' wrappers are for."""
    with without("sklearn"):
        import lightgbm

    return lightgbm


def has_trees() -> bool:
    """Whether LightGBM is installed."""
    return find_spec("lightgbm") is not None


def fit(
    name: LearnerName, features: Sequence[Feature], columns: Columns, events: NDArray[np.bool_]
) -> Fitted | None:
    """The learner on these rows, not calibrated; None where nothing can be learned."""
    design = learned(features, columns)
    if not design.coded:
        return None
    regression = logistic_regression(design.straight(columns), events, ridge=RIDGE, signs=design.signs)
    if regression is None:
        return None
    trees = _trees(design, columns, events) if name == "lightgbm" else None
    return Fitted(name, design, regression, trees)


def _trees(design: Design, columns: Columns, events: NDArray[np.bool_]) -> str:
    lightgbm = trees_library()
    rows = lightgbm.Dataset(design.plain(columns), events.astype(float))
    params = {**TREES, "monotone_constraints": list(design.signs)}
    made = lightgbm.train(
        params, rows, ROUNDS, keep_training_booster=True
    )  # else it is written and read again
    return str(made.model_to_string())


def fitting(features: Sequence[Feature], columns: Columns, events: NDArray[np.bool_]) -> LearnerName:
    """The strongest learner that so many events allow."""
    rarer = int(min(events.sum(), (~events).sum()))
    coefficients = len(learned(features, columns).owners)
    if rarer >= TREE_EVENTS and has_trees():
        return "lightgbm"
    return "logistic" if rarer >= EVENTS_PER_COEFFICIENT * max(coefficients, 1) else "rule"


FOLDS = 5


def folds(accounts: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """The fold of each account, the same wherever it stands: of one customer all rows are in one fold."""
    import numpy as np

    from keguan.evidence.statistics.bootstrap import splitmix64

    mixed = splitmix64(accounts.astype(np.uint64), seed)
    return (mixed % np.uint64(FOLDS)).astype(np.int64)


def calibrated_fit(
    name: LearnerName,
    features: Sequence[Feature],
    columns: Columns,
    events: NDArray[np.bool_],
    fold: NDArray[np.int64],
    known: dict[int, Fitted] | None = None,
) -> Fitted | None:
    """The learner on all rows, calibrated by what models that have not seen a row's fold say of it.

    `known`: what a stronger learner was fitted to, by fold (WHOLE: all rows), for the same features and rows: its
    regression is not fitted again. What this one fits is added.
    """
    kept = {} if known is None else known
    crossed, model = _crossed(name, features, columns, events, fold, kept), None
    if crossed is not None:
        model = _fitted(name, features, columns, events, kept, WHOLE)
    if crossed is None or model is None:
        return None
    return replace(model, calibration=beta_calibration(events, crossed[0]))


WHOLE = -1


def _fitted(
    name: LearnerName,
    features: Sequence[Feature],
    columns: Columns,
    events: NDArray[np.bool_],
    known: dict[int, Fitted],
    place: int,
) -> Fitted | None:
    """A fit, or the regression of the one that is known."""
    if name == "logistic" and place in known:
        return replace(known[place], name=name, trees=None)
    model = fit(name, features, columns, events)
    if model is not None:
        known[place] = model
    return model


def out_of_fold(
    name: LearnerName,
    features: Sequence[Feature],
    columns: Columns,
    events: NDArray[np.bool_],
    fold: NDArray[np.int64],
) -> tuple[NDArray[np.float64], tuple[Fitted, ...]] | None:
    """Probabilities of each row by the model that has not seen its fold, and these models, all calibrated.

    A fold's probabilities are calibrated on the other folds' out-of-fold ones.
    """
    import numpy as np

    crossed = _crossed(name, features, columns, events, fold, {})
    if crossed is None:
        return None
    raw, models = crossed
    made, done = np.zeros(len(events)), []
    for place, model in enumerate(models):
        inside = fold == place
        calibrated = replace(model, calibration=beta_calibration(events[~inside], raw[~inside]))
        done.append(calibrated)
        known = calibrated.calibration
        made[inside] = known.calibrated(raw[inside]) if known else raw[inside]
    return made, tuple(done)


def _crossed(
    name: LearnerName,
    features: Sequence[Feature],
    columns: Columns,
    events: NDArray[np.bool_],
    fold: NDArray[np.int64],
    known: dict[int, Fitted],
) -> tuple[NDArray[np.float64], tuple[Fitted, ...]] | None:
    """Uncalibrated probabilities by the model that has not seen the fold; None where a fold leaves nothing to learn."""
    import numpy as np

    raw, models = np.zeros(len(events)), []
    for place in range(FOLDS):
        inside = fold == place
        model = _fitted(name, features, taken(columns, ~inside), events[~inside], known, place)
        if model is None:
            return None
        if inside.any():
            raw[inside] = model.raw(taken(columns, inside))
        models.append(model)
    return raw, tuple(models)


def taken(columns: Columns, rows: NDArray[Any]) -> dict[str, Any]:
    """The same columns with some of the rows."""
    return {name: values[rows] for name, values in columns.items()}
