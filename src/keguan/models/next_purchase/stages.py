"""Views that the candidates are made from, each computed once: what was bought, things, neighbours, candidates.

One query of all of it would be planned and run again wherever a part of it is named; the steps stand in the evidence
like every view of a model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from keguan.analysis import Inputs
from keguan.marts.item_neighbours import BASKET, HISTORY, LEAST, NEAR, NEIGHBOURS, THINGS, bought_rows_sql
from keguan.models.next_purchase.candidates import COLUMNS, candidates_sql

if TYPE_CHECKING:
    import pyarrow as pa

_BOUGHT = {"account_no": "INTEGER", "day": "DATE", "thing": "VARCHAR"}
_THINGS = {
    "thing": "VARCHAR", "item": "BIGINT", "recent": "BIGINT", "season": "BIGINT", "category": "VARCHAR",
}  # fmt: skip
_NEIGHBOURS = {"item": "BIGINT", "other": "BIGINT", "similarity": "BIGINT"}


@dataclass(frozen=True)
class Stages:
    """Names of the views of one kind of thing as of a day, and the parameters that made them."""

    bought: str
    things: str
    neighbours: str
    bound: Mapping[str, Any]

    @property
    def with_things(self) -> str:
        """CTEs bought, up to $last, and things."""
        return f"""bought AS (
  SELECT account_no, day, thing FROM {self.bought} WHERE day <= $last
), things AS (
  SELECT thing, item, recent, season, category FROM {self.things}
)"""

    def with_candidates(self, candidates: str) -> str:
        """CTEs bought, things and candidates."""
        return f"{self.with_things}, candidates AS (\n  SELECT * FROM {candidates}\n)"


def bounds(then: date, last: date) -> dict[str, Any]:
    """Parameters of the views: what was bought up to `then`, and what after it up to `last`."""
    return {
        "then": then, "last": last, "since": then - timedelta(days=364), "basket": BASKET, "least": LEAST, "near": NEAR,
        "recent_from": then - timedelta(days=29), "season_from": then - timedelta(days=179),
    }  # fmt: skip


def kept(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The rows as they are."""
    return batch


def staged(inputs: Inputs, thing: str, then: date, last: date, *, categories: bool) -> Stages:
    """The views of things as known on the day `then`; what was bought after it up to `last` is there to judge by."""
    bought = _keep(inputs, "bought", bought_rows_sql(thing), _BOUGHT, {"last": inputs.as_of})
    bound = bounds(then, last)
    category = "p.category" if categories else "CAST(NULL AS VARCHAR)"
    join = " LEFT JOIN products p ON p.product_id = t.thing" if categories else ""
    things = _keep(inputs, "things", f"""
WITH bought AS (
  SELECT account_no, day, thing FROM {bought}
), {THINGS.strip()}
SELECT t.thing, t.item, t.recent, t.season, {category} AS category FROM things t{join}
""", _THINGS, bound)  # fmt: skip
    stages = Stages(bought, things, "", bound)
    neighbours = _keep(inputs, "neighbours", f"""
WITH {stages.with_things}, {HISTORY.strip()}, {NEIGHBOURS.strip()}
SELECT item, other, similarity FROM neighbours
""", _NEIGHBOURS, bound)  # fmt: skip
    return Stages(bought, things, neighbours, bound)


def kept_candidates(inputs: Inputs, stages: Stages, who: str, *, categories: bool, **params: Any) -> str:
    """The name of the view of the candidates of some customers."""
    sql = f"""
WITH {stages.with_things}, {HISTORY.strip()}, neighbours AS (
  SELECT item, other, similarity FROM {stages.neighbours}
), {candidates_sql(who, categories=categories).strip()}
"""
    return _keep(inputs, "candidates", sql, COLUMNS, {**stages.bound, **params})


def _keep(inputs: Inputs, name: str, sql: str, columns: Mapping[str, str], params: Mapping[str, Any]) -> str:
    return inputs.scored(
        f"next_purchase_{name}", sql, kept, columns, method="next_purchase.candidates", **params
    )
