"""The parts of an office file, read without trusting it: sizes are counted while unpacking, XML without DTD."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass, field
from xml.etree import ElementTree

from keguan.render.forms import no_report

MOST_PART = 64 << 20
MOST_ALL = 256 << 20
MOST_PARTS = 5_000
MOST_ELEMENTS = 3_000_000  # of one part; a table of 10,000 rows has some 400,000
_STEP = 1 << 20


class _Guarded(ElementTree.TreeBuilder):
    """Office files have no document type: with one a file could multiply its own text."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ValueError("DOCTYPE")


@dataclass
class Archive:
    """A zip file held in memory. Everything raises InputError when the file is broken or too large."""

    content: bytes
    name: str
    unpacked: int = 0
    _file: zipfile.ZipFile = field(init=False)

    def __post_init__(self) -> None:
        try:
            self._file = zipfile.ZipFile(io.BytesIO(self.content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise no_report(self.name, f"zip: {error}") from None
        if len(self._file.namelist()) > MOST_PARTS:
            raise no_report(self.name, f"> {MOST_PARTS} parts")

    def names(self) -> list[str]:
        """The parts, in the order of the file."""
        return self._file.namelist()

    def part(self, path: str) -> bytes | None:
        """One part; None when there is none."""
        if path not in self._file.NameToInfo:
            return None
        out = bytearray()
        try:
            with self._file.open(path) as stream:
                while piece := stream.read(_STEP):
                    out += piece
                    self.unpacked += len(piece)
                    if len(out) > MOST_PART or self.unpacked > MOST_ALL:
                        raise no_report(self.name, f"{path}: > {MOST_PART >> 20} MB")
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            RuntimeError,
            NotImplementedError,
            OSError,
        ) as error:
            raise no_report(self.name, f"{path}: {error}") from None
        return bytes(out)

    def xml(self, path: str) -> ElementTree.Element | None:
        """One part as a tree; None when there is none."""
        content = self.part(path)
        if content is None:
            return None
        try:
            # Every element begins with a sign that no slash follows, in each encoding that the parser takes.
            if content.count(b"<") - content.count(b"</") > MOST_ELEMENTS:
                raise ValueError(f"> {MOST_ELEMENTS} elements")
            parser = ElementTree.XMLParser(target=_Guarded())
            parser.feed(content)
            found: ElementTree.Element = parser.close()
        except (ElementTree.ParseError, ValueError, LookupError, RecursionError) as error:
            raise no_report(self.name, f"{path}: {error}") from None
        return found
