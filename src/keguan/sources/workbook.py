"""Excel files, .xlsx and .xls: one table a sheet, every cell as text without loss.

A whole number reads 13085, a date 2016-04-27 00:00:00, a time 03:04:05, an error value is empty.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keguan.core.errors import InputError, UsageError, Where
from keguan.core.text import Text, same
from keguan.sources import refusal
from keguan.sources.container import Member
from keguan.sources.decimals import decimal_setting
from keguan.sources.heading import ROW_COLUMN, read_heading
from keguan.sources.limits import check_old_workbook, check_workbook
from keguan.sources.shape import Kind, Loaded, ReadOptions, Setting, Shape, fingerprint_of
from keguan.sources.sql import count, create_rejected, identifier, rejected_name
from keguan.sources.text_shape import given_settings

if TYPE_CHECKING:
    import duckdb
    import fastexcel
    import pyarrow as pa

ENDINGS = {"xlsx": (".xlsx", ".xlsm"), "xls": (".xls",)}
SAMPLE = 1000
DAY_ZERO = "1899-12-3_ __:__:__"  # a time without a day, as the reader writes it


def inspect_workbook(member: Member, kind: Kind, options: ReadOptions) -> list[Shape]:
    """One shape for each sheet that holds something, or for the sheet that the user names."""
    with tempfile.TemporaryDirectory() as scratch, _opened(member, kind, Path(scratch)) as book:
        names = _chosen(member, book.sheet_names, options.sheet)
        samples = [(name, _sheet(member, book, name, SAMPLE)) for name in names]
    filled = [(name, cells) for name, cells in samples if cells.num_rows and cells.num_columns]
    if not filled:
        raise refusal.empty(member.place)
    return [_shape(member, kind, name, cells, len(filled), options) for name, cells in filled]


@contextmanager
def _opened(member: Member, kind: Kind, scratch: Path) -> Iterator[fastexcel.ExcelReader]:
    import fastexcel

    with member.local(scratch) as path:
        with _reading(member):
            (check_workbook if kind == "xlsx" else check_old_workbook)(path, member.place)
            # By its bytes where the ending, which the reader goes by, is missing or wrong.
            named = path.suffix.lower() in ENDINGS.get(kind, ())
            book = fastexcel.read_excel(path if named else path.read_bytes())
        yield book


@contextmanager
def _reading(member: Member) -> Iterator[None]:
    """What the reader raises, as an error for the user; its panics do not derive from Exception."""
    try:
        yield
    except InputError:
        raise
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit | MemoryError):
            raise
        text = str(error)
        if "password" in text.lower():
            raise refusal.locked(member.place) from error
        raise refusal.damaged(
            member.place, text.splitlines()[0][:200] if text else type(error).__name__
        ) from error


def _chosen(member: Member, names: Sequence[str], sheet: str | None) -> list[str]:
    if sheet is None:
        return list(names)
    if sheet in names:
        return [sheet]
    if sheet.isdigit() and 0 < int(sheet) <= len(names):
        return [names[int(sheet) - 1]]
    raise UsageError(
        what=Text("工作簿里没有这个工作表", "the workbook has no such sheet"),
        where=Where(file=member.place),
        found=sheet,
        allowed=same(", ".join(names)),
        do=Text("改正 --sheet，或去掉它读取全部工作表", "correct --sheet, or leave it out and have all read"),
    )


def _sheet(member: Member, book: fastexcel.ExcelReader, name: str, rows: int | None) -> pa.RecordBatch:
    """The cells of a sheet from its first row and as text; skip_rows=0 keeps blank rows at the top."""
    with _reading(member):
        sheet = book.load_sheet(name, header_row=None, skip_rows=0, n_rows=rows, dtypes="string")
        return sheet.to_arrow()


def _shape(
    member: Member, kind: Kind, name: str, cells: pa.RecordBatch, sheets: int, options: ReadOptions
) -> Shape:
    rows = [_trimmed(row) for row in zip(*(column.to_pylist() for column in cells.columns), strict=True)]
    heading = read_heading(rows, options.header, cells.num_columns)
    sample = (cell for row in rows[heading.skip_rows :] for cell in row)
    reason = (
        Text("由你指定", "set by you")
        if options.sheet
        else Text(
            f"工作簿有 {sheets} 个有内容的工作表", f"sheets of the workbook that hold something: {sheets}"
        )
    )
    return Shape(
        path=member.path,
        member=f"{member.entry}/{name}" if member.entry else name,
        kind=kind,
        container=member.container,
        encoding=None,
        separator=None,
        header=heading.header,
        columns=heading.columns,
        received=heading.received,
        skip_rows=heading.skip_rows,
        settings=(
            Setting("sheet", name, reason, True, "--sheet"),
            *heading.settings(),
            decimal_setting(sample, options.decimal),
            *given_settings(options),
        ),
        fingerprint=fingerprint_of(kind, heading.header, heading.columns),
    )


def _trimmed(row: Sequence[Any]) -> list[str]:
    """Cells up to the last that holds something."""
    cells = [cell or "" for cell in row]
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def load_workbook(
    connection: duckdb.DuckDBPyConnection, shape: Shape, table: str, scratch: Path, first_rows: int | None
) -> Loaded:
    """The rows of a sheet; wholly blank ones are left out and keep their numbers."""
    import pyarrow as pa

    setting = shape.setting("sheet")
    name = setting.value if setting else ""
    entry = (shape.member or "").removesuffix(f"/{name}") if shape.container == "zip" else None
    member = Member(shape.path, shape.container, entry)
    with _opened(member, shape.kind, scratch) as book:
        cells = _sheet(member, book, name, None)
    batch = pa.Table.from_arrays(cells.columns, names=[f"c{at}" for at in range(cells.num_columns)])
    connection.register("keguan_sheet", batch)
    try:
        connection.execute(f"CREATE OR REPLACE TABLE {identifier(table)} AS {_query(shape, first_rows)}")
    finally:
        connection.unregister("keguan_sheet")
    create_rejected(connection, table)
    return Loaded(table, count(connection, table), 0, rejected_name(table))


def _query(shape: Shape, first_rows: int | None) -> str:
    cells = ", ".join(
        f"CASE WHEN c{at} LIKE '{DAY_ZERO}' THEN c{at}[12:] ELSE nullif(c{at}, '') END AS {identifier(name)}"
        for at, name in enumerate(shape.columns)
    )
    filled = ", ".join(f"nullif(c{at}, '')" for at in range(len(shape.columns)))
    limit = "" if first_rows is None else f"LIMIT {first_rows:d}"
    return f"""
        SELECT {ROW_COLUMN}, {cells}
        FROM (SELECT row_number() OVER () AS {ROW_COLUMN}, * FROM keguan_sheet)
        WHERE {ROW_COLUMN} > {shape.skip_rows + shape.header} AND coalesce({filled}) IS NOT NULL
        ORDER BY {ROW_COLUMN}
        {limit}
    """
