"""One slide being drawn: texts, rules, tables, pictures and charts, placed in inches of the report's own slide.

On a company's template the same places are mapped into the room between its title and its footer.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from keguan.render import theme
from keguan.render.pptx import base
from keguan.render.pptx.bound import Bound, written
from keguan.render.pptx.ink import EMU, SPACES, Ink, body_properties, clean, esc, frame, shape
from keguan.render.pptx.measure import INCH, Para, fitted

Place = tuple[float, float, float, float]  # left, top, width, height in inches


@dataclass(frozen=True, slots=True)
class Room:
    """Where contents go: `source` on the report's own slide lands on `target` of the template's."""

    source: Place
    target: Place

    @property
    def scale(self) -> float:
        """By how much sizes shrink."""
        return min(1.0, self.target[2] / self.source[2], self.target[3] / self.source[3])

    def put(self, place: Place) -> Place:
        """A place on the report's own slide, on the template's."""
        across, down = self.target[2] / self.source[2], self.target[3] / self.source[3]
        x, y, w, h = place
        return (
            self.target[0] + (x - self.source[0]) * across,
            self.target[1] + (y - self.source[1]) * down,
            w * across,
            h * down,
        )


WHOLE: Place = (0.0, 0.0, base.WIDTH, base.HEIGHT)


@dataclass
class Common:
    """Counts of parts by kind, the names of cells by shape, the places of titles by layout."""

    counts: dict[str, int] = field(default_factory=dict)
    bounds: dict[str, Bound] = field(default_factory=dict)
    titles: dict[str, Place] = field(default_factory=dict)

    def title_place(self, slide: Any) -> Place:
        """Where the title of a new slide stands: its layout says so, which is asked once."""
        layout = str(slide.slide_layout.part.partname)
        if layout not in self.titles:
            self.titles[layout] = place_of(slide.shapes.title)
        return self.titles[layout]


class Canvas:
    """Draws on one slide; `common` is what the slides of a deck share."""

    def __init__(self, slide: Any, ink: Ink, common: Common, room: Room = Room(WHOLE, WHOLE)) -> None:
        self.slide = slide
        self.ink = ink
        self.room = room
        self._common = common
        self._tree = slide.shapes._spTree
        self._id = max((int(item) for item in self._tree.xpath("//p:cNvPr/@id")), default=1)

    def next_id(self) -> int:
        """An id that no shape of the slide has."""
        self._id += 1
        return self._id

    def add(self, text: str) -> None:
        """A shape given as XML."""
        from pptx.oxml import parse_xml

        self._tree.append(parse_xml(text))

    def text(
        self,
        paras: Sequence[Para],
        place: Place,
        *,
        name: str = "",
        anchor: str = "t",
        surface: str | None = None,
        least: float = 0.6,
        wrap: bool = True,
        link: Any = None,
    ) -> None:
        """A text box; what does not fit is made smaller, down to `least` of its size."""
        spot = self.room.put(place)
        by = self.room.scale
        scaled = [item.scaled(by) if by < 1 else item for item in paras]
        fit = fitted(scaled, spot[2] * INCH, spot[3] * INCH, least)
        id = self.next_id()
        target = self.slide.part.relate_to(link.part, _SLIDE) if link is not None else ""
        body = self.ink.paras(fit, target)
        self.add(
            shape(id, name or f"Text {id}", frame(*spot), body, colour=surface, anchor=anchor, wrap=wrap)
        )

    @property
    def own(self) -> bool:
        """Whether the slide is on the report's own master, whose covers and dividers are dark."""
        return self.room.source == self.room.target

    def outside(
        self, kind: Literal["mark", "meta"], paras: Sequence[Para], place: Place, name: str = ""
    ) -> None:
        """A line above the title or right below it; on a template both below, where nothing of it stands."""
        if self.own:
            self.text(paras, place, name=name)
            return
        x, y, w, h = self._common.title_place(self.slide)
        half = w / 2
        left, align = (x + half, "r") if kind == "mark" else (x, "l")
        id = self.next_id()
        small = [replace(item.scaled(self.room.scale), align=align) for item in paras]
        fit = fitted(small, half * INCH, place[3] * INCH, 0.6)
        self.add(shape(id, name or f"Text {id}", frame(left, y + h, half, place[3]), self.ink.paras(fit)))

    def count(self, kind: str) -> int:
        """The next number of a kind of part."""
        counts = self._common.counts
        counts[kind] = counts.get(kind, 0) + 1
        return counts[kind]

    def rect(self, place: Place, colour: str) -> None:
        """A rule or a surface, nothing to read."""
        id = self.next_id()
        self.add(shape(id, f"Rule {id}", frame(*self.room.put(place)), "", colour=colour))

    def title(self, name: str, paras: Sequence[Para]) -> None:
        """The title placeholder of the layout, filled; its place is that of the layout."""
        place = self._common.title_place(self.slide)
        fit = fitted(paras, place[2] * INCH, place[3] * INCH, 0.5)
        element = self.slide.shapes.title._element
        element.nvSpPr.cNvPr.set("name", clean(name))
        _fill(element, self.ink, fit)

    def holder(self, kind: str, paras: Sequence[Para], place: Place) -> None:
        """A footer or slide-number placeholder as the layout has it, or a text box where it has none."""
        id = self.next_id()
        found = self._layout_holder(kind)
        body = self.ink.paras(paras)
        if kind == "sldNum":
            look = self.ink.look(paras[0].size, theme.FAINT, False)
            body = (
                '<a:p><a:pPr algn="r"/><a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum">'
                f"{look}<a:t>‹#›</a:t></a:fld></a:p>"
            )
        if found is None:
            self.add(shape(id, f"Text {id}", frame(*place), body))
            return
        index = found.get("idx", "0")
        name = {"ftr": "Footer", "sldNum": "Slide number"}[kind]
        self.add(
            f'<p:sp {SPACES}><p:nvSpPr><p:cNvPr id="{id}" name="{name} {id}"/><p:cNvSpPr>'
            f'<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="{kind}" sz="quarter" idx="{index}"/></p:nvPr>'
            f"</p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/>{body}</p:txBody></p:sp>"
        )

    def _layout_holder(self, kind: str) -> Any:
        for item in self.slide.slide_layout._element.iter(f"{{{base._P}}}ph"):
            if item.get("type") == kind:
                return item
        return None

    def graphic(self, name: str, place: Place, uri: str, inside: str, alt: tuple[str, Bound]) -> None:
        """A table or a chart; `alt` is what is read aloud and what names its cells for verifying."""
        id = self.next_id()
        self._common.bounds[clean(name)] = alt[1]
        spot = frame(*self.room.put(place), tag="p:xfrm")
        self.add(
            f'<p:graphicFrame {SPACES}><p:nvGraphicFramePr><p:cNvPr id="{id}" name="{esc(name)}" '
            f'descr="{esc(alt[0])}" title="{written(alt[1])}"/><p:cNvGraphicFramePr>'
            f'<a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>{spot}'
            f'<a:graphic><a:graphicData uri="{uri}">{inside}</a:graphicData></a:graphic></p:graphicFrame>'
        )

    def picture(self, name: str, content: bytes, place: Place, alt: str) -> None:
        """A picture in its own proportions inside `place`, at its top and in the middle."""
        x, y, w, h = self.room.put(place)
        item = self.slide.shapes.add_picture(io.BytesIO(content), 0, 0)
        by = min(w * EMU / item.width, h * EMU / item.height)
        item.width, item.height = round(item.width * by), round(item.height * by)
        item.left, item.top = round(x * EMU + (w * EMU - item.width) / 2), round(y * EMU)
        found = item._element.nvPicPr.cNvPr
        found.set("name", clean(name))
        found.set("descr", clean(alt))
        self._id = max(self._id, int(found.get("id")))


_SLIDE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/slide"


def place_of(holder: Any) -> Place:
    """Where a placeholder stands, of its own or by its layout, in inches."""
    return (holder.left / EMU, holder.top / EMU, holder.width / EMU, holder.height / EMU)


def _fill(element: Any, ink: Ink, paras: Sequence[Para]) -> None:
    """Puts paragraphs into a placeholder, in a frame that is not resized."""
    from pptx.oxml import parse_xml

    body = element.txBody
    parsed = parse_xml(f"<p:txBody {SPACES}>{body_properties('t')}<a:lstStyle/>{ink.paras(paras)}</p:txBody>")
    body.getparent().replace(body, parsed)
