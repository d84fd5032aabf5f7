"""The border of a workspace: none of its own folders may be a link to a place outside it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from keguan.core.errors import Where, WorkspaceError
from keguan.core.text import Text


def closed(folder: Path, parts: Iterable[str]) -> None:
    """WorkspaceError when a folder of the workspace leads out of it; what was written there would land elsewhere."""
    home = folder.resolve()
    tables = home / "tables"
    inner = [log for table in sorted(tables.glob("*")) for log in (table, table / "_delta_log")]
    for place in (*(home / part for part in parts), *inner):
        if not place.resolve().is_relative_to(home):
            raise WorkspaceError(
                Text("工作区里的目录指向工作区之外", "A folder of the workspace leads out of it"),
                Where(file=str(place)),
                found=str(place.resolve()),
                do=Text(
                    "不要打开来历不明的工作区; 要放在别的磁盘, 请移动整个工作区",
                    "do not open a workspace of unknown origin; to keep it on another disk, move it as a whole",
                ),
            )
