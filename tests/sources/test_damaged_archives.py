"""A damaged archive ends in a refusal whichever byte is wrong, never in what its reader happens to raise."""

from __future__ import annotations

import gzip
import io
import lzma
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
import xlsxwriter

from keguan.core.errors import InputError
from keguan.sources import ReadOptions, inspect
from keguan.sources.limits import measured
from keguan.sources.unpacking import unpacking

TABLE = "订单号,金额\n".encode() + b"".join(b"%d,%d.50\n" % (number, number * 7 % 31) for number in range(40))
CENTRAL = b"PK\x01\x02"


def archive(method: int, name: str = "订单.csv") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        packed.writestr(zipfile.ZipInfo(name), TABLE, method)
    return out.getvalue()


def workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for row in range(5):
            sheet.write_row(row, 0, ["订单号", row])
    return out.getvalue()


def refusal(path: Path) -> str | None:
    """Its paragraph; None where the file is read after all. Any other error fails the test."""
    try:
        inspect(path, ReadOptions())
    except InputError as error:
        found = error
    else:
        return None
    assert found.do is not None
    assert path.name in found.paragraph("zh")
    assert "\n" not in found.paragraph("en")
    return found.paragraph("zh")


SMALL = {
    "stored.zip": archive(zipfile.ZIP_STORED),
    "deflated.zip": archive(zipfile.ZIP_DEFLATED),
    "bzip2.zip": archive(zipfile.ZIP_BZIP2),
    "lzma.zip": archive(zipfile.ZIP_LZMA),
    "orders.csv.gz": gzip.compress(TABLE, mtime=0),
}


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("mask", [0x01, 0x80, 0xFF])
def test_any_byte_of_a_small_archive_may_be_wrong(name: str, mask: int, tmp_path: Path) -> None:
    path, content = tmp_path / name, SMALL[name]
    path.write_bytes(content)
    assert refusal(path) is None
    refused = 0
    for at in range(len(content)):
        path.write_bytes(content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :])
        refused += refusal(path) is not None
    assert refused > len(content) / 4


def test_the_directory_of_a_workbook_may_be_wrong(tmp_path: Path) -> None:
    """Every other byte of the list of its parts; a byte that names another version of the format came up first."""
    path, content = tmp_path / "orders.xlsx", workbook()
    first = content.index(CENTRAL)
    for at in range(first, len(content), 2):
        path.write_bytes(content[:at] + bytes([content[at] ^ 0xC8]) + content[at + 1 :])
        refusal(path)
    newer = bytearray(content)
    newer[first + 6] = 200  # the version needed to unpack
    path.write_bytes(newer)
    assert "压缩方式" in str(refusal(path))


def with_method(method: int) -> bytes:
    content = bytearray(archive(zipfile.ZIP_STORED))
    struct.pack_into("<H", content, 8, method)
    struct.pack_into("<H", content, content.index(CENTRAL) + 10, method)
    return bytes(content)


def test_an_unknown_way_of_packing_names_the_way_out(tmp_path: Path) -> None:
    """Deflate64 (9) is what Windows writes for archives over 2 GB."""
    (tmp_path / "large.zip").write_bytes(with_method(9))
    said = str(refusal(tmp_path / "large.zip"))
    assert "不支持的压缩方式" in said
    assert "先用别的程序解压" in said


def test_strong_encryption_is_called_a_password(tmp_path: Path) -> None:
    content = bytearray(archive(zipfile.ZIP_STORED))
    for at in (6, content.index(CENTRAL) + 8):
        content[at] |= 1 << 6
    (tmp_path / "locked.zip").write_bytes(content)
    assert "密码" in str(refusal(tmp_path / "locked.zip"))


RAISED = (
    EOFError(),
    zlib.error("Error -3"),
    lzma.LZMAError("Corrupt input data"),
    gzip.BadGzipFile("Not a gzipped file"),
    zipfile.BadZipFile("Bad CRC-32"),
    OSError("Invalid data stream"),  # of bzip2
    OSError(22, "Invalid argument"),  # a negative place
    ValueError("negative seek value"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    struct.error("unpack requires a buffer of 30 bytes"),
    IndexError("index out of range"),
    OverflowError("too large"),
    MemoryError(),
    NotImplementedError("zip file version 20.0"),
    RuntimeError("Compression requires the (missing) bz2 module"),
)


@pytest.mark.parametrize("error", RAISED, ids=lambda error: type(error).__name__)
def test_all_that_unpackers_raise_is_damage(error: Exception) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise error

        def seek(self, offset: int, whence: int = 0, /) -> int:
            raise error

    stream = measured(Broken(), 1, "a.zip")
    for step in (lambda: stream.read(10), lambda: stream.raw.seek(3)):
        with pytest.raises(InputError) as caught:
            step()
        assert "a.zip" in caught.value.paragraph("zh")


def test_a_failing_disk_is_not_called_a_damaged_file() -> None:
    with pytest.raises(OSError, match="Input/output"), unpacking("a.zip"):
        raise OSError(5, "Input/output error")


def test_what_goes_wrong_behind_the_reader_keeps_its_name(tmp_path: Path) -> None:
    """Only the steps of the unpacker are taken for damage: an error of ours would hide behind it."""
    from keguan.sources.container import Member

    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(TABLE))

    def used() -> None:
        with Member(tmp_path / "a.csv.gz", "gz").open() as stream:
            raise ValueError(f"ours, behind {len(stream.read(3))} bytes")

    with pytest.raises(ValueError, match="ours, behind 3"):
        used()
