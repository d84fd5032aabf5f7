"""How far units came, by day and combination of dimensions: the one aggregate that all tables are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product
from typing import TYPE_CHECKING, TypeAlias

from keguan.analyses.funnel.dimensions import Dimension
from keguan.analysis import Inputs
from keguan.evidence.statistics.spell_scan import clustered

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole: TypeAlias = NDArray[np.int64]
    Flags: TypeAlias = NDArray[np.bool_]

EPOCH = date(1970, 1, 1)
# dimension -> value; empty: everybody
Cell: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cells:
    """Rows of the aggregate: `days` since the epoch, `codes` of the values of each dimension (one column each),
    `reached` (one column a step)."""

    dimensions: tuple[Dimension, ...]
    days: Whole
    codes: Whole
    reached: Whole

    def where(self, cell: Cell) -> Flags:
        """The rows that belong to a cell."""
        import numpy as np

        flags = np.ones(len(self.days), dtype=bool)
        for name, value in cell:
            place = [item.name for item in self.dimensions].index(name)
            flags &= self.codes[:, place] == self.dimensions[place].values.index(value)
        return flags

    def every_cell(self) -> Iterator[Cell]:
        """Everybody, each value, each pair of values of two dimensions."""
        yield ()
        singles = [[(item.name, value) for value in item.values] for item in self.dimensions]
        for values in singles:
            yield from ((pair,) for pair in values)
        for first, second in combinations(singles, 2):
            yield from product(first, second)


def cells_sql(units: str, steps: int, dimensions: int) -> str:
    """The query of the aggregate."""
    names = "".join(f", d{i}" for i in range(dimensions))
    counts = ", ".join(
        f"sum(CASE WHEN level >= {step} THEN 1 ELSE 0 END) AS n{step}" for step in range(1, steps + 1)
    )
    return f"""
WITH {units}
SELECT day{names}, {counts}
FROM units
WHERE day IS NOT NULL
GROUP BY day{names}
ORDER BY day{names}
"""


def read_cells(inputs: Inputs, sql: str, steps: int, used: Sequence[Dimension], minutes: int) -> Cells:
    """The rows as arrays of whole numbers."""
    import numpy as np

    rows = inputs.query(sql, session_minutes=minutes)
    columns = {name: rows.column(name).to_pylist() for name in rows.column_names}
    codes = np.zeros((len(rows), len(used)), dtype=np.int64)
    for place, item in enumerate(used):
        number = {value: code for code, value in enumerate(item.values)}
        codes[:, place] = [number[value] for value in columns[f"d{place}"]]
    reached = np.array([columns[f"n{step}"] for step in range(1, steps + 1)], dtype=np.int64)
    return Cells(
        tuple(used),
        np.array([(day - EPOCH).days for day in columns["day"]], dtype=np.int64),
        codes,
        reached.T.reshape(len(rows), steps),
    )


def inflations(inputs: Inputs, units: str, cells: Cells, minutes: int) -> list[float]:
    """How much visitors who come again widen the scatter of each step's rate (design effect over visitors)."""
    steps = cells.reached.shape[1]
    counts = ", ".join(
        f"sum(CASE WHEN level >= {step} THEN 1 ELSE 0 END) AS n{step}" for step in range(1, steps + 1)
    )
    sums = ", ".join(
        f"CAST(sum(n{k} * n{k}) AS BIGINT) AS s{k}, CAST(sum(n{k} * n{k + 1}) AS BIGINT) AS p{k}"
        for k in range(1, steps)
    )
    last = f"CAST(sum(n{steps} * n{steps}) AS BIGINT) AS s{steps}"
    sql = f"""
WITH {units}, visitors AS (SELECT visitor_no, {counts} FROM units GROUP BY visitor_no)
SELECT {sums}, {last} FROM visitors
"""
    row = inputs.query(sql, session_minutes=minutes).to_pylist()[0]
    totals = cells.reached.sum(axis=0)
    return [
        clustered(
            row[f"s{k + 1}"] or 0, row[f"p{k}"] or 0, row[f"s{k}"] or 0, int(totals[k]), int(totals[k - 1])
        )
        for k in range(1, steps)
    ]
