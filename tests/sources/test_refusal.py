"""What is no table is refused in one paragraph with what, where, found, allowed and what to do."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from keguan.core.errors import InputError
from keguan.sources import ReadOptions, inspect

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write_row(0, 0, ["a", "b"])
    return out.getvalue()


def archive(names: list[str], content: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(name, content)
    return out.getvalue()


def encrypted_archive() -> bytes:
    """An archive whose flags say that its entry is encrypted."""
    content = bytearray(archive(["a.csv"], b"a,b\n1,2\n"))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


LONG = gzip.compress(random.Random(1).randbytes(20_000).hex().encode())
CASES = {
    "empty.csv": (b"", "空"),
    "blank.csv": (b"\n  \n\n", "空"),
    "open.csv": (b'"a;b\n', "引号"),
    "mark.csv": (b"\xef\xbb\xbf", "空"),
    "report.csv": (b"%PDF-1.7\n...", "PDF"),
    "photo.xlsx": (b"\x89PNG\r\n\x1a\n....", "PNG"),
    "data.csv": (b'[{"a": 1}]', "JSON"),
    "old.xls": (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
    "marked.xls": (b"\xef\xbb\xbf\r\n<!DOCTYPE html>\n<html>", "网页"),
    "sheet2003.xls": (b'<?xml version="1.0"?><Workbook>', "网页"),
    "locked.xlsx": (OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
    "letter.doc": (OLE + "WordDocument".encode("utf-16-le"), "不是数据表"),
    "broken.xls": (OLE + "Workbook".encode("utf-16-le"), "损坏"),
    "cut.csv.gz": (LONG[:-5000], "不完整"),
    "headless.csv.gz": (LONG[:8], "不完整"),
    "cut.xlsx": (workbook()[:-100], "不完整"),
    "nothing.zip": (archive(["readme.md", "__MACOSX/a.csv"]), "readme.md"),
    "void.zip": (archive([]), "没有可以导入"),
    "locked.zip": (encrypted_archive(), "密码"),
    "nested.zip": (archive(["b.zip"], archive(["a.csv"])), "压缩"),
    "letter.docx": (archive(["word/document.xml"]), "Word"),
    "open.ods": (archive(["content.xml"]), "不支持"),
    "junk.csv": (random.Random(2).randbytes(5000), "不是数据表"),
    "zeros.csv": (b"\0" * 5000, "不是数据表"),
}


@pytest.mark.parametrize("name", CASES)
def test_refusal(name: str, tmp_path: Path) -> None:
    content, words = CASES[name]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        inspect(path, ReadOptions())
    error = caught.value
    assert words in error.paragraph("zh")
    assert name in error.paragraph("en")
    assert error.allowed is not None
    assert error.do is not None
    assert error.exit_code == 4


def test_missing_file_and_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.csv", tmp_path):
        with pytest.raises(InputError):
            inspect(path, ReadOptions())


def test_one_bad_entry_does_not_hide_the_good_ones(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.csv", b"")
        packed.writestr("b.csv", b"a,b\n1,2\n")
    (tmp_path / "x.zip").write_bytes(out.getvalue())
    assert [shape.member for shape in inspect(tmp_path / "x.zip", ReadOptions())] == ["b.csv"]
