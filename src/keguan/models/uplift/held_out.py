"""How rankings fare on customers that they have not seen: the mean over twenty halves, with bootstraps of customers.

Ten times the customers are halved at random within each arm; each half is ranked by what the other half teaches. Which
learner is the 'model' of a half, and how deep it goes, is decided inside the training half: one part teaches, one decides.
Within each half customers are drawn 200 times, in 200 random groups, the rankings as they are. Halves share customers, and what
chance puts into one half it takes from the other: the spread of their mean says nothing. So the interval has the medians
of the ends of the halves' own intervals, made at 97.5 % to hold at 95 % (Chernozhukov, Demirer, Duflo and Fernández-Val
2018).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from keguan.evidence.statistics.bootstrap import BUCKETS, resample_weights
from keguan.evidence.statistics.interval import LEVEL, z_value
from keguan.evidence.statistics.qini import Counted, Ranking, counted, drawn, ranking, summed
from keguan.models.uplift.design import Columns, Feature, learned, taken, words
from keguan.models.uplift.learners import LEARNERS, Coded, Model, learn
from keguan.models.uplift.rule import Rule, best_rule

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HALVINGS = 10  # twenty halves
RESAMPLES = 200
STEPS = 200  # of a ranking in the bootstrap
USUAL_DEPTH = 0.3
BANDS = 10
GRID = tuple(step / 20 for step in range(1, 21))
MODEL, RULE = "model", "rule"
RANKED = (*LEARNERS, RULE)
Key = tuple[str, str, int]  # ranking, measure, place along a curve or among bands


@dataclass(frozen=True)
class Trial:
    """Customers of both arms in a settled order: what was known before, arm, outcome. `probability` of the treatment,
    where it is known; else the share of the treated stands for it."""

    features: tuple[Feature, ...]
    columns: Columns
    treated: NDArray[np.bool_]
    outcome: NDArray[np.float64]
    probability: float | None = None

    def __len__(self) -> int:
        return len(self.treated)


def settled(
    features: Sequence[Feature],
    columns: Columns,
    treated: NDArray[np.bool_],
    outcome: NDArray[np.float64],
    probability: float | None = None,
) -> Trial:
    """The customers in the order of what is known of them, so that the order in which they came does not show."""
    import numpy as np

    read = {
        each.name: words(columns[each.name]) if each.kind == "text" else np.asarray(columns[each.name], np.float64)
        for each in features
    }  # fmt: skip
    order = np.lexsort((*read.values(), outcome, treated))
    return Trial(tuple(features), taken(read, order), treated[order], outcome[order], probability)


@dataclass(frozen=True, slots=True)
class Stakes:
    """What an outcome more is worth and what a contact costs, or the depth; with neither the first 30 % are meant."""

    margin: float | None = None
    cost: float = 0.0
    depth: float | None = None

    @property
    def chosen(self) -> bool:
        """Whether the depth is to be chosen by what it brings."""
        return self.margin is not None and self.depth is None


@dataclass(frozen=True)
class Half:
    """Customers of one half, ranked by what the other half taught; depth by ranking; the learner that is its model."""

    rows: NDArray[np.int64]
    rankings: Mapping[str, Ranking]
    coarse: Mapping[str, Ranking]  # for the bootstrap
    depths: Mapping[str, float]
    model: str
    rule: Rule | None


@dataclass(frozen=True)
class Measured:
    """The mean of one figure over the halves, and its interval; NaN where it cannot be told."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class HeldOut:
    """The halves, and figures by (ranking, measure): uplift, gain, qini, depth, profit; (model, uplift_over_rule) ...;
    gains along the grid and effects of the bands by ranking."""

    halves: tuple[Half, ...]
    figures: Mapping[tuple[str, str], Measured]
    curves: Mapping[str, Sequence[Measured]]
    bands: Mapping[str, Sequence[Measured]]


def held_out(trial: Trial, stakes: Stakes, seed: int) -> HeldOut | None:
    """None where no feature says anything."""
    import numpy as np

    rng = np.random.default_rng(seed)
    everyone = coded(trial)
    if everyone is None:
        return None
    halves: list[Half] = []
    for _ in range(HALVINGS):
        first = _half(trial.treated, rng)
        for training, testing in ((first, ~first), (~first, first)):
            rows = np.flatnonzero(training), np.flatnonzero(testing)
            halves.append(_judged(trial, everyone, stakes, rng.permutation(rows[0]), rows[1]))
    return _resampled(trial, stakes, tuple(halves), rng)


def coded(trial: Trial) -> Coded | None:
    """The customers as numbers; outcomes have no part in it. None where no feature says anything."""
    design = learned(trial.features, trial.columns)
    if not design.coded:
        return None
    plain, straight = design.plain(trial.columns), design.straight(trial.columns)
    return Coded(design, plain, straight, trial.treated, trial.outcome)


def _half(treated: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.bool_]:
    """A random half of each arm."""
    import numpy as np

    chosen = np.zeros(len(treated), dtype=bool)
    for arm in (treated, ~treated):
        own = np.flatnonzero(arm)
        chosen[rng.permutation(own)[: len(own) // 2]] = True
    return chosen


def _judged(
    trial: Trial, everyone: Coded, stakes: Stakes, training: NDArray[np.int64], testing: NDArray[np.int64]
) -> Half:
    """The testing rows ranked by the training rows. Of these one half teaches and the other decides."""
    import numpy as np

    teaching, deciding = training[::2], training[1::2]
    tried = _ranked(trial, everyone, teaching, deciding)[0]
    arm, outcome = trial.treated[deciding].astype(np.float64), trial.outcome[deciding]
    inner = {name: counted(ranked, arm, outcome) for name, ranked in tried.items()}
    depths = {name: _depth(found, stakes) for name, found in inner.items()}
    best = max(LEARNERS, key=lambda name: (round(inner[name].qini(), 9), name))
    rankings, rule = _ranked(trial, everyone, training, testing)
    coarse = {name: ranked.coarse(STEPS) for name, ranked in rankings.items()}
    return Half(testing, rankings, coarse, depths, best, rule)


def _ranked(
    trial: Trial, everyone: Coded, training: NDArray[np.int64], testing: NDArray[np.int64]
) -> tuple[dict[str, Ranking], Rule | None]:
    """The testing rows by each learner and by the best rule of the training rows."""
    known, seen = everyone.rows(training), everyone.rows(testing)
    models = learn(known, trial.probability)
    made = {name: ranking(models[name].of(seen.plain, seen.straight)) for name in LEARNERS}
    rule = best_rule(trial.features, taken(trial.columns, training), known.treated, known.outcome)
    made[RULE] = _by_rule(rule, taken(trial.columns, testing), len(testing))
    return made, rule


def _by_rule(rule: Rule | None, columns: Columns, rows: int) -> Ranking:
    import numpy as np

    return ranking(np.zeros(rows) if rule is None else rule.inside(columns).astype(float))


def _depth(found: Counted, stakes: Stakes) -> float:
    """The depth given, or the one at which training rows bring most; 0 where no depth brings anything."""
    if not stakes.chosen or stakes.margin is None:
        return USUAL_DEPTH if stakes.depth is None else stakes.depth
    best, most = 0.0, 0.0
    for depth, uplift in zip(GRID, found.uplifts(GRID).tolist(), strict=True):
        brought = depth * (uplift * stakes.margin - stakes.cost)
        if brought > most + 1e-12:
            best, most = depth, brought
    return best


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if value == value]
    return sum(known) / len(known) if known else float("nan")


def _resampled(trial: Trial, stakes: Stakes, halves: tuple[Half, ...], rng: np.random.Generator) -> HeldOut:
    """Of every figure the mean over the halves, and the medians of the ends of their intervals."""
    import numpy as np

    seen: dict[Key, list[float]] = {}
    errors: dict[Key, list[float]] = {}
    for number, half in enumerate(halves, 1):
        plain = _of_half(trial, stakes, half, half.rankings, summed)
        bucket = rng.permutation(len(half.rows)) % BUCKETS
        times = resample_weights(BUCKETS, RESAMPLES, number)
        again = _of_half(trial, stakes, half, half.coarse, lambda r, p: drawn(r, p, bucket, times))  # noqa: B023
        for key, value in plain.items():
            seen.setdefault(key, []).append(float(value))
            errors.setdefault(key, []).append(_spread(again[key]))
    bands = {name: sum(1 for key in seen if key[:2] == (name, "band")) for name in (MODEL, RULE)}
    figures = {}
    for key, values in seen.items():
        reach = z_value(1 - (1 - LEVEL) / 2 / (bands[key[0]] if key[1] == "band" else 1))
        figures[key] = _measured(np.array(values), np.array(errors[key]), reach)
    told = {(name, what): item for (name, what, _), item in figures.items() if what not in ("curve", "band")}
    return HeldOut(halves, told, _listed(figures, "curve"), _listed(figures, "band"))


def _spread(values: NDArray[np.float64]) -> float:
    """Standard deviation of the defined ones; NaN where under half of them are."""
    import numpy as np

    known = np.atleast_1d(values)[np.isfinite(np.atleast_1d(values))]
    return float(known.std(ddof=1)) if len(known) >= RESAMPLES / 2 else float("nan")


def _measured(values: NDArray[np.float64], errors: NDArray[np.float64], reach: float) -> Measured:
    import numpy as np

    told = np.isfinite(values) & np.isfinite(errors)
    if told.sum() * 2 < len(values):
        return Measured(_mean(values.tolist()), float("nan"), float("nan"))
    low, high = values[told] - reach * errors[told], values[told] + reach * errors[told]
    return Measured(_mean(values.tolist()), float(np.median(low)), float(np.median(high)))


def _listed(figures: Mapping[Key, Measured], wanted: str) -> dict[str, list[Measured]]:
    made: dict[str, list[Measured]] = {}
    for (name, what, _), item in figures.items():
        if what == wanted:
            made.setdefault(name, []).append(item)
    return made


def _of_half(
    trial: Trial,
    stakes: Stakes,
    half: Half,
    rankings: Mapping[str, Ranking],
    count: Callable[[Ranking, Sequence[NDArray[np.float64]]], Counted],
) -> dict[Key, Any]:
    """Every figure of one half: numbers, or one for each draw."""
    import numpy as np

    arm, outcome = trial.treated[half.rows].astype(np.float64), trial.outcome[half.rows]
    parts = (arm, 1 - arm, arm * outcome, (1 - arm) * outcome)
    sums = {name: count(rankings[name], parts) for name in RANKED}
    depths = {**half.depths, MODEL: half.depths[half.model]}
    sums[MODEL] = sums[half.model]
    made: dict[Key, Any] = {}
    everybody = sums[RULE].uplifts((1.0,))[..., 0]
    made[("everybody", "uplift", 0)] = everybody
    for name in (*RANKED, MODEL):
        depth = depths[name]
        top = sums[name].uplifts((depth,))[..., 0] if depth > 0 else everybody * np.nan
        made[(name, "uplift", 0)] = top
        made[(name, "gain", 0)] = top - everybody
        made[(name, "qini", 0)] = sums[name].qinis()
        made[(name, "depth", 0)] = depth
        if stakes.margin is not None:
            made[(name, "profit", 0)] = (
                depth * (top * stakes.margin - stakes.cost) if depth > 0 else everybody * 0.0
            )
    _compared(made, everybody, stakes)
    for name in (MODEL, RULE):
        uplifts, effects = sums[name].uplifts(GRID), sums[name].effects(_edges(name, half))
        made |= {(name, "curve", at): depth * uplifts[..., at] for at, depth in enumerate(GRID)}
        made |= {(name, "band", at): effects[..., at] for at in range(effects.shape[-1])}
    return made


def _compared(made: dict[Key, Any], everybody: Any, stakes: Stakes) -> None:
    """Each learner against the rule, and profits against each other."""
    for name in (*LEARNERS, MODEL):
        made[(name, "uplift_over_rule", 0)] = made[(name, "uplift", 0)] - made[(RULE, "uplift", 0)]
    if stakes.margin is not None:
        made[("everybody", "profit", 0)] = everybody * stakes.margin - stakes.cost
        for other in (RULE, "everybody"):
            made[(MODEL, f"profit_over_{other}", 0)] = made[(MODEL, "profit", 0)] - made[(other, "profit", 0)]


def _edges(name: str, half: Half) -> tuple[float, ...]:
    """Depths between the bands: tenths for a model, inside and outside for a rule."""
    if name == MODEL:
        return tuple(place / BANDS for place in range(BANDS + 1))
    ranked = half.rankings[RULE]
    return (0.0, float((ranked.group == 0).mean()), 1.0) if ranked.groups == 2 else (0.0, 1.0)


def final_model(trial: Trial, held: HeldOut) -> Model | None:
    """The learner that most halves took, learned from all customers."""
    known = coded(trial)
    if known is None:
        return None
    names = [half.model for half in held.halves]
    return learn(known, trial.probability)[max(LEARNERS, key=lambda name: (names.count(name), name))]
