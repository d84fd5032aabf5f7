"""What an import tells its caller: files read, rows in and out, doubts, questions answered by themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from keguan.core.text import Text


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file (or sheet, or member of an archive)."""

    file: str
    entity: str
    mapping: str
    received: int
    clean: int
    quarantined: int
    superseded: int
    dropped: int
    form: str
    known_before: bool = False


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The whole import. `replaced` counts earlier rows whose orders came again."""

    files: tuple[FileReport, ...]
    new_accounts: int = 0
    replaced: int = 0
    rolled_back: bool = False
    doubts: tuple[Text, ...] = ()
    batch: int | None = None  # None: nothing was committed

    @property
    def landed(self) -> int:
        """Rows that can be used."""
        return sum(file.clean for file in self.files)

    @property
    def already_known(self) -> bool:
        """Whether every file had been imported before."""
        return bool(self.files) and all(file.known_before for file in self.files)


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import; None leaves the choice to detection."""

    source: str = "files"
    encoding: str | None = None
    separator: str | None = None
    header: bool | None = None
    decimal: str | None = None
    sheet: str | None = None
    date_order: str | None = None
    order_key: str | None = None
    currency: str | None = None
    table: str | None = None  # the kind of file
    repeated_lines: str | None = None
    columns: dict[str, str] = field(default_factory=dict)  # canonical column -> column of the file
    scratch: Path | None = None
