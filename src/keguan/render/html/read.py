"""What an HTML report shows now: the text of every marked element, and a hash of everything else.

Nothing in the file is run or followed, and a file made to exhaust the
reader (too large, marks nested too deep or never closed) is refused.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from keguan.render.charts.draw import drawn
from keguan.render.forms import no_report
from keguan.render.html.tokens import walk
from keguan.render.marks import Marked
from keguan.render.markup import unpacked
from keguan.report.manifest import (
    advice_element,
    cell_element,
    datum_element,
    normal,
    picture_element,
    value_element,
)

VOID = {"meta", "link", "br", "hr", "img", "input", "wbr"}
MANIFEST = "manifest"
FIGURES = "figures"
MOST_BYTES = 32 << 20  # reports have some 2 to 4 MB
MOST_NESTED = 400  # elements inside each other


def read(content: bytes, name: str) -> Marked:
    """The marks of a report file. InputError when it is no report."""
    if len(content) > MOST_BYTES:
        raise no_report(name, f"> {MOST_BYTES >> 20} MB")
    try:
        text = content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise no_report(name, "UTF-8: –") from error
    try:
        marked = parse(text)
    except (ValueError, RecursionError, OverflowError) as error:
        raise no_report(name, str(error)) from None
    if not marked.manifest:
        raise no_report(name, "manifest: –")
    return marked


def parse(text: str) -> Marked:
    """The marks of a report held in memory. ValueError when it cannot be taken apart."""
    reader = _Reader()
    walk(text, reader)
    document = str(reader.manifest.get("document_id", ""))
    return Marked(reader.items, reader.manifest, document, reader.other.hexdigest())


@dataclass(slots=True)
class _Mark:
    """An element that is being read and whose text is marked: its element id, its text so far."""

    id: str
    text: list[str] = field(default_factory=list)


class _Reader:
    """Sees the pieces of a page once. Marked text goes to `items`, the rest in normal form into the hash."""

    def __init__(self) -> None:
        self.items: dict[str, str] = {}
        self.copies: dict[str, int] = {}
        self.other = hashlib.sha256()
        self.manifest: dict[str, Any] = {}
        self.open: list[tuple[str, _Mark | None]] = []  # elements that are being read, by tag
        self.marks: list[_Mark] = []  # those of them that are marked
        self.table: dict[str, str] = {}
        self.columns: list[str] = []
        self.row = ""
        self.cell = 0
        self.claim = ("", "")

    def start(self, tag: str, known: dict[str, str]) -> None:
        mark = self._mark(tag, known)
        shape = " ".join([f"{name}={value}" for name, value in sorted(known.items())])
        self._rest(f"<{tag} {shape}>")
        if tag not in VOID:
            if len(self.open) == MOST_NESTED:
                raise ValueError(f"> {MOST_NESTED} elements inside each other")
            opened = None if mark is None else _Mark(mark)
            self.open.append((tag, opened))
            if opened is not None:
                self.marks.append(opened)

    def end(self, tag: str) -> None:
        while self.open:
            closed, mark = self.open.pop()
            if mark is not None:
                self.marks.pop()
                self._close(mark)
            if closed == "table":
                self.table = {}
            if closed == tag:
                break
        self._rest(f"</{tag}>")

    def text(self, data: str) -> None:
        for mark in self.marks:
            mark.text.append(data)
        if not self.marks and data.strip():
            self._hash(normal(data))

    def aside(self, piece: str) -> None:
        self._rest(piece)

    def _hash(self, piece: str) -> None:
        self.other.update(f"{piece}\n".encode("utf-8", "surrogatepass"))

    def _rest(self, piece: str) -> None:
        """Tags are 'other parts', but inside a picture they belong to the picture."""
        for mark in self.marks:
            if mark.id.startswith("picture:"):
                mark.text.append(piece)
                return
        self._hash(piece)

    def _mark(self, tag: str, known: dict[str, str]) -> str | None:
        if "data-claim" in known:
            self.claim = (known["data-claim"], known.get("data-place", ""))
            return f"claim:{known['data-claim']}@{known.get('data-place', '')}"
        if "data-advice" in known:
            return advice_element(known["data-advice"], known.get("data-place", ""))
        if "data-value" in known:
            return value_element(*self.claim, known["data-value"])
        if "data-value-of" in known:
            return value_element(self.claim[0], "cells", known["data-value-of"])
        if "data-cell" in known:
            return f"cell:{known['data-cell']}@{known.get('data-place', '')}"
        if "data-picture" in known:
            return picture_element(known["data-picture"])
        if tag == "script" and known.get("id") in {MANIFEST, FIGURES}:
            return f"script:{known['id']}"
        return self._mark_cell(tag, known)

    def _mark_cell(self, tag: str, known: dict[str, str]) -> str | None:
        if tag == "table" and "data-table" in known:
            self.table, self.columns = known, known.get("data-columns", "").split(" ")
        elif tag == "tr":
            self.row, self.cell = known.get("data-row", ""), 0
        elif tag in {"td", "th"} and self.table and self.row:
            self.cell += 1
            column = self.columns[self.cell - 1] if self.cell <= len(self.columns) else f"?{self.cell}"
            return cell_element(self.table["data-table"], self.row, column, self.table.get("data-place", ""))
        return None

    def _close(self, closed: _Mark) -> None:
        mark, text = closed.id, "".join(closed.text)
        if mark.startswith("script:"):
            self._script(mark.removeprefix("script:"), text)
        elif mark.startswith("picture:"):
            self._put(mark, hashlib.sha256(normal(text).encode()).hexdigest())
        else:
            self._put(mark, normal(text))

    def _put(self, mark: str, text: str) -> None:
        """A second element of one id is kept apart, so that a copy cannot hide the first."""
        copy = self.copies[mark] = self.copies.get(mark, 0) + 1
        self.items[mark if copy == 1 else f"{mark}+" if copy == 2 else f"{mark}+{copy}"] = text

    def _script(self, id: str, text: str) -> None:
        try:
            content = json.loads(unpacked(text, MOST_BYTES), parse_constant=_no_number)
        except ValueError:
            self._hash(text)
            return
        if id == FIGURES and isinstance(content, dict):
            content = {figure: self._data(figure, option) for figure, option in content.items()}
        elif id == MANIFEST and isinstance(content, dict):
            self.manifest = content
            content = {name: value for name, value in content.items() if name != "other"}
        self._hash(json.dumps(content, ensure_ascii=False, sort_keys=True))

    def _data(self, figure: str, node: Any) -> Any:
        """Takes the data out of a chart's option; what is left is 'other parts'."""
        if isinstance(node, list):
            return [self._data(figure, item) for item in node]
        if not isinstance(node, dict):
            return node
        rest = {name: self._data(figure, item) for name, item in node.items()}
        if "cell" in node:
            label = rest.get("label")
            told = label.pop("formatter", "") if isinstance(label, dict) else ""
            parts = [drawn(rest.pop("value", None)), str(rest.pop("shown", "")), str(told)]
            self._put(datum_element(figure, str(node["cell"])), " · ".join(part for part in parts if part))
        return rest


def _no_number(name: str) -> None:
    """NaN and Infinity, which Python reads and JSON does not have."""
    raise ValueError(name)
