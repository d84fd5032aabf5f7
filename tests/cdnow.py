"""The CDNOW sample as histories, read without the product: what the reference values were computed from.

Weeks have two decimals and mean spends two, as in the published summary of this data.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

import numpy as np

from keguan.models.clv.gamma_gamma import Spenders
from keguan.models.clv.histories import Floats, Histories

CALIBRATION_END = date(1997, 9, 30)


def read(path: Path) -> tuple[Histories, Floats, Spenders]:
    """Histories of the calibration, one a customer; purchases of the hold-out; repeat buyers' mean spend."""
    bought: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for line in path.read_text().splitlines():
        _, customer, day, _, money = line.split()
        when = date(int(day[:4]), int(day[4:6]), int(day[6:]))
        bought[customer][when] += round(float(money) * 100)
    rows, later, spend = [], [], []
    for customer in sorted(bought):
        days = sorted(day for day in bought[customer] if day <= CALIBRATION_END)
        x, first = len(days) - 1, days[0]
        rows.append((x, round((days[-1] - first).days / 7, 2), round((CALIBRATION_END - first).days / 7, 2)))
        later.append(len(bought[customer]) - len(days))
        if x:
            cents = sum(bought[customer][day] for day in days[1:])
            spend.append((x, (2 * cents + x) // (2 * x) / 100))
    x, last, age = np.array(rows, dtype=np.float64).T
    purchases, mean = np.array(spend, dtype=np.float64).T
    ones = np.ones(len(rows))
    return (
        Histories(x, last, age, ones), np.array(later, dtype=np.float64),
        Spenders(purchases, mean, np.ones(len(spend))),
    )  # fmt: skip
