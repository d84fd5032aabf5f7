"""Views that recommendations are made from, each computed once: what was bought, things, pairs, own purchases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from keguan.analysis import Inputs
from keguan.marts.item_neighbours import HISTORY, NEIGHBOURS, THINGS, bought_rows_sql

if TYPE_CHECKING:
    import pyarrow as pa

_BOUGHT = {"account_no": "INTEGER", "day": "DATE", "thing": "VARCHAR"}
_THINGS = {
    "thing": "VARCHAR", "item": "BIGINT", "recent": "BIGINT", "season": "BIGINT", "last_day": "DATE", "buyers": "BIGINT",
    "again": "BIGINT",
}  # fmt: skip
_PAIRS = {
    "item": "BIGINT", "other": "BIGINT", "together": "BIGINT", "baskets": "BIGINT", "similarity": "BIGINT",
    "lift": "DOUBLE", "trend": "DOUBLE",
}  # fmt: skip
_OWN = {"account_no": "INTEGER", "item": "BIGINT", "times": "BIGINT", "last_day": "DATE"}


@dataclass(frozen=True)
class Stages:
    """Names of the views of things as of a day."""

    bought: str
    things: str
    pairs: str = ""

    @property
    def known(self) -> str:
        """CTEs bought, up to $last, things and history."""
        return f"""bought AS (
  SELECT account_no, day, thing FROM {self.bought} WHERE day <= $last
), things AS (
  SELECT * FROM {self.things}
), {HISTORY.strip()}"""

    def of(self, own: str) -> str:
        """CTEs bought, things, history, pairs and own."""
        return f"""{self.known}, pairs AS (
  SELECT * FROM {self.pairs}
), own AS (
  SELECT * FROM {own}
)"""


def kept(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The rows as they are."""
    return batch


def staged(inputs: Inputs, bound: Mapping[str, Any]) -> Stages:
    """The views of things as known on the day $then."""
    bought = _keep(inputs, "bought", bought_rows_sql(), _BOUGHT, {"last": inputs.as_of})
    things = _keep(inputs, "things", f"""
WITH bought AS (
  SELECT account_no, day, thing FROM {bought} WHERE day <= $then
), {THINGS.strip()}, buyers AS (
  SELECT thing, count(*) AS buyers, CAST(sum(CASE WHEN times >= 2 THEN 1 ELSE 0 END) AS BIGINT) AS again
  FROM (SELECT account_no, thing, count(*) AS times FROM bought GROUP BY account_no, thing) r GROUP BY thing
)
SELECT t.thing, t.item, t.recent, t.season, t.last_day, b.buyers, b.again
FROM things t JOIN buyers b ON b.thing = t.thing
""", _THINGS, bound)  # fmt: skip
    found = Stages(bought, things)
    pairs = _keep(inputs, "pairs", f"""
WITH {found.known}, {NEIGHBOURS.strip()}, baskets AS (
  SELECT count(DISTINCT account_no) AS baskets FROM basket_items
)
SELECT n.item, n.other, n.together, n.baskets, n.similarity,
       CAST(n.together * b.baskets AS DOUBLE) / (n.baskets * n.other_baskets) AS lift,
       CAST(t.recent + 2 AS DOUBLE) / (t.season / 6.0 + 2) AS trend
FROM neighbours n JOIN things t ON t.item = n.other CROSS JOIN baskets b
WHERE t.last_day >= $sold_from AND n.together >= $pair AND n.together * b.baskets > n.baskets * n.other_baskets
""", _PAIRS, bound)  # fmt: skip
    return Stages(bought, things, pairs)


def own_view(inputs: Inputs, stages: Stages, who: str, bound: Mapping[str, Any]) -> str:
    """The name of the view of what some customers bought. `who`: a SELECT of account_no, over `bought`."""
    sql = f"""
WITH {stages.known}, who AS ({who}
)
SELECT h.account_no, h.item, count(*) AS times, max(h.day) AS last_day
FROM history h JOIN who w ON w.account_no = h.account_no GROUP BY h.account_no, h.item
"""
    return _keep(inputs, "own", sql, _OWN, bound)


def _keep(inputs: Inputs, name: str, sql: str, columns: Mapping[str, str], params: Mapping[str, Any]) -> str:
    return inputs.scored(
        f"recommendation_{name}", sql, kept, columns, method="recommendation.stages", **params
    )
