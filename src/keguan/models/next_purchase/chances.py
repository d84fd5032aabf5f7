"""How likely is a purchase within so many days? The figures of a customer, and what makes a chance of them.

Figures as of a day, from purchase days (those fully returned do not count): x = number of them, r = days since the
last, t = days since the first, q = number in the last 90 days. Chance of the base: the share of all. Chance of a
cell: the share of customers of like recency and frequency, drawn to the base as if by ten customers. Chance of the
model: logistic in logarithms of x, r, t, q and of r against the own mean gap, with a shift of the season.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from keguan.evidence.statistics.grouped_logistic import GroupedLogistic, grouped_logistic
from keguan.marts.scatter import SCATTERED

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

FIGURES = ("x", "r", "t", "q")
RECENT = 90  # days of q
RECENCY_CUTS, FREQUENCY_CUTS = (14, 30, 60, 90, 180, 365), (2, 3, 5, 10, 20)
CELLS = (len(RECENCY_CUTS) + 1) * (len(FREQUENCY_CUTS) + 1)
BASE_CUSTOMERS = 10.0  # with whose weight the base enters a cell

# Customers as of $then; parameters $then, $recent_from (first of the last 90 days).
FIGURES_SQL = """
purchase_days AS (
  SELECT account_no, order_day FROM purchases
  WHERE account_no IS NOT NULL AND day <= $then
  GROUP BY account_no, order_day HAVING sum(orders) - sum(cancelled) > 0
), figures AS (
  SELECT account_no, count(*) AS x, date_diff('day', max(order_day), $then) AS r,
         date_diff('day', min(order_day), $then) AS t,
         CAST(sum(CASE WHEN order_day >= $recent_from THEN 1 ELSE 0 END) AS BIGINT) AS q
  FROM purchase_days GROUP BY account_no
)"""

# Rows of equal figures counted, of at most $sampled customers, with those who ordered after $then up to $last.
SNAPSHOT_SQL = f"""
WITH {FIGURES_SQL}, later AS (
  SELECT account_no FROM purchases
  WHERE account_no IS NOT NULL AND day > $then AND day <= $last AND order_day > $then
  GROUP BY account_no HAVING sum(orders) > 0
), sample AS (
  SELECT * FROM (
    SELECT *, row_number() OVER (ORDER BY {SCATTERED}) AS place
    FROM figures) r
  WHERE place <= $sampled
)
SELECT s.x, s.r, s.t, s.q, count(*) AS customers,
       CAST(sum(CASE WHEN l.account_no IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS bought
FROM sample s LEFT JOIN later l ON l.account_no = s.account_no
GROUP BY s.x, s.r, s.t, s.q ORDER BY s.x, s.r, s.t, s.q
"""


@dataclass(frozen=True)
class Snapshot:
    """Counted rows of figures (columns x, r, t, q) with customers and those of them who bought."""

    figures: NDArray[np.float64]
    customers: NDArray[np.float64]
    bought: NDArray[np.float64]

    @property
    def total(self) -> int:
        return int(self.customers.sum())

    @property
    def buyers(self) -> int:
        return int(self.bought.sum())


def snapshot(rows: pa.Table) -> Snapshot:
    """The rows of SNAPSHOT_SQL as columns of numbers."""
    import numpy as np

    # by lists of Python: pyarrow's own way would load pandas
    columns = {name: np.array(rows.column(name).to_pylist(), dtype=np.float64) for name in rows.column_names}
    figures = np.column_stack([columns[name] for name in FIGURES])
    return Snapshot(figures, columns["customers"], columns["bought"])


def terms(figures: NDArray[np.float64]) -> NDArray[np.float64]:
    """The columns of the regression."""
    import numpy as np

    x, r, t, q = (np.maximum(figures[:, place], 0.0) for place in range(4))
    once = (x <= 1).astype(np.float64)
    lx, lr, lt, lq = (np.log1p(value) for value in (x, r, t, q))
    late = np.where(
        once > 0, 0.0, lr - np.log1p((t - r).clip(0) / np.maximum(x - 1, 1))
    )  # against the own mean gap
    return np.column_stack(
        (lx, lr, lt, lq, lr * lr, lt * lt, lx * lr, lx * lt, lq * lr, lr * lt, late, np.minimum(late, 0.0), once,
         once * lr, np.sqrt(x))
    )  # fmt: skip


def cells(figures: NDArray[np.float64]) -> NDArray[np.int64]:
    """The number of each row's cell of recency and frequency."""
    import numpy as np

    recency = np.digitize(figures[:, 1], RECENCY_CUTS)
    placed: NDArray[np.int64] = recency * (len(FREQUENCY_CUTS) + 1) + np.digitize(
        figures[:, 0], FREQUENCY_CUTS
    )
    return placed


@dataclass(frozen=True)
class Chance:
    """A way to a chance: `model` with its shift, else the rates of cells, else the one base."""

    base: float
    rates: tuple[float, ...] = ()
    model: GroupedLogistic | None = None
    shift: float = 0.0

    def of(self, figures: NDArray[np.float64]) -> NDArray[np.float64]:
        """The chance of each row."""
        import numpy as np

        if self.model is not None:
            odds = np.clip(self.model.log_odds(terms(figures)) + self.shift, -500, 500)
            return np.asarray(1 / (1 + np.exp(-odds)))
        if self.rates:
            return np.asarray(self.rates)[cells(figures)]
        return np.full(len(figures), self.base)


def base_chance(learned: Snapshot) -> Chance:
    """The share of all."""
    return Chance(learned.buyers / learned.total)


def cell_chance(learned: Snapshot) -> Chance:
    """Shares of cells, drawn to the share of all."""
    import numpy as np

    placed, base = cells(learned.figures), learned.buyers / learned.total
    size = np.bincount(placed, learned.customers, CELLS)
    bought = np.bincount(placed, learned.bought, CELLS)
    rates = (bought + BASE_CUSTOMERS * base) / (size + BASE_CUSTOMERS)
    return Chance(base, rates=tuple(map(float, rates)))


def model_chance(learned: Snapshot, shift: float = 0.0) -> Chance | None:
    """The logistic model; None where it cannot be fitted."""
    found = grouped_logistic(terms(learned.figures), learned.customers, learned.bought)
    return Chance(learned.buyers / learned.total, model=found, shift=shift) if found else None


@dataclass(frozen=True)
class Scorer:
    """Chances of all horizons, the shortest first, for a batch of customers with their figures."""

    ways: tuple[tuple[str, Chance | None], ...]

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        import numpy as np
        import pyarrow as pa

        columns = [np.from_dlpack(batch.column(name)) for name in FIGURES]  # to_numpy would load pandas
        figures = np.column_stack(columns).astype(np.float64)
        made: dict[str, Any] = {"account_no": batch.column("account_no")}
        least = np.zeros(len(figures))
        for name, way in self.ways:
            if way is None:
                made[name] = pa.nulls(len(figures), pa.float64())
                continue
            least = np.maximum(least, np.round(way.of(figures), 6))  # never less than within fewer days
            made[name] = _doubles(least)
        return pa.record_batch(list(made.values()), names=list(made))


def _doubles(values: NDArray[np.float64]) -> Any:
    """A column from numbers, by its buffer: pyarrow's own way would load pandas."""
    import numpy as np
    import pyarrow as pa

    ready = np.ascontiguousarray(values, dtype=np.float64)
    return pa.Array.from_buffers(pa.float64(), len(ready), [None, pa.py_buffer(ready)])
