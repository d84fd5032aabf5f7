"""What channels bring at another budget, and the split of a total that brings most by the curves.

A channel keeps the rhythm of its last 52 weeks; its budget multiplies every week. As curves are concave, the best split
gives all channels between their bounds the same marginal return, found by halving.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keguan.models.budget.panel import Panel
from keguan.models.budget.response import SHAPES, Fitted, carried, mean_spent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BEYOND = 1.2  # of the highest 95th percentile of weekly spend: further the history says nothing
HALVINGS = 40


@dataclass(frozen=True)
class Curves:
    """Of several fits: heights (fits x channels), half-points, and the carried pattern (fits x channels x weeks).
    `spent`: mean weekly spend of the pattern."""

    heights: NDArray[np.float64]
    halves: NDArray[np.float64]
    level: NDArray[np.float64]
    spent: NDArray[np.float64]

    def revenue(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """Weekly revenue of each channel (fits x channels) with the pattern multiplied (channels, or fits x channels)."""

        scaled = times[..., None] * self.level
        made: NDArray[np.float64] = self.heights * (scaled / (scaled + self.halves[..., None])).mean(axis=-1)
        return made

    def marginal(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """Revenue that one unit of money more brings in each channel (fits x channels)."""

        scaled = times[..., None] * self.level
        slope = self.heights * (
            self.level * self.halves[..., None] / (scaled + self.halves[..., None]) ** 2
        ).mean(axis=-1)
        made: NDArray[np.float64] = slope / self.spent
        return made


def curves_of(panel: Panel, fits: Sequence[Fitted]) -> Curves:
    """The curves of fits over the present pattern, which is taken as following on itself."""
    import numpy as np

    pattern = usual_pattern(panel)
    carry = {
        (channel, rate): carried(np.tile(pattern[:, channel], 2), rate)[len(pattern) :]
        for channel in range(pattern.shape[1])
        for rate in sorted({shape[0] for shape in SHAPES})
    }
    means = [mean_spent(spend) for spend in panel.spend.T]
    shapes = [[SHAPES[place] for place in fit.chosen.shapes] for fit in fits]
    return Curves(
        np.array([fit.heights for fit in fits]),
        np.array([[half * mean for (_, half), mean in zip(row, means, strict=True)] for row in shapes]),
        np.array([[carry[channel, rate] for channel, (rate, _) in enumerate(row)] for row in shapes]),
        pattern.mean(axis=0),
    )


def usual_pattern(panel: Panel) -> NDArray[np.float64]:
    """The last 52 weeks; of a channel that was silent then, its mean rhythm: the whole history folded on 52 weeks."""
    import numpy as np

    pattern = np.array(panel.pattern())
    for channel in range(pattern.shape[1]):
        if pattern[:, channel].sum() <= 0:
            whole = panel.spend[:, channel]
            place = np.arange(len(whole))[::-1] % len(pattern)
            pattern[:, channel] = np.bincount(place, whole, len(pattern)) / np.bincount(
                place, minlength=len(pattern)
            )
    return pattern


def highest(panel: Panel) -> NDArray[np.float64]:
    """Of each channel the largest 95th percentile of weekly spend in any 52 weeks (a year back, two years back ...)."""
    import numpy as np

    n = len(panel)
    years = [panel.spend[max(end - 52, 0) : end] for end in range(n, 0, -52) if end >= 26 or end == n]
    made: NDArray[np.float64] = np.max([np.quantile(year, 0.95, axis=0) for year in years], axis=0)
    return made


def bounds(
    panel: Panel, least: Sequence[float | None], most: Sequence[float | None]
) -> tuple[NDArray[np.float64], ...]:
    """Lowest and highest mean weekly spend of each channel: those asked for, never beyond 120 % of the highest 95th
    percentile; a channel's pattern sets what mean that is."""
    import numpy as np

    pattern = usual_pattern(panel)
    means, tops = pattern.mean(axis=0), np.quantile(pattern, 0.95, axis=0)
    tops = np.where(tops > 0, tops, pattern.max(axis=0))
    seen = highest(panel)
    seen = np.where(seen > 0, seen, panel.spend.max(axis=0))
    cap = np.where(tops > 0, BEYOND * seen * means / np.where(tops > 0, tops, 1.0), 0.0)
    high = np.array([c if m is None else min(c, m) for c, m in zip(cap.tolist(), most, strict=True)])
    low = np.array([0.0 if m is None else m for m in least])
    return np.minimum(low, high), high


def best_split(
    curves: Curves, total: float, low: NDArray[np.float64], high: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Mean weekly spend by channel (fits x channels) that brings most; what no channel may take is left over."""
    import numpy as np

    fits = len(curves.heights)
    least = np.broadcast_to(low / curves.spent, curves.heights.shape)
    most = np.broadcast_to(high / curves.spent, curves.heights.shape)
    prices = [np.zeros(fits), curves.marginal(least).max(axis=1) * 1.001 + 1e-12]
    for _ in range(HALVINGS):
        price = (prices[0] + prices[1]) / 2
        wanted = (_at_price(curves, price, least, most) * curves.spent).sum(axis=1)
        prices = [np.where(wanted > total, price, prices[0]), np.where(wanted > total, prices[1], price)]
    split = _at_price(curves, prices[1], least, most) * curves.spent
    return _filled(split, total, np.broadcast_to(high, split.shape))


def _at_price(
    curves: Curves, price: NDArray[np.float64], least: NDArray[np.float64], most: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Multiples at which the marginal return falls to the price, between the bounds."""
    import numpy as np

    low, high = least, most
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = curves.marginal(middle) > price[:, None]
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return low


def _filled(split: NDArray[np.float64], total: float, high: NDArray[np.float64]) -> NDArray[np.float64]:
    """What halving left over, and money for which no channel has a return, in proportion to the room."""
    import numpy as np

    room = high - split
    left = np.maximum(total - split.sum(axis=1), 0.0)
    space = room.sum(axis=1)
    part = np.where(space > 0, np.minimum(left / np.where(space > 0, space, 1.0), 1.0), 0.0)
    return split + part[:, None] * room


def equal_split(total: float, low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same for all channels, as far as the bounds let it be."""
    import numpy as np

    level = [0.0, float(high.max(initial=0.0))]
    for _ in range(100):
        middle = sum(level) / 2
        over = float(np.clip(middle, low, high).sum()) > total
        level = [level[0], middle] if over else [middle, level[1]]
    made: NDArray[np.float64] = np.clip(level[0], low, high)
    return made
