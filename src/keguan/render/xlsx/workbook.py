"""A workbook taken apart: what each cell shows, its ranges by name, and the texts that float over the sheets."""

from __future__ import annotations

import hashlib
import posixpath
import re
from dataclasses import dataclass, field
from functools import lru_cache
from string import digits
from xml.etree.ElementTree import Element

from keguan.render.xlsx.archive import Archive
from keguan.render.xlsx.numbers import BUILT_IN, shown

At = tuple[str, int, int]  # sheet, row and column from 0
MOST_CELLS = 2_000_000
COLUMN_LETTERS = 3
MOST_CODE = 255  # letters of a number format; Excel takes no longer one
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_AREA = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")
_SUM = re.compile(r"SUM\(\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)\)")


@dataclass(frozen=True, slots=True)
class Area:
    """Cells from `first` to `last`, rows and columns from 0."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Workbook:
    """What a workbook shows. `texts` of cells that are not empty; `floating`: of drawings, charts and comments;
    `pictures`: their hashes."""

    texts: dict[At, str] = field(default_factory=dict)
    numbers: dict[At, float] = field(default_factory=dict)
    names: dict[str, Area] = field(default_factory=dict)
    sheets: list[str] = field(default_factory=list)
    floating: list[str] = field(default_factory=list)
    pictures: set[str] = field(default_factory=set)
    document: str = ""


def local(element: Element) -> str:
    """An element's name without its namespace: strict and transitional files differ in that alone."""
    return element.tag.rpartition("}")[2]


def children(element: Element | None, name: str) -> list[Element]:
    """Elements of one name below another, at any depth."""
    if element is None:
        return []
    end = "}" + name
    return [item for item in element.iter() if item.tag.endswith(end) or item.tag == name]


def open_workbook(archive: Archive) -> Workbook:
    """Everything a workbook shows. InputError when a part is broken or too large; ValueError when it is no workbook."""
    root = archive.xml("xl/workbook.xml")
    if root is None:
        raise ValueError("xl/workbook.xml: –")
    book = Workbook()
    strings = [_string(item) for item in children(archive.xml("xl/sharedStrings.xml"), "si")]
    formats = _formats(archive.xml("xl/styles.xml"))
    from_1904 = any(item.get("date1904") in ("1", "true") for item in children(root, "workbookPr"))
    paths = _relations(archive, "xl/_rels/workbook.xml.rels", "xl")
    for sheet in children(root, "sheet"):
        name = sheet.get("name", "")
        id = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        book.sheets.append(name)
        _Cells(book, name, strings, formats, from_1904).read(archive.xml(paths.get(id, "")))
    for item in children(root, "definedName"):
        area = area_of(item.text or "")
        if area is not None:
            book.names[item.get("name", "")] = area
    book.floating = _floating(archive)
    book.pictures = {
        hashlib.sha256(archive.part(path) or b"").hexdigest()
        for path in archive.names()
        if path.startswith("xl/media/")
    }
    book.document = _document(archive)
    return book


def area_of(reference: str) -> Area | None:
    """The cells that a reference such as 'Sheet'!$A$1:$B$2 names; None for any other."""
    match = _AREA.fullmatch(reference.strip())
    if match is None:
        return None
    sheet = match[1].replace("''", "'") if match[1] else match[2]
    top, left = int(match[4]) - 1, column_number(match[3])
    bottom, right = (int(match[6]) - 1, column_number(match[5])) if match[5] else (top, left)
    return Area(sheet, top, left, bottom, right)


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """A column's number from 0 by its letters. ValueError for what cannot be a column."""
    if len(letters) > COLUMN_LETTERS or not letters.isalpha():
        raise ValueError(f"column {letters[:COLUMN_LETTERS]}")
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _relations(archive: Archive, path: str, folder: str) -> dict[str, str]:
    out = {}
    for item in children(archive.xml(path), "Relationship"):
        target = item.get("Target", "")
        whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
        out[item.get("Id", "")] = whole
    return out


def _string(item: Element) -> str:
    """A string's runs, without the readings that East Asian texts may carry."""
    out = []
    for child in item:
        if local(child) == "t":
            out.append(child.text or "")
        elif local(child) == "r":
            out += [piece.text or "" for piece in child if local(piece) == "t"]
    return _unescaped("".join(out))


def _unescaped(text: str) -> str:
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _formats(root: Element | None) -> list[str]:
    """The number format of each cell style."""
    own = {int(item.get("numFmtId", "0")): item.get("formatCode", "") for item in children(root, "numFmt")}
    known = {**BUILT_IN, **own}
    styles = next(iter(children(root, "cellXfs")), None)
    codes = [known.get(int(item.get("numFmtId", "0")), "General") for item in children(styles, "xf")]
    return [code if len(code) <= MOST_CODE else "General" for code in codes]


@dataclass
class _Cells:
    """Reads the cells of one sheet."""

    book: Workbook
    sheet: str
    strings: list[str]
    formats: list[str]
    from_1904: bool

    def read(self, root: Element | None) -> None:
        sums: list[tuple[At, str, str]] = []
        data = None if root is None else next((item for item in root if local(item) == "sheetData"), None)
        row = -1
        for line in data if data is not None else ():
            row = int(line.get("r", row + 2)) - 1
            column = -1
            for cell in line:
                letters = cell.get("r", "").rstrip(digits)
                column = column_number(letters) if letters else column + 1
                if len(cell):
                    self._cell(cell, (self.sheet, row, column), sums)
                if len(self.book.texts) > MOST_CELLS:
                    raise ValueError(f"> {MOST_CELLS} cells")
        for at, formula, code in sums:
            self._formula(at, formula, code)

    def _cell(self, cell: Element, at: At, sums: list[tuple[At, str, str]]) -> None:
        """A cell that holds something."""
        kind = cell.get("t", "n")
        parts = {item.tag.rpartition("}")[2]: item for item in cell}
        value = parts["v"].text or "" if "v" in parts else ""
        text, style = "", int(cell.get("s", "0"))
        code = self.formats[style] if style < len(self.formats) else "General"
        if kind == "s" and value:
            place = int(value)
            text = self.strings[place] if 0 <= place < len(self.strings) else ""
        elif kind == "inlineStr" and "is" in parts:
            text = _string(parts["is"])
        elif kind == "b":
            text = {"1": "TRUE", "0": "FALSE"}.get(value, value)
        elif kind in ("str", "e", "d"):
            text = _unescaped(value)
        elif value:
            number = float(value)
            self.book.numbers[at] = number
            text = shown(number, code, from_1904=self.from_1904)
        if "f" in parts:
            sums.append((at, parts["f"].text or "", code))
        if text:
            self.book.texts[at] = text

    def _formula(self, at: At, formula: str, code: str) -> None:
        """A sum shows what its cells add up to, whatever value the file keeps for it; other formulas are told."""
        match = _SUM.fullmatch(formula.strip())
        if match is None:
            kept = self.book.texts.get(at, "")
            self.book.texts[at] = f"{kept} (={formula})" if kept else f"={formula}"
            return
        rows = range(int(match[2]) - 1, int(match[4]))
        columns = range(column_number(match[1]), column_number(match[3]) + 1)
        if len(rows) * len(columns) > MOST_CELLS:
            raise ValueError(f"> {MOST_CELLS} cells")
        cells = [(self.sheet, row, column) for row in rows for column in columns]
        total = sum(self.book.numbers.get(cell, 0.0) for cell in cells)
        self.book.numbers[at] = total
        self.book.texts[at] = shown(total, code, from_1904=self.from_1904)


def _floating(archive: Archive) -> list[str]:
    """Paragraphs of text boxes, of charts, of comments."""
    out = []
    for path in sorted(archive.names()):
        if path.startswith(("xl/drawings/drawing", "xl/charts/chart")) and path.endswith(".xml"):
            paragraphs = children(archive.xml(path), "p")
            out += ["".join(piece.text or "" for piece in children(item, "t")) for item in paragraphs]
        elif path.startswith(("xl/comments", "xl/threadedComments/")) and path.endswith(".xml"):
            out += [
                "".join(piece.text or "" for piece in item.iter())
                for item in children(archive.xml(path), "text")
            ]
    return [text for text in out if text.strip()]


def _document(archive: Archive) -> str:
    """The id in the properties: its own one, else the keywords."""
    for item in children(archive.xml("docProps/custom.xml"), "property"):
        if item.get("name") == "keguan-document":
            return "".join(piece.text or "" for piece in item.iter()).strip()
    words = children(archive.xml("docProps/core.xml"), "keywords")
    return (words[0].text or "").strip() if words else ""
