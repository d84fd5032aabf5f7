"""The Word form: a report in real styles, whose sentences, cells and cards can be found again."""

from __future__ import annotations

from typing import Any

from lxml import etree

from keguan.render.charts.pictures import Pictures
from keguan.render.docx.base import Base, base
from keguan.render.docx.blocks import Blocks, heading
from keguan.render.docx.front import contents, cover, section_id
from keguan.render.docx.inside import keep
from keguan.render.docx.package import saved
from keguan.render.docx.read import read
from keguan.render.docx.styles import tab
from keguan.render.docx.wml import DECLARED, TAB, field, told
from keguan.render.docx.word import Word
from keguan.render.forms import Options, Rendered
from keguan.report.document import Document, Section


def write(document: Document, pictures: Pictures, options: Options) -> Rendered:
    """The whole file. InputError when the template cannot be used.

    ValueError when the file does not show what the document says (a renderer's fault).
    """
    made = base(document.language, options.templates.get("docx"))
    word = Word(document, pictures, made.document.part, made.styles, made.width, made.template)
    _fill(made, _body(word))
    _marginals(made, word)
    keep(made.document, document, word.names.listing())
    content = saved(made.document)
    _agree(document, content)
    return Rendered(content, template_texts=made.texts)


def _body(word: Word) -> str:
    blocks = Blocks(word)
    front = cover(word) + contents(word)
    return front + "".join(_section(word, section, blocks) for section in word.document.sections)


def _section(word: Word, section: Section, blocks: Blocks) -> str:
    number = word.r(section.number, "Keguan Seal") + TAB if section.number else ""
    inside = heading(word, section_id(section), number + word.r(section.title))
    fresh = section.kind in ("summary", "appendix")
    page = '<w:pageBreakBefore/><w:spacing w:before="0"/>' if fresh else ""
    lead = word.p("Keguan Lead", word.r(section.lead)) if section.lead else ""
    return word.p("heading 1", inside, page) + lead + "".join(blocks.xml(block) for block in section.blocks)


def _fill(made: Base, text: str) -> None:
    body = made.document.element.body
    parsed = etree.fromstring(f"<x {DECLARED}>{text}</x>", etree.XMLParser(huge_tree=True))
    body[:0] = list(parsed)
    etree.cleanup_namespaces(body)


def _marginals(made: Base, word: Word) -> None:
    """The running head and foot on every page but the first. What a template has there stays."""
    document = word.document
    section = made.document.sections[-1]
    section.different_first_page_header_footer = True
    reach = f"<w:tabs>{tab(word.width, 'right')}</w:tabs>"
    name = " · ".join(part for part in (document.title, document.subtitle) if part)
    until = f"{document.words['as_of']} {document.as_of.isoformat()}"
    _put(section.header, word.p("Keguan Running Head", word.r(name) + TAB + word.r(until), reach))
    id = f"{document.words['document']} {document.manifest.get('document_id', '')}"
    pages = field("PAGE", "") + word.r(" / ") + field("NUMPAGES", "")
    _put(section.footer, word.p("Keguan Running Foot", word.r(id) + TAB + pages, reach))


def _put(marginal: Any, text: str) -> None:
    marginal.is_linked_to_previous = False
    element = marginal._element
    if len(marginal.paragraphs) == 1 and not len(marginal.paragraphs[0]._p.xpath(".//w:r")):
        element.remove(marginal.paragraphs[0]._p)
    element.extend(etree.fromstring(f"<x {DECLARED}>{text}</x>"))


def _agree(document: Document, content: bytes) -> None:
    wanted, found = document.on_paper(), read(content, "report.docx").items
    wrong = [
        name
        for name, text in wanted.items()
        if name not in found or (found[name] != told(text) and f"{name}+" not in found)
    ]
    if wrong:
        raise ValueError(f"the file does not show {len(wrong)} elements as composed, first {wrong[0]}")
