"""When and for whom a step got worse, or better: spells that hold against chance, told apart from each other.

Each step of each cell (everybody, a value of a dimension, a pair of values) is scanned over weeks, or over days
where the data are short. The p of all scans are corrected together. The strongest spell that holds is kept, its rows are
taken out, and what still holds without them is looked at again: a fault on phones is not said once more for
every source of visitors. Dates are then fitted by day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from keguan.analyses.funnel.cells import EPOCH, Cell, Cells
from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.spell_scan import Spell, scatter, spell_scan, strongest

if TYPE_CHECKING:
    from keguan.analyses.funnel.cells import Flags, Whole

FALSE_DISCOVERY = 0.05
MOST_INCIDENTS = 12
WEEK = 7
DAYS_UP_TO = 56  # shorter data are looked at by day
FEWEST_PERIODS = 6
MOST_PERIODS = 130  # longer data are looked at by four weeks


@dataclass(frozen=True, slots=True)
class Incident:
    """A step (from `step` to the next) of a cell in a spell of days, against the same cell's other days."""

    step: int
    cell: Cell
    first: date
    last: date
    hits_in: int
    trials_in: int
    hits_out: int
    trials_out: int
    strength: float
    inflation: float
    q: float

    @property
    def worse(self) -> bool:
        """Whether fewer went on than in the rest of the time."""
        return self.hits_in / self.trials_in < self.hits_out / self.trials_out


@dataclass(frozen=True, slots=True)
class Search:
    """What was found, how much was looked at (scans), and in which periods (days each; 0: too short to look)."""

    incidents: tuple[Incident, ...]
    scans: int
    period_days: int


@dataclass
class _Scan:
    """One step of one cell, with what is left of its rows."""

    step: int
    cell: Cell
    rows: Flags
    spell: Spell


def search(cells: Cells, inflation: Sequence[float], min_n: int) -> Search:
    """Every spell that holds at a false discovery rate of 5 %."""
    days = _period_days(cells.days)
    if days == 0:
        return Search((), 0, 0)
    first = _first_day(cells.days, days)
    periods = (cells.days - first) // days
    widths = [
        max(width, scatter(*_series(cells, step, None, periods), min_n))
        for step, width in enumerate(inflation)
    ]
    scans = _scans(cells, periods, widths, min_n)
    adjusted = benjamini_hochberg([scan.spell.p for scan in scans])
    holding = [(scan, q) for scan, q in zip(scans, adjusted, strict=True) if q <= FALSE_DISCOVERY]
    limit = max((scan.spell.p for scan, _ in holding), default=0.0)
    found = _chosen(cells, periods, widths, min_n, holding, limit, first, days)
    return Search(tuple(found), len(scans), days)


def _period_days(days: Whole) -> int:
    """Days of a period: 1, 7 or 28; 0 when the data are too short for any."""
    if len(days) == 0:
        return 0
    length = int(days.max() - days.min()) + 1
    if length < FEWEST_PERIODS:
        return 0
    if length <= DAYS_UP_TO:
        return 1
    return WEEK if length <= MOST_PERIODS * WEEK else 4 * WEEK


def _first_day(days: Whole, length: int) -> int:
    """Where periods begin: weeks on Mondays (day 0 of the epoch was a Thursday)."""
    first = int(days.min())
    return first if length == 1 else first - (first + 3) % WEEK


def _series(cells: Cells, step: int, rows: Flags | None, periods: Whole) -> tuple[Whole, Whole]:
    """Hits and trials of a step by period."""
    import numpy as np

    n = cells.reached[:, step] if rows is None else np.where(rows, cells.reached[:, step], 0)
    x = cells.reached[:, step + 1] if rows is None else np.where(rows, cells.reached[:, step + 1], 0)
    length = int(periods.max()) + 1
    return (
        np.bincount(periods, weights=x, minlength=length).astype(np.int64),
        np.bincount(periods, weights=n, minlength=length).astype(np.int64),
    )


def _scans(cells: Cells, periods: Whole, widths: Sequence[float], min_n: int) -> list[_Scan]:
    found = []
    for cell in cells.every_cell():
        rows = cells.where(cell)
        for step, width in enumerate(widths):
            hits, trials = _series(cells, step, rows, periods)
            if trials.sum() >= 2 * min_n and (
                spell := spell_scan(hits, trials, min_n=min_n, inflation=width)
            ):
                found.append(_Scan(step, cell, rows, spell))
    return found


def _chosen(
    cells: Cells, periods: Whole, widths: Sequence[float], min_n: int, holding: Sequence[tuple[_Scan, float]],
    limit: float, first: int, days: int,
) -> list[Incident]:  # fmt: skip
    """The strongest, then the strongest of what holds without it, and so on."""
    left, found = list(holding), list[Incident]()
    while left and len(found) < MOST_INCIDENTS:
        best, q = max(left, key=lambda item: (item[0].spell.strength, -len(item[0].cell), item[0].cell))
        span = _by_day(cells, best, min_n, first, days)
        found.append(_incident(cells, best, span, widths[best.step], q))
        gone = best.rows & (cells.days >= span[0]) & (cells.days <= span[1])
        again = [(scan, old) for scan, old in left if scan is not best or days > 1]
        left = []
        for scan, old in again:
            if scan.step != best.step or not (scan.rows & gone).any():
                left.append((scan, old))
                continue
            scan.rows = scan.rows & ~gone
            spell = spell_scan(
                *_series(cells, scan.step, scan.rows, periods), min_n=min_n, inflation=widths[scan.step]
            )
            if spell is not None and spell.p <= limit:
                scan.spell = spell
                left.append((scan, old))
    return found


def _by_day(cells: Cells, scan: _Scan, min_n: int, first: int, days: int) -> tuple[int, int]:
    """First and last day of the spell: the ends that fit best within one period around those found."""
    start = first + scan.spell.first * days
    end = first + (scan.spell.last + 1) * days - 1
    if days == 1:
        return start, end
    hits, trials = _series(cells, scan.step, scan.rows, cells.days - int(cells.days.min()))
    low = int(cells.days.min())
    best, chosen = -1.0, (max(start, low), min(end, int(cells.days.max())))
    for a in range(max(start - days, low), start + days):
        for b in range(max(end - days, a), min(end + days, int(cells.days.max())) + 1):
            ratio = _ratio(hits, trials, a - low, b - low, min_n)
            if ratio > best:
                best, chosen = ratio, (a, b)
    return chosen


def _ratio(hits: Whole, trials: Whole, start: int, end: int, min_n: int) -> float:
    """Log likelihood ratio of one spell of days."""
    import numpy as np

    x, n = int(hits[start : end + 1].sum()), int(trials[start : end + 1].sum())
    rest, size = int(hits.sum()) - x, int(trials.sum()) - n
    if n < min_n or size < min_n:
        return -1.0
    found = strongest(np.array([x, rest]), np.array([n, size]), 1)
    return found[2] if found else 0.0


def _incident(cells: Cells, scan: _Scan, span: tuple[int, int], width: float, q: float) -> Incident:
    inside = scan.rows & (cells.days >= span[0]) & (cells.days <= span[1])
    outside = scan.rows & ~inside
    n, x = cells.reached[:, scan.step], cells.reached[:, scan.step + 1]
    return Incident(
        scan.step, scan.cell, EPOCH + timedelta(days=span[0]), EPOCH + timedelta(days=span[1]),
        int(x[inside].sum()), int(n[inside].sum()), int(x[outside].sum()), int(n[outside].sum()),
        scan.spell.strength, width, q,
    )  # fmt: skip
