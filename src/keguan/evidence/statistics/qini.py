"""How much of an effect lies among the customers that a ranking puts first, and the area that this makes.

`gain` at depth q (share of the customers, best first) is q x (mean outcome of the treated - mean outcome of the control
among the first q): incremental outcomes per customer of the whole. The random line is q x effect among all. Qini here is
the area between the two, by trapezoids between the ends of groups of tied scores; inside such a group customers come in
random order, so that sums grow in a straight line and the order of rows does not show. Other definitions scale it by the
size of an arm or by a perfect ranking: figures of two definitions cannot be compared (Radcliffe 2007; Surry and Radcliffe
2011).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DIGITS = 10  # of a score: what differs later is the order of additions


@dataclass(frozen=True)
class Ranking:
    """The group of equal scores of each row, 0 for the largest score, and how many groups there are."""

    group: NDArray[np.int64]
    groups: int

    def coarse(self, steps: int) -> Ranking:
        """At most so many groups, neighbours put together: enough for an interval, at a fraction of the work."""
        import numpy as np

        if self.groups <= steps:
            return self
        place = np.cumsum(np.bincount(self.group, minlength=self.groups)) - 1
        _, joined = np.unique(place * steps // len(self.group), return_inverse=True)
        return Ranking(np.asarray(joined[self.group], dtype=np.int64), int(joined.max()) + 1)


def ranking(scores: NDArray[np.float64]) -> Ranking:
    """Equal scores (to ten digits of the largest) are one group."""
    import numpy as np

    largest = float(np.abs(scores).max()) if len(scores) else 0.0
    settled = np.round(-scores / largest, DIGITS) if largest > 0 else np.zeros(len(scores))
    found, group = np.unique(settled, return_inverse=True)
    return Ranking(np.asarray(group, dtype=np.int64), len(found))


@dataclass(frozen=True)
class Counted:
    """From the best down to the end of each tied group, beginning with nothing: sums of rows and of outcomes by arm.

    The last axis runs along the ranking; one before it, where there is one, over draws of a bootstrap.
    """

    treated: NDArray[np.float64]
    control: NDArray[np.float64]
    treated_outcome: NDArray[np.float64]
    control_outcome: NDArray[np.float64]

    @property
    def rows(self) -> NDArray[np.float64]:
        """Rows of both arms."""
        return self.treated + self.control

    def effects(self, depths: Sequence[float]) -> NDArray[np.float64]:
        """Effects among the rows between each depth and the next: differences of means; NaN where an arm has nobody."""
        import numpy as np

        return _effect(np.diff(self._at(depths), axis=-1))

    def uplifts(self, depths: Sequence[float]) -> NDArray[np.float64]:
        """Effects among the first rows down to each depth."""
        return _effect(self._at(depths))

    def uplift(self, depth: float) -> float:
        """Effect among the first `depth` of the rows, of one count."""
        return float(self.uplifts((depth,))[0])

    def gains(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Depths and gains at the ends of tied groups; (0, 0) at the start and as long as an arm has nobody."""
        import numpy as np

        sums = np.stack([self.treated, self.control, self.treated_outcome, self.control_outcome])
        effect = _effect(sums)
        known = ~np.isnan(effect)
        depth = np.where(known, self.rows / self.rows[..., -1:], 0.0)
        return depth, depth * np.where(known, effect, 0.0)

    def qinis(self) -> NDArray[np.float64]:
        """Area between the gains and the random line; NaN where an arm has nobody."""
        import numpy as np

        depth, gain = self.gains()
        area = ((gain[..., 1:] + gain[..., :-1]) / 2 * np.diff(depth, axis=-1)).sum(axis=-1) - gain[
            ..., -1
        ] / 2
        return np.where(depth[..., -1] > 0, area, np.nan)

    def qini(self) -> float:
        """The area of one count."""
        return float(self.qinis())

    def _at(self, depths: Sequence[float]) -> NDArray[np.float64]:
        """The four sums down to each depth, in a straight line inside a tied group."""
        import numpy as np

        rows = self.rows
        ends = rows[..., -1:] * np.asarray(depths)
        after = np.clip((rows[..., None, :] < ends[..., None]).sum(axis=-1), 1, rows.shape[-1] - 1)

        def take(sums: NDArray[np.float64], place: NDArray[np.int64]) -> NDArray[np.float64]:
            return np.take_along_axis(sums, place, axis=-1)

        before = take(rows, after - 1)
        step = take(rows, after) - before
        part = np.where(step > 0, (ends - before) / np.where(step > 0, step, 1.0), 1.0)
        sums = (self.treated, self.control, self.treated_outcome, self.control_outcome)
        return np.stack(
            [take(each, after - 1) + part * (take(each, after) - take(each, after - 1)) for each in sums]
        )


def counted(
    ranked: Ranking,
    treated: NDArray[np.float64],
    outcome: NDArray[np.float64],
    weights: NDArray[np.float64] | None = None,
) -> Counted:
    """Sums along a ranking. `treated` is 1 or 0; `weights`: how often each row counts (a bootstrap's draw)."""
    with_arm = treated if weights is None else weights * treated
    without = 1 - treated if weights is None else weights - with_arm
    return summed(ranked, (with_arm, without, with_arm * outcome, without * outcome))


def summed(ranked: Ranking, parts: Sequence[NDArray[np.float64]]) -> Counted:
    """From what each row adds to rows and outcomes of the treated and of the control."""
    import numpy as np

    return along([np.bincount(ranked.group, part, ranked.groups).astype(np.float64) for part in parts])


def drawn(
    ranked: Ranking,
    parts: Sequence[NDArray[np.float64]],
    bucket: NDArray[np.int64],
    times: NDArray[np.float64],
) -> Counted:
    """The same for draws of a bootstrap: rows fall into random groups (`bucket`), drawn `times` (draws x buckets)."""
    import numpy as np

    cell = bucket * ranked.groups + ranked.group
    shape = (times.shape[1], ranked.groups)
    return along([times @ np.bincount(cell, part, shape[0] * shape[1]).reshape(shape) for part in parts])


def along(sums: Sequence[NDArray[np.float64]]) -> Counted:
    """Added up along the ranking, from nothing."""
    import numpy as np

    first = np.zeros((*sums[0].shape[:-1], 1))
    made = [np.concatenate([first, np.cumsum(part, axis=-1)], axis=-1) for part in sums]
    return Counted(made[0], made[1], made[2], made[3])


def _effect(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    treated, control, hits, others = sums
    both = (treated > 1e-9) & (control > 1e-9)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(both, hits / treated - others / control, np.nan)
