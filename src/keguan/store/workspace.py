"""A workspace folder: its tables at committed versions, one writer at a time, recovery on opening.

keguan.toml   settings            raw/       files as received
catalog.json  what is committed   mappings/  how files were read
tables/       Delta tables        runs/      saved results       reports/
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from keguan.core import config as settings
from keguan.core.errors import Where, WorkspaceError
from keguan.core.text import Text
from keguan.schema.tables import ENTITIES, Entity
from keguan.store import catalog as catalogs
from keguan.store import delta
from keguan.store.borders import closed
from keguan.store.catalog import Catalog
from keguan.store.delta import NewFile

FOLDERS = ("tables", "raw", "mappings", "runs", "reports")
LOCK_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Change:
    """Files that join and leave one table."""

    table: str
    add: tuple[NewFile, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recovery:
    """What an unfinished import left behind and was taken away."""

    versions: int
    files: int

    def __bool__(self) -> bool:
        return bool(self.versions or self.files)


class Store:
    """Tables of one workspace. Readers use `files` at the catalog's versions and need no lock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        closed(self.folder, FOLDERS)
        self.catalog = catalogs.read(self.folder)
        self.config = settings.load(self.folder)

    @classmethod
    def init(cls, folder: Path, config_text: str = "") -> Store:
        """Makes a workspace in `folder`; an existing one is opened unchanged."""
        folder = folder.resolve()
        try:
            for name in FOLDERS:
                (folder / name).mkdir(parents=True, exist_ok=True)
            if not (folder / catalogs.FILE).exists():
                if config_text and not (folder / settings.FILE).exists():
                    (folder / settings.FILE).write_text(config_text, "utf-8")
                catalogs.replace(folder, Catalog(workspace=uuid.uuid4().hex[:12]))
        except OSError as error:
            raise cannot_write(folder, error) from None
        return cls(folder)

    def table_folder(self, table: str) -> Path:
        """Where a table lives."""
        return self.folder / "tables" / table

    def files(self, table: str, version: int | None = None) -> list[str]:
        """Parquet files of a table at `version` (default: the committed one); none if it has no rows."""
        wanted = self.catalog.versions.get(table) if version is None else version
        if wanted is None or wanted < 0:
            return []
        return delta.files(self.table_folder(table), wanted)

    def files_at(self, versions: Mapping[str, int]) -> dict[str, list[str]]:
        """File lists of pinned versions. WorkspaceError when a pin or its files are gone."""
        listed: dict[str, list[str]] = {}
        for table, version in versions.items():
            try:
                listed[table] = self.files(table, version)
                missing = [file for file in listed[table] if not os.path.exists(file)]
            except Exception as error:  # deltalake raises many kinds; all mean: this version is gone
                raise _gone(table, version, str(error)) from None
            if missing:
                raise _gone(table, version, missing[0])
        return listed

    @contextmanager
    def writing(self, seconds: float = LOCK_SECONDS) -> Iterator[Recovery]:
        """The one writer. Waits for another import, re-reads the catalog, takes unfinished work away."""
        lock = FileLock(str(self.folder / ".lock"))
        try:
            lock.acquire(timeout=seconds)
        except Timeout:
            raise WorkspaceError(
                Text("另一个导入正在进行", "Another import is running"),
                Where(file=str(self.folder)),
                do=Text("等它结束后再试", "try again when it has ended"),
            ) from None
        except OSError as error:
            raise cannot_write(self.folder, error) from None
        try:
            self.catalog = catalogs.read(self.folder)
            yield self._recover()
        except OSError as error:
            raise cannot_write(self.folder, error) from error
        finally:
            lock.release()

    def new_file(self, table: str) -> Path:
        """A path for a Parquet file of the batch being written; its name tells the batch."""
        folder = self.table_folder(table)
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"b{self.catalog.batch + 1:06d}-{uuid.uuid4().hex[:16]}.parquet"

    def commit(self, changes: Sequence[Change], **counters: int | str) -> Catalog:
        """Commits all changes together: table versions first, then the catalog, which alone counts."""
        versions = dict(self.catalog.versions)
        for change in changes:
            entity: Entity = ENTITIES[change.table]
            versions[change.table] = delta.commit(
                self.table_folder(change.table), entity, change.add, change.remove
            )
        fresh = replace(
            self.catalog,
            versions=versions,
            batch=self.catalog.batch + 1,
            **counters,  # type: ignore[arg-type]  # names and types are those of Catalog's fields
        )
        catalogs.replace(self.folder, fresh)
        self.catalog = fresh
        for change in changes:
            delta.checkpoint(self.table_folder(change.table), versions[change.table])
        return fresh

    def _recover(self) -> Recovery:
        versions = files = 0
        for folder in sorted((self.folder / "tables").glob("*")):
            versions += delta.roll_back(folder, self.catalog.versions.get(folder.name))
            for file in folder.glob("b[0-9]*-*"):
                if int(file.name[1:].split("-")[0]) > self.catalog.batch:
                    file.unlink()
                    files += 1
        for folder in (self.folder / "raw").glob("b[0-9]*"):
            if int(folder.name[1:]) > self.catalog.batch:
                shutil.rmtree(folder)
        for leftover in (self.folder / "tables").glob("*/_delta_log/_commit_*"):
            leftover.unlink()
        return Recovery(versions, files)


def cannot_write(folder: Path, error: OSError) -> WorkspaceError:
    """Disk full, no permission, read-only: nothing was changed."""
    full = error.errno in (28, 122)
    return WorkspaceError(
        Text("磁盘已满, 工作区保持原样", "The disk is full; the workspace is as it was")
        if full
        else Text("无法写入工作区, 工作区保持原样", "The workspace cannot be written; it is as it was"),
        Where(file=str(error.filename or folder)),
        found=error.strerror or str(error),
        do=Text("腾出空间后重试", "free some space and try again")
        if full
        else Text("检查目录权限后重试", "check the folder's permissions and try again"),
    )


def _gone(table: str, version: int, found: str) -> WorkspaceError:
    return WorkspaceError(
        Text(f"数据表 {table} 的版本 {version} 已不存在", f"Version {version} of table {table} is gone"),
        found=found,
        do=Text("从备份恢复工作区的 tables 目录", "restore the workspace's tables folder from a backup"),
    )
