"""The rows of a table in a received file into a table of the engine, as text and as received."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from keguan.sources.parquet import load_parquet
from keguan.sources.shape import Loaded, Shape
from keguan.sources.text_rows import load_text
from keguan.sources.workbook import load_workbook

if TYPE_CHECKING:
    import duckdb


def load(
    connection: duckdb.DuckDBPyConnection,
    shape: Shape,
    table: str,
    *,
    scratch: Path,
    first_rows: int | None = None,
) -> Loaded:
    """Creates `table`: source_row BIGINT, then every column as VARCHAR, empty cells NULL.

    source_row counts as a spreadsheet does: the header is row 1, title lines and blank lines count too.
    Cells keep their surrounding blanks. Rows with too few cells are padded; those with too many, or with
    broken quoting, are in `<table>_rejected` (source_row, raw, reason_zh, reason_en).
    `scratch`: a folder for temporary files. `first_rows`: no more rows than that. InputError as `inspect`.
    """
    loader = {"parquet": load_parquet, "xlsx": load_workbook, "xls": load_workbook}.get(shape.kind, load_text)
    return loader(connection, shape, table, scratch, first_rows)
