"""One call from a staged file to a mapping: profile, proposal, meanings, order key."""

from __future__ import annotations

from collections.abc import Mapping as Mapping_
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from keguan.core.text import Text
from keguan.mapping.flat import flat_sql
from keguan.mapping.meanings import settle_meanings
from keguan.mapping.model import Hints, Mark, Proposal
from keguan.mapping.order_key import choose_order_key, only_keys, some_orders
from keguan.mapping.profile import ROWS_EXAMINED, ColumnProfile, profile, spread
from keguan.mapping.propose import propose
from keguan.mapping.sql import identifier

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SAMPLE = "keguan_fit_sample"


@dataclass(frozen=True)
class Fit:
    """A proposal with what it rests on. `order_reason` and `order_counts` tell why the order key was chosen."""

    proposal: Proposal
    profiles: tuple[ColumnProfile, ...]
    order_reason: Text | None = None
    order_counts: Mapping_[str, int] = field(default_factory=dict)


def fit(
    connection: DuckDBPyConnection,
    table: str,
    columns: Sequence[str],
    *,
    file_name: str,
    decimal: Mark | None = None,
    hints: Hints | None = None,
    profiles: tuple[ColumnProfile, ...] | None = None,
    rows_examined: int = ROWS_EXAMINED,
) -> Fit:
    """The mapping proposed for a staged table, with meanings and order key settled on its rows.

    `profiles`: those of its columns, where they are known already.

    Nothing is raised for a refusal or an open question: `Proposal.accepted()` does that.
    """
    given = hints or Hints()
    if profiles is None:
        profiles = profile(connection, table, columns, rows_examined=rows_examined)
    proposal = propose(profiles, file_name=file_name, decimal=decimal, hints=given)
    mapping = proposal.mapping
    if mapping is None or proposal.questions or mapping.entity != "orders":
        return Fit(proposal, profiles)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_SAMPLE} AS SELECT * FROM {identifier(table)}"
        f" {spread(profiles[0].rows if profiles else 0, rows_examined)}"
    )
    try:
        settled = settle_meanings(connection, mapping, _SAMPLE, given)
    finally:
        connection.execute(f"DROP TABLE IF EXISTS {_SAMPLE}")
    proposal = replace(
        proposal,
        mapping=settled.mapping,
        doubts=(*proposal.doubts, *settled.doubts),
        questions=settled.questions,
    )
    return _with_order_key(connection, table, proposal, profiles, given)


def _with_order_key(
    connection: DuckDBPyConnection,
    table: str,
    proposal: Proposal,
    profiles: tuple[ColumnProfile, ...],
    hints: Hints,
) -> Fit:
    mapping = proposal.mapping
    assert mapping is not None
    number, rows = mapping.rule("order_number"), profiles[0].rows if profiles else 0
    orders = some_orders(connection, table, number.sources, rows) if number else table
    key, reason, counts = choose_order_key(connection, flat_sql(only_keys(mapping), orders))
    if hints.order_key is None:
        mapping = replace(mapping, order_key=key)
    return Fit(replace(proposal, mapping=mapping), profiles, reason, counts)
