"""The PDF form: the document as data, set by typst with fixed sources, read back before it is handed out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import resources
from typing import Any

from keguan.render.charts.pictures import Pictures
from keguan.render.font import typst_fonts
from keguan.render.forms import Options, Rendered
from keguan.render.marks import Marked
from keguan.render.pdf.content import content
from keguan.render.pdf.letters import cell, printed
from keguan.render.pdf.read import read
from keguan.report.document import Document

SOURCES = ("main.typ", "data.typ", "cover.typ", "text.typ", "tables.typ", "evidence.typ")


def write(document: Document, pictures: Pictures, options: Options) -> Rendered:
    """One file with its fonts, pictures and manifest inside; it takes no template.

    ValueError when the pages do not show what the document says (a renderer's fault).
    """
    data, sheet, files = content(document, pictures, options)
    order = {"leaves": sheet.leaves, "pictures": sheet.pictures}
    given = {"data": data, "manifest": document.manifest, "elements": order}
    made = _compiled({**_sources(), **files}, given, written(document), options)
    shows = read(made, "pdf")
    _agree(document, shows)
    return Rendered(made, shows.other)


def written(document: Document) -> datetime:
    """The moment that the file bears: that of its manifest, else the day it speaks of; never a clock's."""
    try:
        at = datetime.fromisoformat(str(document.manifest["generated"]))
    except (KeyError, ValueError):
        at = datetime(document.as_of.year, document.as_of.month, document.as_of.day, tzinfo=UTC)
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _sources() -> dict[str, bytes]:
    folder = resources.files("keguan.render.pdf")
    return {name: (folder / name).read_bytes() for name in SOURCES}


def _compiled(files: dict[str, bytes], given: Mapping[str, Any], at: datetime, options: Options) -> bytes:
    """`given` goes in as inputs and not as files: the compiler parses each file as source first, megabytes of data too."""
    import typst

    # The package's types leave out that sources may come as a dict of files in memory.
    sources: Any = files
    made: Any = typst.compile(
        sources,
        format="pdf",
        font_paths=typst_fonts(),
        sys_inputs={name: _json(value) for name, value in given.items()},
        timestamp=int(at.timestamp()),
        pdf_standards="a-3b" if options.archival else "1.7",
    )
    return bytes(made)


def _agree(document: Document, shows: Marked) -> None:
    """Every element of the manifest stands on the pages, as this form prints its text."""
    found = shows.items
    wrong = [
        name
        for name, text in document.on_paper().items()
        if name not in found
        or (found[name] not in (text, printed(text), cell(text)) and f"{name}+" not in found)
    ]
    if wrong:
        raise ValueError(f"the pages do not show {len(wrong)} elements as composed, first {wrong[0]}")
