"""Whether rows vanished: the books of an import held against the tables, the file's lines and an own count."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from soak.fuzz.mutant import BLANK

ENDS = re.compile("\r\n|\r|\n")


class VanishedError(Exception):
    """Rows are missing, or counted that are not there."""


def check_books(store: Any, report: Any) -> None:
    """received = clean + quarantined + superseded + dropped, and the tables hold what the books say."""
    import duckdb

    from keguan.app.ingest.write import scan
    from keguan.mapping.aliases import RECORD_KINDS

    def table(name: str) -> str:
        return f"({scan(store.files(name), name)})"

    with duckdb.connect() as connection:
        loads = connection.execute(
            f"""
            SELECT l.load_id, l.entity, l.received, l.clean, l.quarantined, l.superseded, l.dropped,
                   (SELECT count(*) FROM {table("quarantine")} q WHERE q.load_id = l.load_id),
                   (SELECT count(DISTINCT source_row) FROM {table("order_lines")} k WHERE k.load_id = l.load_id)
            FROM {table("loads")} l
            """
        ).fetchall()
        faults = connection.execute(
            f"SELECT count(*) FROM {table('order_lines')} WHERE amount IS NULL OR day IS NULL OR movement IS NULL "
            "OR order_id IS NULL"
        ).fetchall()[0][0]
    held = _records_held(table, RECORD_KINDS)
    for load_id, entity, received, clean, quarantined, superseded, dropped, kept, lines in loads:
        if min(clean, quarantined, superseded, dropped) < 0:
            raise VanishedError(f"load {load_id}: negative counts")
        if received != clean + quarantined + superseded + dropped:
            raise VanishedError(f"load {load_id}: {received} <> {clean}+{quarantined}+{superseded}+{dropped}")
        if quarantined != kept:
            raise VanishedError(f"load {load_id}: {quarantined} quarantined, {kept} in quarantine")
        if entity == "orders" and clean != lines:
            raise VanishedError(f"load {load_id}: {clean} clean, {lines} in the order lines")
        if entity in RECORD_KINDS and clean != held.get((entity, load_id), 0):
            raise VanishedError(
                f"load {load_id}: {clean} clean, {held.get((entity, load_id), 0)} in {entity}"
            )
    if faults:
        raise VanishedError(f"{faults} order lines without amount, day, movement or order")
    newest = sorted(loads)[-len(report.files) :]
    if sum(file.received for file in report.files) != sum(load[2] for load in newest):
        raise VanishedError("the report and the loads differ")


def _records_held(table: Callable[[str], str], kinds: Sequence[str]) -> dict[tuple[str, int], int]:
    """(kind of record, load) -> received rows of it that the table holds; of a questionnaire a row is several."""
    import duckdb

    parts = (
        f"SELECT '{kind}', load_id, count(DISTINCT source_row) FROM {table(kind)} GROUP BY load_id"
        for kind in kinds
    )
    with duckdb.connect() as connection:
        return {(row[0], row[1]): row[2] for row in connection.execute(" UNION ALL ".join(parts)).fetchall()}


def check_received(report: Any, expected: tuple[int, int]) -> None:
    """As many rows as were written into the file."""
    received = sum(file.received for file in report.files)
    if not expected[0] <= received <= expected[1]:
        raise VanishedError(
            f"{received} received, {expected[0]} to {expected[1]} are in the file ({report.files[0].form})"
        )


def check_lines(file: Path, content: bytes, report: Any, folder: Path) -> None:
    """Every line of a text file that is not blank stands in a row, in a rejected row, or above the table."""
    import duckdb

    from keguan import sources

    (shape,) = sources.inspect(file)
    with tempfile.TemporaryDirectory(dir=folder) as scratch, duckdb.connect() as connection:
        loaded = sources.load(connection, shape, "t", scratch=Path(scratch))
        rows = connection.execute("SELECT * FROM t").fetchall()
        rejected = connection.execute("SELECT source_row, raw FROM t_rejected").fetchall()
    if loaded.rows + loaded.rejected != sum(item.received for item in report.files):
        raise VanishedError(
            f"{loaded.rows}+{loaded.rejected} read, {[item.received for item in report.files]} received"
        )
    numbers = sorted(row[0] for row in (*rows, *rejected))
    if len(set(numbers)) != len(numbers):
        raise VanishedError("two rows under one number")
    text = content.decode(shape.encoding or "utf-8", "replace").removeprefix("\ufeff")
    lines = ENDS.split(text) if shape.line_end == "cr" else text.split("\n")
    there = _filled(text)
    # Between runs of blanks a carriage return inside a line may be one more blank.
    inside = shape.separator == " " and shape.line_end != "cr"
    least = _filled(re.sub("\r(?!\n)", " ", text)) if inside else there
    above = _above(shape, text, lines)
    header = _lines(shape.received) if shape.header else 0
    found = above + header + sum(_lines(row[1:]) for row in rows) + sum(_filled(raw) for _, raw in rejected)
    # A row of one blank cell may stand on "" or on a line of blanks that is none of `there`.
    blank = sum(_filled(row[1] or "") == 0 for row in rows if len(row) == 2)
    if not (least <= found and found - blank <= there):
        raise VanishedError(
            f"{there} lines in the file, {found} accounted for ({above} above, {header} header, {shape.settings})"
        )


def _above(shape: Any, text: str, lines: Sequence[str]) -> int:
    """Lines above the table: down to the one with the header's words, since some of them may hold several rows."""
    words = [cell for cell in shape.received if cell and cell.strip() and not ENDS.search(cell)][:3]
    if shape.skip_rows and words:
        pieces = ENDS.split(text)
        for at in range(shape.skip_rows, len(pieces)):  # a row above stands on a line at least
            if all(word in pieces[at] for word in words):
                return sum(map(_filled, pieces[:at]))
    return sum(map(_filled, lines[: shape.skip_rows]))


def _lines(cells: tuple[str | None, ...]) -> int:
    """Lines of the file that a row stands on; those of its cells that are blank are not counted anywhere."""
    joined = ",".join(f'"{cell}"' if cell and ENDS.search(cell) else cell or "" for cell in cells)
    return max(1, _filled(joined))


def _filled(text: str) -> int:
    return sum(bool(line.strip(BLANK)) for line in ENDS.split(text))
