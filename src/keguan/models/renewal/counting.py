"""Renewals counted: the cycle, and who left at which renewal."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import Inputs

CYCLES = (7, 14, 28, 30, 90, 182, 365)
WIDTH = 3
ENOUGH = 200_000

# Gaps between purchase days of one customer, counted; of very many customers every so many is looked at.
GAPS_SQL = """
WITH purchase_days AS (
  SELECT account_no, order_day FROM purchases WHERE account_no % $every = 0
  GROUP BY account_no, order_day HAVING sum(orders) - sum(cancelled) > 0
), steps AS (
  SELECT order_day, lag(order_day) OVER (PARTITION BY account_no ORDER BY order_day) AS before FROM purchase_days
)
SELECT CAST(date_diff('day', before, order_day) AS BIGINT) AS gap, count(*) AS gaps
FROM steps WHERE before IS NOT NULL
GROUP BY date_diff('day', before, order_day) ORDER BY gap
"""

# A customer's renewals are the cycles from the first to the last purchase, to the nearest; running is who bought within
# a cycle and its grace. Who left did so at the renewal after the last purchase.
_STATES = """
states AS (
  SELECT account_no,
         CAST(floor(date_diff('day', first_purchase_on, last_purchase_on) / CAST($cycle AS DOUBLE) + 0.5) AS BIGINT)
           AS renewals,
         CASE WHEN recency_days <= $cycle + $grace THEN 1 ELSE 0 END AS running
  FROM customer_facts WHERE purchases > 0
)"""
COUNTS_SQL = f"""
WITH {_STATES}
SELECT renewals + (1 - running) AS renewal,
       CAST(sum(1 - running) AS BIGINT) AS gone, CAST(sum(running) AS BIGINT) AS running
FROM states GROUP BY renewals + (1 - running) ORDER BY renewal
"""

# Who ran on an earlier day and runs now: bought by then, within a cycle and its grace, and again lately.
RUNNING_SQL = """
WITH then_last AS (
  SELECT account_no, max(order_day) AS last_day
  FROM (SELECT account_no, order_day FROM purchases WHERE account_no IS NOT NULL AND day <= $then
        GROUP BY account_no, order_day HAVING sum(orders) - sum(cancelled) > 0) d
  GROUP BY account_no
)
SELECT count(*) AS customers
FROM then_last t JOIN customer_facts f ON f.account_no = t.account_no
WHERE date_diff('day', t.last_day, $then) <= $cycle + $grace
  AND f.purchases > 0 AND f.recency_days <= $cycle + $grace
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """(renewal, left at it, running after it)."""

    rows: tuple[tuple[int, int, int], ...]

    @property
    def left(self) -> int:
        """Who has left."""
        return sum(left for _, left, _ in self.rows)

    @property
    def running(self) -> int:
        """Who still renews."""
        return sum(running for _, _, running in self.rows)

    @property
    def customers(self) -> int:
        """All."""
        return self.left + self.running

    @property
    def leaving_rate(self) -> float:
        """Share of all renewals asked for at which somebody left: the constant rate."""
        asked = sum(renewal * (left + running) for renewal, left, running in self.rows)
        return self.left / asked if asked else 0.0


def cycle_of(inputs: Inputs, given: int) -> int | None:
    """The cycle that most gaps lie near; None without gaps."""
    if given > 0:
        return given
    customers = int(inputs.query("SELECT count(*) AS n FROM customer_facts").to_pylist()[0]["n"])
    rows = inputs.query(GAPS_SQL, every=max(1, customers // ENOUGH)).to_pylist()
    near = {
        cycle: sum(int(row["gaps"]) for row in rows if abs(int(row["gap"]) - cycle) <= WIDTH)
        for cycle in CYCLES
    }
    best = max(CYCLES, key=lambda cycle: (near[cycle], cycle))
    return best if near[best] > 0 else None


def grace_of(cycle: int) -> int:
    """Days of delay after a cycle in which a customer has not yet left."""
    return max(WIDTH, cycle // 2)


def counts_of(inputs: Inputs, cycle: int) -> Counts:
    """Of all customers as of the day of `inputs`."""
    rows = inputs.query(COUNTS_SQL, cycle=cycle, grace=grace_of(cycle)).to_pylist()
    return Counts(tuple((int(row["renewal"]), int(row["gone"]), int(row["running"])) for row in rows))
