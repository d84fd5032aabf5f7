"""Writes the mart into a folder: all files, or none; rows are streamed, never collected."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from keguan.app.analyse import Session
from keguan.app.mart.postgres import POSTGRES, script
from keguan.app.mart.tables import DICTIONARY, MartTable, tables
from keguan.app.saved_models import ARROW
from keguan.app.segments import KEPT
from keguan.core.errors import UsageError, Where, WorkspaceError
from keguan.core.text import Text, same
from keguan.schema.tables import ENTITIES
from keguan.store.workspace import Store

FORMS = ("csv", "parquet")
MAYBE = ("campaigns", "campaign_members", "audiences", "actions")
DICTIONARY_TABLE = MartTable(
    "dictionary", Text("数据字典", "Dictionary of columns"), ("table_name", "column_name"), DICTIONARY, ""
)


@dataclass(frozen=True)
class Mart:
    """What was written: rows by table."""

    rows: Mapping[str, int]
    as_of: date


def export_mart(
    store: Store, folder: Path, form: str, *, personal: bool = False, as_of: date | None = None
) -> Mart:
    """Writes the tables, `dictionary` and schema.sql. UsageError for another form or a folder with other files in it;
    WorkspaceError where it cannot be written."""
    if form not in FORMS:
        raise UsageError(
            Text("数据集市的格式有误", "This form of a mart is not supported"),
            Where(setting="--form"),
            found=form,
            allowed=same(" | ".join(FORMS)),
            do=Text("改正选项后重试", "correct the option and try again"),
        )
    with Session(store, as_of) as session:
        # The segments kept today: a session does not pin them.
        session.engine.register(ENTITIES["segments"], store.files("segments"), name=KEPT)
        present = [name for name in MAYBE if name in ENTITIES and session.inputs.has(name)]
        wanted = tables(present, personal=personal)
        with _beside(folder) as part:
            rows = {table.name: _write(part, table, form, _batches(session, table)) for table in wanted}
            told = pa.RecordBatch.from_pylist(_dictionary(wanted), schema=_schema(DICTIONARY_TABLE))
            rows["dictionary"] = _write(part, DICTIONARY_TABLE, form, iter([told]))
            (part / "schema.sql").write_text(script((*wanted, DICTIONARY_TABLE), csv=form == "csv"), "utf-8")
            _place(part, folder)
    return Mart(rows, session.as_of)


def _batches(session: Session, table: MartTable) -> Iterator[pa.RecordBatch]:
    params = {"as_of": session.as_of} if "$as_of" in table.sql else {}
    return session.inputs.stream(table.sql, **params)


def _schema(table: MartTable) -> pa.Schema:
    return pa.schema([(column.name, ARROW[column.type]) for column in table.columns])


def _write(folder: Path, table: MartTable, form: str, batches: Iterator[pa.RecordBatch]) -> int:
    schema, rows = _schema(table), 0
    with _writer(folder / f"{table.name}.{form}", schema, form) as writer:
        for batch in batches:
            columns = [batch.column(item.name).cast(item.type) for item in schema]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
            rows += len(batch)
    return rows


def _writer(path: Path, schema: pa.Schema, form: str) -> Any:
    if form == "parquet":
        from pyarrow.parquet import ParquetWriter

        return ParquetWriter(path, schema, compression="zstd")
    from pyarrow.csv import CSVWriter

    return CSVWriter(path, schema)  # UTF-8 without a mark, nothing for NULL: what COPY expects


def _dictionary(wanted: Sequence[MartTable]) -> list[dict[str, str | None]]:
    return [
        {
            "table_name": table.name, "column_name": column.name, "type": POSTGRES[column.type],
            "label_zh": column.label.zh, "label_en": column.label.en, "unit": column.unit or None,
            "definition": f"{column.means.zh} | {column.means.en}" if column.means else None,
        }
        for table in (*wanted, DICTIONARY_TABLE)
        for column in table.columns
    ]  # fmt: skip


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """A folder of parts beside the wanted one, gone in the end. Files of anything but an earlier mart are not touched."""
    strange = sorted(path.name for path in folder.iterdir() if not _ours(path)) if folder.is_dir() else []
    if strange or (folder.exists() and not folder.is_dir()):
        raise UsageError(
            Text("目录里有别的文件", "The folder holds other files"),
            Where(file=str(folder)),
            found=", ".join(strange[:5]) or folder.name,
            allowed=Text("空目录、新目录，或以前导出的集市", "an empty or new folder, or an earlier mart"),
            do=Text("换一个目录", "choose another folder"),
        )
    part: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        yield part
    except OSError as error:
        raise WorkspaceError(
            Text("无法写入数据集市", "The mart cannot be written"),
            Where(file=str(folder)),
            found=error.strerror or str(error),
            do=Text("检查目录是否可写、是否有空间", "check the folder and its space"),
        ) from None
    finally:
        if part is not None:
            with suppress(OSError):
                shutil.rmtree(part)


def _ours(path: Path) -> bool:
    names = {"customers", "customer_segments", "monthly_purchases", "dictionary", *MAYBE}
    return path.name == "schema.sql" or (path.stem in names and path.suffix.lstrip(".") in FORMS)


def _place(part: Path, folder: Path) -> None:
    """The parts take their names; files of an earlier mart that this one lacks go."""
    folder.mkdir(exist_ok=True)
    fresh = {path.name for path in part.iterdir()}
    for path in list(folder.iterdir()):
        if path.name not in fresh:
            path.unlink()
    for path in sorted(part.iterdir()):
        path.replace(folder / path.name)
