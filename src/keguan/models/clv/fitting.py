"""The two fits: one on the calibration, tested on what came after; one on everything, for the scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from keguan.analysis import Inputs
from keguan.models.clv.beta_geometric import fit_beta_geometric
from keguan.models.clv.candidates import (
    BG,
    MBG,
    MODELS,
    PARETO,
    Candidate,
    fit_models,
    forecast,
    made,
    rules,
)
from keguan.models.clv.cells import Cells, Clock, read_cells
from keguan.models.clv.histories import Floats
from keguan.models.clv.holdout import Measures, chosen, measure
from keguan.models.clv.maximum import Fit
from keguan.models.clv.params import HELD_OUT
from keguan.models.clv.pareto import fit_pareto
from keguan.models.clv.spending import Spending, read_spending

SHORTEST = 28  # days of calibration and of hold-out


@dataclass(frozen=True)
class Backtest:
    """Models fitted on the calibration, and how every forecast fared from its end to the as-of date."""

    end: date
    days: int  # of the hold-out
    cells: Cells
    fits: Mapping[str, Fit]
    candidates: Mapping[str, Candidate]
    forecasts: Mapping[str, Floats]
    measures: Mapping[str, Measures]
    spending: Spending | None
    best: str

    @property
    def ranked(self) -> list[str]:
        """All forecasts, the best first."""
        rest = sorted(
            (name for name in self.measures if name != self.best),
            key=lambda name: round(self.measures[name].deviance, 6),
        )
        return [self.best, *rest]


def calibration_end(given: date | None, first: date, as_of: date) -> date | None:
    """The day given, or one that holds out three tenths of the history; None where either part is too short."""
    end = given or as_of - timedelta(days=round(HELD_OUT * (as_of - first).days))
    return (
        end if (end - first).days >= SHORTEST and (as_of - end).days >= (1 if given else SHORTEST) else None
    )


def backtest(inputs: Inputs, end: date, time: Clock) -> Backtest | None:
    """None where fewer than `min_n` customers had bought again by the end of the calibration."""
    cells = read_cells(inputs, end, time)
    if repeaters(cells) < inputs.settings.min_n:
        return None
    days = (inputs.as_of - end).days
    fits = fit_models(cells.histories)
    candidates: dict[str, Candidate] = {name: made(name, fit.estimates) for name, fit in fits.items()}
    candidates |= rules(cells.histories)
    forecasts = {
        name: forecast(candidate, cells.histories, float(time.units(days)))
        for name, candidate in candidates.items()
    }
    measures = {name: measure(expected, cells) for name, expected in forecasts.items()}
    return Backtest(
        end,
        days,
        cells,
        fits,
        candidates,
        forecasts,
        measures,
        read_spending(inputs, end),
        chosen(measures, fits),
    )


def repeaters(cells: Cells) -> int:
    """Customers with a repeat purchase."""
    return int(cells.histories.customers[cells.histories.repeats > 0].sum())


@dataclass(frozen=True)
class Today:
    """What the scores are made with: the best forecast of the back-test, fitted on everything."""

    cells: Cells
    name: str
    model: Candidate
    moved: tuple[Candidate, ...]
    fits: Mapping[str, Fit]
    alive: str | None  # the model that gives P(alive)
    spending: Spending


def today(inputs: Inputs, tested: Backtest, time: Clock) -> Today | None:
    """None where spend is nowhere positive."""
    cells, spending = read_cells(inputs, inputs.as_of, time), read_spending(inputs, inputs.as_of)
    if spending is None:
        return None
    fits: dict[str, Fit] = {}
    name = next(name for name in tested.ranked if name not in MODELS or _fitted(name, cells, fits).usable)
    alive = None
    if name in MODELS:
        order = [name] if name != BG else [n for n in tested.ranked if n in (PARETO, MBG)]
        alive = next((n for n in order if _fitted(n, cells, fits).usable), None)
        model, moved = made(name, fits[name].estimates), [made(name, v) for v in fits[name].moved()]
    else:
        model, moved = rules(cells.histories)[name], []
    return Today(cells, name, model, tuple(moved), fits, alive, spending)


def _fitted(name: str, cells: Cells, fits: dict[str, Fit]) -> Fit:
    if name not in fits:
        histories = cells.histories
        fits[name] = fit_pareto(histories) if name == PARETO else fit_beta_geometric(histories, name == MBG)
    return fits[name]
