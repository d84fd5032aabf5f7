"""The catalog: one file that names the version of every table. Replacing it is the only commit."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from keguan.core.errors import Where, WorkspaceError
from keguan.core.text import Text

FILE = "catalog.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Catalog:
    """What is committed: table versions, and the counters from which new numbers are given."""

    workspace: str
    versions: Mapping[str, int] = field(default_factory=dict)
    batch: int = 0
    next_load: int = 1
    next_account: int = 1
    currency: str = ""  # learned from the data when not configured
    format: int = FORMAT


def read(folder: Path) -> Catalog:
    """The committed catalog of a workspace folder."""
    path = folder / FILE
    try:
        content = json.loads(path.read_text("utf-8"))
        catalog = Catalog(**content)
    except FileNotFoundError:
        raise WorkspaceError(
            Text("这里不是 Keguan 工作区", "This is not a Keguan workspace"),
            Where(file=str(folder)),
            do=Text(
                "先运行 keguan init 目录, 或用 -w 指明工作区",
                "run keguan init DIR first, or name the workspace with -w",
            ),
        ) from None
    except (ValueError, TypeError) as error:
        raise WorkspaceError(
            Text("工作区目录文件已损坏", "The workspace's catalog is damaged"),
            Where(file=str(path)),
            found=str(error),
            do=Text("从备份恢复 catalog.json", "restore catalog.json from a backup"),
        ) from None
    if catalog.format != FORMAT:
        raise WorkspaceError(
            Text("工作区由另一版本的 Keguan 写成", "The workspace was written by another version of Keguan"),
            Where(file=str(path)),
            found=str(catalog.format),
            allowed=Text(str(FORMAT), str(FORMAT)),
            do=Text("升级 Keguan", "upgrade Keguan"),
        )
    return catalog


def replace(folder: Path, catalog: Catalog) -> None:
    """Commits: the new catalog is on disk, flushed, before it takes the old one's name."""
    path, fresh = folder / FILE, folder / f"{FILE}.new"
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(asdict(catalog), file, ensure_ascii=False, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
    flush_folder(folder)


def flush_folder(folder: Path) -> None:
    """Makes a rename durable where the system can (POSIX)."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
