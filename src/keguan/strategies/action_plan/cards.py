"""The cards as of the day, and what the customers of each did in its days: measured, never asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from keguan.analysis import Inputs
from keguan.core.errors import UsageError
from keguan.core.text import Unit
from keguan.evidence.statistics.wilson import wilson

NOBODY = "未指定"
RATES = ("activation_rate", "complaint_rate")
LESS_IS_BETTER = ("complaint_rate",)
UNITS: Mapping[str, Unit] = {
    "activation_rate": "share",
    "complaint_rate": "share",
    "buyers": "count",
    "orders": "count",
    "net_revenue": "money",
}

# The card as of the day is its last change until then.
CARDS_SQL = """
SELECT action_id, based_on, segmentation, segment, pain, action, resources, owner, due_on, metric, target_value,
       state, done_on, campaign_id, carried_from, times_carried
FROM (
  SELECT a.*, row_number() OVER (PARTITION BY action_id ORDER BY change_no DESC) AS place FROM actions a
) changes
WHERE place = 1
ORDER BY due_on DESC, action_id DESC
LIMIT $most
"""


def measured_sql(segments: str) -> str:
    """What the customers of one segment did from $first to $last."""
    return f"""
WITH members AS (
  SELECT account_no FROM {segments} WHERE label = $label
), bought AS (
  SELECT p.account_no, sum(p.orders) AS orders, sum(p.gross - p.returns) AS net
  FROM purchases p JOIN members m ON m.account_no = p.account_no
  WHERE p.day >= $first AND p.day <= $last GROUP BY p.account_no
), complained AS (
  SELECT DISTINCT f.account_no FROM feedback f JOIN members m ON m.account_no = f.account_no
  WHERE f.kind = 'complaint' AND f.day >= $first AND f.day <= $last
)
SELECT count(*) AS members,
       CAST(coalesce(sum(CASE WHEN b.orders > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS buyers,
       CAST(coalesce(sum(b.orders), 0) AS BIGINT) AS orders,
       CAST(coalesce(sum(b.net), 0) AS DECIMAL(18, 4)) AS net_revenue,
       count(c.account_no) AS complained
FROM members m
LEFT JOIN bought b ON b.account_no = m.account_no
LEFT JOIN complained c ON c.account_no = m.account_no
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a segment's customers did in some days."""

    members: int
    buyers: int = 0
    orders: int = 0
    net_revenue: float = 0.0
    complained: int = 0

    def value(self, metric: str, min_n: int) -> float | None:
        """The metric; None of nobody, and for rates of fewer than the smallest number."""
        if not self.members or (metric in RATES and self.members < min_n):
            return None
        if metric == "activation_rate":
            return self.buyers / self.members
        if metric == "complaint_rate":
            return self.complained / self.members
        return float(getattr(self, metric))

    def ends(self, metric: str) -> tuple[float | None, float | None]:
        """Wilson's interval of a rate."""
        hits = {"activation_rate": self.buyers, "complaint_rate": self.complained}.get(metric)
        found = wilson(hits, self.members) if hits is not None and self.members else None
        return (found.low, found.high) if found else (None, None)


@dataclass(frozen=True)
class Card:
    """One card with what was measured: of its customers in its days so far, and of the segment's in as many days before.
    `usual`: of the segment's in as many days before as the card has in all, which its target is held against."""

    row: dict[str, Any]
    last: date  # the last day that counts
    now: Measured | None
    before: Measured | None
    usual: Measured | None = None
    reason: str | None = None  # why nothing was measured

    @property
    def id(self) -> str:
        """A0001."""
        return str(self.row["action_id"])

    @property
    def metric(self) -> str | None:
        """What the target is of."""
        return self.row["metric"] if self.row["metric"] in UNITS else None

    @property
    def days(self) -> int:
        """The days measured."""
        return int((self.last - self.row["based_on"]).days)

    def over(self, as_of: date) -> bool:
        """Whether its days are over."""
        return bool(self.row["due_on"] <= as_of)

    def late(self, as_of: date) -> bool:
        """Due and not done."""
        return self.row["state"] == "open" and self.over(as_of)


def read(inputs: Inputs, most: int) -> list[Card]:
    """The cards as of the day, those due last first."""
    return [_measured(inputs, row) for row in inputs.query(CARDS_SQL, most=most).to_pylist()]


def _measured(inputs: Inputs, row: dict[str, Any]) -> Card:
    """The segment is that on the day the card rests on, not today's: who was activated has left it since."""
    start, last = row["based_on"], min(row["due_on"], inputs.as_of)
    name, label = row["segmentation"], row["segment"]
    days, planned = (last - start).days, (row["due_on"] - start).days
    usual = measure(inputs, name, label, start - timedelta(days=planned), planned)
    if days < 1:
        return Card(row, last, None, None, usual, "no_days")
    now = measure(inputs, name, label, start, days)
    if now is None:
        return Card(row, last, None, None, usual, "no_segment")
    before = usual if days == planned else measure(inputs, name, label, start - timedelta(days=days), days)
    return Card(row, last, now, before, usual)


def view_of(inputs: Inputs, segmentation: str, day: date | None = None) -> str | None:
    """The view of a segmentation; None where there is none of this name any more, as of an own one that was removed."""
    try:
        return inputs.segment(segmentation, day)
    except UsageError:
        return None


def measure(inputs: Inputs, segmentation: str, label: str, day: date, days: int) -> Measured | None:
    """What those who were in a segment on a day did in the days after it. None where nobody was."""
    view = view_of(inputs, segmentation, day)
    if view is None:
        return None
    found = inputs.query(
        measured_sql(view), label=label, first=day + timedelta(days=1), last=day + timedelta(days=days)
    ).to_pylist()[0]
    if not found["members"]:
        return None
    return Measured(
        int(found["members"]), int(found["buyers"]), int(found["orders"]), float(found["net_revenue"]),
        int(found["complained"]),
    )  # fmt: skip
