"""Texts that a workspace keeps in files for a parameter: the .toml files of one of its folders, as one text.

Each file stands after a line with its name, so that an error names it. A Result holds the whole text as the value
of its parameter: it can be computed again when the files have changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from keguan.core.errors import InputError, Where
from keguan.core.text import Text

MOST_BYTES = 200_000


def joined(files: Iterable[Path]) -> str:
    """The texts of the files, each after its name. InputError for one that cannot be read."""
    return "\n".join(f"# ==== {file.name} ====\n{text_of(file)}" for file in files)


def kept(workspace: Path, folder: str) -> str:
    """The text of a folder of the workspace; empty without files. A link that leads out of it is not followed."""
    place = workspace / folder
    inside = [
        file for file in sorted(place.glob("*.toml")) if file.resolve().is_relative_to(workspace.resolve())
    ]
    return joined(inside)


def one(workspace: Path, file: str) -> str:
    """The text of one file of the workspace; empty without it. A link that leads out of it is not followed."""
    place = workspace / file
    if not place.exists() or not place.resolve().is_relative_to(workspace.resolve()):
        return ""
    return text_of(place)


def text_of(file: Path) -> str:
    """The text of a file. InputError when it cannot be read or is too large."""
    try:
        size = file.stat().st_size
        if size <= MOST_BYTES:
            return file.read_text("utf-8-sig")
        found = f"{size:,}"
    except (OSError, UnicodeDecodeError) as error:
        found = getattr(error, "strerror", None) or "not UTF-8"
    raise InputError(
        Text("规则文件无法读取", "The file of rules cannot be read"),
        Where(file=file.name),
        found=found,
        allowed=Text(f"UTF-8 文本，最多 {MOST_BYTES:,} 字节", f"UTF-8 text of at most {MOST_BYTES:,} bytes"),
        do=Text("检查文件名、权限和编码", "check its name, permissions and encoding"),
    )
