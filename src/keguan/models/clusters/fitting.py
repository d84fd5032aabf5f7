"""The groups of a sample: their centres, in the order of their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from keguan.engine.arrays import array
from keguan.models.clusters.choosing import (
    SEED,
    TRIED,
    Tried,
    chosen,
    grouped,
    nearest,
    references,
    try_numbers,
)
from keguan.models.clusters.facts import FACTS, Scale, arrays_of, own_facts, scale_of, weights_of
from keguan.schema.terms.clusters import group_label

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STARTS = 20
OF_EACH = {
    "account_no": "INTEGER",
    "label": "VARCHAR",
    "distance": "DOUBLE",
    "net": "DOUBLE",
    **{f"log_{fact}": "DOUBLE" for fact in FACTS},
}
DECIMALS = 6  # of what is added up on the engine


def scored_columns(categories: int) -> dict[str, str]:
    """Columns of the view of customers in their groups; share_n is that of category n in a customer's lines."""
    return {**OF_EACH, **{f"share_{n}": "DOUBLE" for n in range(1, categories + 1)}}


@dataclass(frozen=True)
class Groups:
    """Scale and centres: all that is needed to place a customer. Puts a batch of facts to their groups."""

    scale: Scale
    centres: tuple[tuple[float, ...], ...]

    def place(self, rows: Mapping[str, NDArray[Any]]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The number of each customer's group, from 0, and the distance to its centre."""
        import numpy as np

        points, centres = self.scale.points(rows), np.asarray(self.centres)
        place = nearest(points, centres)
        return place, np.sqrt(((points - centres[place]) ** 2).sum(axis=1))

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The columns of `scored_columns` for the rows of `facts_sql`."""
        import numpy as np

        rows = arrays_of(batch)
        place, distance = self.place(rows)
        lines = np.maximum(rows["lines"].astype(float), 1.0)
        numbers = {f"log_{name}": values for name, values in own_facts(rows, self.scale.floor).items()}
        numbers |= {f"share_{n}": rows[f"in_{n}"] / lines for n in range(1, self.scale.categories + 1)}
        return pa.record_batch(
            {
                "account_no": batch.column("account_no"),
                "label": array([group_label(n) for n in place.tolist()], pa.string()),
                "distance": _column(distance),
                "net": batch.column("net"),
                **{name: _column(values) for name, values in numbers.items()},
            }
        )


@dataclass(frozen=True)
class Fitted:
    """Groups, what spoke for their number, and how well they were told apart."""

    groups: Groups
    tried: tuple[Tried, ...]
    used: Tried
    natural: bool
    customers: int  # of the sample


def fit(sample: pa.Table, categories: int, wanted: int, min_n: int) -> Fitted | None:
    """Groups of a sample of facts, its rows in the order of the hash; None where customers do not differ enough.

    One thread: sums of several would end differently from run to run.
    """
    import sklearn.cluster  # noqa: F401  # its threads can be limited only once it is loaded
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # comes with scikit-learn

    rows = arrays_of(sample)
    scale = scale_of(rows, categories)
    points, weights = scale.points(rows), weights_of(rows, categories)
    if points.shape[1] == 0:
        return None
    few = {name: column[:TRIED] for name, column in rows.items()}
    with threadpool_limits(limits=1):
        tried = try_numbers(points[:TRIED], weights[:TRIED], references(points[:TRIED], few, scale))
        if not tried:
            return None
        used, natural = chosen(tried, wanted, min_n)
        centres, _ = grouped(points, weights, used.k, SEED, STARTS)
    return Fitted(Groups(scale, _tuples(centres)), tried, used, natural, len(points))


def numbered(groups: Groups, then: pa.Table) -> Groups:
    """The same groups, numbered by the net spend per customer of those who were in them on an earlier day, then by
    how recently they bought: within a quarter the numbers do not change with it."""
    import numpy as np

    rows = arrays_of(then)
    place, _ = groups.place(rows)
    sizes = np.maximum(np.bincount(place, minlength=len(groups.centres)), 1)
    money = np.bincount(place, rows["net"].astype(float), len(groups.centres)) / sizes
    silent = np.bincount(place, rows["silent_days"].astype(float), len(groups.centres)) / sizes
    order = sorted(range(len(sizes)), key=lambda n: (-money[n], silent[n], groups.centres[n]))
    return Groups(groups.scale, tuple(groups.centres[n] for n in order))


def kept_share(groups: Groups, then: pa.Table, now: pa.Table) -> tuple[int, int, float]:
    """Customers seen on both days, how many are in the same group, and the share expected by chance."""
    import numpy as np

    before, after = _by_account(groups, then), _by_account(groups, now)
    both = sorted(set(before) & set(after))
    pairs = np.array([(before[account], after[account]) for account in both]).reshape(-1, 2)
    same = int((pairs[:, 0] == pairs[:, 1]).sum())
    k = len(groups.centres)
    shares = [np.bincount(pairs[:, side], minlength=k) / max(len(both), 1) for side in (0, 1)]
    return len(both), same, float((shares[0] * shares[1]).sum())


def _by_account(groups: Groups, table: pa.Table) -> dict[int, int]:
    rows = arrays_of(table)
    return dict(zip(rows["account_no"].tolist(), groups.place(rows)[0].tolist(), strict=True))


def _tuples(centres: NDArray[np.float64]) -> tuple[tuple[float, ...], ...]:
    rows: Sequence[Sequence[float]] = centres.tolist()
    return tuple(tuple(round(value, 9) for value in row) for row in rows)


def _column(values: NDArray[np.float64]) -> pa.Array:
    import numpy as np

    return array(np.round(values, DECIMALS).tolist(), pa.float64())
