"""What a Word report is written into: an empty document of python-docx, or a company's template.

Of a template the styles, the page, its header and footer are kept; its text is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from lxml import etree

from keguan.core.errors import InputError, KeguanError, Where
from keguan.core.text import Language, Text, same
from keguan.render import theme
from keguan.render.docx.looks import REPORT, WORD
from keguan.render.docx.package import unpacked
from keguan.render.docx.styles import W, add, defaults
from keguan.render.docx.walk import Walk
from keguan.render.docx.wml import DECLARED, twips

_MARGINALS = (f"{W}headerReference", f"{W}footerReference")
_MOST_BYTES = 64 << 20
_OF_TEXT = {  # kinds of relations
    "image", "hyperlink", "comments", "commentsExtended", "commentsIds", "commentsExtensible", "people", "chart",
    "oleObject", "package", "diagramData", "diagramLayout", "diagramQuickStyle", "diagramColors", "aFChunk",
}  # fmt: skip


@dataclass(frozen=True)
class Base:
    """A document without text: python-docx's object, ids of styles by name, the width of the text in
    millimetres, the texts that a template brings, whether it is a template."""

    document: Any
    styles: dict[str, str]
    width: float
    texts: tuple[str, ...] = ()
    template: bool = False


def base(language: Language, template: Path | None) -> Base:
    """An empty report. InputError when the template cannot be used."""
    if template is None:
        return _own(language)
    document = _opened(template)
    section = _emptied(document)
    styles = add(document.styles.element, WORD + REPORT, replace=False)
    texts = _texts(section)
    edges = (section.page_width, section.left_margin, section.right_margin)
    if any(edge is None for edge in edges):
        _page(document.element.body.sectPr)
        edges = (section.page_width, section.left_margin, section.right_margin)
    width = (edges[0] - edges[1] - edges[2]) / 36_000
    return Base(document, styles, max(width, 60.0), texts, True)


def _texts(section: Any) -> tuple[str, ...]:
    """What the template's headers and footers say, as a reader of the file finds it."""
    walk = Walk({}, {})
    for kind in ("", "first_page_", "even_page_"):
        for part in (getattr(section, f"{kind}header"), getattr(section, f"{kind}footer")):
            if not part.is_linked_to_previous:
                walk.story(part._element)
    return tuple(dict.fromkeys(walk.loose))


def _own(language: Language) -> Base:
    document = docx.Document()
    styles = document.styles.element
    for element in list(styles):
        if element.tag in (f"{W}style", f"{W}docDefaults"):
            styles.remove(element)
    styles.insert(0, etree.fromstring(defaults(language)))
    ids = add(styles, WORD + REPORT, replace=True)
    _page(document.element.body.sectPr)
    for name, relation in list(document.part.rels.items()):
        if relation.reltype.endswith(("/stylesWithEffects", "/customXml", "/numbering", "/webSettings")):
            del document.part.rels[name]
    package = document.part.package
    for name, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[name]
    _, right, _, left = theme.MARGINS_MM
    return Base(document, ids, theme.PAGE_MM[0] - left - right)


def _page(section: Any) -> None:
    """A4 with the margins of the design language."""
    width, height = (twips(side) for side in theme.PAGE_MM)
    top, right, bottom, left = (twips(side) for side in theme.MARGINS_MM)
    for child in list(section):
        if child.tag not in _MARGINALS:
            section.remove(child)
    for piece in (
        f'<w:pgSz {DECLARED} w:w="{width}" w:h="{height}"/>',
        f'<w:pgMar {DECLARED} w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}"'
        f' w:header="{twips(10)}" w:footer="{twips(10)}" w:gutter="0"/>',
        f'<w:cols {DECLARED} w:space="720"/>',
    ):
        section.append(etree.fromstring(piece))


def _opened(template: Path) -> Any:
    try:
        with template.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise _unusable(template, error.strerror or type(error).__name__) from error
    if len(content) > _MOST_BYTES:
        raise _unusable(template, f"> {_MOST_BYTES >> 20} MB")
    try:
        unpacked(content, template.name)
        return docx.Document(BytesIO(content))
    except KeguanError as error:
        raise _unusable(template, error.found or "zip: –") from error
    # python-docx has no error of its own for files that are damaged: whatever it meets inside comes through.
    except Exception as error:
        raise _unusable(template, str(error).replace("<_io.BytesIO object", "<file") or "docx: –") from error


def _unusable(template: Path, found: str) -> InputError:
    return InputError(
        Text("这个 Word 模板不能用", "This Word template cannot be used"),
        Where(file=template.name),
        found=found[:200],
        allowed=same(".docx"),
        do=Text(
            "给出一个 Word 能打开的 .docx 文件，或不给模板",
            "give a .docx file that Word can open, or no template",
        ),
    )


def _emptied(document: Any) -> Any:
    """Takes the text out of a template; its last section keeps the headers and footers that were in force."""
    body = document.element.body
    last = body.get_or_add_sectPr()
    in_force: dict[tuple[str, str], Any] = {}
    for section in body.iter(f"{W}sectPr"):
        for child in section:
            if child.tag in _MARGINALS:
                in_force[(child.tag, child.get(f"{W}type"))] = child
    for child in list(last):
        if child.tag in _MARGINALS:
            last.remove(child)
    for place, reference in enumerate(in_force.values()):
        last.insert(place, reference)
    for child in list(body):
        if child is not last:
            body.remove(child)
    _forgotten(document.part)
    return document.sections[-1]


def _forgotten(part: Any) -> None:
    """What only the text referred to leaves the file: pictures, links, comments, notes."""
    for name, relation in list(part.rels.items()):
        kind = relation.reltype.rpartition("/")[2]
        if kind in _OF_TEXT:
            del part.rels[name]
        elif kind in ("footnotes", "endnotes"):
            notes = etree.fromstring(relation.target_part.blob, etree.XMLParser(resolve_entities=False))
            for note in list(notes):
                if note.get(f"{W}type", "normal") == "normal":
                    notes.remove(note)
            relation.target_part._blob = etree.tostring(
                notes, xml_declaration=True, encoding="UTF-8", standalone=True
            )
