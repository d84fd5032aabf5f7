"""The zip file around a Word document: written the same each time, unpacked with care."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from docx.opc.pkgwriter import PackageWriter
from lxml import etree

from keguan.render.forms import no_report

MOST_PART = 64 << 20  # bytes of one part when unpacked
MOST_ALL = 256 << 20
MOST_PARTS = 5_000
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FIRST = "[Content_Types].xml"


def saved(document: Any) -> bytes:
    """The file of a document of python-docx, with fixed times and its parts in a fixed order, so that the same report
    gives the same bytes. python-docx would pack the parts itself, stamped with the clock, and they would have to be
    unpacked and packed again."""
    package, parts = document.part.package, _Parts()
    for part in package.parts:
        part.before_marshal()
    writer: Any = PackageWriter
    writer._write_content_types_stream(parts, package.parts)
    writer._write_pkg_rels(parts, package.rels)
    writer._write_parts(parts, package.parts)
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(parts.found, key=lambda name: (name != _FIRST, name)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, parts.found[name], compresslevel=6)
    return out.getvalue()


class _Parts:
    """Takes the parts of a file from python-docx."""

    def __init__(self) -> None:
        self.found: dict[str, bytes] = {}

    def write(self, uri: Any, content: bytes) -> None:
        """One part."""
        self.found[uri.membername] = content


def unpacked(content: bytes, name: str) -> dict[str, bytes]:
    """All parts by their names. InputError for a broken file, or one that would unpack to too much."""
    parts: dict[str, bytes] = {}
    left = MOST_ALL
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_PARTS:
                raise no_report(name, f"> {MOST_PARTS} parts")
            for entry in entries:
                most = min(MOST_PART, left)
                with archive.open(entry) as stream:  # what the entry says of its size is not believed
                    piece = stream.read(most + 1)
                if len(piece) > most:
                    raise no_report(name, f"{entry.filename}: > {most >> 20} MB")
                left -= len(piece)
                parts[entry.filename.lstrip("/")] = piece
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise no_report(name, f"zip: {error}") from error
    return parts


def tree(parts: Mapping[str, bytes], part: str, name: str) -> Any:
    """One part as XML. InputError when it is none; entities and other files are never looked up."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(parts[part], parser)
    except (KeyError, etree.XMLSyntaxError, ValueError) as error:
        raise no_report(name, f"{part}: {error if part in parts else '–'}") from error
    if root.getroottree().docinfo.doctype:
        raise no_report(name, f"{part}: DOCTYPE")
    return root
