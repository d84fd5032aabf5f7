"""Which way of ranking is used, chosen on one stretch of days and judged on the next.

The last `test_days` are for judging, the same number before for choosing. Of the model's weights those with the largest
nDCG on the first stretch are kept, and of the blend's too, so that the baseline is as well chosen as the model. The model is
used where on the second stretch both recall and nDCG are above the blend's, the 95 % interval of the mean
difference over customers above zero; else the blend.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from keguan.analysis import Inputs
from keguan.evidence.statistics.interval import Interval
from keguan.evidence.statistics.ranking import MILLION
from keguan.evidence.statistics.sample_mean import SampleMean
from keguan.models.next_purchase.candidates import TESTED, Way, backtest_sql
from keguan.models.next_purchase.stages import kept_candidates, staged

SAMPLED, TUNED = 20_000, 5_000  # customers judged, and those by whom weights are chosen
GLOBAL, PERSONAL = Way("global", popular=1), Way("personal", times=1)
BLENDS = tuple(Way(f"blend{number}", times=1, popular=weight) for number, weight in enumerate((1, 10, 100)))
MODELS = tuple(
    Way(f"model{number}", **weights)
    for number, weights in enumerate(
        {"long": 1.0, "popular": popular, "near": near, "kin": kin}
        for popular in (1.0, 3.0)
        for near in (0.0, 0.2, 0.5)
        for kin in (0.0, 0.5)
    )
) + tuple(
    Way(f"quick{number}", short=1, popular=popular, near=near)
    for number, (popular, near) in enumerate(((1.0, 0.2), (3.0, 0.2), (1.0, 0.5)))
)


@dataclass(frozen=True)
class Tested:
    """A way on one stretch of days: customers, mean hits, recall and nDCG, and its lead over the blend."""

    way: str
    customers: int
    hits: float
    recall: float
    ndcg: float
    recall_lead: Interval
    ndcg_lead: Interval

    @property
    def beats(self) -> bool:
        """Whether both measures are above the blend's beyond chance."""
        return self.recall_lead.low > 0 and self.ndcg_lead.low > 0


@dataclass(frozen=True)
class Chosen:
    """The ways judged (global, personal, blend, model) on the days after `then`, and which one is used."""

    then: date
    ways: Mapping[str, Way]
    tested: Mapping[str, Tested]
    used: str | None
    sql: str
    bound: Mapping[str, Any]


def chosen(inputs: Inputs, thing: str, k: int, test_days: int, *, categories: bool) -> Chosen:
    """The way to rank things, chosen and judged. `used` is None where fewer than min_n customers can be tested."""
    step = timedelta(days=test_days)
    test, tune = inputs.as_of - step, inputs.as_of - 2 * step
    models = MODELS if categories else tuple(way for way in MODELS if not way.kin)
    first, _, _ = _tested(inputs, (*BLENDS, *models), BLENDS[0].name, thing, k, tune, test, categories, TUNED)
    enough = bool(first) and first[BLENDS[0].name].customers >= inputs.settings.min_n
    blend = replace(_best(BLENDS, first if enough else {}), name="blend")
    model = replace(_best(models, first if enough else {}), name="model")
    ways = (GLOBAL, PERSONAL, blend, model)
    found, sql, bound = _tested(inputs, ways, "blend", thing, k, test, inputs.as_of, categories, SAMPLED)
    used = None
    if found and found["blend"].customers >= inputs.settings.min_n:
        used = "model" if enough and found["model"].beats else "blend"
    return Chosen(test, {way.name: way for way in ways}, found, used, sql, bound)


def _best(ways: Sequence[Way], found: Mapping[str, Tested]) -> Way:
    return min(
        ways, key=lambda way: (-round(found[way.name].ndcg, 6), way.name) if found else (0.0, way.name)
    )


def _tested(
    inputs: Inputs,
    ways: Sequence[Way],
    blend: str,
    thing: str,
    k: int,
    then: date,
    last: date,
    categories: bool,
    sampled: int,
) -> tuple[dict[str, Tested], str, dict[str, Any]]:
    stages = staged(inputs, thing, then, last, categories=categories)
    candidates = kept_candidates(inputs, stages, TESTED, categories=categories, sampled=sampled)
    sql = backtest_sql(stages.with_candidates(candidates), ways, blend, k)
    bound: dict[str, Any] = {"then": then, "last": last, "places": k}
    return {row["way"]: _read(row) for row in inputs.query(sql, **bound).to_pylist()}, sql, bound


def _read(row: Mapping[str, Any]) -> Tested:
    n = row["customers"]
    leads = [
        SampleMean(n, row[f"{name}_more"] / MILLION, row[f"{name}_squares"] / MILLION**2).interval()
        for name in ("recall", "ndcg")
    ]
    return Tested(
        row["way"], n, row["hits"] / n, row["recall"] / MILLION / n, row["ndcg"] / MILLION / n, *leads
    )
