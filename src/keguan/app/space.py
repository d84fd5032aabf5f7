"""How much room earlier versions take, and the removal of files that nothing needs any more.

A file is needed by the committed versions, or by a version that a report of this workspace names. Logs are never
cleaned: they are small, and a version whose log is gone cannot be opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from keguan.app.finding import Finding
from keguan.core.errors import WorkspaceError
from keguan.core.text import Text
from keguan.store import health
from keguan.store.workspace import Store


def findings(store: Store, *, vacuum: bool) -> Iterator[Finding]:
    """The size of the workspace and of its earlier versions; with `vacuum` what is not needed is removed."""
    catalog = store.catalog
    current, _ = _files(store, [catalog.versions])
    tables, files, size = len(catalog.versions), len(current), _mb(current)
    yield Finding(
        Text(
            f"工作区 {catalog.workspace}: {tables} 张表, {files} 个文件, {size}, 批次 {catalog.batch}",
            f"Workspace {catalog.workspace}: {tables} tables, {files} files, {size}, batch {catalog.batch}",
        ),
        True,
    )
    old = {file for file in (store.folder / "tables").glob("*/b[0-9]*.parquet") if file not in current}
    if old:
        yield _earlier(store, old, vacuum=vacuum)


def _earlier(store: Store, old: set[Path], *, vacuum: bool) -> Finding:
    pins = health.pins(store.folder)
    needed, all_known = _files(store, [store.catalog.versions, *pins.values()])
    # A manifest that cannot be read may name any version.
    all_known = all_known and len(pins) == len(list((store.folder / "reports").glob("*.json")))
    free = old - needed
    told = Text(
        f"旧版本占用 {_mb(old)}, 其中 {_mb(old & needed)} 供已有报告核验",
        f"Earlier versions take {_mb(old)}, {_mb(old & needed)} of it for verifying reports",
    )
    if not (vacuum and free):
        return Finding(told, True)
    if not all_known:
        return Finding(
            Text(
                f"{told.zh}; 有报告或版本读不出来, 所以没有清除",
                f"{told.en}; a report or a version cannot be read, so nothing was removed",
            ),
            True,
        )
    size = _mb(free)
    for file in sorted(free):
        file.unlink()
    return Finding(Text(f"{told.zh}; 已清除其余 {size}", f"{told.en}; the other {size} were removed"), True)


def _files(store: Store, versions: Iterable[Mapping[str, int]]) -> tuple[set[Path], bool]:
    """The files of these versions, and whether all of them could be listed."""
    found: set[Path] = set()
    whole = True
    for table, version in {pair for each in versions for pair in each.items()}:
        try:
            found.update(file.path for file in health.listed(store.folder, store.catalog, table, version))
        except WorkspaceError:
            whole = False
    return found, whole


def _mb(files: Iterable[Path]) -> str:
    return f"{sum(file.stat().st_size for file in files if file.exists()) / 1e6:,.1f} MB"
