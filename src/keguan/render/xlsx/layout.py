"""What the names of a workbook stand for, and the manifest: kept on a sheet that is not shown.

Office programs drop parts they do not know when they save, but keep sheets.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from keguan.render.markup import packed, unpacked

SHEET = "_keguan"
MARK = "keguan layout 1"
CHUNK = 32_000  # a cell holds 32,767 letters
MOST_BYTES = 64 << 20


@dataclass
class Layout:
    """Elements by the names of their cells.

    `cells`: of one cell each. `claims`: of a sentence, its pieces: `[words, None]`, or
    `[length, name]` of a figure. `tables`:
    of a range, ref, place, columns and keys of rows. `grids`: of a range, the element of each cell or None.
    `pictures`: hashes of pictures by their elements.
    """

    cells: dict[str, str] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, Any] = field(default_factory=dict)
    grids: dict[str, Any] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)


def columns(layout: Layout, manifest: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The two columns of the hidden sheet: the layout, the manifest."""
    return _chunks(vars(layout)), _chunks(dict(manifest))


def _chunks(content: dict[str, Any]) -> list[str]:
    text = packed(json.dumps(content, ensure_ascii=False, separators=(",", ":")))
    return [text[start : start + CHUNK] for start in range(0, len(text), CHUNK)]


def from_columns(first: list[str], second: list[str]) -> tuple[Layout, dict[str, Any]]:
    """What `columns` was given. ValueError when it is not that."""
    found = json.loads(unpacked("".join(first), MOST_BYTES))
    manifest = json.loads(unpacked("".join(second), MOST_BYTES))
    if not isinstance(found, dict) or not isinstance(manifest, dict):
        raise ValueError("layout: –")
    parts = {name: found.get(name) for name in ("cells", "claims", "tables", "grids", "pictures")}
    if not all(isinstance(part, dict) for part in parts.values()):
        raise ValueError("layout: –")
    return Layout(**parts), manifest  # type: ignore[arg-type]  # checked in the line above
