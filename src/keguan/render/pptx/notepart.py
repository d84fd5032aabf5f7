"""The notes of slides as parts of the file."""

from __future__ import annotations

from copy import deepcopy
from itertools import count
from typing import Any

from keguan.render.pptx.ink import SPACES, Ink, esc

_NAME = "/ppt/notesSlides/notesSlide{}.xml"


class NotePages:
    """Puts notes under slides. python-pptx makes the first page of notes, the others are its copies: for each it
    would look through all parts of the file for a free name, and copy the master's shapes one by one."""

    def __init__(self) -> None:
        self._blank: Any = None  # the first page as python-pptx made it
        self._master: Any = None
        self._taken: set[str] = set()

    def add(self, slide: Any, lines: list[str], ink: Ink) -> None:
        """The notes under a slide, each line a paragraph; none without lines."""
        if not lines:
            return
        from pptx.oxml import parse_xml

        look = ink.look(10.0, "#000000", False)
        paras = "".join(
            f"<a:p><a:r>{look}<a:t>{esc(line)}</a:t></a:r></a:p>" if line.strip() else "<a:p/>"
            for line in lines
        )
        body = self._page(slide).notes_text_frame._txBody
        body.getparent().replace(
            body, parse_xml(f"<p:txBody {SPACES}><a:bodyPr/><a:lstStyle/>{paras}</p:txBody>")
        )

    def _page(self, slide: Any) -> Any:
        from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
        from pptx.opc.packuri import PackURI
        from pptx.parts.slide import NotesSlidePart

        package = slide.part.package
        if self._blank is None:
            page = slide.notes_slide
            self._blank, self._master = deepcopy(page._element), page.part.notes_master.part
            self._taken = {str(part.partname) for part in package.iter_parts()}
            return page
        name = next(name for number in count(1) if (name := _NAME.format(number)) not in self._taken)
        self._taken.add(name)
        part = NotesSlidePart(PackURI(name), CONTENT_TYPE.PML_NOTES_SLIDE, package, deepcopy(self._blank))
        part.relate_to(self._master, RELATIONSHIP_TYPE.NOTES_MASTER)
        part.relate_to(slide.part, RELATIONSHIP_TYPE.SLIDE)
        slide.part.relate_to(part, RELATIONSHIP_TYPE.NOTES_SLIDE)
        return part.notes_slide
