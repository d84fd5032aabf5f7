"""What a killed writer leaves behind: versions and files above the catalog, which never counted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from keguan.store import catalog as catalogs
from keguan.store import delta
from keguan.store.catalog import Catalog

# Half-written files of the writers, whatever their batch: DuckDB's, deltalake's, our own.
HALF_WRITTEN = (
    "tables/*/tmp_b[0-9]*", "tables/*/*#[0-9]*", "tables/*/_delta_log/_commit_*",
    "tables/*/_delta_log/*#[0-9]*", "tables/*/_delta_log/*.tmp", catalogs.FRESH,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recovery:
    """What an unfinished import left behind and was taken away."""

    versions: int
    files: int

    def __bool__(self) -> bool:
        return bool(self.versions or self.files)

    def __add__(self, other: Recovery) -> Recovery:
        return Recovery(self.versions + other.versions, self.files + other.files)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """The remains themselves."""

    versions: tuple[Path, ...]  # log entries above the catalog
    files: tuple[Path, ...]  # rows of the batch that was not committed, and half-written files
    folders: tuple[Path, ...]  # copies of received files, scratch folders


def unfinished(folder: Path, catalog: Catalog) -> Unfinished:
    """Everything in the workspace that the catalog does not know of. Changes nothing."""
    tables = sorted((folder / "tables").glob("*"))
    entries = [entry for table in tables for entry in delta.above(table, catalog.versions.get(table.name))]
    files = [file for table in tables for file in table.glob("b[0-9]*-*") if _batch(file) > catalog.batch]
    files += [file for pattern in HALF_WRITTEN for file in folder.glob(pattern)]
    raw = [*_newer_raw(folder, catalog), *(folder / "raw").glob("import-*")]
    return Unfinished(tuple(entries), tuple(dict.fromkeys(files)), tuple(raw))


def _newer_raw(folder: Path, catalog: Catalog) -> Iterator[Path]:
    for kept in (folder / "raw").glob("b[0-9]*"):
        if _batch(kept) > catalog.batch:
            yield kept


def _batch(path: Path) -> int:
    number = path.name[1:].split("-")[0]
    return int(number) if number.isdigit() else 0


def recover(folder: Path, catalog: Catalog) -> Recovery:
    """Takes the remains away (by the one writer only) and says how much it was.

    The newest log entry goes first: killed in between, what stays is again a table without gaps.
    """
    found = unfinished(folder, catalog)
    if catalogs.copy(folder) != catalog:  # before anything goes: the copy must never name what is gone
        catalogs.keep_copy(folder, catalog)
    for path in (*found.versions, *found.files):
        path.unlink(missing_ok=True)
    for scratch in found.folders:
        shutil.rmtree(scratch)
    return Recovery(len(found.versions), len(found.files))
