"""Document -> what the page is set from: data as plain JSON, the sheet of its texts, pictures by file name."""

from __future__ import annotations

from typing import Any

from keguan.render import theme
from keguan.render.charts import palette
from keguan.render.charts.pictures import Pictures
from keguan.render.forms import Options
from keguan.render.markup import anchor
from keguan.render.pdf.blocks import Blocks
from keguan.render.pdf.evidence import targets
from keguan.render.pdf.letters import printed
from keguan.render.pdf.queries import Queries
from keguan.render.pdf.sheet import Sheet
from keguan.render.pdf.tables import Node
from keguan.report.document import (
    AnalysisEvidence,
    Document,
    FigureBlock,
    KpiCards,
    Section,
    TableBlock,
    ViewEvidence,
)
from keguan.report.phrases import phrase

THEME = {
    **{
        name.lower(): getattr(theme, name)
        for name in ("INK", "TEXT", "MUTED", "FAINT", "LINE", "RULE", "SOFT", "ACCENT", "SEAL", "TESTED")
    },
    "cover": theme.COVER,
    "cover_text": theme.COVER_TEXT,
    "cover_muted": theme.COVER_MUTED,
    "cover_rule": theme.COVER_RULE,
    "notes": {name: list(pair) for name, pair in theme.NOTES.items()},
    "print": dict(theme.PRINT),
    "margins": list(theme.MARGINS_MM),
    "up": palette.UP,
    "down": palette.DOWN,
}

SHORT = 4  # blocks of a section that leaves room for the next on its page
LARGE = (FigureBlock, TableBlock, KpiCards)


def content(
    document: Document, pictures: Pictures, options: Options
) -> tuple[dict[str, Any], Sheet, dict[str, bytes]]:
    """Data, texts in the order of printing, and the pictures' files."""
    queries = Queries(document)
    sheet = Sheet(targets=_targets(document) | queries.targets())
    blocks = Blocks(document, pictures, sheet, queries)
    cover = {
        "brand": sheet.plain("Keguan 客观"),
        "company": sheet.plain(document.subtitle) if document.subtitle else "",
        "title": sheet.plain(document.title),
        "facts": [[sheet.plain(label), sheet.plain(fact)] for label, fact in document.cover],
        "generated": sheet.plain(document.generated),
    }
    contents = sheet.plain(document.words["contents"])
    before = (None, *document.sections)
    sections = [
        {**_section(section, blocks), "fresh": _fresh(last, section)}
        for last, section in zip(before, document.sections, strict=False)
    ]
    data = {
        "theme": THEME,
        "font": theme.FONTS[document.language],
        "language": document.language,
        "title": printed(document.title),
        "company": printed(document.subtitle),
        "as_of": document.as_of.isoformat(),
        "as_of_label": phrase("as_of", document.language),
        "document": str(document.manifest.get("document_id", "")),
        "cover": cover,
        "contents": contents,
        "sections": sections,
        "closing": not (
            sections and sections[-1]["blocks"][-1:] and sections[-1]["blocks"][-1]["kind"] == "queries"
        ),
        "hint": sheet.plain(document.words["verify_hint"]),
        "replaced": sheet.plain(phrase("lacking_letters", document.language)) if sheet.replaced else "",
    }
    return data, sheet, blocks.files


def _targets(document: Document) -> set[str]:
    found: set[str] = set()
    for block in document.blocks():
        if isinstance(block, (AnalysisEvidence, ViewEvidence)):
            found |= targets(block)
    return found


def _fresh(last: Section | None, section: Section) -> bool:
    """Whether a section begins a page: not after one of a few lines."""
    if last is None or last.kind != "body" or section.kind != "body":
        return True
    return len(last.blocks) > SHORT or any(isinstance(block, LARGE) for block in last.blocks)


def _section(section: Section, blocks: Blocks) -> dict[str, Any]:
    plain = blocks.sheet.plain
    return {
        "id": f"s-{anchor(section.id)}",
        "kind": section.kind,
        "number": plain(section.number) if section.number else "",
        "title": plain(section.title),
        "lead": plain(section.lead) if section.lead else "",
        "blocks": _nodes(section, blocks),
    }


def _nodes(section: Section, blocks: Blocks) -> list[Node]:
    """The blocks of a section; the queries of its evidence stand before the views that they name."""
    out: list[Node] = []
    for block in section.blocks:
        if isinstance(block, ViewEvidence):
            out += _listing(section, blocks)
        out.append(blocks.node(block))
    return _together(out + _listing(section, blocks))


def _listing(section: Section, blocks: Blocks) -> list[Node]:
    node = blocks.queries.node(section, blocks.sheet)
    return [node] if node else []


def _together(nodes: list[Node]) -> list[Node]:
    """Queries that follow each other share their columns."""
    out: list[Node] = []
    for node in nodes:
        if node["kind"] == "queries" and out and out[-1]["kind"] == "queries":
            out[-1] = {**node, "parts": out[-1]["parts"] + node["parts"]}
        else:
            out.append(node)
    return out
