"""Customers as they stood on days of the past, with who placed no order within the horizon after.

Base: an order in the horizon before the day. Features are asked of the tables cut at the day, the outcome of the
tables as they are now. The last day with a whole horizon after it tests; days whose outcome was complete by then
train.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from keguan.analysis import Inputs
from keguan.core.period import window_start
from keguan.marts.snapshot_features import FEATURES, PLACES, STAYED
from keguan.models.churn.design import Feature
from keguan.models.churn.scorer import arrays

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_TRAINING, MOST_TESTED, MOST_COMPARED = 60_000, 40_000, 5_000
MOST_DAYS = 4  # of training
KNOWN = (
    Feature("recency_days", sign=1),
    Feature("tenure_days"),
    Feature("order_days", sign=-1),
    Feature("orders_horizon", sign=-1),
    Feature("orders_before", sign=-1),
    Feature("orders_lately", sign=-1),
    Feature("net_horizon", "money"),
    Feature("net_before", "money"),
    Feature("own_gap"),
    Feature("silence_ratio", sign=1),
    Feature("return_share"),
    Feature("complaints", sign=1),
)
RULE = KNOWN[0]
HISTORY_SQL = """
SELECT date_diff('day', min(day), $as_of) + 1 AS days,
       count(DISTINCT CASE WHEN day > $since AND day <= $until THEN account_no END) AS base
FROM purchases WHERE account_no IS NOT NULL AND orders > 0
"""


@dataclass(frozen=True)
class Past:
    """Rows of one or several days: columns, and who was lost."""

    columns: dict[str, Any]
    events: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.events)


def bound(day: date, horizon: int, months: int, places: int = PLACES) -> dict[str, Any]:
    """Parameters of the features as of a day."""
    return {
        "snapshot": day,
        "since": day - timedelta(days=horizon),
        "earlier": day - timedelta(days=2 * horizon),
        "lately": day - timedelta(days=max(1, horizon // 4)),
        "money_from": window_start(day, months),
        "places": places,
    }


def history(inputs: Inputs, horizon: int) -> tuple[int, int]:
    """Days of history, and customers of the base one horizon ago."""
    until = inputs.as_of - timedelta(days=horizon)
    row = inputs.query(HISTORY_SQL, since=until - timedelta(days=horizon), until=until).to_pylist()[0]
    return int(row["days"] or 0), int(row["base"])


def training_days(as_of: date, horizon: int, days: int) -> tuple[date, ...]:
    """Days whose outcome was complete by the tested day, half a horizon apart, with a whole horizon before."""
    latest, step = as_of - timedelta(days=2 * horizon), max(1, horizon // 2)
    first = as_of - timedelta(days=days - 1)
    tried = (latest - timedelta(days=step * place) for place in range(MOST_DAYS))
    return tuple(day for day in tried if day - timedelta(days=horizon) >= first - timedelta(days=1))


def places_for(most: int, base: int, days: int = 1) -> int:
    """The sample that keeps about so many rows."""
    return max(1, min(PLACES, PLACES * most // max(base * days, 1)))


def past_rows(inputs: Inputs, days: Sequence[date], horizon: int, months: int, places: int) -> Past:
    """Customers of the base of each day, in the order of day and account."""
    import numpy as np

    columns: list[Mapping[str, Any]] = []
    events: list[Any] = []
    for day in sorted(days):
        asked = bound(day, horizon, months, places)
        found = arrays(inputs.at(day).query(f"SELECT * FROM ({FEATURES}) f ORDER BY account_no", **asked))
        until = day + timedelta(days=horizon)
        stayed = (
            inputs.query(STAYED, snapshot=day, until=until, places=places).column("account_no").to_numpy()
        )
        columns.append(found)
        events.append(~np.isin(found["account_no"], stayed))
    joined = {name: np.concatenate([part[name] for part in columns]) for name in columns[0]}
    return Past(joined, np.concatenate(events))


def leaking(
    inputs: Inputs, day: date, asked: Mapping[str, Any], features: Sequence[str], sql: str = FEATURES
) -> tuple[int, dict[str, int]]:
    """Customers compared, and of each feature those for whom it is another over today's tables than over the tables
    cut at the day: a feature that knows what came later. A customer who is in the base of one only counts for all."""
    import numpy as np

    wanted = f"SELECT * FROM ({sql}) f ORDER BY account_no"
    then, now = arrays(inputs.at(day).query(wanted, **asked)), arrays(inputs.query(wanted, **asked))
    both, at, of = np.intersect1d(then["account_no"], now["account_no"], return_indices=True)
    apart = len(then["account_no"]) + len(now["account_no"]) - 2 * len(both)
    differing = {}
    for name in features:
        a, b = then[name][at], now[name][of]
        differing[name] = apart + int((~((a == b) | (np.isnan(a) & np.isnan(b)))).sum())
    return len(both) + apart, differing
