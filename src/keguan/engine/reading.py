"""What a query reads, found by parsing it when somebody asks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from keguan.engine.scopes import read_columns
from keguan.engine.translate import Lineage

_STORED = re.compile(r"\ball_(?=[a-z])")


class _Found(Mapping[str, tuple[str, ...]]):
    """Tables and columns of a query, looked for when somebody asks: parsing takes longer than many a query."""

    def __init__(self, texts: Sequence[str], schema: Mapping[str, Mapping[str, str]]) -> None:
        self._texts, self._schema = texts, schema
        self._tables: Mapping[str, tuple[str, ...]] | None = None

    def _read(self) -> Mapping[str, tuple[str, ...]]:
        if self._tables is None:
            merged = Lineage({})
            for sql in self._texts:
                merged |= Lineage(_tables(sql, self._schema))
            self._tables = merged.tables
        return self._tables

    def __getitem__(self, name: str) -> tuple[str, ...]:
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


def lineage(sql: str, schema: Mapping[str, Mapping[str, str]], views: Sequence[str] = ()) -> Lineage:
    """Tables of `schema` (name -> column -> type) and their columns that `sql` (DuckDB dialect) reads, and those
    that the queries of its computed views read.

    A table that is only counted is listed without columns. `all_x`, the stored table x, is listed as x.
    """
    return Lineage(_Found((sql, *(_STORED.sub("", view) for view in views)), schema))


def _tables(sql: str, schema: Mapping[str, Mapping[str, str]]) -> Mapping[str, tuple[str, ...]]:
    lower = sql.lower()
    named = ((name, tuple(columns)) for name, columns in schema.items() if name in lower)
    return _parsed(sql, tuple(named))


@lru_cache(maxsize=512)
def _parsed(sql: str, named: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, tuple[str, ...]]:
    """The same text over the same tables is parsed once: the views of a report are named by many of its queries."""
    found = read_columns(sql, dict(named))
    return {name: tuple(sorted(found[name])) for name in sorted(found)}
