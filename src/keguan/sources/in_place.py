"""A file read where it stands, for one pass over some of its columns: nothing is copied, typed files keep their types.

Only for files that the engine's own reader takes without a doubt; whoever reads so compares what it counts and turns to
`load`, which copes with the others, at the first error or cell that it cannot read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from keguan.engine.literals import literal
from keguan.sources.container import Member
from keguan.sources.direct import source
from keguan.sources.parquet import column_types
from keguan.sources.shape import Shape
from keguan.sources.sql import exact_path
from keguan.sources.text_shape import UTF8

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class InPlace:
    """A relation with columns c0, c1 and so on in the order of the shape, and the type of each. `sound`: SQL that is
    true of a row in which nothing may have been swallowed."""

    relation: str
    types: tuple[str, ...]
    sound: str


@contextmanager
def in_place(connection: duckdb.DuckDBPyConnection, shape: Shape, scratch: Path) -> Iterator[InPlace | None]:
    """The relation, or None for a file that must be loaded. duckdb.Error, here or when it is read, means the same."""
    member = Member(shape.path, shape.container, shape.member)
    if shape.kind == "parquet":
        with member.local(scratch) as local, exact_path(local, scratch) as path:
            types = tuple(type_ for _, type_ in column_types(connection, path))
            names = ", ".join(f"c{at}" for at in range(len(types)))
            read = f"read_parquet({literal(str(path))}, hive_partitioning = false) AS received({names})"
            yield InPlace(read, types, "TRUE")
    elif shape.kind == "csv" and shape.direct and (shape.encoding or "utf-8") in UTF8:
        packed = member.container == "gz"
        with (
            (Member(member.path) if packed else member).local(scratch) as local,
            exact_path(local, scratch) as path,
        ):
            kinds = ("VARCHAR",) * len(shape.columns)
            broken = " OR ".join(f"coalesce(contains(c{at}, chr(10)), FALSE)" for at in range(len(kinds)))
            yield InPlace(source(path, shape, packed), kinds, f"NOT ({broken})")
    else:
        yield None
