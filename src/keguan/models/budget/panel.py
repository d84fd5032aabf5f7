"""Weeks of revenue and of spend by channel, and the baseline that revenue has without any spend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WEEKS_OF_YEAR = 365.25 / 7


@dataclass(frozen=True)
class Panel:
    """One row a week, in order and without gaps. `revenue` is NaN where it is not known; `spend` weeks x channels, 0 where
    there was none; `controls` weeks x columns, without NaN."""

    weeks: tuple[date, ...]
    revenue: NDArray[np.float64]
    channels: tuple[str, ...]
    spend: NDArray[np.float64]
    controls: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.weeks)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Weeks with revenue."""
        import numpy as np

        return np.isfinite(self.revenue)

    def of(self, places: tuple[int, ...]) -> Panel:
        """The same with some of the channels."""
        names = tuple(self.channels[place] for place in places)
        return Panel(self.weeks, self.revenue, names, self.spend[:, list(places)], self.controls)

    def uncontrolled(self) -> Panel:
        """The same without controls."""
        return Panel(self.weeks, self.revenue, self.channels, self.spend, self.controls[:, :0])

    def pattern(self) -> NDArray[np.float64]:
        """Spend of the last 52 weeks, or of all where there are fewer: the present."""
        return self.spend[-52:]


def baseline(panel: Panel) -> NDArray[np.float64]:
    """Level, straight trend, the year's waves (two with two years of weeks, else one) and controls: weeks x columns."""
    import numpy as np

    n = len(panel)
    time = np.arange(n)
    columns = [np.ones(n), (time - time.mean()) / max(n, 1)]
    for wave in range(1, 3 if n >= 104 else 2):
        angle = 2 * np.pi * wave * time / WEEKS_OF_YEAR
        columns += [np.sin(angle), np.cos(angle)]
    for control in panel.controls.T:
        spread = control.std()
        if spread > 0:
            columns.append((control - control.mean()) / spread)
    return np.column_stack(columns)
