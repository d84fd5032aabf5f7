"""The rows of a text file: by the engine's own reader where it reads right, else record by record."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from keguan.core.text import Text
from keguan.sources.container import Member
from keguan.sources.direct import load_direct
from keguan.sources.encoding import decoded
from keguan.sources.records import (
    NO_SEPARATOR,
    Reject,
    Row,
    blank_separated,
    delimited,
    padded_note,
    positioned,
)
from keguan.sources.scan import ByteScan
from keguan.sources.shape import Loaded, Shape
from keguan.sources.sql import RowWriter, count, identifier, rejected_name
from keguan.sources.text_shape import UTF8

if TYPE_CHECKING:
    import duckdb


def load_text(
    connection: duckdb.DuckDBPyConnection, shape: Shape, table: str, scratch: Path, first_rows: int | None
) -> Loaded:
    """The rows of a text file as received, cells as text, empty ones NULL."""
    member = Member(shape.path, shape.container, shape.member)
    name = shape.encoding or "utf-8"
    if name in UTF8:
        return _load_utf8(connection, member, shape, table, scratch, first_rows, direct=shape.direct)
    with _transcoded(member, name, scratch) as (copy, facts):
        direct = shape.direct and facts.direct
        return _load_utf8(connection, Member(copy), shape, table, scratch, first_rows, direct=direct)


def _load_utf8(
    connection: duckdb.DuckDBPyConnection,
    member: Member,
    shape: Shape,
    table: str,
    scratch: Path,
    first_rows: int | None,
    *,
    direct: bool,
) -> Loaded:
    if direct and (loaded := load_direct(connection, member, shape, table, scratch, first_rows)):
        return loaded
    with member.open() as stream:
        return _load_records(connection, stream, shape, table, first_rows)


@contextmanager
def _transcoded(member: Member, name: str, scratch: Path) -> Iterator[tuple[Path, ByteScan]]:
    """A UTF-8 copy, and the facts of its bytes."""
    facts = ByteScan()
    with tempfile.TemporaryDirectory(dir=scratch, prefix="utf8-") as folder:
        copy = Path(folder) / "content"
        with copy.open("wb") as out:
            for text in decoded(member.chunks(), name):
                data = text.encode("utf-8")
                facts.take(data)
                out.write(data)
        yield copy, facts


def _load_records(
    connection: duckdb.DuckDBPyConnection, stream: BinaryIO, shape: Shape, table: str, first_rows: int | None
) -> Loaded:
    writer = RowWriter(connection, table, shape.columns)
    start = shape.skip_rows + shape.header
    padded = 0
    end = "" if shape.line_end == "cr" else "\n"  # '': at every kind of line end
    lines = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline=end)

    def reject(row: int, raw: str, reason: Text) -> None:
        if row > start:
            writer.reject(row, raw, reason)

    for row, cells in _rows(lines, shape, reject):
        if row <= start or not cells:
            continue
        if short := len(shape.columns) - len(cells):
            cells += [""] * short
            padded += 1
        writer.add(row, cells)
        if writer.rows == first_rows:
            break
    writer.flush()
    lines.detach()
    padding = (padded_note(padded),) if padded else ()
    notes = (*padding, *_damage_note(connection, table, shape))
    return Loaded(table, writer.rows, count(connection, rejected_name(table)), rejected_name(table), notes)


def _rows(lines: Iterable[str], shape: Shape, reject: Reject) -> Iterator[Row]:
    width = len(shape.columns)
    if shape.positions:
        return positioned(lines, shape.positions)
    if shape.kind == "fixed":
        return blank_separated(lines, width, reject)
    start = shape.skip_rows + shape.header
    return delimited(lines, shape.separator or NO_SEPARATOR, width, reject, above=start)


def _damage_note(connection: duckdb.DuckDBPyConnection, table: str, shape: Shape) -> Iterator[Text]:
    """Rows with U+FFFD, which stands for bytes that are no character in the file's encoding."""
    hit = " OR ".join(f"contains({identifier(name)}, '\ufffd')" for name in shape.columns)
    found = connection.execute(f"SELECT count(*) FROM {identifier(table)} WHERE {hit}").fetchone()
    if found and found[0]:
        yield Text(
            f"{found[0]} 行含有无法按 {shape.encoding} 解码的字节，显示为 \ufffd，该行仍保留",
            f"{found[0]} rows hold bytes that are no {shape.encoding}; shown as \ufffd; the rows are kept",
        )
