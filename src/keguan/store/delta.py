"""Delta tables on files that the engine has written. The only module that imports deltalake.

Rows are written as Parquet by the engine; here a commit names the files that join and leave a table.
Both happen in one Delta commit, so that a replaced order is never seen twice or not at all.
Each commit also records the SHA-256 of the files it adds, by which silent damage is found later.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties, Schema
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
SUMS = "keguan.sha256"
SPARE_CHARACTERS = "._-"


@dataclass(frozen=True, slots=True)
class NewFile:
    """A Parquet file inside the table's folder, with its rows."""

    path: Path
    rows: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A file that a version of a table consists of, as the log tells it."""

    path: Path
    bytes: int
    rows: int


def schema_of(entity: Entity) -> Schema:
    """The Delta schema of a canonical table."""
    return Schema([Field(item.name, PrimitiveType(DELTA[item.type])) for item in entity.fields])


def latest(folder: Path) -> int | None:
    """The highest version in the log, committed in the catalog or not; None without a table."""
    logs = sorted((folder / "_delta_log").glob("[0-9]*.json"))
    return int(logs[-1].stem) if logs else None


def log_entry(folder: Path, version: int) -> Path:
    """Where the log tells what a version changed."""
    return folder / "_delta_log" / f"{version:020d}.json"


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
            size=_size(folder / name),
            partition_values={},
        )
        for name in remove
    ]
    if actions:
        sums = {file.path.name: sha256(file.path) for file in add}
        table.create_write_transaction(
            actions,
            "append",
            schema,
            commit_properties=CommitProperties(custom_metadata={SUMS: json.dumps(sums)}),
            post_commithook_properties=NO_HOOKS,
        )
        table.update_incremental()  # the object does not see its own transaction
    return table.version()


def _size(path: Path) -> int:
    """Bytes of a file that leaves the table; it may be lost already."""
    return path.stat().st_size if path.exists() else 0


def listing(folder: Path, version: int) -> list[Listed]:
    """The Parquet files of one version, sorted by name. ValueError when the log does not give them."""
    try:
        # Its columns are read one by one: handed to pyarrow as a table it would import pandas, a second of CPU.
        actions = DeltaTable(str(folder), version=version).get_add_actions()
        paths, sizes, rows = (actions[name].to_pylist() for name in ("path", "size_bytes", "num_records"))
    except Exception as error:  # deltalake raises many kinds; all mean: this version cannot be opened
        raise ValueError(_first_line(error)) from None
    if not all(_plain(path) for path in paths):
        raise ValueError("a path outside the table")
    listed = [
        Listed(folder / path, size, count or 0) for path, size, count in zip(paths, sizes, rows, strict=True)
    ]
    return sorted(listed, key=lambda file: file.path.name)


def _plain(name: str) -> bool:
    """Whether a path of the log is a file name of the table's own folder: no folder, no escape, no address."""
    return all(char.isalnum() or char in SPARE_CHARACTERS for char in name) and not name.startswith(".")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def seal(files: Sequence[Listed]) -> str:
    """Short hash of file names and sizes: a log entry that was emptied or cut at a line gives another."""
    told = [[file.path.name, file.bytes] for file in files]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def sha256(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sums(folder: Path) -> dict[str, str]:
    """File name -> SHA-256 as recorded by the commits whose log entries can be read."""
    found: dict[str, str] = {}
    for entry in sorted((folder / "_delta_log").glob("[0-9]*.json")):
        found.update(_sums_of(entry))
    return found


def _sums_of(entry: Path) -> Mapping[str, str]:
    try:
        for line in entry.read_text("utf-8").splitlines():
            if SUMS in line:
                told = json.loads(json.loads(line)["commitInfo"][SUMS])
                return {str(name): str(value) for name, value in told.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass  # a damaged entry is found where the version is opened
    return {}


def restart(folder: Path, entity: Entity, version: int) -> None:
    """A log anew for a table whose own is lost: empty, at `version`, so that no number is given twice.

    What is left of the old log stays beside it under another name.
    """
    old = folder / "_delta_log"
    if old.exists():
        number = sum(1 for _ in folder.glob("_damaged_log-*")) + 1
        os.replace(old, folder / f"_damaged_log-{number:03d}")
    schema = schema_of(entity)
    create_table_with_add_actions(
        str(folder), schema, [], mode="error", name=entity.name, configuration=dict(KEEP)
    )
    for _ in range(version):
        DeltaTable(str(folder)).create_write_transaction(
            [], "append", schema, post_commithook_properties=NO_HOOKS
        )


def checkpoint(folder: Path, version: int) -> None:
    """Shortens opening: every 20th committed version gets a checkpoint."""
    if version and version % CHECKPOINT_EVERY == 0:
        DeltaTable(str(folder), version=version).create_checkpoint()


def checkpoints(folder: Path) -> list[Path]:
    """The checkpoint files of a table. The log is complete without them: they only make opening shorter."""
    log = folder / "_delta_log"
    return sorted([*log.glob("*.checkpoint*.parquet*"), *log.glob("_last_checkpoint*")])


def above(folder: Path, version: int | None) -> list[Path]:
    """Log entries above `version`, the newest first."""
    entries = sorted((folder / "_delta_log").glob("[0-9]*"), reverse=True)
    return [entry for entry in entries if _number(entry) > (-1 if version is None else version)]


def _number(entry: Path) -> int:
    number = entry.name.split(".")[0]
    return int(number) if number.isdigit() else -1


def roll_back(folder: Path, version: int | None) -> int:
    """Takes log entries above `version` away (they were never committed); gives their number."""
    gone = 0
    for entry in above(folder, version):
        os.unlink(entry)
        gone += 1
    return gone
