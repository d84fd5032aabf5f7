"""The use case 'doctor': is everything installed, does the workspace open, is it whole?"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path

from keguan.core.errors import KeguanError
from keguan.core.text import Text, same
from keguan.store import catalog
from keguan.store.workspace import Store

PARTS = ("duckdb", "deltalake", "pyarrow", "sqlglot", "fastexcel", "quickjs-ng", "fonttools", "xlsxwriter")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: Text
    good: bool


def examine(folder: Path) -> tuple[Finding, ...]:
    """Installation first, then the workspace if there is one in `folder`."""
    found = [
        Finding(
            same(f"Python {platform.python_version()} · {platform.system()} · {os.cpu_count()} CPU"), True
        )
    ]
    found += [_part(name) for name in PARTS]
    free = shutil.disk_usage(folder if folder.exists() else Path.cwd()).free / 1e9
    found.append(Finding(Text(f"磁盘剩余 {free:,.0f} GB", f"{free:,.0f} GB of disk free"), free > 1))
    if (folder / catalog.FILE).exists():
        found += _workspace(folder)
    else:
        found.append(
            Finding(
                Text(
                    f"{folder} 不是工作区(可运行 keguan init)",
                    f"{folder} is no workspace (keguan init makes one)",
                ),
                True,
            )
        )
    return tuple(found)


def _part(name: str) -> Finding:
    try:
        return Finding(same(f"{name} {importlib.metadata.version(name)}"), True)
    except importlib.metadata.PackageNotFoundError:
        return Finding(
            Text(f"缺少 {name}: pip install keguan", f"{name} is missing: pip install keguan"), False
        )


def _workspace(folder: Path) -> list[Finding]:
    try:
        store = Store(folder)
        listed = store.files_at(store.catalog.versions)
        files = sum(len(files) for files in listed.values())
        good = Text(
            f"工作区 {store.catalog.workspace}: {len(listed)} 张表, {files} 个文件, 批次 {store.catalog.batch}",
            f"Workspace {store.catalog.workspace}: {len(listed)} tables, {files} files, batch {store.catalog.batch}",
        )
        return [Finding(good, True)]
    except KeguanError as error:
        return [Finding(Text(error.paragraph("zh"), error.paragraph("en")), False)]
