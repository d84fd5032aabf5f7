"""Which files a command line names: files, folders and globs."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from pathlib import Path

from keguan.core.errors import InputError, Where
from keguan.core.text import Text, same
from keguan.sources import refusal

ENDINGS = (".csv", ".tsv", ".tab", ".psv", ".txt", ".dat", ".xlsx", ".xlsm", ".xls", ".parquet", ".pq")
PACKED = (".gz", ".zip")


def known(name: str) -> bool:
    """Whether a file of that name is worth opening: a table's ending, packed or not."""
    lower = name.lower()
    if lower.endswith(".zip"):
        return True
    return lower.removesuffix(".gz").endswith(ENDINGS)


def hidden(path: Path) -> bool:
    """Hidden files, lock files of Excel ('~$...') and what macOS puts into archives."""
    return any(part.startswith((".", "~$")) or part == "__MACOSX" for part in path.parts)


def find(arguments: Sequence[str]) -> list[Path]:
    """The files that are meant by files, folders (searched through, known endings only) and globs.

    Sorted, each file once. InputError when an argument matches nothing, or a link in a folder leads out of it.
    """
    found: dict[Path, Path] = {}
    for argument in arguments:
        paths = list(_matches(argument))
        if not paths:
            raise _nothing(argument)
        for path in paths:
            _check_name(path)
            found.setdefault(path.resolve(), path)
    return sorted(found.values())


def _matches(argument: str) -> Iterator[Path]:
    path = Path(argument).expanduser()
    if path.is_dir():
        yield from _in_folder(path)
    elif path.exists():
        yield _ordinary(path)
    else:
        for name in glob.glob(str(path), recursive=True):
            match = Path(name)
            if match.is_dir():
                yield from _in_folder(match)
            elif not hidden(Path(match.name)):
                yield _ordinary(match)


def _ordinary(path: Path) -> Path:
    """A device or a pipe would be read for ever."""
    if not path.is_file():
        raise refusal.special(path)
    return path


def _check_name(path: Path) -> None:
    """Archives made on a Chinese Windows leave names in GBK when unpacked elsewhere; no engine opens such a path."""
    try:
        str(path.absolute()).encode()
    except UnicodeEncodeError:
        raise refusal.unreadable_name(path) from None


def _in_folder(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_symlink() and (path.is_dir() or known(path.name)):
            _check_link(path, folder)
        if path.is_file() and known(path.name) and not hidden(path.relative_to(folder)):
            yield path


def _check_link(link: Path, folder: Path) -> None:
    """Whoever imports a folder means what is in it."""
    target = link.resolve()
    if not target.is_relative_to(folder.resolve()):
        raise refusal.outside(link, target)


def _nothing(argument: str) -> InputError:
    folder = Path(argument).expanduser().is_dir()
    return InputError(
        what=Text("文件夹里没有可以导入的文件", "the folder holds no file that can be imported")
        if folder
        else Text("没有找到文件", "no such file"),
        where=Where(file=argument),
        allowed=same(", ".join((*ENDINGS, *PACKED))),
        do=Text(
            "检查路径；含空格或通配符（*）的路径请用引号括起来",
            "check the path; put quotes around one that holds blanks or wildcards (*)",
        ),
    )
