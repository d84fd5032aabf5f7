"""The file as a zip of parts: written the same each time, and read without trusting it."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from lxml import etree

MOST_TOTAL = 256 << 20  # bytes unpacked
MOST_PART = 64 << 20
MOST_PARTS = 20_000
_TIME = (1980, 1, 1, 0, 0, 0)


def saved(presentation: Any) -> bytes:
    """The file with fixed times. Its parts are those that python-pptx would write; it would stamp them with the clock,
    and they would have to be unpacked and packed again."""
    from pptx.opc.serialized import PackageWriter

    package = presentation.part.package
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        writer: Any = PackageWriter(out, package._rels, tuple(package.iter_parts()))
        entries = _Entries(archive)
        writer._write_content_types_stream(entries)
        writer._write_pkg_rels(entries)
        writer._write_parts(entries)
    return out.getvalue()


class _Entries:
    """Where python-pptx puts the parts of a file."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def write(self, uri: Any, content: bytes) -> None:
        """One part."""
        item = zipfile.ZipInfo(uri.membername, _TIME)
        item.compress_type = zipfile.ZIP_DEFLATED
        item.external_attr = 0o600 << 16
        self._archive.writestr(item, content)


class Parts:
    """Parts of a file that came from outside. ValueError when it is no zip, or larger than a report is."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            listing = self._zip.namelist()
            self.names = frozenset(listing)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise ValueError(f"zip: {error}") from error
        if len(listing) > MOST_PARTS:
            raise ValueError(f"> {MOST_PARTS} parts")
        if len(listing) > len(self.names):  # programs differ on which of two they show
            raise ValueError("two parts of one name")
        self._left = MOST_TOTAL
        self._parser = etree.XMLParser(
            resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
        )
        self._related: dict[str, dict[str, tuple[str, str]]] = {}

    def part(self, name: str) -> bytes:
        """The bytes of one part. KeyError when there is none."""
        if name not in self.names:
            raise KeyError(name)
        most = min(MOST_PART, self._left)
        try:
            with self._zip.open(name) as stream:
                content = stream.read(most + 1)
        except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as error:
            raise ValueError(f"{name}: {error}") from error
        except Exception as error:  # zlib.error has no base of its own
            raise ValueError(f"{name}: {error}") from error
        if len(content) > most:
            raise ValueError(f"{name}: > {most >> 20} MB")
        self._left -= len(content)
        return content

    def xml(self, name: str) -> Any:
        """One part as a tree; nothing in it is fetched or expanded."""
        try:
            root = etree.fromstring(self.part(name), self._parser)
        except etree.XMLSyntaxError as error:
            raise ValueError(f"{name}: {error}") from error
        if root.getroottree().docinfo.doctype:
            raise ValueError(f"{name}: DOCTYPE")
        return root

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """Relations of a part: by id its kind (last word of the type) and the part it points to."""
        if name not in self._related:
            self._related[name] = self._relations(name)
        return self._related[name]

    def _relations(self, name: str) -> dict[str, tuple[str, str]]:
        folder, _, file = name.rpartition("/")
        listing = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
        if listing not in self.names:
            return {}
        out = {}
        for item in self.xml(listing):
            if item.get("TargetMode") != "External" and item.get("Target") and item.get("Id"):
                kind = str(item.get("Type", "")).rpartition("/")[2]
                out[str(item.get("Id"))] = (kind, _joined(folder, str(item.get("Target"))))
        return out


def _joined(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    parts = folder.split("/") if folder else []
    for piece in target.split("/"):
        if piece == "..":
            parts = parts[:-1]
        elif piece != ".":
            parts.append(piece)
    return "/".join(parts)
