"""Which part of revenue is margin: of all, and how much a customer's own rate counts.

A customer's rate is shrunk to that of all by the revenue with known cost that stands behind it: (own margin + K
rate) / (own revenue + K), K = variance within over variance between customers (Bühlmann and Straub 1970).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from keguan.analysis import Inputs
from keguan.models.clv.sql import MARGINS

COVERED = 0.5  # share of revenue with known cost from which lifetime value is counted in margin


@dataclass(frozen=True)
class Margin:
    """`rate` of all (1: value is counted in revenue), `credit`: K in money, None: nobody's own rate counts."""

    rate: float
    credit: float | None
    covered: float  # share of revenue whose cost is known

    @property
    def known(self) -> bool:
        """Whether value is counted in margin."""
        return self.covered >= COVERED


def read_margin(inputs: Inputs, until: date) -> Margin:
    """The margin rate of the purchases until a day, over lines with a cost."""
    row = inputs.query(MARGINS, until=until).to_pylist()[0]
    weight, bought = float(row["weight"] or 0.0), float(row["bought"] or 0.0)
    covered = weight / bought if bought > 0 else 0.0
    if covered < COVERED or weight <= 0:
        return Margin(1.0, None, covered)
    count, customers = float(row["purchases"]), float(row["customers"])
    margin = float(row["margin"])
    rate = margin / weight
    within = max(0.0, (row["squares"] - row["means"]) / max(1.0, count - customers))
    spread = weight - float(row["weights"]) / weight
    between = (row["means"] - rate * margin - (customers - 1) * within) / spread if spread > 0 else 0.0
    if between <= 1e-12 or customers < 2:
        return Margin(rate, None, covered)
    return Margin(rate, max(within / between, 1e-9), covered)
