"""How tables and charts carry the names of their cells, for `read`.

Twice: in the title of their frame, which goes along when a slide is copied into another deck, and in the file's
custom part, which LibreOffice keeps where it drops the titles of frames. The alternative text is for readers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keguan.render.markup import packed, unpacked

MOST = 8 << 20
SIGN = "keguan:"


@dataclass(frozen=True, slots=True)
class Bound:
    """Of a table: its columns and row keys. Of a chart: the cells of each series."""

    columns: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()


def written(bound: Bound) -> str:
    """As one word of letters."""
    return SIGN + packed(_listing(_parts(bound)))


def found(text: str) -> Bound | None:
    """What `written` wrote; None for anything else."""
    if not text.startswith(SIGN):
        return None
    try:
        return _bound(json.loads(unpacked(text.removeprefix(SIGN), MOST)))
    except (ValueError, TypeError, RecursionError):
        return None


def all_written(bounds: Mapping[str, Bound]) -> str:
    """Those of a whole deck, by the names of their shapes."""
    return packed(_listing({name: _parts(bound) for name, bound in bounds.items()}))


def all_found(text: str) -> dict[str, Bound]:
    """What `all_written` wrote; nothing for anything else."""
    try:
        return {str(name): _bound(parts) for name, parts in dict(json.loads(unpacked(text, MOST))).items()}
    except (ValueError, TypeError, RecursionError):
        return {}


def _listing(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _parts(bound: Bound) -> list[object]:
    return [list(bound.columns), list(bound.rows), [list(series) for series in bound.cells]]


def _bound(parts: Any) -> Bound:
    columns, rows, cells = parts
    return Bound(_texts(columns), _texts(rows), tuple(_texts(series) for series in cells))


def _texts(values: Sequence[object]) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError("no list")
    return tuple(str(value) for value in values)
