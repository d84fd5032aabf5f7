"""Whether versions are there as they were committed: their logs, their files, the content of these."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from keguan.core.errors import WorkspaceError
from keguan.store import delta, refusal
from keguan.store.catalog import Catalog
from keguan.store.delta import Listed

Kind = Literal["log", "missing", "size", "content"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as committed. `file` is None when the table's log itself is damaged."""

    table: str
    kind: Kind
    file: Listed | None
    error: WorkspaceError


def listed(folder: Path, catalog: Catalog, table: str, version: int) -> list[Listed]:
    """The files of a version as its log and the catalog tell; whether they are there is not looked at.

    WorkspaceError when the log does not open, or gives other files than the catalog sealed.
    """
    place = folder / "tables" / table
    if not place.is_dir():
        raise refusal.gone(table, version, str(place))
    try:
        files = delta.listing(place, version)
    except ValueError as error:
        known = delta.latest(place)
        if known is None or known < version:
            raise refusal.gone(table, version, str(error)) from None
        raise refusal.damaged_log(place, table, version, str(error)) from None
    sealed = catalog.seals.get(table)
    if sealed and version == catalog.versions.get(table) and delta.seal(files) != sealed:
        raise refusal.damaged_log(place, table, version, f"{len(files)} files, seal {delta.seal(files)}")
    return files


def size_fault(table: str, version: int, file: Listed) -> Fault | None:
    """Whether a file is missing or has another size. Costs one look at the folder."""
    try:
        found = os.stat(file.path).st_size
    except FileNotFoundError:
        return Fault(table, "missing", file, refusal.gone(table, version, str(file.path)))
    except OSError as error:
        told = refusal.damaged_file(file.path, table, error.strerror or str(error), f"{file.bytes:,} B")
        return Fault(table, "missing", file, told)
    if found == file.bytes:
        return None
    return Fault(
        table, "size", file, refusal.damaged_file(file.path, table, f"{found:,} B", f"{file.bytes:,} B")
    )


def content_fault(table: str, file: Listed, recorded: Mapping[str, str]) -> Fault | None:
    """Whether a file's content is what was committed; nothing is known of files without a recorded sum."""
    wanted = recorded.get(file.path.name)
    if wanted is None or (found := delta.sha256(file.path)) == wanted:
        return None
    told = refusal.damaged_file(file.path, table, f"SHA-256 {found[:16]}…", f"SHA-256 {wanted[:16]}…")
    return Fault(table, "content", file, told)


def faults(folder: Path, catalog: Catalog, *, deep: bool = False) -> Iterator[Fault]:
    """Everything wrong with the committed versions; with `deep` every byte of their files is read."""
    for table, version in sorted(catalog.versions.items()):
        try:
            files = listed(folder, catalog, table, version)
        except WorkspaceError as error:
            yield Fault(table, "log", None, error)
            continue
        recorded = delta.sums(folder / "tables" / table) if deep else {}
        for file in files:
            fault = size_fault(table, version, file)
            if fault is None and deep:
                fault = content_fault(table, file, recorded)
            if fault is not None:
                yield fault


def pins(folder: Path) -> dict[str, dict[str, int]]:
    """Report id -> the versions that it names, of every manifest that the workspace keeps and that can be read."""
    found: dict[str, dict[str, int]] = {}
    for path in sorted((folder / "reports").glob("*.json")):
        try:
            versions = json.loads(path.read_text("utf-8"))["versions"]
            found[path.stem] = {str(table): int(version) for table, version in versions.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return found
