"""Learners of a difference: how much the outcome of a customer with these features changes by the treatment.

t_learner     a model of the outcome in each arm, subtracted
x_learner     each arm's outcomes less what the other arm's model expects of them, learned, weighted by the probability
              of assignment (Künzel, Sekhon, Bickel and Yu 2019)
transformed   one model of y t / e - y (1 - t) / (1 - e), whose mean is the difference (Athey and Imbens 2016)

Each model is the mean of gradient-boosted trees (Ke et al. 2017), small ones since differences are small, and of a ridge
regression; with fewer than 2,000 rows, or without LightGBM, the regression alone. Fits are the same twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from keguan.models.uplift.design import Columns, Design

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEARNERS = ("t_learner", "x_learner", "transformed")
TREE_ROWS = 2000
ROUNDS = 40
TREES = {
    "objective": "regression", "num_leaves": 3, "learning_rate": 0.07, "min_data_in_leaf": 200, "lambda_l2": 10.0,
    "feature_fraction": 0.7, "bagging_fraction": 0.7, "bagging_freq": 1, "max_bin": 63, "seed": 1, "deterministic": True,
    "num_threads": 1, "force_row_wise": True, "verbose": -1,
}  # fmt: skip
RIDGE = 10.0


@dataclass(frozen=True)
class Fit:
    """A model of a number: parameters only, so that it travels to where the rows are."""

    centre: tuple[float, ...]
    slopes: tuple[float, ...]
    level: float
    trees: str | None = None

    def predict(self, plain: NDArray[np.float64], straight: NDArray[np.float64]) -> NDArray[np.float64]:
        """The number expected of each row."""
        import numpy as np

        line: NDArray[np.float64] = self.level + np.einsum(
            "ij,j->i", straight - np.array(self.centre), np.array(self.slopes)
        )
        if self.trees is None:
            return line
        grown: NDArray[np.float64] = booster(self.trees).predict(plain, num_threads=1)
        return (line + grown) / 2


@dataclass(frozen=True)
class Model:
    """A sum of fits over one design: the difference that the treatment makes to each row."""

    name: str
    design: Design
    terms: tuple[tuple[float, Fit], ...]

    def score(self, columns: Columns) -> NDArray[np.float64]:
        """Expected difference of each row."""
        return self.of(self.design.plain(columns), self.design.straight(columns))

    def of(self, plain: NDArray[np.float64], straight: NDArray[np.float64]) -> NDArray[np.float64]:
        """The same over rows that the design has coded."""
        import numpy as np

        made: NDArray[np.float64] = np.zeros(len(plain))
        for weight, fit in self.terms:
            made = made + weight * fit.predict(plain, straight)
        return made


@lru_cache(maxsize=64)
def booster(text: str) -> Any:
    """The trees of a model's text, read once in each process."""
    import lightgbm

    return lightgbm.Booster(model_str=text)


@dataclass(frozen=True)
class Coded:
    """Rows as numbers with their arm and outcome."""

    design: Design
    plain: NDArray[np.float64]
    straight: NDArray[np.float64]
    treated: NDArray[np.bool_]
    outcome: NDArray[np.float64]

    def rows(self, chosen: NDArray[Any]) -> Coded:
        """Some of the rows."""
        return Coded(
            self.design, self.plain[chosen], self.straight[chosen], self.treated[chosen], self.outcome[chosen]
        )


def learn(rows: Coded, probability: float | None) -> Mapping[str, Model]:
    """Every learner on these rows. `probability` of being treated, where it is known; else their share."""
    arm = rows.treated
    e = float(arm.mean()) if probability is None else probability
    with_arm, without = _fit(rows, arm, rows.outcome[arm]), _fit(rows, ~arm, rows.outcome[~arm])
    gained = rows.outcome[arm] - without.predict(rows.plain[arm], rows.straight[arm])
    missed = with_arm.predict(rows.plain[~arm], rows.straight[~arm]) - rows.outcome[~arm]
    of_treated, of_control = _fit(rows, arm, gained), _fit(rows, ~arm, missed)
    transformed = rows.outcome * (arm / e - ~arm / (1 - e))
    terms = {
        "t_learner": ((1.0, with_arm), (-1.0, without)),
        "x_learner": ((e, of_control), (1 - e, of_treated)),
        "transformed": ((1.0, _fit(rows, arm | ~arm, transformed)),),
    }
    return {name: Model(name, rows.design, terms[name]) for name in LEARNERS}


def _fit(rows: Coded, chosen: NDArray[np.bool_], target: NDArray[np.float64]) -> Fit:
    """A model of `target` over the chosen rows."""
    import numpy as np

    line = rows.straight[chosen]
    centre, level = line.mean(axis=0), float(target.mean())
    spread = line.std(axis=0)
    spread = np.where(spread > 1e-9, spread, np.inf)  # a column without spread has no slope
    scaled = (line - centre) / spread
    gram = np.einsum("ij,ik->jk", scaled, scaled) + RIDGE * np.eye(scaled.shape[1])
    slopes = np.linalg.solve(gram, np.einsum("ij,i->j", scaled, target - level)) / spread
    grown = None
    if len(target) >= TREE_ROWS and find_spec("lightgbm") is not None:
        import lightgbm

        made = lightgbm.train(dict(TREES), lightgbm.Dataset(rows.plain[chosen], target), ROUNDS)
        grown = str(made.model_to_string())
    return Fit(tuple(centre.tolist()), tuple(slopes.tolist()), level, grown)
