"""How far the cells of an .xls file spread, read from its records without unpacking what they hold.

The workbook lies as a stream in sectors of an OLE file; each record of it is a type, a length and data.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

END = 0xFFFFFFFA  # sector numbers from here on are marks
STREAMS = ("Workbook", "Book")
SHEET_BEGINS, DIMENSIONS = 0x0809, 0x0200
# Records of a cell begin with its row and column: formula, blank, number, label, boolean, RK, row of RKs and blanks.
CELLS = frozenset({0x0006, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x00FD, 0x00BD, 0x00BE, 0x00D6})


class CircleError(ValueError):
    """Sectors that follow each other in a circle: whoever goes along reads for ever."""


def spread(path: Path) -> tuple[int, int]:
    """Rows and columns from the first cell a workbook may have to the last, of its widest sheet.

    CircleError where the file has no end, ValueError or struct.error where it is too damaged to tell.
    """
    data = _stream(path.read_bytes())
    widest, rows, columns = (1, 1), 1, 1
    for kind, at, size in _records(data):
        if kind == SHEET_BEGINS:
            rows = columns = 1
        elif kind in CELLS and size >= 4:
            row, column = struct.unpack_from("<HH", data, at)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        elif kind == DIMENSIONS and size >= 14:
            _, last_row, _, last_column = struct.unpack_from("<IIHH", data, at)
            rows, columns = max(rows, last_row), max(columns, last_column)
        if rows * columns > widest[0] * widest[1]:
            widest = (rows, columns)
    return widest


def _records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Type, place and length of each record."""
    at = 0
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        yield kind, at + 4, min(size, len(data) - at - 4)
        at += 4 + size


def _stream(content: bytes) -> bytes:
    """The bytes of the workbook's stream."""
    sector = 1 << struct.unpack_from("<H", content, 30)[0]
    if sector not in (512, 4096):
        raise ValueError(f"sectors of {sector} bytes")
    fat = _fat(content, sector)
    _check_ends(fat)
    small = _chain(content, sector, fat, struct.unpack_from("<I", content, 60)[0])
    _check_ends(struct.unpack(f"<{len(small) // 4}I", small[: len(small) // 4 * 4]))
    directory = _chain(content, sector, fat, struct.unpack_from("<I", content, 48)[0])
    for at in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        if name in STREAMS:
            first, size = struct.unpack_from("<II", directory, at + 116)
            if size >= 4096:  # a shorter one lies in another place, and cannot hold many cells
                return _chain(content, sector, fat, first)[:size]
    return b""


def _fat(content: bytes, sector: int) -> tuple[int, ...]:
    """The number of the sector that follows each."""
    listed = list(struct.unpack_from("<109I", content, 76))
    further = struct.unpack_from("<I", content, 68)[0]
    for _ in range(len(content) // sector):
        if further >= END:
            break
        *more, further = struct.unpack_from(f"<{sector // 4}I", content, (further + 1) * sector)
        listed += more
    else:
        raise CircleError
    parts = [content[(at + 1) * sector : (at + 2) * sector] for at in listed if at < END]
    joined = b"".join(part for part in parts if len(part) == sector)
    return struct.unpack(f"<{len(joined) // 4}I", joined)


def _check_ends(following: tuple[int, ...]) -> None:
    """Raises CircleError unless every chain comes to an end."""
    seen = [0] * len(following)  # 0: not yet; else the number of the walk that came by
    for walk, start in enumerate(range(len(following)), 1):
        at = start
        while at < len(following) and not seen[at]:
            seen[at] = walk
            at = following[at]
        if at < len(following) and seen[at] == walk:
            raise CircleError


def _chain(content: bytes, sector: int, fat: tuple[int, ...], first: int) -> bytes:
    """The bytes of a chain of sectors."""
    parts, at = [], first
    for _ in range(len(fat)):
        if at >= len(fat):
            break
        parts.append(content[(at + 1) * sector : (at + 2) * sector])
        at = fat[at]
    return b"".join(parts)
