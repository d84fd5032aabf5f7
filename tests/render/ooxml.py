"""What the Open XML SDK's validator would name in our files, as far as it can be told without it.

Packages: content types, relationships, unused and missing ids. Parts: order of children, ids that must be single,
names that must exist, text fields that must be closed, limits of length. Each fault is one line.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from lxml import etree

from render.ooxml_order import CELLS, CHART, PLACED, PLACES, SLIDES, WORD

W, P, C, S = (f"{{{space}}}" for space in (WORD, SLIDES, CHART, CELLS))
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# Relationships that name a part by their kind alone; all others are named by an id in the part.
_BY_KIND = set(
    "styles settings webSettings fontTable theme numbering customXml customXmlProps officeDocument core-properties "  # noqa: SIM905
    "extended-properties custom-properties thumbnail stylesWithEffects notesMaster slideLayout slideMaster slide "
    "notesSlide presProps viewProps tableStyles sharedStrings printerSettings metadata calcChain endnotes footnotes".split()
)


def faults(content: bytes) -> list[str]:
    """Every fault of a .docx, .pptx or .xlsx."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    trees = {name: etree.fromstring(data) for name, data in parts.items() if name.endswith((".xml", ".rels"))}
    out = [*_package(parts, trees)]
    for name, tree in trees.items():
        if not name.startswith("customXml/"):
            out += [f"{name}: {fault}" for fault in (*_order(tree), *_part(tree))]
    out += _styles(trees)
    return out


def _package(parts: dict[str, bytes], trees: dict[str, Any]) -> Iterator[str]:
    yield from (f"two parts {name}" for name in _twice(name.lower() for name in parts))
    types = trees["[Content_Types].xml"]
    defaults = {str(item.get("Extension")).lower() for item in types.iter(f"{_TYPES}Default")}
    overrides = [str(item.get("PartName")).lstrip("/") for item in types.iter(f"{_TYPES}Override")]
    yield from (f"two types of {name}" for name in _twice(overrides))
    yield from (f"type of a missing part {name}" for name in overrides if name not in parts)
    for name in parts:
        by_end = name.rpartition(".")[2].lower() in defaults
        if name != "[Content_Types].xml" and name not in overrides and not by_end:
            yield f"no content type for {name}"
    for name, tree in trees.items():
        if name.endswith(".rels"):
            yield from (f"{name}: {fault}" for fault in _relations(name, tree, parts, trees))


def _relations(name: str, tree: Any, parts: dict[str, bytes], trees: dict[str, Any]) -> Iterator[str]:
    folder, file = posixpath.split(name.removesuffix(".rels"))
    source = posixpath.join(posixpath.dirname(folder), file)
    ids = [str(item.get("Id")) for item in tree]
    yield from (f"id {id} twice" for id in _twice(ids))
    named = set(_named(trees[source])) if source in trees else set()
    if source in trees:
        yield from (f"{id} is no relationship of {source}" for id in sorted(named - set(ids)))
    for item in tree:
        kind = str(item.get("Type")).rpartition("/")[2]
        if file and kind not in _BY_KIND and item.get("Id") not in named:
            yield f"{item.get('Id')} ({kind}) is not used"
        if item.get("TargetMode") != "External":
            target = str(item.get("Target"))
            base = "" if target.startswith("/") else posixpath.dirname(source)
            if posixpath.normpath(posixpath.join(base, target.lstrip("/"))) not in parts:
                yield f"{item.get('Id')} leads to {target}, which is not there"


def _named(tree: Any) -> Iterator[str]:
    for element in tree.iter(etree.Element):
        for key, value in element.attrib.items():
            if key.startswith(f"{{{_RELATIONS}}}") and value:
                yield str(value)


def _order(tree: Any) -> Iterator[str]:
    for element in tree.iter(etree.Element):
        places = PLACES.get(element.tag)
        if places is None:
            continue
        last, before = -1, ""
        for child in element.iterchildren(etree.Element):
            name = etree.QName(child).localname
            if name not in places:
                if etree.QName(child).namespace == etree.QName(element).namespace:
                    yield f"<{etree.QName(element).localname}> cannot hold <{name}>"
                continue
            place = places[name]
            if place < last:
                yield f"<{etree.QName(element).localname}>: <{name}> after <{before}>"
            last, before = max(last, place), name


def _part(tree: Any) -> Iterator[str]:
    yield from (f"docPr id {id} twice" for id in _twice(_all(tree, f"{{{PLACED}}}docPr", "id")))
    yield from _bookmarks(tree)
    yield from (f"sdt id {id} twice" for id in _twice(_all(tree, f"{W}id", f"{W}val")))
    yield from _fields(tree)
    for cell in tree.iter(f"{W}tc"):
        if not len(cell) or cell[-1].tag != f"{W}p":
            yield "a table cell that does not end with a paragraph"
    for table in tree.iter(f"{W}tbl"):
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        for row in table.findall(f"{W}tr"):
            spans = [item.get(f"{W}val") for item in row.findall(f"{W}tc/{W}tcPr/{W}gridSpan")]
            if len(row.findall(f"{W}tc")) + sum(int(span) - 1 for span in spans) != columns:
                yield "a row with other columns than its table"
    yield from (f"docVar {name} twice" for name in _twice(_all(tree, f"{W}docVar", f"{W}name")))
    if any(len(value) > 65280 for value in _all(tree, f"{W}docVar", f"{W}val")):
        yield "docVar longer than 65,280"
    if tree.tag in {f"{P}sld", f"{P}notes"}:
        yield from (f"shape id {id} twice" for id in _twice(_all(tree, f"{P}cNvPr", "id")))
    slides = _all(tree, f"{P}sldId", "id")
    yield from (f"slide id {id}" for id in (*_twice(slides), *(id for id in slides if int(id) < 256)))
    yield from _chart(tree)
    yield from _sheet(tree)


def _bookmarks(tree: Any) -> Iterator[str]:
    starts, ends = _all(tree, f"{W}bookmarkStart", f"{W}id"), _all(tree, f"{W}bookmarkEnd", f"{W}id")
    yield from (f"bookmark id {id} twice" for id in _twice(starts))
    if sorted(starts) != sorted(ends):
        yield "bookmarks that do not end, or end without a beginning"
    names = _all(tree, f"{W}bookmarkStart", f"{W}name")
    yield from (f"bookmark {name} twice" for name in _twice(name.lower() for name in names))
    yield from (f"bookmark {name} longer than 40" for name in names if len(name) > 40)
    if tree.tag == f"{W}document":
        gone = set(_all(tree, f"{W}hyperlink", f"{W}anchor")) - set(names)
        yield from (f"a link to {name}, which is no bookmark" for name in sorted(gone))


def _fields(tree: Any) -> Iterator[str]:
    depth = 0
    for mark in tree.iter(f"{W}fldChar"):
        kind = mark.get(f"{W}fldCharType")
        depth += {"begin": 1, "end": -1}.get(kind, 0)
        if depth < 0 or (kind == "separate" and not depth):
            yield "a field that ends before it begins"
    if depth:
        yield "a field that does not end"


def _chart(tree: Any) -> Iterator[str]:
    if tree.tag != f"{C}chartSpace":
        return
    axes = {
        str(axis.find(f"{C}axId").get("val"))
        for kind in ("catAx", "valAx", "dateAx")
        for axis in tree.iter(f"{C}{kind}")
    }
    yield from (
        f"axis id {id} is no unsigned number" for id in axes if not id.isdigit() or int(id) >= 1 << 32
    )
    used = {
        str(item.get("val")) for plot in tree.iter(f"{C}plotArea") for item in plot.iterfind(f"*/{C}axId")
    }
    crossed = set(_all(tree, f"{C}crossAx", "val"))
    yield from (f"axis {id} is not there" for id in sorted((used | crossed) - axes))
    for cache in (*tree.iter(f"{C}strCache"), *tree.iter(f"{C}numCache")):
        count = int(cache.find(f"{C}ptCount").get("val"))
        if any(int(point.get("idx")) >= count for point in cache.iter(f"{C}pt")):
            yield "a cached point beyond the count"
    yield from (
        f"series {id} twice" for id in _twice(item.get("val") for item in tree.iterfind(f".//{C}ser/{C}idx"))
    )


def _sheet(tree: Any) -> Iterator[str]:
    if tree.tag == f"{S}workbook":
        names = [name.lower() for name in _all(tree, f"{S}sheet", "name")]
        yield from (f"sheet {name} twice" for name in _twice(names))
        yield from (
            f"sheet name {name}" for name in names if len(name) > 31 or re.search(r"[\[\]:*?/\\]", name)
        )
        defined = [
            (item.get("name").lower(), item.get("localSheetId")) for item in tree.iter(f"{S}definedName")
        ]
        yield from (f"name {name} defined twice" for name in _twice(defined))
    if tree.tag != f"{S}worksheet":
        return
    rows = [int(row.get("r")) for row in tree.iter(f"{S}row")]
    if any(after <= before for before, after in pairwise(rows)):
        yield "rows out of order"
    for row in tree.iter(f"{S}row"):
        columns = [_column(cell.get("r")) for cell in row]
        if any(after <= before for before, after in pairwise(columns)):
            yield f"cells of row {row.get('r')} out of order"


def _column(cell: str) -> int:
    number = 0
    for letter in re.sub(r"\d", "", cell):
        number = number * 26 + ord(letter) - 64
    return number


def _styles(trees: dict[str, Any]) -> Iterator[str]:
    if "word/styles.xml" not in trees:
        return
    known = _all(trees["word/styles.xml"], f"{W}style", f"{W}styleId")
    yield from (f"style {id} twice" for id in _twice(known))
    for name, tree in trees.items():
        if name.startswith("word/"):
            kinds = ("pStyle", "rStyle", "tblStyle", "basedOn", "link", "next")
            asked = {value for kind in kinds for value in _all(tree, f"{W}{kind}", f"{W}val")}
            yield from (f"{name}: no style {id}" for id in sorted(asked - set(known)))


def _all(tree: Any, tag: str, key: str) -> list[str]:
    return [str(item.get(key)) for item in tree.iter(tag) if item.get(key) is not None]


def _twice(values: Iterable[Any]) -> list[Any]:
    return [value for value, count in Counter(values).items() if count > 1]
