"""How much is the next order worth? The customer's own mean, drawn to the mean of all. SQL and the choice.

expected = (own money + k x mean of all) / (own orders + k). k of a short list is chosen by the mean absolute error on one
stretch of days and judged on the next, beside the mean of all and the own mean. (Bühlmann 1967 for the form; his k rests on
variances, which a handful of wholesale orders decide alone, hence the choice by error.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from keguan.analysis import Inputs

WEIGHTS = (0, 0.25, 0.5, 1, 2, 4, 8, 16)
ALL = -1.0  # stands for the mean of all in the query

# Orders and money (gross, on their own day) up to $then.
SPENT = """
spent AS (
  SELECT account_no, CAST(sum(orders) AS BIGINT) AS orders, CAST(sum(gross) AS DECIMAL(18, 4)) AS gross FROM purchases
  WHERE account_no IS NOT NULL AND day <= $then GROUP BY account_no HAVING sum(orders) > 0
), every AS (
  SELECT CAST(sum(gross) AS DOUBLE) / nullif(sum(orders), 0) AS mean FROM spent
)"""


def expected_sql(k: str) -> str:
    """SQL: the value expected of the next order, over spent o and every e."""
    drawn = f"(CAST(o.gross AS DOUBLE) + {k} * e.mean) / nullif(o.orders + {k}, 0)"
    return f"CAST(CASE WHEN {k} < 0 THEN e.mean ELSE {drawn} END AS DOUBLE)"


# For each k: customers who ordered before and after, and the sum of |expected - actual mean| over them.
ERRORS_SQL = f"""
WITH {SPENT}, later AS (
  SELECT account_no, CAST(sum(gross) AS DOUBLE) / nullif(sum(orders), 0) AS actual FROM purchases
  WHERE account_no IS NOT NULL AND day > $then AND day <= $last GROUP BY account_no HAVING sum(orders) > 0
), weights AS ({" UNION ALL ".join(f"SELECT CAST({k} AS DOUBLE) AS k" for k in (ALL, *WEIGHTS))})
SELECT w.k, count(*) AS customers, max(e.mean) AS mean,
       sum(CAST(abs({expected_sql("w.k")} - l.actual) AS DECIMAL(18, 4))) AS gap
FROM later l JOIN spent o ON o.account_no = l.account_no CROSS JOIN every e CROSS JOIN weights w
GROUP BY w.k ORDER BY w.k
"""


@dataclass(frozen=True)
class Worth:
    """The weight chosen, and the mean absolute errors on the last stretch. `used`: model, or base (the mean of all)."""

    then: date
    customers: int
    k: float
    errors: Mapping[str, Decimal]
    used: str | None
    bound: Mapping[str, Any]

    @property
    def weight(self) -> float:
        """What stands for k in `expected_sql`."""
        return self.k if self.used == "model" else ALL


def worth(inputs: Inputs, test_days: int) -> Worth:
    """How the value of the next order is expected, chosen and judged."""
    step = timedelta(days=test_days)
    test, tune = inputs.as_of - step, inputs.as_of - 2 * step
    first, found = _gaps(inputs, tune, test), _gaps(inputs, test, inputs.as_of)
    least = inputs.settings.min_n
    bound = {"then": test, "last": inputs.as_of}
    if not found or found[ALL][0] < least:
        return Worth(test, found[ALL][0] if found else 0, 1.0, {}, None, bound)
    enough = bool(first) and first[ALL][0] >= least
    k = min(WEIGHTS, key=lambda one: (round(first[one][1], 2), -one)) if enough else 1.0
    errors = {"base": found[ALL][1], "own": found[0.0][1], "model": found[float(k)][1]}
    return Worth(
        test, found[ALL][0], float(k), errors, "model" if errors["model"] < errors["base"] else "base", bound
    )


def _gaps(inputs: Inputs, then: date, last: date) -> dict[float, tuple[int, Decimal]]:
    rows = inputs.query(ERRORS_SQL, then=then, last=last).to_pylist()
    return {row["k"]: (row["customers"], row["gap"] / row["customers"]) for row in rows}
