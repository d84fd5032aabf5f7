"""What is known of a table in a received file before its columns have a meaning.

Owns the types that cross the boundary of `keguan.sources`: the options a user can set, the shape that
was detected (each setting with its reason), and the outcome of loading.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from keguan.core.text import Text

Kind = Literal["csv", "fixed", "xlsx", "xls", "parquet"]
Container = Literal["plain", "gz", "zip"]
LineEnd = Literal["lf", "crlf", "cr", "mixed"]


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a file is to be read, where the user says so; None leaves it to detection.

    encoding: name of a character set. separator: one character, 'tab', or 'blank' for runs of blanks.
    decimal: '.' or ','. sheet: name of a worksheet. date_order: 'ymd', 'dmy' or 'mdy', handed on as given.
    """

    encoding: str | None = None
    separator: str | None = None
    header: bool | None = None
    decimal: str | None = None
    sheet: str | None = None
    date_order: str | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """One detected or given setting, why it is so, and the option that changes it."""

    name: str
    value: str
    reason: Text
    sure: bool
    option: str


@dataclass(frozen=True, slots=True)
class Shape:
    """The physical form of one table in one file.

    member: zip entry, sheet name, 'entry/sheet' for a workbook inside a zip, or None.
    columns: clean, unique names (unique without regard to case too); `received`: the exact header texts
    (empty where there is no header). skip_rows: rows above the header, blank ones included.
    positions: where the columns start, in display cells, for fixed-width text without a separator.
    line_end: 'cr' where most lines end in a carriage return alone: rows then end at every kind of line end.
    direct: the bytes are UTF-8 in a form that the engine's own reader takes with the right row numbers.
    """

    path: Path
    member: str | None
    kind: Kind
    container: Container
    encoding: str | None
    separator: str | None
    header: bool
    columns: tuple[str, ...]
    received: tuple[str, ...]
    skip_rows: int
    settings: tuple[Setting, ...]
    fingerprint: str
    positions: tuple[int, ...] = ()
    line_end: LineEnd = "lf"
    direct: bool = False

    def setting(self, name: str) -> Setting | None:
        """The setting of that name, or None when it does not apply to this kind of file."""
        return next((setting for setting in self.settings if setting.name == name), None)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading one table gave.

    rows: rows in the table. rejected: rows in `rejected_table` (source_row, raw, reason_zh, reason_en).
    rows + rejected + blank lines = rows received. notes: what a person should know about the reading.
    """

    table: str
    rows: int
    rejected: int
    rejected_table: str
    notes: tuple[Text, ...] = ()


def fingerprint_of(kind: Kind, header: bool, columns: Sequence[str]) -> str:
    """The same for all files of one kind with the same headers; used to find a saved mapping again."""
    parts = (kind, "header" if header else "none", *columns)
    return hashlib.sha256("\x1f".join(parts).encode("utf-8")).hexdigest()[:32]
