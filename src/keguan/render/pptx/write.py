"""Document -> a PowerPoint file: planned, drawn, bound to its manifest, the same bytes each time."""

from __future__ import annotations

import json
import re
from datetime import datetime, time
from typing import Any

from keguan.render.charts.pictures import Pictures
from keguan.render.forms import Options, Rendered
from keguan.render.marks import Marked
from keguan.render.markup import packed
from keguan.render.pptx import template
from keguan.render.pptx.bound import all_written
from keguan.render.pptx.deck import Deck
from keguan.render.pptx.ink import clean
from keguan.render.pptx.notepart import NotePages
from keguan.render.pptx.notes import Notes
from keguan.render.pptx.package import saved
from keguan.render.pptx.pages import Pages
from keguan.render.pptx.plan import plan
from keguan.render.pptx.read import MANIFEST, read
from keguan.report.document import Document
from keguan.report.manifest import normal

NAME = "report.pptx"
_COPY = re.compile(r"\+\d*$")  # an element that stands twice


def write(document: Document, pictures: Pictures, options: Options) -> Rendered:
    """The whole deck. InputError when a template cannot be used; ValueError when the deck does not show what
    the document says (a renderer's fault)."""
    chosen = options.templates.get("pptx")
    deck = template.company(chosen, document.language) if chosen else Deck.own(document.language)
    planned = plan(document)
    pages, notes, below = Pages(planned, pictures), Notes.of(document), NotePages()
    made = [deck.add(slide) for slide in planned.slides]
    for slide, drawn in zip(planned.slides, made, strict=True):
        canvas = deck.canvas(slide, drawn)
        pages.draw(slide, canvas, made)
        deck.foot(canvas, document)
        below.add(drawn, notes.under(slide), canvas.ink)
    _properties(deck.presentation, document)
    _manifest(deck, document)
    content = saved(deck.presentation)
    _agree(document, read(content, NAME))
    return Rendered(content, template_texts=template.texts(content) if chosen else ())


def _properties(presentation: Any, document: Document) -> None:
    """Core properties, without a clock; they bear the document's id."""
    core = presentation.core_properties
    id = str(document.manifest.get("document_id", ""))
    moment = datetime.combine(document.as_of, time())
    core.title = clean(" · ".join(part for part in (document.title, document.subtitle) if part))[:255]
    core.subject = clean(document.subtitle)[:255]
    core.author = core.last_modified_by = "Keguan"
    core.keywords = core.identifier = id
    core.comments = clean(document.generated)[:255]
    core.language = "zh-CN" if document.language == "zh" else "en-US"
    core.created = core.modified = moment
    core.revision = 1


def _manifest(deck: Deck, document: Document) -> None:
    """The manifest and the names of cells as a custom part, which PowerPoint and LibreOffice keep."""
    from pptx.opc.package import Part
    from pptx.opc.packuri import PackURI

    presentation = deck.presentation
    package = presentation.part.package
    text = packed(json.dumps(document.manifest, ensure_ascii=False))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><report xmlns="{MANIFEST}"><manifest>{text}</manifest>'
        f"<bound>{all_written(deck.common.bounds)}</bound></report>"
    )
    taken = {str(part.partname) for part in package.iter_parts()}
    number = next(place for place in range(1, 10_000) if f"/customXml/item{place}.xml" not in taken)
    item = Part(PackURI(f"/customXml/item{number}.xml"), "application/xml", package, content.encode())
    properties = (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?><ds:datastoreItem '
        'ds:itemID="{5C0E9E0F-6D2A-4B7B-9C55-6B6567756131}" '
        'xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"><ds:schemaRefs>'
        f'<ds:schemaRef ds:uri="{MANIFEST}"/></ds:schemaRefs></ds:datastoreItem>'
    )
    kind = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
    about = Part(PackURI(f"/customXml/itemProps{number}.xml"), kind, package, properties.encode())
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    item.relate_to(about, f"{base}/customXmlProps")
    presentation.part.relate_to(item, f"{base}/customXml")


def _agree(document: Document, found: Marked) -> None:
    """Every claim, cell and card that the deck shows says what the manifest says."""
    wanted = document.manifest.get("items", {})
    wrong = [
        name
        for name, text in found.items.items()
        if not name.startswith(("datum:", "picture:"))
        and normal(clean(wanted.get(_COPY.sub("", name), ""))) != text
    ]
    said = {name for name in wanted if name.startswith("claim:") and not name.endswith("@evidence")}
    wrong += sorted(said - set(found.items))
    if wrong:
        raise ValueError(f"the deck does not show {len(wrong)} elements as composed, first {wrong[0]}")
