"""Brings workspaces of older formats up to date: ordered steps, each from format n to n + 1.

A step runs under the writer's lock and says what changes; its changes and the new format are committed by one
replacement of the catalog, so that a workspace is in the old format or in the new one, never between.
Reports of earlier versions stay provable: tables only gain versions, none is rewritten in place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keguan.core.errors import Where, WorkspaceError
from keguan.core.text import Text
from keguan.store import catalog as catalogs

if TYPE_CHECKING:
    from keguan.store.workspace import Change, Store


@dataclass(frozen=True, slots=True)
class Step:
    """What brings a workspace from its format to the next one."""

    what: Text
    changes: Callable[[Store], Sequence[Change]]


# Format that a step starts from -> the step. Format 1 is the first.
STEPS: Mapping[int, Step] = {}


def migrate(store: Store, steps: Mapping[int, Step] | None = None, to: int | None = None) -> tuple[Text, ...]:
    """Runs the steps that `store` needs, one commit each; gives what was done. Sets `store.catalog`.

    WorkspaceError when no step leads on, or when the workspace cannot be written.
    """
    known = STEPS if steps is None else steps
    wanted = catalogs.FORMAT if to is None else to
    done: list[Text] = []
    with store.writing():  # reads the catalog again: another process may have been faster
        while store.catalog.format < wanted:
            step = known.get(store.catalog.format)
            if step is None:
                raise _no_way(store)
            store.commit(step.changes(store), format=store.catalog.format + 1)
            done.append(step.what)
    return tuple(done)


def _no_way(store: Store) -> WorkspaceError:
    return WorkspaceError(
        Text("这个版本不能打开这样旧的工作区", "This version cannot open a workspace that old"),
        Where(file=str(store.folder / catalogs.FILE)),
        found=f"format {store.catalog.format}",
        do=Text(
            "把 raw 目录里收到的文件重新导入一个新的工作区",
            "import the files in raw, which are as received, into a new workspace",
        ),
    )
