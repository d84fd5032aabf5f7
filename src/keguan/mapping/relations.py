"""Relations between received columns: which say the same, which decide another, which multiply to a third."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from keguan.mapping.numbers import numbers_from

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MOST_IDS = 8
_MOST_NUMBERS = 6
_FEWEST = 10  # fewer values agree one-to-one by chance


@dataclass(frozen=True, slots=True)
class Relation:
    """What a column has to do with others (named by position).

    'same': one-to-one with others[0]. 'decides': `share` of its values go with one value of others[0].
    'product': it equals others[0] x others[1] in `share` of the rows.
    """

    kind: Literal["same", "decides", "product"]
    others: tuple[int, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """What relations need to know of a column."""

    position: int
    distinct: int
    examined: int
    is_id: bool
    is_number: bool


def relations(
    connection: DuckDBPyConnection, sample: str, columns: Sequence[Candidate]
) -> Mapping[int, tuple[Relation, ...]]:
    """Relations per column position, counted on the sample (columns c0, c1 ...)."""
    found: dict[int, list[Relation]] = {}
    ids = [item for item in columns if item.is_id][:_MOST_IDS]
    for a, b in combinations(ids, 2):
        ab, ba = _decides(connection, sample, a, b), _decides(connection, sample, b, a)
        if min(ab, ba) >= 0.999 and min(a.distinct, b.distinct) >= _FEWEST:
            found.setdefault(a.position, []).append(Relation("same", (b.position,), min(ab, ba)))
            found.setdefault(b.position, []).append(Relation("same", (a.position,), min(ab, ba)))
        found.setdefault(a.position, []).append(Relation("decides", (b.position,), ab))
        found.setdefault(b.position, []).append(Relation("decides", (a.position,), ba))
    numbers = [item.position for item in columns if item.is_number][:_MOST_NUMBERS]
    for position, relation in _products(connection, sample, numbers):
        found.setdefault(position, []).append(relation)
    return {position: tuple(items) for position, items in found.items()}


def _decides(connection: DuckDBPyConnection, sample: str, a: Candidate, b: Candidate) -> float:
    """Share of the values of `a`, seen with `b` filled, that go with a single value of `b`."""
    x, y = f"c{a.position}", f"c{b.position}"
    row = connection.execute(
        f"SELECT count(*) FILTER (n = 1), count(*) FROM (SELECT count(DISTINCT {y}) AS n FROM {sample}"
        f" WHERE {x} IS NOT NULL AND {y} IS NOT NULL GROUP BY {x})"
    ).fetchone()
    single, values = row or (0, 0)
    return float(single) / values if values else 0.0


def _products(
    connection: DuckDBPyConnection, sample: str, numbers: Sequence[int]
) -> list[tuple[int, Relation]]:
    triples = [
        (a, b, c) for c in numbers for a, b in combinations([item for item in numbers if item != c], 2)
    ]
    if not triples:
        return []
    cast = ", ".join(f"CAST(c{item} AS DOUBLE) AS x{item}" for item in numbers)
    source = numbers_from(sample, [f"c{item}" for item in numbers])
    # Rows where a factor is 0 or 1 prove nothing.
    tests = ", ".join(
        f"count(*) FILTER (abs(x{a} * x{b} - x{c}) <= 0.01 + 0.005 * abs(x{c}) AND {_telling(a, b)}),"
        f" count(*) FILTER (x{c} IS NOT NULL AND {_telling(a, b)})"
        for a, b, c in triples
    )
    row = connection.execute(f"SELECT {tests} FROM (SELECT {cast} FROM {source})").fetchone() or ()
    found = []
    for place, (a, b, c) in enumerate(triples):
        equal, telling = row[2 * place], row[2 * place + 1]
        if telling >= 5 and equal >= 0.5 * telling:
            found.append((c, Relation("product", (a, b), equal / telling)))
    return sorted(found, key=lambda item: (item[0], -item[1].share))


def _telling(a: int, b: int) -> str:
    return f"abs(x{a}) NOT IN (0, 1) AND abs(x{b}) NOT IN (0, 1)"
