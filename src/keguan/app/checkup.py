"""A workspace is looked at, mended where that is safe, and what was done is said."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from keguan.app import mending, space
from keguan.app.finding import Finding, bad, mendable, mended
from keguan.core.errors import KeguanError, WorkspaceError
from keguan.core.text import Text
from keguan.engine.failures import unreadable
from keguan.store import catalog as catalogs
from keguan.store import delta, health, lock, refusal
from keguan.store.catalog import DamagedCatalogError
from keguan.store.health import Fault
from keguan.store.recovery import unfinished
from keguan.store.workspace import Store

LOCK_SECONDS = 2.0
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Scope:
    """What to do: `mend` what is safe, look `deep` (every byte), `vacuum` files that nothing needs."""

    mend: bool = True
    deep: bool = False
    vacuum: bool = False


def check(folder: Path, scope: Scope) -> Iterator[Finding]:
    """Findings about the workspace in `folder`, the catalog first; ends early where nothing more can be told."""
    try:
        catalogs.read(folder)
    except DamagedCatalogError as error:
        found = _catalog(folder, error, scope)
        yield found
        if not found.mended:
            return
    except KeguanError as error:
        yield bad(error)
        return
    try:
        store = Store(folder)
    except KeguanError as error:
        yield bad(error)
        return
    yield from _under_lock(store, scope)


def _under_lock(store: Store, scope: Scope) -> Iterator[Finding]:
    if not scope.mend:
        yield from _unfinished(store)
        yield from _look(store, scope)
        return
    try:
        with store.writing(LOCK_SECONDS) as recovery:
            if recovery:
                yield mended(
                    Text(f"撤销了中断的导入: {recovery.versions} 个版本, {recovery.files} 个文件",
                         f"an interrupted import was rolled back: {recovery.versions} versions, {recovery.files} files")
                )  # fmt: skip
            yield from _look(store, scope)
    except WorkspaceError as error:
        if error.what == refusal.locked(store.folder).what:
            yield Finding(
                Text("另一个导入正在进行, 只查看不修复", "Another import is running: looked at, not mended"),
                True,
            )
            yield from _look(store, Scope(mend=False, deep=scope.deep))
        else:
            yield bad(error)
            yield from _look(store, Scope(mend=False, deep=scope.deep))


def _catalog(folder: Path, error: KeguanError, scope: Scope) -> Finding:
    copy = mending.whole_copy(folder)
    if copy is None:
        advice = Text(
            "; 副本也不可用: 从备份恢复 catalog.json, 或把 raw 下各批文件依次导入新的工作区",
            "; nor can its copy be used: restore catalog.json from a backup, or import the folders of raw, "
            "one after the other, into a new workspace",
        )
        return Finding(
            Text(
                error.paragraph("zh").rstrip("。") + advice.zh, error.paragraph("en").rstrip(".") + advice.en
            ),
            False,
        )
    told = Text(
        f"目录文件 catalog.json 已损坏, 副本完好(批次 {copy.batch})",
        f"catalog.json is damaged, its copy is whole (batch {copy.batch})",
    )
    if not scope.mend:
        return mendable(told)
    try:
        with lock.held(folder, LOCK_SECONDS):
            catalogs.replace(folder, copy)
    except WorkspaceError as refused:
        return bad(refused)
    return mended(Text(f"{told.zh}, 已据此恢复", f"{told.en}; it was put back from it"))


def _unfinished(store: Store) -> Iterator[Finding]:
    left = unfinished(store.folder, store.catalog)
    versions, files, folders = len(left.versions), len(left.files), len(left.folders)
    if versions or files or folders:
        yield mendable(
            Text(
                f"有中断的导入留下的 {versions} 个版本, {files} 个文件, {folders} 个目录",
                f"an interrupted import left {versions} versions, {files} files, {folders} folders",
            )
        )


def _look(store: Store, scope: Scope) -> Iterator[Finding]:
    """Logs and files of the committed versions, then reports and space."""
    found = list(health.faults(store.folder, store.catalog, deep=scope.deep))
    found += _undecodable(store, found) if scope.deep else []
    for table in sorted({fault.table for fault in found if fault.kind == "log"}):
        if mending.without_checkpoints(store.folder, store.catalog, table, mend=scope.mend):
            found = [fault for fault in found if fault.table != table]
            found += [fault for fault in health.faults(store.folder, store.catalog) if fault.table == table]
            told = Text(
                f"数据表 {table} 的日志检查点已损坏", f"the checkpoint of table {table}'s log is damaged"
            )
            yield (
                mended(
                    Text(f"{told.zh}, 已移除(日志完整)", f"{told.en}; it was removed, the log is complete")
                )
                if (scope.mend)
                else mendable(told)
            )
    made = tuple(mending.MADE)  # in the order in which one is made from another
    damaged = {fault.table for fault in found}
    for table in sorted(damaged, key=lambda name: (made.index(name) if name in made else -1, name)):
        yield from _table(store, table, [fault for fault in found if fault.table == table], found, scope)
        if table in made and scope.mend:  # those that are made from it can be made again now
            found = [fault for fault in found if fault.table != table]
    yield from _outdated(store, scope, {fault.table for fault in found})
    yield from _reports(store)
    yield from space.findings(store, vacuum=scope.vacuum and scope.mend)


def _outdated(store: Store, scope: Scope, damaged: Collection[str]) -> Iterator[Finding]:
    """Marts that an earlier Keguan wrote."""
    older = mending.outdated(store, damaged)
    if not older:
        return
    told = Text("汇总表由更早的版本写成", "The marts were written by an earlier version")
    if not scope.mend:
        yield mendable(told)
        return
    for table in older:
        mending.make_again(store, table)
    yield mended(Text(f"{told.zh}, 已重新计算", f"{told.en}: made again"))


def _undecodable(store: Store, known: Sequence[Fault]) -> Iterator[Fault]:
    """Files without a recorded sum that cannot be read to their end."""
    bad = {fault.file.path for fault in known if fault.file is not None}
    whole = sorted(set(store.catalog.versions) - {fault.table for fault in known if fault.kind == "log"})
    with duckdb.connect() as connection:
        for table in whole:
            recorded = delta.sums(store.table_folder(table))
            for file in health.listed(store.folder, store.catalog, table, store.catalog.versions[table]):
                if file.path in bad or file.path.name in recorded:
                    continue
                if (why := unreadable(connection, str(file.path))) is not None:
                    yield Fault(
                        table, "content", file, refusal.damaged_file(file.path, table, why, "Parquet")
                    )


def _table(
    store: Store, table: str, faults: Sequence[Fault], all_faults: Sequence[Fault], scope: Scope
) -> Iterator[Finding]:
    if table not in mending.MADE:
        yield from _lost(store, table, faults)
        return
    sources = mending.MADE_OF[table]
    if any(fault.table in sources for fault in all_faults):
        yield bad(faults[0].error)
        return
    told = Text(
        f"汇总表 {table} 有 {len(faults)} 处损坏",
        f"{len(faults)} damages in table {table}, which is made from others",
    )
    if not scope.mend:
        yield mendable(told)
        return
    mending.make_again(store, table)
    yield mended(Text(f"{told.zh}, 已重新计算", f"{told.en}: made again"))


def _lost(store: Store, table: str, faults: Sequence[Fault]) -> Iterator[Finding]:
    """Rows as received cannot be made again here: which files, which loads, and where their originals are."""
    for fault in faults[:SHOWN]:
        yield bad(fault.error)
    if len(faults) > SHOWN:
        more = len(faults) - SHOWN
        yield Finding(Text(f"数据表 {table}: 还有 {more} 处", f"Table {table}: {more} more"), False)
    for file, batch, rows in mending.lost_rows(store, faults) if table == "order_lines" else ():
        yield Finding(
            Text(
                f"{file}: {rows:,} 行受影响; 原件在 raw/b{batch:06d}",
                f"{file}: {rows:,} rows affected; the original is in raw/b{batch:06d}",
            ),
            False,
        )
    yield Finding(
        Text(f"数据表 {table} 不能在原地修复: 从备份恢复 tables/{table}, 或新建工作区, 把 raw 下各目录按编号依次导入",
             f"Table {table} cannot be mended in place: restore tables/{table} from a backup, or make a new workspace and "
             "import the folders of raw into it, one after the other in their order"),
        False,
    )  # fmt: skip


def _reports(store: Store) -> Iterator[Finding]:
    """Whether the versions that reports pin are still there."""
    for report, versions in health.pins(store.folder).items():
        try:
            store.files_at(versions)
        except WorkspaceError as error:
            told = Text(error.paragraph("zh"), error.paragraph("en"))
            zh, en = (
                f"报告 {report} 不再能核验: {told.zh}",
                f"Report {report} can no longer be verified: {told.en}",
            )
            yield Finding(Text(zh, en), False)
