"""Are the rows and columns of a table of counts independent, and which cells stand out?

Pearson's chi-square; where an expected count is below 5, its p comes from tables drawn with the same margins (fixed seed) instead
(Cochran 1954). A cell's adjusted standardised residual (Haberman 1973) is a standard normal where nothing depends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from keguan.evidence.statistics.incomplete_gamma import chi_square_tail

FEWEST_EXPECTED = 5.0
DRAWN = 1999


@dataclass(frozen=True, slots=True)
class Dependence:
    """Chi-square with its degrees of freedom and p; `drawn`: p from drawn tables."""

    statistic: float
    freedom: int
    p: float
    drawn: bool


def dependence(
    table: Sequence[Sequence[int]], *, draw: bool = True, seed: int = 20260101
) -> Dependence | None:
    """None with fewer than two rows or columns that hold anything, or where tables would have to be drawn and `draw`
    forbids it (half a second for a large one)."""
    rows = [list(row) for row in table if sum(row)]
    columns = [column for column in zip(*rows, strict=True) if sum(column)]
    if len(rows) < 2 or len(columns) < 2:
        return None
    kept = [list(row) for row in zip(*columns, strict=True)]
    across, down = [sum(row) for row in kept], [sum(column) for column in columns]
    total = sum(across)
    expected = [[r * c / total for c in down] for r in across]
    statistic = _statistic(kept, expected)
    freedom = (len(across) - 1) * (len(down) - 1)
    if min(min(row) for row in expected) >= FEWEST_EXPECTED:
        return Dependence(statistic, freedom, chi_square_tail(statistic, freedom), False)
    if not draw:
        return None
    return Dependence(statistic, freedom, _drawn(across, down, expected, statistic, seed), True)


def residual(both: int, row: int, column: int, total: int) -> float:
    """The adjusted standardised residual of a cell; 0 where a margin is empty or everything."""
    expected = row * column / total if total else 0.0
    spread = expected * (1 - row / total) * (1 - column / total) if total else 0.0
    return (both - expected) / sqrt(spread) if spread > 0 else 0.0


def large_enough(row: int, column: int, total: int) -> bool:
    """Whether all four expected counts of the cell against the rest are large enough for the normal."""
    return min(r * c / total for r in (row, total - row) for c in (column, total - column)) >= FEWEST_EXPECTED


def _statistic(table: Sequence[Sequence[int]], expected: Sequence[Sequence[float]]) -> float:
    return fsum(
        (x - e) ** 2 / e for row, wanted in zip(table, expected, strict=True) for x, e in zip(row, wanted, strict=True)
    )  # fmt: skip


def _drawn(
    across: Sequence[int],
    down: Sequence[int],
    expected: Sequence[Sequence[float]],
    statistic: float,
    seed: int,
) -> float:
    """How often a table with these margins is as far from independence. Memory does not grow with the counts."""
    import numpy as np

    rng = np.random.default_rng(seed)
    as_far = 0
    for _ in range(DRAWN):
        left = np.array(down, dtype=np.int64)
        table = []
        for size in across[:-1]:
            row = rng.multivariate_hypergeometric(left, size, method="marginals")
            table.append(row.tolist())
            left = left - row
        table.append(left.tolist())
        as_far += _statistic(table, expected) >= statistic - 1e-9
    return (1 + as_far) / (1 + DRAWN)
