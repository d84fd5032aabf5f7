"""The use case 'import --dry-run': how files would be read, with sample rows; nothing is written."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from keguan import sources
from keguan.app.ingest import reading
from keguan.app.ingest.options import check
from keguan.app.ingest.reading import ReadFile
from keguan.app.ingest.report import ImportOptions
from keguan.core.text import Language, Text
from keguan.mapping.privacy import masked
from keguan.mapping.questionnaire import PART
from keguan.mapping.show import MappingRow, describe
from keguan.schema.tables import CUSTOMER_KEYS, CUSTOMERS, ENTITIES
from keguan.sources.shape import Setting

SAMPLE_ROWS = 5
_PERSONAL = {"customer_key", "other_key", "customer_name", "phone", "email", "wechat", "tax_no"} | {
    item.name for entity in (CUSTOMERS, CUSTOMER_KEYS) for item in entity.fields if item.privacy != "open"
}


@dataclass(frozen=True)
class Preview:
    """One table of a file: how its form was detected, how its columns are meant, its first rows."""

    file: str
    entity: str
    rows: int
    rejected: int
    settings: tuple[Setting, ...]
    mapping: tuple[MappingRow, ...]
    order_key: str | None
    doubts: tuple[str, ...]
    sample_columns: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    saved: bool  # a mapping saved earlier is used


def preview(
    mappings: Path | None, arguments: Sequence[str], options: ImportOptions, language: Language
) -> list[Preview]:
    """Every table of the files; `mappings` is the workspace's folder of saved mappings, if there is one."""
    check(options)
    saved = reading.saved_mappings(mappings) if mappings is not None and mappings.is_dir() else ()
    shown = []
    with tempfile.TemporaryDirectory(prefix="keguan-") as folder, duckdb.connect() as connection:
        for number, path in enumerate(sources.find(arguments)):
            for file in reading.read_file(
                connection, path, options, saved, scratch=Path(folder), number=number, sha256=""
            ):
                shown.append(_one(connection, file, language))
    return shown


def _one(connection: duckdb.DuckDBPyConnection, file: ReadFile, language: Language) -> Preview:
    columns, sample = _sample(connection, file)
    general = [doubt.text.in_(language) for doubt in file.doubts if doubt.column is None]
    notes: list[Text] = list(file.loaded.notes)
    return Preview(
        file=file.label,
        entity=file.mapping.entity,
        rows=file.loaded.rows,
        rejected=file.loaded.rejected,
        settings=file.shape.settings,
        mapping=describe(file.mapping, file.profiles, language, file.doubts),
        order_key=file.mapping.order_key,
        doubts=tuple(general + [note.in_(language) for note in notes]),
        sample_columns=columns,
        sample=sample,
        saved=file.proposal is None,
    )


def _sample(
    connection: duckdb.DuckDBPyConnection, file: ReadFile
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The first rows in canonical columns; personal cells are masked."""
    wanted = [rule.target for rule in file.mapping.columns]
    order = "source_row"
    if file.mapping.answers:
        wanted += ["question", "scale"]
        order = f"source_row, {PART}"
    rows = connection.execute(f"SELECT * FROM ({file.flat()}) f ORDER BY {order} LIMIT {SAMPLE_ROWS}")
    names = [item[0] for item in rows.description or []]
    kept = [name for name in names if name in wanted]
    records = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    own = {item.name for item in ENTITIES[file.mapping.entity].fields if item.privacy != "open"}
    hidden = _PERSONAL | own
    return tuple(kept), tuple(
        tuple(_shown(record[name], hidden=name in hidden) for name in kept) for record in records
    )


def _shown(value: object, *, hidden: bool) -> str:
    if value is None:
        return "–"
    return masked(str(value)) if hidden else str(value)
