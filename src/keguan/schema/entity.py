"""What a canonical table is made of: columns with a type, a label, and who may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from keguan.core.text import Text

Type = Literal["text", "integer", "bigint", "decimal", "date", "timestamp", "boolean"]
Privacy = Literal["open", "personal", "sensitive"]

SQL_TYPES: Mapping[Type, str] = {
    "text": "VARCHAR",
    "integer": "INTEGER",
    "bigint": "BIGINT",
    "decimal": "DECIMAL(18, 4)",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "boolean": "BOOLEAN",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a canonical table."""

    name: str
    type: Type
    label: Text
    required: bool = False
    derived: bool = False
    privacy: Privacy = "open"


@dataclass(frozen=True, slots=True)
class Entity:
    """One canonical table. `key`: the columns that identify a row within a workspace."""

    name: str
    label: Text
    key: tuple[str, ...]
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """The column with this name; KeyError when there is none."""
        for item in self.fields:
            if item.name == name:
                return item
        raise KeyError(f"{self.name}.{name}")

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in stored order."""
        return tuple(item.name for item in self.fields)

    def ddl(self) -> str:
        """Columns with SQL types, for CREATE TABLE and typed empty selects."""
        return ", ".join(f"{item.name} {SQL_TYPES[item.type]}" for item in self.fields)


def column(
    name: str,
    type: Type,
    zh: str,
    en: str,
    *,
    required: bool = False,
    derived: bool = False,
    privacy: Privacy = "open",
) -> Field:
    """A column with its labels."""
    return Field(name, type, Text(zh, en), required, derived, privacy)


ORIGIN = (
    column("source", "text", "来源", "Source", derived=True),
    column("load_id", "integer", "导入编号", "Load", derived=True),
    column("source_row", "bigint", "原文件行", "Row in file", derived=True),
)
