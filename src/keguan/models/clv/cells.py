"""Rows of the engine as arrays that the models fit: the same whatever the order in which they came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from keguan.analysis import Inputs
from keguan.models.clv.gamma_gamma import Spenders
from keguan.models.clv.histories import Floats, Histories
from keguan.models.clv.params import UNIT_DAYS
from keguan.models.clv.sql import CELLS, MOST_SPENDERS, NEAR_SPENDERS, SPENDER_COUNT, SPENDERS


@dataclass(frozen=True)
class Clock:
    """The unit in which time is counted. Weeks and months have two decimals, as published data of CLV have."""

    days: int

    def units(self, days: Floats | float) -> Floats:
        """Days as units of the fit."""
        return np.round(np.asarray(days, dtype=np.float64) / self.days, 2)


@dataclass(frozen=True)
class Cells:
    """Customers with equal histories and equal later purchases, counted once. Times in days and in units."""

    histories: Histories  # each history once
    places: np.ndarray  # the history of each row below
    later: Floats
    customers: Floats
    first: Floats  # days from the first purchase to the end of observation, by row
    ages: Floats  # the same, by history

    @property
    def later_by_history(self) -> Floats:
        """Later purchases of all customers of each history."""
        sums = np.bincount(self.places, self.later * self.customers, minlength=len(self.histories))
        return sums.astype(np.float64)


def clock(unit: str) -> Clock:
    """The clock of a unit's name."""
    return Clock(UNIT_DAYS[unit])


def read_cells(inputs: Inputs, until: date, time: Clock) -> Cells:
    """Histories as of a day, with what was bought from then to the as-of date."""
    return cells_of(inputs.query(CELLS, until=until), time)


def cells_of(rows: pa.Table, time: Clock) -> Cells:
    """Cells from rows of repeats, last, age, later, customers (days), in any order."""
    x, last, age, later, n = (
        _column(rows, name) for name in ("repeats", "last", "age", "later", "customers")
    )
    order = _ordered(x, last, age, later)
    x, last, age, later, n = (values[order] for values in (x, last, age, later, n))
    opens = np.ones(len(x), dtype=bool)
    opens[1:] = (np.diff(x) != 0) | (np.diff(last) != 0) | (np.diff(age) != 0)
    places = np.cumsum(opens) - 1
    many = np.bincount(places, n, minlength=int(opens.sum())).astype(np.float64)
    times = (x[opens].astype(np.float64), time.units(last[opens]), time.units(age[opens]))
    return Cells(
        Histories(*times, many), places, later.astype(np.float64), n.astype(np.float64),
        age.astype(np.float64), age[opens].astype(np.float64),
    )  # fmt: skip


def _ordered(*keys: np.ndarray) -> np.ndarray:
    """The order by several columns of whole numbers from 0: by one code where it fits, which is faster."""
    widths = [int(key.max(initial=0)) + 1 for key in keys]
    if np.prod(np.array(widths, dtype=np.float64)) > 2.0**62:
        return np.lexsort(keys[::-1])
    code = np.zeros(len(keys[0]), dtype=np.int64)
    for key, width in zip(keys, widths, strict=True):
        code = code * width + key
    return np.argsort(code, kind="stable")


def _column(rows: pa.Table, name: str) -> np.ndarray:
    return np.asarray(rows.column(name).to_numpy(zero_copy_only=False)).astype(np.int64)


def read_spenders(inputs: Inputs, until: date) -> Spenders:
    """Repeat buyers by purchases and mean value of a repeat purchase, to the cent (as published data have it)."""
    counted = inputs.query(SPENDER_COUNT, until=until).to_pylist()[0]
    if counted["customers"] <= MOST_SPENDERS:
        return spenders_of(inputs.query(SPENDERS, until=until))
    typical = float(counted["spent"]) / float(counted["purchases"])
    return spenders_of(inputs.query(NEAR_SPENDERS, until=until, typical=typical), exact=False)


def spenders_of(rows: pa.Table, exact: bool = True) -> Spenders:
    """Spenders from rows of repeats, spent, customers. Not exact: `spent` is of all customers of the row."""
    x, n = _column(rows, "repeats"), _column(rows, "customers")
    spent = rows.column("spent").cast(pa.float64()).to_numpy(zero_copy_only=False)
    order = np.lexsort((spent, x))
    x, n, spent = x[order], n[order], spent[order]
    mean = spent / x if exact else spent / x / n
    if exact:
        cents = np.rint(spent * 100).astype(np.int64)
        mean = np.where(cents > 100 * x, (2 * cents + x) // (2 * x) / 100, mean)
    return Spenders(x.astype(np.float64), mean.astype(np.float64), n.astype(np.float64))
