"""What every block of a Word report is written with: styles by name, running numbers, anchors, pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from keguan.render.charts.pictures import Pictures
from keguan.render.docx.names import Names
from keguan.render.docx.wml import escaped, link, paragraph, run
from keguan.report.document import AnalysisEvidence, Document, ViewEvidence


@dataclass
class Word:
    """The state of one file that is being written. `part` is python-docx's part of the main text, `width` the
    millimetres from margin to margin, `plain` whether a company's template decides the look."""

    document: Document
    pictures: Pictures
    part: Any
    styles: Mapping[str, str]
    width: float
    plain: bool = False
    names: Names = field(default_factory=Names)
    figures: int = 0
    tables: int = 0
    _ids: int = 0
    _anchors: dict[str, str] = field(default_factory=dict)
    _headings: dict[str, int] = field(default_factory=dict)
    _known: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._known = frozenset(_targets(self.document))

    def style(self, name: str) -> str:
        """The id of a style."""
        return self.styles[name.lower()]

    def word(self, name: str) -> str:
        """A fixed word in the document's language."""
        return self.document.words[name]

    @property
    def colon(self) -> str:
        """The sign between a label and what it labels."""
        return "：" if self.document.language == "zh" else ": "

    def number(self) -> int:
        """The next number for whatever needs one of its own in the file."""
        self._ids += 1
        return self._ids

    def p(self, style: str, inside: str, props: str = "") -> str:
        """A paragraph of a named style."""
        return paragraph(self.style(style), inside, props)

    def r(self, text: str, style: str = "", props: str = "") -> str:
        """Characters, of a named style if one is given."""
        return run(text, self.style(style) if style else "", props)

    def control(self, tag: str, blocks: str) -> str:
        """A content control, around whole paragraphs or around runs of one. The tag is also its title: some
        programs keep that alone."""
        known = escaped(tag)
        return (
            f'<w:sdt><w:sdtPr><w:alias w:val="{known}"/><w:tag w:val="{known}"/><w:id w:val="{self.number()}"/>'
            f"</w:sdtPr><w:sdtContent>{blocks}</w:sdtContent></w:sdt>"
        )

    def bookmark(self, name: str, inside: str = "") -> str:
        """A bookmark around runs, or at one place."""
        id = self.number()
        return f'<w:bookmarkStart w:id="{id}" w:name="{name}"/>{inside}<w:bookmarkEnd w:id="{id}"/>'

    def anchor(self, target: str, inside: str = "") -> str:
        """The place that links to `target` lead to."""
        return self.bookmark(self._anchor(target), inside)

    def link(self, target: str, text: str, style: str = "Keguan Evidence Id") -> str:
        """A link to a piece of evidence; plain characters where the document has no such piece."""
        inside = self.r(text, style)
        return link(self._anchor(target), inside) if target in self._known else inside

    def _anchor(self, target: str) -> str:
        return self._anchors.setdefault(target, f"_ka{len(self._anchors)}")

    def heading_number(self, id: str) -> int:
        """The number of a heading by its id, the same for the contents and for the heading."""
        return self._headings.setdefault(id, len(self._headings) + 1)

    def image(self, content: bytes) -> str:
        """Puts a picture into the file; the id that refers to it."""
        id, _ = self.part.get_or_add_image(BytesIO(content))
        return str(id)


def _targets(document: Document) -> Iterable[str]:
    """What the appendix has evidence of."""
    for block in document.blocks():
        if isinstance(block, AnalysisEvidence):
            yield block.id
            yield from (f"evidence-{table.ref}" for table in block.tables)
            yield from (f"claim-{item.claim.id}" for item in block.claims)
        elif isinstance(block, ViewEvidence):
            yield from (f"view-{id}" for id, _ in block.items)
