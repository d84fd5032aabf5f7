"""How far the cells of an .xls file spread, as its own records say."""

from __future__ import annotations

import struct
from pathlib import Path

import fastexcel
import pytest

from keguan.core.errors import InputError
from keguan.sources import ReadOptions, biff, inspect

SECTOR = 512


def ole(stream: bytes) -> bytes:
    """An OLE file with nothing but the stream of a workbook."""
    count = -(-len(stream) // SECTOR)
    stream = stream.ljust(count * SECTOR, b"\0")
    chain = [0xFFFFFFFE, 0xFFFFFFFD, *range(3, 2 + count), 0xFFFFFFFE]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    name = "Workbook".encode("utf-16-le")
    entry = (
        name.ljust(64, b"\0")
        + struct.pack("<H", len(name) + 2)
        + bytes(50)
        + struct.pack("<III", 2, len(stream), 0)
    )
    directory = entry.ljust(SECTOR, b"\0")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
    head = head.ljust(44, b"\0") + struct.pack("<IIIIIIII", 1, 0, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<I", 1) + b"\xff" * (SECTOR - len(head) - 4)
    return head + directory + fat + stream


def record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def sheet(*cells: tuple[int, int]) -> bytes:
    """Records of a sheet with numbers at these places, long enough to stand in sectors of its own."""
    numbers = b"".join(record(0x0203, struct.pack("<HHHd", row, column, 0, 1.5)) for row, column in cells)
    return record(0x0809, bytes(16)) + numbers + record(0x000A, b"") + record(0x00FC, bytes(5000))


def test_the_farthest_cell_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(ole(sheet((0, 0), (9, 3)) + sheet((99, 0), (0, 255))))
    assert biff.spread(path) == (100, 256)


def test_a_cell_or_a_size_far_away_is_refused(tmp_path: Path) -> None:
    size = record(0x0200, struct.pack("<IIHHH", 0, 4_000_000, 0, 60_000, 0))
    for name, stream in (("cell.xls", sheet((0, 0), (65_535, 65_000))), ("size.xls", size + sheet((0, 0)))):
        (tmp_path / name).write_bytes(ole(stream))
        with pytest.raises(InputError) as caught:
            inspect(tmp_path / name, ReadOptions())
        assert name in caught.value.paragraph("en")
        assert "far away" in caught.value.paragraph("en")


def test_no_old_workbook_is_wider_than_its_format(tmp_path: Path) -> None:
    """A flipped byte put one cell of a sheet of 20 columns at column 5,381: five thousand million bytes of memory."""
    (tmp_path / "flipped.xls").write_bytes(ole(sheet((0, 0), (9_935, 5_380))))
    with pytest.raises(InputError) as caught:
        inspect(tmp_path / "flipped.xls", ReadOptions())
    assert "9,936 x 5,381" in caught.value.paragraph("zh")


def test_damage_is_left_to_the_reader(tmp_path: Path) -> None:
    whole = ole(sheet((0, 0)))
    circle = whole[: 2 * SECTOR] + struct.pack("<128I", *([2] * 128)) + whole[3 * SECTOR :]
    for name, content in (("cut.xls", whole[:700]), ("circle.xls", circle)):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError):
            inspect(tmp_path / name, ReadOptions())


def test_a_published_workbook(data: Path) -> None:
    path = data / "superstore_cn" / "superstore_cn.xls"
    cells = fastexcel.read_excel(path).load_sheet(0, header_row=None)
    assert biff.spread(path) == (cells.height, cells.width)
