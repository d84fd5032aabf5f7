"""The mart as PostgreSQL reads it: CREATE TABLE, COMMENT and \\copy statements for psql. Text only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keguan.app.mart.tables import MartColumn, MartTable
from keguan.core.text import Text
from keguan.engine.literals import quoted
from keguan.schema.entity import Type

SCHEMA = "keguan"
POSTGRES: Mapping[Type, str] = {
    "text": "text",
    "integer": "integer",
    "bigint": "bigint",
    "decimal": "numeric(18, 4)",
    "date": "date",
    "timestamp": "timestamp",
    "boolean": "boolean",
}


def script(tables: Sequence[MartTable], *, csv: bool) -> str:
    """The whole of schema.sql; with CSV files it loads them, too (run in their folder: psql -f schema.sql)."""
    parts = [
        "-- Keguan: tables for BI. In this folder: psql -v ON_ERROR_STOP=1 -d DATABASE -f schema.sql",
        "BEGIN;",
        f"CREATE SCHEMA IF NOT EXISTS {SCHEMA};",
    ]
    for table in tables:
        parts += [
            f"DROP TABLE IF EXISTS {_name(table)};",
            _create(table),
            _comment("TABLE", _name(table), table.label),
        ]
        parts += [
            _comment("COLUMN", f'{_name(table)}."{column.name}"', _told(column)) for column in table.columns
        ]
    if csv:
        parts += [_copy(table) for table in tables]
    else:
        parts.append("-- The rows are in Parquet files of the same names.")
    return "\n".join([*parts, "COMMIT;", ""])


def _name(table: MartTable) -> str:
    return f'{SCHEMA}."{table.name}"'


def _create(table: MartTable) -> str:
    keys = set(table.key)
    columns = [
        f'  "{column.name}" {POSTGRES[column.type]}{" NOT NULL" if column.name in keys else ""}'
        for column in table.columns
    ]
    key = ", ".join(f'"{name}"' for name in table.key)
    listed = ",\n".join([*columns, f"  PRIMARY KEY ({key})"])
    return f"CREATE TABLE {_name(table)} (\n{listed}\n);"


def _comment(kind: str, name: str, text: Text) -> str:
    return f"COMMENT ON {kind} {name} IS {quoted(f'{text.zh} | {text.en}')};"


def _told(column: MartColumn) -> Text:
    if column.means is None:
        return column.label
    return Text(f"{column.label.zh}：{column.means.zh}", f"{column.label.en}: {column.means.en}")


def _copy(table: MartTable) -> str:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    return f"\\copy {_name(table)} ({columns}) FROM '{table.name}.csv' WITH (FORMAT csv, HEADER true, ENCODING 'UTF8')"
