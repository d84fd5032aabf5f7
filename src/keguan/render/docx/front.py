"""What stands before the text: the cover and the contents, whose entries are written out and lead to their
headings; the page numbers are fields that Word fills in."""

from __future__ import annotations

from collections.abc import Iterator

from keguan.render import theme
from keguan.render.docx.blocks import contents_mark
from keguan.render.docx.pictures import band
from keguan.render.docx.styles import edge
from keguan.render.docx.widths import measure
from keguan.render.docx.wml import TAB, field, link, run, twips
from keguan.render.docx.word import Word
from keguan.report.document import Heading, Missing, Section

BAND_MM = 140.0  # height of the coloured part of the cover
_BELOW_MM = 26.0  # from the title to the facts
BREAK = '<w:r><w:br w:type="page"/></w:r>'


def cover(word: Word) -> str:
    """The first page. In a company's template its own title styles are used, without the coloured band."""
    document = word.document
    out = _titles(word, "Subtitle", "Title") if word.plain else _band(word)
    for label, fact in document.cover:
        out += word.p("Keguan Cover Fact", word.r(label, "Keguan Label") + TAB + word.r(fact))
    out += word.p("Keguan Cover Fact", word.r(document.generated, "Keguan Label"))
    return out + word.p("Normal", BREAK)


def _titles(word: Word, line: str, title: str) -> str:
    document = word.document
    out = word.p(line, word.r("Keguan 客观"))
    out += word.p(line, word.r(document.subtitle)) if document.subtitle else ""
    return out + word.p(title, word.r(document.title))


def _band(word: Word) -> str:
    """A coloured band behind the upper part of the page, from edge to edge, with the title in it."""
    document = word.document
    bar = f"<w:pBdr>{edge('bottom', theme.COVER_RULE, 24, 10)}</w:pBdr>"
    bar += f'<w:spacing w:before="{_before_title(word) * 20}"/><w:ind w:right="{twips(word.width - 24)}"/>'
    out = word.p("Keguan Cover", band(word, BAND_MM) + word.r("Keguan 客观"))
    out += word.p("Keguan Cover", "", bar)
    out += word.p("Keguan Cover", word.r(document.subtitle)) if document.subtitle else ""
    title = f'<w:spacing w:after="{twips(_BELOW_MM)}"/>'
    return out + word.p("Keguan Cover Title", word.r(document.title), title)


def _before_title(word: Word) -> int:
    """Points above the title, fewer for one that takes several lines: its last line stands at one height."""
    points = word.width / 25.4 * 72
    document = word.document
    lines = 1 + int(measure(document.title) * theme.PRINT["title"] / points)
    more = int(measure(document.subtitle) * theme.PRINT["analysis"] / points) if document.subtitle else -1
    return max(215 - 40 * lines - 28 * more, 12)


def contents(word: Word) -> str:
    """The contents: sections, and what stands in them."""
    entries = [_entry(word, *entry) for section in word.document.sections for entry in _entries(section)]
    if not entries:
        return ""
    title = word.p("Keguan Contents Title", word.r(word.word("contents")))
    code = '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z </w:instrText></w:r>'
    opened = _mark("begin") + code + _mark("separate")
    lines = [
        # The field ends in its last entry: a paragraph of its own would fall on an empty page below a full one.
        word.p(
            f"toc {level}",
            (opened if number == 0 else "") + inside + (_mark("end") if number == len(entries) - 1 else ""),
        )
        for number, (level, inside) in enumerate(entries)
    ]
    return (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
        f"</w:docPartObj></w:sdtPr><w:sdtContent>{title}{''.join(lines)}</w:sdtContent></w:sdt>"
    )


def _mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def _entries(section: Section) -> Iterator[tuple[int, str, str, str]]:
    """Level, id of the heading, number and title."""
    yield 1, section_id(section), section.number, section.title
    for block in section.blocks:
        if isinstance(block, (Heading, Missing)) and block.id:
            yield 2, block.id, "", block.text if isinstance(block, Heading) else block.title


def section_id(section: Section) -> str:
    """The id of a section's heading: never that of an analysis."""
    return f"section {section.id}"


def _entry(word: Word, level: int, id: str, number: str, title: str) -> tuple[int, str]:
    mark = contents_mark(word, id)
    before = run(number) + TAB if number else ""
    return level, link(mark, before + run(title) + TAB + field(f"PAGEREF {mark} \\h", ""))
