"""Ways to forecast a series some periods ahead, from what was known at an origin alone.

Series without a zero are forecast in logarithms, so that a forecast is a median and an interval a factor.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType

from keguan.core.imports import without

NAIVE = "seasonal_naive"
LEVEL = 10.0  # of logarithms; smoothing starts badly around 0
FARTHEST = 1000.0  # times the level of the series: further off is no forecast
Festivals = Sequence[Sequence[float]]
Method = Callable[[Sequence[float], int, int, Festivals], list[float]]
"""values so far, periods ahead, season, festival days of the values' periods and of those ahead -> forecast"""


def seasonal_naive(values: Sequence[float], ahead: int, season: int, festivals: Festivals) -> list[float]:
    """The value of a year ago; with less than a year the last value."""
    if len(values) < season:
        return [values[-1]] * ahead
    return [values[len(values) - season + step % season] for step in range(ahead)]


def growing_naive(values: Sequence[float], ahead: int, season: int, festivals: Festivals) -> list[float]:
    """A year ago times the change of the last quarter of a year against the same one before."""
    window = max(season // 4, 1)
    year_ago = sum(values[len(values) - season - window : len(values) - season])
    if len(values) < season + window or year_ago <= 0:
        return []
    factor = sum(values[-window:]) / year_ago
    return [value * factor for value in seasonal_naive(values, ahead, season, festivals)]


def models_library() -> ModuleType:
    """The models of statsforecast, without the frames and clusters of others that it also works with."""
    with without("polars", "pyspark"):
        import statsforecast.models

    return statsforecast.models


def smoothed(values: Sequence[float], ahead: int, season: int, festivals: Festivals) -> list[float]:
    """Exponential smoothing, its form chosen by corrected AIC; seasonal from two years of months on."""
    seasonal = season if knows_season(values, season) else 1
    model = models_library().AutoETS(season_length=seasonal, model="AZZ" if seasonal > 1 else "AZN")
    return _library(model, values, ahead)


def theta(values: Sequence[float], ahead: int, season: int, festivals: Festivals) -> list[float]:
    """The optimised theta method; seasonal from two years of months on."""
    model = models_library().OptimizedTheta(
        season_length=season if knows_season(values, season) else 1, decomposition_type="additive"
    )
    return _library(model, values, ahead)


def arima_festivals(values: Sequence[float], ahead: int, season: int, festivals: Festivals) -> list[float]:
    """ARIMA(0,1,1), from three years of months on with a seasonal (0,1,1), and the days of each festival as
    regressors where the past has them in different numbers."""
    import numpy as np

    known = len(values)
    columns = [
        [days[place] for days in festivals]
        for place in range(len(festivals[0]) if festivals else 0)
        if sum(1 for days in festivals[:known] if days[place] > 0) >= 2
    ]
    long = season == 12 and known >= 3 * season
    model = models_library().ARIMA(
        order=(0, 1, 1), season_length=season if long else 1, seasonal_order=(0, 1, 1) if long else (0, 0, 0)
    )
    if not columns or known < 3 * len(columns) + 6:
        return _library(model, values, ahead)
    days = np.array(columns, dtype=float).T
    return _library(model, values, ahead, X=days[:known], X_future=days[known : known + ahead])


METHODS: Mapping[str, Method] = {
    NAIVE: seasonal_naive,
    "growing_naive": growing_naive,
    "ets": smoothed,
    "theta": theta,
    "arima_festivals": arima_festivals,
}
WITHOUT_SEASON = ("ets", "theta")  # until two years are known
WITHOUT_LIBRARY = (NAIVE, "growing_naive")


def knows_season(values: Sequence[float], season: int) -> bool:
    """Whether smoothing and theta see the season: two years of months are known."""
    return season == 12 and len(values) >= 2 * season + 1


def _library(model: object, values: Sequence[float], ahead: int, **regressors: object) -> list[float]:
    """The forecast of a statsforecast model; empty where it did not converge.

    The model sees the series around one level (logarithms) or of size 1, so that units of money change nothing.
    """
    import numpy as np

    logged = min(values) > 0
    plain = np.array([math.log(value) for value in values] if logged else values)
    level, size = (plain.mean() - LEVEL, 1.0) if logged else (0.0, float(np.abs(plain).mean()) or 1.0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = model.forecast(y=(plain - level) / size, h=ahead, **regressors)["mean"]  # type: ignore[attr-defined]
    except (ValueError, ZeroDivisionError, FloatingPointError, RuntimeError, np.linalg.LinAlgError):
        return []
    found = [float(value) * size + level for value in made]
    farthest = math.log(FARTHEST) if logged else FARTHEST * size
    centre = level + LEVEL if logged else 0.0
    if any(value != value or abs(value - centre) > farthest for value in found):
        return []
    return [math.exp(value) if logged else value for value in found]
