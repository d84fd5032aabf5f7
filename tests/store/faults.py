"""A small workspace, and the ways in which a disk, a person or another program may damage it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

from keguan.store import catalog
from keguan.store.workspace import Store
from received import HEADER, loaded, usual, write


def shop(folder: Path) -> Path:
    """A workspace of two batches, the second of which replaces orders of the first; `more.csv` beside it."""
    first = write(folder / "first.csv", HEADER, *usual(50))
    second = write(folder / "next.csv", HEADER, *usual(100, first=9010))
    write(folder / "more.csv", HEADER, *usual(30, first=100, customer="C7"))
    loaded(folder / "w", [first], [second])
    return folder


def data_file(place: Path, table: str = "order_lines") -> Path:
    """The largest committed file of a table."""
    return max((Path(file) for file in Store(place).files(table)), key=lambda path: path.stat().st_size)


def log_entry(place: Path, back: int = 0, table: str = "order_lines") -> Path:
    """The newest log entry of a table, or an earlier one."""
    return sorted((place / "tables" / table / "_delta_log").glob("[0-9]*.json"))[-1 - back]


def cut(path: Path, share: float = 0.5) -> None:
    """Only the first part of the file is left."""
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])


def flip(path: Path, first: int = 100, count: int = 500) -> None:
    """Bytes turned over, the size kept."""
    content = bytearray(path.read_bytes())
    for place in range(first, min(first + count, len(content))):
        content[place] ^= 0xFF
    path.write_bytes(content)


def swap(place: Path) -> None:
    """A data file takes the place of another table's."""
    shutil.copyfile(data_file(place, "customers"), data_file(place))


def first_line_only(path: Path) -> None:
    """A log entry that lost its end at a line break: still good JSON."""
    path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8")


def of_tomorrow(place: Path) -> None:
    """The catalog as a later Keguan may write it."""
    told = json.loads((place / catalog.FILE).read_text("utf-8"))
    told |= {"format": catalog.FORMAT + 1, "something_new": {"a": 1}}
    (place / catalog.FILE).write_text(json.dumps(told), "utf-8")


def another_version(place: Path) -> None:
    """A catalog whose JSON is good and whose content is not what was written."""
    told = json.loads((place / catalog.FILE).read_text("utf-8"))
    told["versions"]["orders"] = 1
    (place / catalog.FILE).write_text(json.dumps(told), "utf-8")


LOG, FILE, CATALOG = "The log of version", "data file", "catalog is damaged"
GONE = "is gone"

# name -> (damage, words of the English error)
DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "data file cut": (lambda w: cut(data_file(w)), FILE),
    "data file empty": (lambda w: data_file(w).write_bytes(b""), FILE),
    "data file flipped": (lambda w: flip(data_file(w)), FILE),
    "data file of another table": (swap, FILE),
    "data file missing": (lambda w: data_file(w).unlink(), GONE),
    "log cut": (lambda w: cut(log_entry(w)), LOG),
    "log cut at a line": (lambda w: first_line_only(log_entry(w)), LOG),
    "log empty": (lambda w: log_entry(w).write_bytes(b""), LOG),
    "log garbage": (lambda w: log_entry(w).write_bytes(b"\x00\xff\x01 garbage"), LOG),
    "log entry missing": (lambda w: log_entry(w).unlink(), GONE),
    "earlier log entry missing": (lambda w: log_entry(w, back=1).unlink(), LOG),
    "first log entry missing": (lambda w: log_entry(w, back=2).unlink(), LOG),
    "tables deleted": (lambda w: shutil.rmtree(w / "tables"), GONE),
    "one table deleted": (lambda w: shutil.rmtree(w / "tables" / "purchases"), GONE),
    "catalog empty": (lambda w: (w / catalog.FILE).write_bytes(b""), CATALOG),
    "catalog cut": (lambda w: cut(w / catalog.FILE), CATALOG),
    "catalog of another form": (lambda w: (w / catalog.FILE).write_text("[1, 2]"), CATALOG),
    "catalog edited": (another_version, CATALOG),
    "catalog missing": (lambda w: (w / catalog.FILE).unlink(), CATALOG),
    "catalog of a newer Keguan": (of_tomorrow, "a newer Keguan"),
    "settings broken": (lambda w: (w / "keguan.toml").write_text('language = "z'), "settings file"),
}


def prints(folder: Path) -> dict[str, str]:
    """File -> hash of everything in a folder that is not a lock."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }
