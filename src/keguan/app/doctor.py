"""The use case 'doctor': is everything installed, is the workspace whole, and what of it can be mended?"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
from collections.abc import Iterator
from pathlib import Path

from keguan.app.checkup import Scope, check
from keguan.app.finding import Finding
from keguan.core.text import Text, same
from keguan.store import catalog

PARTS = ("duckdb", "deltalake", "pyarrow", "sqlglot", "fastexcel", "quickjs-ng", "fonttools", "xlsxwriter")


def examine(
    folder: Path, *, mend: bool = True, deep: bool = False, vacuum: bool = False
) -> Iterator[Finding]:
    """Installation first, then the workspace if there is one in `folder`; each finding when it is made.

    With `mend` what can be mended safely is mended; `deep` reads every byte of the committed files;
    `vacuum` removes data files that neither the present state nor any report needs.
    """
    yield Finding(
        same(f"Python {platform.python_version()} · {platform.system()} · {os.cpu_count()} CPU"), True
    )
    for name in PARTS:
        yield _part(name)
    free = shutil.disk_usage(folder if folder.exists() else Path.cwd()).free / 1e9
    yield Finding(Text(f"磁盘剩余 {free:,.0f} GB", f"{free:,.0f} GB of disk free"), free > 1)
    if catalog.exists(folder):
        yield from check(folder.resolve(), Scope(mend, deep, vacuum))
    else:
        yield Finding(
            Text(
                f"{folder} 不是工作区(可运行 keguan init)",
                f"{folder} is no workspace (keguan init makes one)",
            ),
            True,
        )


def _part(name: str) -> Finding:
    try:
        return Finding(same(f"{name} {importlib.metadata.version(name)}"), True)
    except importlib.metadata.PackageNotFoundError:
        return Finding(
            Text(f"缺少 {name}: pip install keguan", f"{name} is missing: pip install keguan"), False
        )
