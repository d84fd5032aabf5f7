"""What the forecasts say of the periods to come, in the form in which they are kept and judged later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keguan.models.trend.backtest import LEVEL, Forecast
from keguan.models.trend.methods import NAIVE, seasonal_naive
from keguan.models.trend.periods import Calendar
from keguan.result import Backtest, Foresight
from keguan.result import Forecast as Kept

DECIDING = "revenue"  # the series whose back-test stands for the model


def foresight(
    calendar: Calendar, values: Mapping[str, Sequence[float]], made: Mapping[str, Forecast]
) -> Foresight:
    """Every series and period ahead, with what the seasonal naive method says beside it."""
    kept = []
    for name, item in made.items():
        naive = seasonal_naive(values[name], len(item.outlook), calendar.season, ())
        for ahead, base in zip(item.outlook, naive, strict=True):
            span = calendar.span(calendar.last + ahead.ahead)
            low = ahead.low if ahead.low is None or name == DECIDING else max(ahead.low, 0.0)
            kept.append(
                Kept(
                    name, span.first, span.last, ahead.forecast, low, ahead.high, None if low is None else LEVEL,
                    baseline=base,
                )
            )  # fmt: skip
    deciding = made[DECIDING]
    backtest = Backtest(
        "mase", deciding.of(deciding.used).mase, deciding.of(NAIVE).mase, deciding.used != NAIVE
    )
    return Foresight(tuple(kept), deciding.used, backtest)
