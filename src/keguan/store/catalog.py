"""The catalog: one file that names the version of every table. Replacing it is the only commit.

`catalog.json` is what counts. `catalog.json.copy` is written just before it is replaced, when all tables of
the batch are on the disk: it is never behind, so that a damaged catalog can be put back without losing a
batch. Both carry a checksum of their content.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from keguan.core.errors import Where, WorkspaceError
from keguan.core.text import Text, same

FILE = "catalog.json"
COPY = f"{FILE}.copy"
FRESH = f"{FILE}.new"
FORMAT = 1


class DamagedCatalogError(WorkspaceError):
    """`catalog.json` is lost, or is not what was written; its copy may be."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """What is committed: table versions, and the counters from which new numbers are given."""

    workspace: str
    versions: Mapping[str, int] = field(default_factory=dict)
    seals: Mapping[str, str] = field(default_factory=dict)  # hash of each table's file names and sizes
    batch: int = 0
    next_load: int = 1
    next_account: int = 1
    currency: str = ""  # learned from the data when not configured
    format: int = FORMAT


KINDS: Mapping[str, type] = {
    "workspace": str, "versions": dict, "seals": dict, "batch": int, "next_load": int,
    "next_account": int, "currency": str, "format": int,
}  # fmt: skip


def read(folder: Path) -> Catalog:
    """The committed catalog of a workspace folder; its format may be older than `FORMAT`.

    WorkspaceError when there is none, when it is damaged, cannot be read, or comes from a newer Keguan.
    """
    path = folder / FILE
    try:
        return parse(path.read_bytes(), path)
    except FileNotFoundError:
        if exists(folder):
            raise _damaged(path, Text("文件不见了", "the file is gone")) from None
        raise WorkspaceError(
            Text("这里不是 Keguan 工作区", "This is not a Keguan workspace"),
            Where(file=str(folder)),
            do=Text(
                "先运行 keguan init 目录, 或用 -w 指明工作区",
                "run keguan init DIR first, or name the workspace with -w",
            ),
        ) from None
    except OSError as error:
        raise WorkspaceError(
            Text("工作区的目录文件无法读取", "The workspace's catalog cannot be read"),
            Where(file=str(path)),
            found=error.strerror or str(error),
            do=Text("检查文件与目录的权限", "check the permissions of the file and its folder"),
        ) from None


def exists(folder: Path) -> bool:
    """Whether `folder` is a workspace, be its catalog whole, damaged or lost."""
    lost = (folder / COPY).exists() or any((folder / "tables").glob("*/_delta_log"))
    return (folder / FILE).exists() or lost


def copy(folder: Path) -> Catalog | None:
    """The copy of the catalog; None when it is missing or damaged too."""
    try:
        return parse((folder / COPY).read_bytes(), folder / COPY)
    except (OSError, WorkspaceError):
        return None


def parse(content: bytes, path: Path) -> Catalog:
    """A catalog from its text; WorkspaceError when it is damaged or newer than this Keguan."""
    try:
        given = json.loads(content)
        if not isinstance(given, dict):
            raise ValueError("not an object")
        if type(given.get("format")) is int and given["format"] > FORMAT:
            raise _newer(path, given["format"])
        recorded = given.pop("checksum", None)  # catalogs of the first days carry none
        catalog = Catalog(**given)
    except (ValueError, TypeError, RecursionError) as error:
        raise _damaged(path, same(str(error))) from None
    wrong = [name for name, kind in KINDS.items() if type(getattr(catalog, name)) is not kind]
    if wrong or not _sound(catalog):
        raise _damaged(path, same(", ".join(wrong) or "values"))
    if recorded is not None and recorded != checksum(catalog):
        raise _damaged(path, Text("校验和不符", "its checksum does not fit"))
    return catalog


def _sound(catalog: Catalog) -> bool:
    """Whether versions are numbers of tables inside the workspace's own folder."""
    names = all(name.isidentifier() for name in (*catalog.versions, *catalog.seals))
    numbers = all(type(number) is int for number in catalog.versions.values())
    return names and numbers and catalog.format >= 1 and catalog.batch >= 0


def checksum(catalog: Catalog) -> str:
    """Short hash of everything that a catalog says."""
    return hashlib.sha256(json.dumps(asdict(catalog), sort_keys=True).encode()).hexdigest()[:16]


def replace(folder: Path, catalog: Catalog) -> None:
    """Commits: the new catalog is on disk, flushed, before it takes the old one's name."""
    keep_copy(folder, catalog)
    _put(folder, catalog, FILE)


def keep_copy(folder: Path, catalog: Catalog) -> None:
    """Makes the copy say what `catalog` says."""
    _put(folder, catalog, COPY)


def _put(folder: Path, catalog: Catalog, name: str) -> None:
    content: dict[str, Any] = {**asdict(catalog), "checksum": checksum(catalog)}
    fresh = folder / FRESH
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, folder / name)
    flush([folder])


def flush(paths: Iterable[Path]) -> None:
    """Puts files and folders (new names, renames) on the disk, where the system can (POSIX)."""
    if os.name != "posix":
        return
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _damaged(path: Path, found: Text) -> DamagedCatalogError:
    return DamagedCatalogError(
        Text("工作区的目录文件已损坏", "The workspace's catalog is damaged"),
        Where(file=str(path)),
        found=found.en,
        do=Text("运行 keguan doctor 修复", "run keguan doctor, which mends it"),
    )


def _newer(path: Path, found: int) -> WorkspaceError:
    return WorkspaceError(
        Text("工作区由更新版本的 Keguan 写成", "The workspace was written by a newer Keguan"),
        Where(file=str(path)),
        found=f"format {found}",
        allowed=Text(f"格式 1 至 {FORMAT}", f"formats 1 to {FORMAT}"),
        do=Text(
            "升级 Keguan 后再打开: pip install --upgrade keguan", "upgrade: pip install --upgrade keguan"
        ),
    )
