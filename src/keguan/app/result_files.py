"""The use case 'export result': the tables of an analysis as CSV, Excel or Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from keguan.app.analyse import Session
from keguan.app.exporting import write_sheets, writer_for, written
from keguan.core.errors import UsageError, Where, WorkspaceError
from keguan.core.text import Language, Text, same
from keguan.result import Column, Result, Table
from keguan.schema.vocabulary import shown
from keguan.store.workspace import Store


def export_result(
    store: Store,
    analysis: str,
    params: Mapping[str, Any],
    table: str | None,
    as_of: date | None,
    path: Path,
    language: Language,
) -> dict[str, int]:
    """Writes the tables, or one of them, and gives the rows by table. A CSV or Parquet file holds one table; UsageError
    lists those that there are."""
    form = path.suffix.lower()
    if form != ".parquet":
        writer_for(path)
    with Session(store, as_of) as session:
        result = session.run(analysis, params)
    chosen = _chosen(result, table, many=form == ".xlsx", path=path)
    if form == ".xlsx":
        written(
            lambda part, _headers, _rows: write_sheets(part, [_sheet(item, language) for item in chosen]),
            path, [], [],
        )  # fmt: skip
    elif form == ".parquet":
        _parquet(path, chosen[0])
    else:
        _, headers, rows = _sheet(chosen[0], language)
        written(writer_for(path), path, headers, rows)
    return {item.id: len(item.rows) for item in chosen}


def _chosen(result: Result, table: str | None, *, many: bool, path: Path) -> tuple[Table, ...]:
    ids = [item.id for item in result.tables]
    if table is not None:
        if table in ids:
            return (result.table(table),)
    elif ids and (many or len(ids) == 1):
        return result.tables
    raise UsageError(
        Text("要写明导出哪一张表", "Say which table is to be exported"),
        Where(file=str(path), setting="--table"),
        found=table,
        allowed=same(", ".join(ids) or "-"),
        do=Text("用 --table 给出其中之一，或写成 .xlsx", "give one of them with --table, or write .xlsx"),
    )


def _sheet(table: Table, language: Language) -> tuple[str, list[str], list[list[Any]]]:
    """Title, headers and rows, in the reader's words."""
    headers = [column.label.in_(language) for column in table.columns]
    rows = [
        [_cell(row[column.name], column, language) for column in table.columns] for row in table.records()
    ]
    return table.id, headers, rows


def _cell(value: Any, column: Column, language: Language) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if column.unit == "label" and isinstance(value, str):
        return shown(value, column.vocabulary, language)
    return value


def _parquet(path: Path, table: Table) -> None:
    import pyarrow.parquet as pq

    part = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        pq.write_table(table.rows, part, compression="zstd")
        part.replace(path)
    except OSError as error:
        raise WorkspaceError(
            Text("无法写入导出文件", "The export cannot be written"),
            Where(file=str(path)),
            found=error.strerror or str(error),
            do=Text("换一个位置或文件名", "choose another place or name"),
        ) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
