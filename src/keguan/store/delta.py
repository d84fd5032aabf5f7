"""Delta tables on files that the engine has written. The only module that imports deltalake.

Rows are written as Parquet by the engine; here a commit names the files that join and leave a table.
Both happen in one Delta commit, so that a replaced order is never seen twice or not at all.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deltalake import DeltaTable, PostCommitHookProperties, Schema
from deltalake.schema import Field, PrimitiveType
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions

from keguan.schema.tables import Entity, Type

DELTA: Mapping[Type, str] = {
    "text": "string",
    "integer": "integer",
    "bigint": "long",
    "decimal": "decimal(18,4)",
    "date": "date",
    "timestamp": "timestamp_ntz",
    "boolean": "boolean",
}

# Reports pin versions for years: neither log nor files may be cleaned behind their back.
KEEP = {"delta.logRetentionDuration": "interval 36500 days"}
NO_HOOKS = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)
CHECKPOINT_EVERY = 20


@dataclass(frozen=True, slots=True)
class NewFile:
    """A Parquet file inside the table's folder, with its rows."""

    path: Path
    rows: int


def schema_of(entity: Entity) -> Schema:
    """The Delta schema of a canonical table."""
    return Schema([Field(item.name, PrimitiveType(DELTA[item.type])) for item in entity.fields])


def latest(folder: Path) -> int | None:
    """The highest version in the log, committed in the catalog or not; None without a table."""
    logs = sorted((folder / "_delta_log").glob("[0-9]*.json"))
    return int(logs[-1].stem) if logs else None


def commit(folder: Path, entity: Entity, add: Sequence[NewFile], remove: Sequence[str]) -> int:
    """Adds and removes files in one commit; gives the new version. Creates the table when missing."""
    folder.mkdir(parents=True, exist_ok=True)
    schema = schema_of(entity)
    if latest(folder) is None:
        create_table_with_add_actions(
            str(folder), schema, [], mode="error", name=entity.name, configuration=dict(KEEP)
        )
    table = DeltaTable(str(folder))
    now = int(time.time() * 1000)
    actions: list[AddAction | RemoveAction] = [
        AddAction(
            path=file.path.name,
            size=file.path.stat().st_size,
            partition_values={},
            modification_time=now,
            data_change=True,
            stats=json.dumps({"numRecords": file.rows}),
        )
        for file in add
    ]
    actions += [
        RemoveAction(
            path=name,
            data_change=True,
            deletion_timestamp=now,
            size=(folder / name).stat().st_size,
            partition_values={},
        )
        for name in remove
    ]
    if actions:
        table.create_write_transaction(actions, "append", schema, post_commithook_properties=NO_HOOKS)
        table.update_incremental()  # the object does not see its own transaction
    return table.version()


def files(folder: Path, version: int) -> list[str]:
    """The Parquet files of one version, as absolute paths, sorted."""
    table = DeltaTable(str(folder), version=version)
    names = [uri.rsplit("/", 1)[1] for uri in table.file_uris()]
    return [str(folder / name) for name in sorted(names)]


def checkpoint(folder: Path, version: int) -> None:
    """Shortens opening: every 20th committed version gets a checkpoint."""
    if version and version % CHECKPOINT_EVERY == 0:
        DeltaTable(str(folder), version=version).create_checkpoint()


def roll_back(folder: Path, version: int | None) -> int:
    """Takes log entries above `version` away (they were never committed); gives their number."""
    gone = 0
    for entry in sorted((folder / "_delta_log").glob("*"), reverse=True):
        number = entry.name.split(".")[0]
        if not number.isdigit() or (version is not None and int(number) <= version):
            continue
        entry.unlink()
        gone += 1
    return gone
