"""A workspace folder: its tables at committed versions, one writer at a time, recovery on opening.

keguan.toml        settings            raw/       files as received
catalog.json       what is committed   mappings/  how files were read
catalog.json.copy  the same again      runs/      saved results       reports/
tables/            Delta tables
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from keguan.core import config as settings
from keguan.schema.tables import ENTITIES
from keguan.store import catalog as catalogs
from keguan.store import delta, health, lock, migrations, refusal
from keguan.store.borders import closed
from keguan.store.catalog import Catalog
from keguan.store.delta import NewFile
from keguan.store.recovery import Recovery, recover
from keguan.store.refusal import cannot_write

FOLDERS = ("tables", "raw", "mappings", "runs", "reports")
LOCK_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Change:
    """Files that join and leave one table."""

    table: str
    add: tuple[NewFile, ...] = ()
    remove: tuple[str, ...] = ()


class Store:
    """Tables of one workspace. Readers use `files` at the catalog's versions and need no lock.

    `recovered` sums what this object took away of unfinished imports.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        closed(self.folder, FOLDERS)
        self.catalog = catalogs.read(self.folder)
        self.config = settings.load(self.folder)
        self.recovered = Recovery(0, 0)
        if self.catalog.format < catalogs.FORMAT:
            migrations.migrate(self)

    @classmethod
    def init(cls, folder: Path, config_text: str = "") -> Store:
        """Makes a workspace in `folder`; an existing one is opened unchanged."""
        folder = folder.resolve()
        try:
            if not catalogs.exists(folder):
                for name in FOLDERS:
                    (folder / name).mkdir(parents=True, exist_ok=True)
                if config_text and not (folder / settings.FILE).exists():
                    _write_whole(folder / settings.FILE, config_text)
                catalogs.replace(folder, Catalog(workspace=uuid.uuid4().hex[:12]))
        except OSError as error:
            raise cannot_write(folder, error) from None
        return cls(folder)

    def table_folder(self, table: str) -> Path:
        """Where a table lives."""
        return self.folder / "tables" / table

    def files(self, table: str, version: int | None = None) -> list[str]:
        """Parquet files of a table at `version` (default: the committed one); none if it has no rows.

        WorkspaceError when the log does not give them, or one is missing or has another size.
        """
        wanted = self.catalog.versions.get(table) if version is None else version
        if wanted is None or wanted < 0:
            return []
        listed = health.listed(self.folder, self.catalog, table, wanted)
        for file in listed:
            if (fault := health.size_fault(table, wanted, file)) is not None:
                raise fault.error
        return [str(file.path) for file in listed]

    def files_at(self, versions: Mapping[str, int]) -> dict[str, list[str]]:
        """File lists of pinned versions. WorkspaceError when a pin or its files are gone or damaged."""
        return {table: self.files(table, version) for table, version in versions.items()}

    @contextmanager
    def writing(self, seconds: float = LOCK_SECONDS) -> Iterator[Recovery]:
        """The one writer. Waits for another import, re-reads the catalog, takes unfinished work away."""
        with lock.held(self.folder, seconds):
            self.catalog = catalogs.read(self.folder)
            yield self._recover()

    def new_file(self, table: str) -> Path:
        """A path for a Parquet file of the batch being written; its name tells the batch."""
        folder = self.table_folder(table)
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"b{self.catalog.batch + 1:06d}-{uuid.uuid4().hex[:16]}.parquet"

    def commit(self, changes: Sequence[Change], **counters: int | str) -> Catalog:
        """Commits all changes together: table versions first, then the catalog, which alone counts."""
        versions, seals = dict(self.catalog.versions), dict(self.catalog.seals)
        for change in changes:
            versions[change.table], seals[change.table] = self._commit_table(change)
        batch = self.catalog.batch + 1
        catalogs.flush(self._written(changes, versions, batch))
        fresh = replace(
            self.catalog,
            versions=versions,
            seals=seals,
            batch=batch,
            **counters,  # type: ignore[arg-type]  # names and types are those of Catalog's fields
        )
        catalogs.replace(self.folder, fresh)
        self.catalog = fresh
        for change in changes:
            delta.checkpoint(self.table_folder(change.table), versions[change.table])
        return fresh

    def _commit_table(self, change: Change) -> tuple[int, str]:
        """One table's new version and seal. WorkspaceError when its log is not where the catalog says."""
        folder, entity = self.table_folder(change.table), ENTITIES[change.table]
        before, known = self.catalog.versions.get(change.table), delta.latest(folder)
        if before != known:
            raise refusal.gone(change.table, before if before is not None else -1, f"version {known}")
        version = delta.commit(folder, entity, change.add, change.remove)
        return version, delta.seal(delta.listing(folder, version))

    def _written(self, changes: Sequence[Change], versions: Mapping[str, int], batch: int) -> list[Path]:
        """What must be on the disk before the catalog may name it."""
        paths: list[Path] = []
        for change in changes:
            folder = self.table_folder(change.table)
            entry = delta.log_entry(folder, versions[change.table])
            paths += [*(file.path for file in change.add), entry, entry.parent, folder]
        raw = self.folder / "raw" / f"b{batch:06d}"
        received = [*sorted(raw.iterdir()), raw, raw.parent] if raw.is_dir() else []
        return [*paths, *received, self.folder / "tables"] if paths else received

    def _recover(self) -> Recovery:
        found = recover(self.folder, self.catalog)
        self.recovered += found
        return found


def _write_whole(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, "utf-8")
    os.replace(fresh, path)
