"""What a PowerPoint file shows now: the text of every marked element, and all other texts.

Shapes are found by their names, which PowerPoint and LibreOffice keep; the file is taken apart without
trusting it.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from keguan.render.forms import no_report
from keguan.render.marks import Marked
from keguan.render.markup import unpacked
from keguan.render.pptx.bound import Bound, all_found, found
from keguan.render.pptx.package import Parts
from keguan.render.pptx.readchart import chart_items
from keguan.report.manifest import cell_element, normal
from keguan.report.stranger import is_document_id

MANIFEST = "urn:keguan:manifest"
MOST_MANIFEST = 32 << 20
MOST_PIXELS = 40_000_000
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CUSTOM = re.compile(r"customXml/item\d{1,4}\.xml")
_ID = re.compile(r"\b[0-9a-f]{12}\b")
_SHAPES = {f"{P}sp", f"{P}graphicFrame", f"{P}pic", f"{P}cxnSp"}


def read(content: bytes, name: str) -> Marked:
    """The marks of a report file. InputError when it is no report."""
    try:
        reader = _Reader(Parts(content))
        marked = reader.marked()
    except (ValueError, KeyError, RecursionError, OverflowError) as error:
        raise no_report(name, str(error)[:120]) from None
    if not marked.manifest and not marked.document:
        raise no_report(name, "manifest: –")
    return marked


class _Reader:
    """Goes through the slides in their order."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.items: dict[str, str] = {}
        self.copies: dict[str, int] = {}
        self.bounds: dict[str, Bound] = {}
        self.loose: list[str] = []

    def marked(self) -> Marked:
        """All slides, then what lies under them."""
        manifest, self.bounds = self._ours()
        for part in self._slides():
            self._slide(part)
        for part in self.layouts():
            self.under(part)
        document = str(manifest.get("document_id", "")) or self._document()
        return Marked(self.items, manifest, document, None, tuple(self.loose))

    def _main(self) -> str:
        kinds = self.parts.related("").values()
        return next((part for kind, part in kinds if kind == "officeDocument"), "ppt/presentation.xml")

    def _slides(self) -> list[str]:
        """Parts of the slides in their order."""
        main = self._main()
        related = self.parts.related(main)
        ids = [str(entry.get(f"{R}id")) for entry in self.parts.xml(main).iterfind(f"{P}sldIdLst/{P}sldId")]
        found = [related[id][1] for id in ids if id in related]
        return [part for part in found if part in self.parts.names]

    def layouts(self) -> list[str]:
        """Layouts and masters that slides stand on, each once."""
        layouts = [target for part in self._slides() for target in self._of(part, "slideLayout")]
        once = list(dict.fromkeys(layouts))
        masters = [target for part in once for target in self._of(part, "slideMaster")]
        return once + list(dict.fromkeys(masters))

    def _of(self, part: str, kind: str) -> list[str]:
        found = [target for sort, target in self.parts.related(part).values() if sort == kind]
        return [target for target in found if target in self.parts.names]

    def _slide(self, part: str) -> None:
        """One slide with its notes."""
        related = self.parts.related(part)
        shapes = [(shape, *_about(shape)) for shape in _shapes(self.parts.xml(part))]
        under = [name for _, name, _ in shapes if name.startswith("under:claim:")]
        for shape, name, title in shapes:
            if under and not name.startswith("claim:") and _is_title(shape):
                name = under[0].removeprefix("under:")  # LibreOffice gives placeholders names of its own
            self._shape(shape, name, found(title) or self.bounds.get(name), related)
        for diagram in self._of(part, "diagramData"):
            self.loose += _texts(self.parts.xml(diagram))
        for notes in self._of(part, "notesSlide"):
            self._notes(notes)

    def under(self, part: str) -> None:
        """Texts of a layout or master that stand on slides: all but placeholders."""
        for shape in _shapes(self.parts.xml(part)):
            if shape.find(f".//{P}nvPr/{P}ph") is None:
                self.loose += _texts(shape)

    def _notes(self, part: str) -> None:
        for shape in _shapes(self.parts.xml(part)):
            holder = shape.find(f".//{P}nvPr/{P}ph")
            if holder is None or holder.get("type") not in ("sldNum", "hdr", "ftr", "dt", "sldImg"):
                self.loose += _texts(shape)

    def _shape(
        self, shape: Any, name: str, bound: Bound | None, related: Mapping[str, tuple[str, str]]
    ) -> None:
        chart = next(shape.iter(_CHART), None)
        table = next(shape.iter(f"{A}tbl"), None)
        if chart is not None:
            self._chart(name, bound, related.get(str(chart.get(f"{R}id")), ("", ""))[1])
        elif table is not None:
            self._table(name, bound, table)
        elif shape.tag == f"{P}pic" and name.startswith("picture:"):
            blip = next(shape.iter(f"{A}blip"), None)
            target = related.get(str(blip.get(f"{R}embed")) if blip is not None else "", ("", ""))[1]
            self._put(name, self._pixels(target))
        elif name.startswith(("claim:", "cell:")):
            self._put(name, normal(" ".join(_texts(shape))))
        else:
            self.loose += _texts(shape)

    def _table(self, name: str, bound: Bound | None, table: Any) -> None:
        """Rows by their keys below a head; a table without a name is loose text."""
        rows = table.findall(f"{A}tr")
        ref, sign, place = name.removeprefix("table:").rpartition("@")
        if not name.startswith("table:") or not sign or bound is None:
            self.loose += _texts(table)
            return
        for number, row in enumerate(rows):
            for across, cell in enumerate(row.findall(f"{A}tc")):
                text = normal(" ".join(_texts(cell)))
                if number == 0:
                    self.loose += [text] if text else []
                    continue
                key = bound.rows[number - 1] if number <= len(bound.rows) else f"?{number}"
                column = bound.columns[across] if across < len(bound.columns) else f"?{across + 1}"
                self._put(cell_element(ref, key, column, place), text)

    def _chart(self, name: str, bound: Bound | None, part: str) -> None:
        if part not in self.parts.names:
            return
        figure = name.removeprefix("figure:") if name.startswith("figure:") else ""
        items, texts = chart_items(self.parts, part, figure, bound)
        for element, text in items:
            self._put(element, text)
        self.loose += texts

    def _pixels(self, part: str) -> str:
        """A picture's hash, by what is seen: programs pack pictures anew."""
        from PIL import Image, UnidentifiedImageError

        if part not in self.parts.names:
            return ""
        try:
            with Image.open(io.BytesIO(self.parts.part(part))) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise ValueError(f"{part}: > {MOST_PIXELS} pixels")
                return hashlib.sha256(picture.convert("RGB").tobytes()).hexdigest()
        except (OSError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError) as error:
            raise ValueError(f"{part}: {error}") from error

    def _put(self, mark: str, text: str) -> None:
        """A second element of one id is kept apart, so that a copy cannot hide the first."""
        copy = self.copies[mark] = self.copies.get(mark, 0) + 1
        self.items[mark if copy == 1 else f"{mark}+" if copy == 2 else f"{mark}+{copy}"] = text

    def _ours(self) -> tuple[Mapping[str, Any], dict[str, Bound]]:
        """The manifest and the names of cells, in whichever custom part a program left them."""
        for part in sorted(name for name in self.parts.names if _CUSTOM.fullmatch(name)):
            root = self.parts.xml(part)
            if root.tag != f"{{{MANIFEST}}}report":
                continue
            text = unpacked(root.findtext(f"{{{MANIFEST}}}manifest") or "", MOST_MANIFEST)
            made = json.loads(text, parse_constant=_no_number)
            if isinstance(made, dict):
                return made, all_found(root.findtext(f"{{{MANIFEST}}}bound") or "")
        return {}, {}

    def _document(self) -> str:
        """The id in the core properties, else in a footer."""
        if "docProps/core.xml" in self.parts.names:
            for item in self.parts.xml("docProps/core.xml").iter():
                if isinstance(item.tag, str) and item.tag.rpartition("}")[2] in ("identifier", "keywords"):
                    text = (item.text or "").strip()
                    if is_document_id(text):
                        return text
        ids = {match for text in self.loose for match in _ID.findall(text)}
        return ids.pop() if len(ids) == 1 else ""


_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"


def layout_texts(parts: Parts) -> list[str]:
    """Texts that layouts and masters in use put on slides."""
    reader = _Reader(parts)
    for part in reader.layouts():
        reader.under(part)
    return reader.loose


def _shapes(root: Any) -> Iterator[Any]:
    """Shapes of a slide, those inside groups and alternatives too."""
    for item in root.iter(*_SHAPES):
        if not any(above.tag in _SHAPES for above in item.iterancestors()):
            yield item


def _about(shape: Any) -> tuple[str, str]:
    """Name and title."""
    about = next(shape.iter(f"{P}cNvPr"), None)
    return ("", "") if about is None else (str(about.get("name", "")), str(about.get("title", "")))


def _is_title(shape: Any) -> bool:
    holder = shape.find(f"{P}nvSpPr/{P}nvPr/{P}ph")
    return holder is not None and holder.get("type") in ("title", "ctrTitle")


def _texts(shape: Any) -> list[str]:
    """Paragraphs in normal form, without fields such as the slide's number, without empty ones."""
    out = []
    for paragraph in shape.iter(f"{A}p"):
        pieces = []
        for child in paragraph:
            if child.tag == f"{A}r":
                pieces.append(str(child.findtext(f"{A}t") or ""))
            elif child.tag == f"{A}br":
                pieces.append(" ")
            elif child.tag == f"{A}fld" and not str(child.get("type", "")).startswith("slidenum"):
                pieces.append(str(child.findtext(f"{A}t") or ""))
        text = normal("".join(pieces))
        if text:
            out.append(text)
    return out


def _no_number(name: str) -> None:
    raise ValueError(name)
