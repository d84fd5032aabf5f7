"""One pass through the text of a Word file: which characters are shown, and in which marks they stand."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from keguan.render.docx.bound import Rows, line_of, values_of
from keguan.render.docx.styles import W
from keguan.render.docx.wml import NAMESPACES
from keguan.report.manifest import normal

_CLAIM = "claim:"
_ROW, _CELL, _LOOK = f"{W}tr", f"{W}tc", f"{W}rPr"
_TEXT, _CODE, _MARK, _DELETED_TEXT = f"{W}t", f"{W}instrText", f"{W}fldChar", f"{W}delText"
_VANISH, _VALUE, _MARK_KIND = f"{W}vanish", f"{W}val", f"{W}fldCharType"
_DELETED = {f"{W}del", f"{W}moveFrom"}
_SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": "\t"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NAME = f"{{{NAMESPACES['wp']}}}docPr"
_BLIP = f"{{{NAMESPACES['a']}}}blip"
_EMBED = f"{{{NAMESPACES['r']}}}embed"
_COUNTED = re.compile(r"\s*\"?(PAGE|NUMPAGES|PAGEREF|SEQ)\b", re.IGNORECASE)
_COUNT = re.compile(r"\s*\d{0,4}\s*")
_PAGE = re.compile(r"\t\s*\d{0,4}\s*$")


@dataclass
class _Field:
    """A field that is open: what it asks for, and, when it is a running number, its result so far."""

    code: str = ""
    result: list[str] | None = None


class Walk:
    """Sees a story (the main text, a header) once: marked texts go to `items`, the rest to `loose`.

    Running numbers (pages, figures) are left out: they change when something is put in before them.
    """

    def __init__(self, names: Mapping[str, Any], pictures: Mapping[str, bytes]) -> None:
        self.items: dict[str, str] = {}
        self.loose: list[str] = []
        self._names = names
        self._pictures = pictures
        self._marks: list[list[str]] = []  # texts of the elements that are being read
        self._fields: list[_Field] = []
        self._plain: list[str] = []
        self._entry = False
        self._copies: dict[str, int] = {}

    def story(self, node: Any) -> None:
        """Everything below an element, in order."""
        self._below(node)
        self._end()

    def _element(self, node: Any) -> None:
        kind = node.tag
        read = _READ.get(kind)
        if read is not None:
            read(self, node)
        elif isinstance(kind, str) and not kind.endswith("Pr"):
            self._below(node)

    def _below(self, node: Any) -> None:
        for child in node:
            self._element(child)

    def _nothing(self, node: Any) -> None:
        """What is not shown."""

    def _paragraph(self, node: Any) -> None:
        self._end()
        self._below(node)
        self._end()

    def _control(self, node: Any) -> None:
        known = [node.find(f"{W}sdtPr/{W}{name}") for name in ("tag", "alias")]
        tags = [str(item.get(f"{W}val", "")) for item in known if item is not None]
        lines, claims = self._names.get("lines", {}), self._names.get("claims", {})
        found = next((tag for tag in tags if tag.startswith(_CLAIM) or tag in lines), None)
        content = node.find(f"{W}sdtContent")
        if content is None:
            return
        if found is None:
            self._below(content)
            return
        text = self._text(content)
        if found in lines:
            elements = line_of(lines[found], text)
        else:
            self._put(found, text)
            elements = values_of(found, claims.get(found, ()), text)
        for id, shown in elements:
            self._put(id, shown)

    def _text(self, node: Any) -> str:
        """The text of an element that is marked."""
        if not self._marks:
            self._end()
        self._marks.append([])
        self._below(node)
        self._finish_fields()
        return normal("".join(self._marks.pop()))

    def _table(self, node: Any) -> None:
        rows = Rows(node, self._names.get("tables", []))
        for row in _rows(node):
            cells = list(_cells(row))
            ids = rows.elements(row, len(cells))
            for place, cell in enumerate(cells):
                id = ids[place] if place < len(ids) else None
                if id is None:
                    self._below(cell)
                else:
                    self._put(id, self._text(cell))

    def _run(self, node: Any) -> None:
        looks = (look.find(_VANISH) for look in node.iterchildren(_LOOK))
        hidden = next((found for found in looks if found is not None), None)
        if hidden is not None and hidden.get(_VALUE, "1") not in ("0", "false"):
            return
        for child in node:
            kind = child.tag
            if kind == _TEXT:
                self._say(child.text or "")
            elif kind in _SIGNS:
                self._say(_SIGNS[kind])
            elif kind == _CODE:
                if self._fields:
                    self._fields[-1].code += child.text or ""
            elif kind == _MARK:
                self._field(str(child.get(_MARK_KIND)))
            elif kind not in (_LOOK, _DELETED_TEXT):
                self._element(child)

    def _say(self, text: str) -> None:
        if self._fields and self._fields[-1].result is not None:
            self._fields[-1].result.append(text)
        elif self._marks:
            for mark in self._marks:
                mark.append(text)
        else:
            self._plain.append(text)

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            if _COUNTED.match(self._fields[-1].code):
                self._fields[-1].result = []
        elif kind == "end" and self._fields:
            self._close(self._fields.pop())

    def _close(self, closed: _Field) -> None:
        if re.match(r"\s*PAGEREF\b", closed.code, re.IGNORECASE):
            self._entry = True
        text = "".join(closed.result or ())
        if text and not _COUNT.fullmatch(text):
            self._say(text)

    def _finish_fields(self) -> None:
        """Running numbers do not reach over the end of a paragraph."""
        for number, item in enumerate(self._fields):
            if item.result is not None:
                self._fields[number] = _Field()
                self._close(item)

    def _simple(self, node: Any) -> None:
        opened = _Field(str(node.get(f"{W}instr", "")))
        opened.result = [] if _COUNTED.match(opened.code) else None
        self._fields.append(opened)
        self._below(node)
        if self._fields and self._fields[-1] is opened:
            self._close(self._fields.pop())

    def _picture(self, node: Any) -> None:
        name = str(node.get("name", ""))
        if name.startswith("picture:"):
            blip = next(node.getparent().iter(_BLIP), None)
            content = self._pictures.get(str(blip.get(_EMBED)), b"") if blip is not None else b""
            self._put(name, hashlib.sha256(content).hexdigest())

    def _end(self) -> None:
        """The end of a paragraph."""
        self._finish_fields()
        for mark in self._marks:
            mark.append("\n")
        if self._plain:
            text = "".join(self._plain)
            self._plain = []
            shown = normal(_PAGE.sub("", text) if self._entry else text)
            if shown:
                self.loose.append(shown)
        self._entry = False

    def _put(self, id: str, text: str) -> None:
        """A second element of one id is kept apart, so that a copy cannot hide the first."""
        copy = self._copies[id] = self._copies.get(id, 0) + 1
        self.items[id if copy == 1 else f"{id}+" if copy == 2 else f"{id}+{copy}"] = text


_READ: Mapping[Any, Callable[[Walk, Any], None]] = {
    **dict.fromkeys([*_DELETED, _FALLBACK], Walk._nothing),
    f"{W}p": Walk._paragraph,
    f"{W}r": Walk._run,
    f"{W}tbl": Walk._table,
    f"{W}sdt": Walk._control,
    f"{W}fldSimple": Walk._simple,
    _NAME: Walk._picture,
}


def _rows(node: Any) -> Iterator[Any]:
    """Rows of a table, also those inside content controls and marks of insertion."""
    for child in node:
        if child.tag == _ROW:
            deleted = child.find(f"{W}trPr/{W}del")
            if deleted is None:
                yield child
        elif child.tag not in _DELETED and isinstance(child.tag, str) and not child.tag.endswith("Pr"):
            yield from _rows(child)


def _cells(node: Any) -> Iterator[Any]:
    for child in node:
        if child.tag == _CELL:
            yield child
        elif isinstance(child.tag, str) and child.tag not in _DELETED and not child.tag.endswith("Pr"):
            yield from _cells(child)
