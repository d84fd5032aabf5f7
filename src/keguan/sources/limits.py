"""Files made, or damaged, so that they unpack to more than a machine holds: refused before they do."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from keguan.sources import biff, refusal
from keguan.sources.unpacking import unpacking

HARMLESS = 256 << 20  # bytes; what unpacks to less is never looked at
MOST_TIMES = 200  # as large unpacked; tables of text shrink to a tenth, very repetitive ones to a hundredth
DEFLATE = 1032  # as large is the most that the usual way of packing can give
MOST_CELLS = 60_000_000  # of a sheet from its first to its last used cell, the empty ones too
MOST_HOLLOW = 25_000_000  # of them (some 2 GB) where fewer than one in HOLLOW holds something
HOLLOW = 20
MOST_OLD = 65_536 * 256  # what an .xls can hold; a damaged one says more
CHUNK = 1 << 20
# Cells and rows that hold something: those that are only coloured or ruled close at once.
COLUMN = re.compile(rb'<c r="([A-Z]{1,3})[^>]*[^/]>')
ROW = re.compile(rb'<row r="(\d{1,9})[^>]*[^/]>')
LONGEST_TAG = 200


class Measured(io.RawIOBase):
    """A stream of unpacked bytes that stops with an error where it has grown beyond belief."""

    def __init__(self, stream: BinaryIO, packed: int, place: str) -> None:
        self._stream = stream
        self._most = max(HARMLESS, MOST_TIMES * packed)
        self._place = place

    def readable(self) -> bool:
        """It is read only."""
        return True

    def seekable(self) -> bool:
        """As what it measures."""
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Goes to a place; on the way there is unpacked what lies before it."""
        with unpacking(self._place):
            return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """The place in the unpacked bytes."""
        return self._stream.tell()

    def readinto(self, buffer: Any, /) -> int:
        """The next bytes."""
        view = memoryview(buffer)
        with unpacking(self._place):
            data = self._stream.read(len(view))
        view[: len(data)] = data
        if self._stream.tell() > self._most:
            raise refusal.bomb(self._place, MOST_TIMES)
        return len(data)


def measured(stream: BinaryIO, packed: int, place: str) -> io.BufferedReader:
    """`stream`, which unpacks `packed` bytes; InputError where it gives far too many."""
    return io.BufferedReader(Measured(stream, packed, place), CHUNK)


def check_old_workbook(path: Path, place: str) -> None:
    """The same for an .xls file: a single damaged byte can make it as wide as it likes."""
    try:
        rows, columns = biff.spread(path)
    except biff.CircleError:
        raise refusal.damaged(place, "FAT") from None
    except (ValueError, struct.error):
        return  # its reader will say what is wrong
    if rows * columns > MOST_OLD:
        raise refusal.sparse(place, rows, columns)


def check_workbook(path: Path, place: str) -> None:
    """Raises InputError for an .xlsx whose parts unpack, or whose sheets spread, beyond what can be read.

    Its reader unpacks by itself and holds every cell between the first and the last used one.
    """
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            sheet = entry.filename.startswith("xl/worksheets/")
            if sheet or entry.compress_size * DEFLATE > HARMLESS:
                with archive.open(entry) as stream:
                    _check_part(
                        _chunks(measured(cast(BinaryIO, stream), entry.compress_size, place)), place, sheet
                    )


def _chunks(stream: io.BufferedReader) -> Iterator[bytes]:
    """Pieces that overlap, so that nothing sought is cut in two."""
    tail = b""
    while chunk := stream.read(CHUNK):
        yield tail + chunk
        tail = chunk[-LONGEST_TAG:]


def _check_part(chunks: Iterator[bytes], place: str, sheet: bool) -> None:
    rows = columns = 1
    filled = 0
    for chunk in chunks:
        if sheet:
            cells = COLUMN.findall(chunk)
            filled += len(cells)
            columns = max(columns, 1, *map(_number, set(cells)))
            rows = max(rows, 1, *map(int, ROW.findall(chunk)))
    if rows * columns > (MOST_HOLLOW if filled * HOLLOW < rows * columns else MOST_CELLS):
        raise refusal.sparse(place, rows, columns)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
