"""What is expected of present customers, in the form in which it is kept and judged later."""

from __future__ import annotations

from datetime import date, timedelta

from keguan.models.clv.candidates import MODELS, PAST_RATE, forecast, rules
from keguan.models.clv.cells import Clock
from keguan.models.clv.fitting import Backtest, Today
from keguan.result import Backtest as Fared
from keguan.result import Forecast, Foresight

SPANS = (30, 90, 365)  # days ahead


def foresight(as_of: date, tested: Backtest, now: Today, time: Clock) -> Foresight:
    """Purchases of all who have bought, in the days after the as-of date, beside the past rate of each going on."""
    histories = now.cells.histories
    customers = int(histories.total)
    naive = rules(histories)[PAST_RATE]
    told = tuple(
        Forecast(
            f"known_purchases_{days}", as_of + timedelta(days=1), as_of + timedelta(days=days),
            float(forecast(now.model, histories, float(time.units(days))) @ histories.customers),
            baseline=float(forecast(naive, histories, float(time.units(days))) @ histories.customers),
            customers=customers,
        )
        for days in SPANS
    )  # fmt: skip
    simple = min(item.deviance for name, item in tested.measures.items() if name not in MODELS)
    used = tested.measures[now.name].deviance
    backtest = Fared("holdout_deviance", used, simple, now.name in MODELS)
    return Foresight(told, now.name, backtest, modelled=customers, inputs_within=0)
