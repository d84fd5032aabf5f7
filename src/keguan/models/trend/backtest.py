"""Rolling origins: what each method would have said, its error, and how often intervals held.

MASE: mean absolute error over origins and periods ahead, divided by the mean absolute step of the series before the
first origin. An 80 % interval reaches as far as the errors of 80 % of the earlier origins at the same distance did
(conformal, with the finite-sample correction); its coverage is counted at origins that it was not made from.

Source: Hyndman and Koehler (2006); Tashman (2000); Vovk, Gammerman and Shafer (2005).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from keguan.models.trend.methods import METHODS, NAIVE, WITHOUT_SEASON, Festivals, knows_season

LEVEL = 0.8
LEAST_ORIGINS = 6
LEAST_ERRORS = 4  # with fewer the 80 % quantile is not reached


@dataclass(frozen=True, slots=True)
class Said:
    """What a method said at an origin (periods known then) for so many periods ahead, and what came."""

    known: int
    ahead: int
    forecast: float
    actual: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A method's error over all origins; `mase` is None where the series never moved."""

    method: str
    origins: int
    mase: float | None
    ratio: float | None  # to the baseline's
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """One period ahead: forecast and interval; without enough errors there is no interval."""

    ahead: int
    forecast: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Checked:
    """A forecast of the back-test with the interval that earlier origins gave it."""

    said: Said
    low: float
    high: float

    @property
    def held(self) -> bool:
        """Whether what came lies within."""
        return self.low <= self.said.actual <= self.high


@dataclass(frozen=True, slots=True)
class Forecast:
    """The method used, the outlook, and how it would have fared."""

    used: str
    judged: tuple[Judged, ...]
    outlook: tuple[Outlook, ...]
    checks: tuple[Checked, ...]
    unseen: bool = False  # a festival lies ahead that was not back-tested: methods without season stood aside

    def of(self, method: str) -> Judged:
        """The judgement of a method."""
        return next(item for item in self.judged if item.method == method)


def forecast(
    values: Sequence[float],
    festivals: Festivals,
    season: int,
    horizon: int,
    origins: int,
    better_by: float,
    methods: Sequence[str],
) -> Forecast:
    """`festivals`: days of each festival in each period of `values` and in the `horizon` after them.

    A method that knows no season is not used for periods with a festival that no period of the back-test held: its
    error there has not been seen.
    """
    first = _first_origin(len(values), season, origins)
    scale = _steps(values[:first])
    judged = [_judge(name, values, festivals, season, horizon, first, scale) for name in methods]
    base = judged[0]
    judged = [_against(item, base) for item in judged]
    used = base
    enough = base.origins >= LEAST_ORIGINS
    unseen = unseen_festivals(festivals, first, len(values)) and not knows_season(values, season)
    better = [
        item
        for item in judged[1:]
        if enough
        and item.ratio is not None
        and item.ratio <= 1 - better_by
        and item.origins == base.origins
        and not (unseen and item.method in WITHOUT_SEASON)
    ]
    if better:
        used = min(better, key=lambda item: (item.ratio or 0.0, item.method))
    ahead = METHODS[used.method](values, horizon, season, festivals)
    if not ahead:  # it converged at every origin and not today
        used, ahead = base, METHODS[NAIVE](values, horizon, season, festivals)
    logged = min(values) > 0
    return Forecast(
        used.method,
        tuple(judged),
        tuple(_outlook(step, value, used.said, logged) for step, value in enumerate(ahead, start=1)),
        tuple(_checks(used.said, logged)),
        unseen,
    )


def unseen_festivals(festivals: Festivals, first: int, size: int) -> bool:
    """Whether a festival falls into the periods ahead and into none of those that were back-tested."""
    tested, ahead = festivals[first:size], festivals[size:]
    return any(
        sum(days[place] for days in ahead) > 0 and sum(days[place] for days in tested) == 0
        for place in range(len(ahead[0]) if ahead else 0)
    )


def _first_origin(size: int, season: int, origins: int) -> int:
    """Periods known at the first origin: what every method needs where the data have it, and at most `origins` origins."""
    whole, year = season + max(season // 4, 1), season
    least = next((n for n in (whole, year) if size >= n + LEAST_ORIGINS), max(size // 2, 2))
    return max(least, size - origins)


def _steps(values: Sequence[float]) -> float:
    steps = [abs(b - a) for a, b in pairwise(values)]
    return math.fsum(steps) / len(steps) if steps else 0.0


def _judge(
    name: str,
    values: Sequence[float],
    festivals: Festivals,
    season: int,
    horizon: int,
    first: int,
    scale: float,
) -> Judged:
    said = []
    for known in range(first, len(values)):
        ahead = min(horizon, len(values) - known)
        made = METHODS[name](values[:known], ahead, season, festivals[: known + ahead])
        said += [Said(known, step + 1, value, values[known + step]) for step, value in enumerate(made)]
    origins = len({item.known for item in said})
    error = math.fsum(abs(item.forecast - item.actual) for item in said) / len(said) if said else None
    return Judged(
        name, origins, error / scale if error is not None and scale > 0 else None, None, tuple(said)
    )


def _against(item: Judged, base: Judged) -> Judged:
    """With the ratio of its error to the baseline's over the periods that both forecast."""
    places = {(said.known, said.ahead): said for said in base.said}
    pairs = [
        (said, places[said.known, said.ahead]) for said in item.said if (said.known, said.ahead) in places
    ]
    own = math.fsum(abs(said.forecast - said.actual) for said, _ in pairs)
    of_base = math.fsum(abs(said.forecast - said.actual) for _, said in pairs)
    ratio = own / of_base if of_base > 0 else None
    return Judged(item.method, item.origins, item.mase, ratio, item.said)


def _error(said: Said, logged: bool) -> float:
    if logged and said.forecast > 0:
        return abs(math.log(said.actual / said.forecast))
    return abs(said.actual - said.forecast)


def _reach(errors: Sequence[float]) -> float | None:
    """The error that 80 % stay within, corrected for the number of errors; None with too few."""
    place = math.ceil(LEVEL * (len(errors) + 1) - 1e-9)
    return sorted(errors)[place - 1] if len(errors) >= LEAST_ERRORS and place <= len(errors) else None


def _ends(forecast: float, reach: float, logged: bool) -> tuple[float, float]:
    if logged and forecast > 0:
        return forecast * math.exp(-reach), forecast * math.exp(reach)
    return forecast - reach, forecast + reach


def _outlook(ahead: int, value: float, said: Sequence[Said], logged: bool) -> Outlook:
    reach = _reach([_error(item, logged) for item in said if item.ahead == ahead])
    if reach is None:
        return Outlook(ahead, value, None, None)
    return Outlook(ahead, value, *_ends(value, reach, logged))


def _checks(said: Sequence[Said], logged: bool) -> list[Checked]:
    """Each forecast against the interval made of the errors that were known at its origin."""
    found = []
    for item in said:
        past = [
            _error(other, logged)
            for other in said
            if other.ahead == item.ahead and other.known + other.ahead <= item.known
        ]
        if (reach := _reach(past)) is not None:
            found.append(Checked(item, *_ends(item.forecast, reach, logged)))
    return found
