"""The presentation that slides are made on: the report's own, or a company's template."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from keguan.core.text import Language
from keguan.render import theme
from keguan.render.pptx import base, fit
from keguan.render.pptx.canvas import WHOLE, Canvas, Common, Place, Room
from keguan.render.pptx.ink import EMU, Fonts, Ink
from keguan.render.pptx.measure import para
from keguan.render.pptx.plan import Cover, Divider, Slide
from keguan.report.document import Document


@dataclass
class Deck:
    """A presentation without slides, its layouts by type; `company`: a template is used."""

    presentation: Any
    layouts: dict[str, Any]
    language: Language
    fonts: Fonts = field(default_factory=Fonts)
    company: bool = False
    common: Common = field(default_factory=Common)

    @classmethod
    def own(cls, language: Language) -> Deck:
        """The report's own look."""
        made = base.own()
        return cls(made, {item._element.get("type"): item for item in made.slide_layouts}, language)

    def add(self, slide: Slide) -> Any:
        """An empty slide on the layout that suits."""
        kind = (
            "title" if isinstance(slide, Cover) else "secHead" if isinstance(slide, Divider) else "titleOnly"
        )
        if self.company and kind != "titleOnly":
            kind = "titleOnly"
        made = self.presentation.slides.add_slide(self.layouts[kind])
        title = made.shapes.title._element
        for holder in list(made.placeholders):
            if holder._element is not title:
                holder._element.getparent().remove(holder._element)
        return made

    def canvas(self, slide: Slide, made: Any) -> Canvas:
        """Where to draw on a slide."""
        ink = Ink(self.language, self.fonts)
        room = self._room(slide, made) if self.company else Room(WHOLE, WHOLE)
        return Canvas(made, ink, self.common, room)

    def _room(self, slide: Slide, made: Any) -> Room:
        """The contents of the report's own slide go between the template's title and its footer."""
        wide, high = self.presentation.slide_width / EMU, self.presentation.slide_height / EMU
        x, y, w, h = self.common.title_place(made)
        top = y + h + 0.3
        bottom = min([self._foot(made, high), high - 0.35])
        source_top = 3.6 if isinstance(slide, (Cover, Divider)) else fit.body_top(slide.title)
        source: Place = (base.LEFT, source_top, base.RIGHT - base.LEFT, fit.BOTTOM - source_top)
        return Room(source, (x, top, min(w, wide - x), max(bottom - top, 1.0)))

    def _foot(self, made: Any, high: float) -> float:
        """Where the footer of a layout begins."""
        ends = [
            holder.top / EMU
            for holder in made.slide_layout.placeholders
            if holder._element.xpath(".//p:ph/@type")[:1] in (["ftr"], ["sldNum"], ["dt"])
            and holder.top is not None
            and holder.top / EMU > high / 2
        ]
        return min(ends, default=high)

    def foot(self, canvas: Canvas, document: Document) -> None:
        """The running foot: report, company, day and document id; and the slide's number."""
        facts = [document.title, document.subtitle, document.as_of.isoformat()]
        facts.append(f"{document.words['document']} {document.manifest.get('document_id', '')}")
        line = para(" · ".join(fact for fact in facts if fact), theme.SLIDE["small"], theme.FAINT)
        canvas.holder("ftr", [line], base.FOOT)
        canvas.holder("sldNum", [para("", theme.SLIDE["small"], theme.FAINT)], base.NUMBER)
