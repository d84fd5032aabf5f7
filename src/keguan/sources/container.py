"""Plain files, .gz and .zip seen as streams of bytes, and what those bytes are by their first ones.

Endings lie often (text named .xls, a web page named .csv), so the content decides.
"""

from __future__ import annotations

import gzip
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal, cast

from keguan.core.text import Text
from keguan.sources import refusal
from keguan.sources.files import hidden, known
from keguan.sources.limits import measured
from keguan.sources.shape import Container
from keguan.sources.unpacking import unpacking

Content = Literal["text", "xlsx", "xls", "parquet", "gz", "zip"]

ZIP = b"PK\x03\x04"
GZIP = b"\x1f\x8b"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FOREIGN = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"SQLite format 3": "SQLite",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"BZh91AY&SY": "bzip2",
    b"\xfd7zXZ": "xz",
    b"Obj\x01": "Avro",
    b"{\\rtf": "RTF",
}
PAGES = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<style", b"<head", b"<body", b"<!--")
HEAD = 8192
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside a container: the file itself, the content of a .gz, or an entry of a .zip."""

    path: Path
    container: Container = "plain"
    entry: str | None = None  # as shown: the name in readable characters

    @property
    def place(self) -> str:
        """How errors name it."""
        return f"{self.path} » {self.entry}" if self.entry else str(self.path)

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Its unpacked bytes; a damaged or locked container raises InputError, here or where it is read."""
        with ExitStack() as opened:
            with unpacking(self.place):
                stream = self._opened(opened)
            yield stream

    def _opened(self, opened: ExitStack) -> BinaryIO:
        if self.container == "gz":
            packed = opened.enter_context(gzip.GzipFile(self.path, "rb"))
            return self._measured(cast(BinaryIO, packed), self.path.stat().st_size)
        if self.container == "zip":
            archive = opened.enter_context(zipfile.ZipFile(self.path))
            info = _entry_named(archive, self.entry or "")
            entry = opened.enter_context(archive.open(info))
            return self._measured(cast(BinaryIO, entry), info.compress_size)
        return opened.enter_context(self.path.open("rb"))

    def _measured(self, stream: BinaryIO, packed: int) -> BinaryIO:
        return cast(BinaryIO, measured(stream, packed, self.place))

    def head(self) -> bytes:
        """Its first bytes."""
        with self.open() as stream:
            return stream.read(HEAD)

    def chunks(self) -> Iterator[bytes]:
        """All of its bytes, a piece at a time."""
        with self.open() as stream:
            while chunk := stream.read(CHUNK):
                yield chunk

    @contextmanager
    def local(self, scratch: Path) -> Iterator[Path]:
        """A path with its unpacked bytes: its own, or a copy in `scratch` that goes away afterwards."""
        if self.container == "plain":
            yield self.path
            return
        with tempfile.TemporaryDirectory(dir=scratch, prefix="unpacked-") as folder:
            copy = Path(folder) / "content"
            with self.open() as packed, copy.open("wb") as out:
                shutil.copyfileobj(packed, out, CHUNK)
            yield copy


def members(path: Path) -> list[Member]:
    """The files that may hold tables in the file at `path`: one, or the known entries of a .zip."""
    if path.is_dir():
        raise refusal.refused(path, Text("这是文件夹，不是文件", "this is a folder, not a file"))
    if path.exists() and not path.is_file():
        raise refusal.special(path)
    plain = Member(path)
    kind = content(plain)
    if kind == "gz":
        return [Member(path, "gz")]
    if kind != "zip":
        return [plain]
    with unpacking(str(path)), zipfile.ZipFile(path) as archive:
        names = [_shown(info) for info in archive.infolist() if not info.is_dir()]
    usable = [name for name in names if known(name) and not hidden(Path(PurePosixPath(name)))]
    if not usable:
        raise refusal.refused(
            path,
            Text("压缩包里没有可以导入的文件", "the archive holds no file that can be imported"),
            found=", ".join(names[:5]) or "0",
        )
    return [Member(path, "zip", name) for name in sorted(usable)]


def content(member: Member) -> Content:
    """What the bytes are. InputError for an empty file and for known kinds that are no table."""
    head = member.head()
    if not head:
        raise refusal.empty(member.place)
    if head.startswith(GZIP):
        return "gz"
    if head.startswith((ZIP, b"PK\x05\x06")):
        return _zip_content(member)
    if head.startswith(OLE):
        return _ole_content(member)
    if head.startswith(b"PAR1") and not head[4:6].decode("latin-1").isprintable():
        return "parquet"
    for magic, name in FOREIGN.items():
        if head.startswith(magic):
            raise refusal.no_table(member.place, name)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:16].lower().startswith(PAGES):
        raise refusal.html(member.place)
    if text.startswith((b'{"', b'[{"', b"[[")) or text[:20].replace(b" ", b"").startswith((b"{\n", b"[\n")):
        raise refusal.no_table(member.place, "JSON")
    return "text"


def _zip_content(member: Member) -> Content:
    with member.open() as stream, unpacking(member.place), zipfile.ZipFile(stream) as archive:
        names = set(archive.namelist())
    if "xl/workbook.xml" in names or any(name.startswith("xl/worksheets/") for name in names):
        return "xlsx"
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise refusal.no_table(member.place, "Word/PowerPoint")
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise refusal.refused(
            member.place,
            Text("不支持这种工作簿格式", "this kind of workbook is not supported"),
            found=".xlsb / .ods",
            do=refusal.SAVE_AS,
        )
    return "zip"


def _ole_content(member: Member) -> Content:
    data = b"".join(member.chunks())
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise refusal.locked(member.place)
    if not any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        raise refusal.no_table(member.place, "Microsoft Office (OLE)")
    return "xls"


def _shown(info: zipfile.ZipInfo) -> str:
    """The entry's name; archives made on a Chinese Windows hold it in GBK without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _entry_named(archive: zipfile.ZipFile, shown: str) -> zipfile.ZipInfo:
    for info in archive.infolist():
        if _shown(info) == shown:
            return info
    raise zipfile.BadZipFile(shown)
