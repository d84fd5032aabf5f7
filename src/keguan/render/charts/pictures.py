"""The charts of one document as pictures, each drawn once whatever forms the document takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from keguan.render.charts.draw import draw
from keguan.render.charts.plot import Drawing
from keguan.render.charts.svg import svg
from keguan.render.font import typst_fonts
from keguan.report.document import Document, FigureBlock

# One page that is as large as the picture in it; the source is fixed, the picture comes beside it.
_PAGE = b'#set page(width: auto, height: auto, margin: 0pt, fill: white)\n#image("picture.svg")\n'
_FIRST = re.compile(r"<svg ")
_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")  # pages bear these letters, XML does not


@dataclass
class Pictures:
    """Draws the figures of `document` on demand and keeps what was drawn."""

    document: Document
    _drawings: dict[str, Drawing] = field(default_factory=dict)
    _svg: dict[str, str] = field(default_factory=dict)
    _png: dict[tuple[str, int], bytes] = field(default_factory=dict)

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Number of each figure by its ref, in the order of the document, from 1."""
        refs = [block.ref for block in self.document.blocks() if isinstance(block, FigureBlock)]
        return {ref: number for number, ref in enumerate(dict.fromkeys(refs), 1)}

    def drawing(self, block: FigureBlock) -> Drawing:
        """The chart as an option of plain JSON, its height in pixels and the units of its axes."""
        if block.ref not in self._drawings:
            self._drawings[block.ref] = draw(block, self.document.language, self.document.currency)
        return self._drawings[block.ref]

    def svg(self, block: FigureBlock) -> str:
        """The chart as SVG text, 760 pixels wide; its ids begin with `f` and the figure's number.

        ValueError when ECharts drew nothing.
        """
        if block.ref not in self._svg:
            prefix = f"f{self.numbers[block.ref]}"
            self._svg[block.ref] = svg(self.drawing(block), block.title, prefix)
        return self._svg[block.ref]

    def png(self, block: FigureBlock, ppi: int = 192) -> bytes:
        """The chart as PNG on white, `ppi` dots to 96 pixels (192: twice as fine as on a screen), in the
        document's own font. The same chart gives the same bytes."""
        key = (block.ref, ppi)
        if key not in self._png:
            import typst

            # The package's types leave out that sources may come as a dict of files in memory.
            files: Any = {"main.typ": _PAGE, "picture.svg": standalone(self.svg(block)).encode()}
            made: Any = typst.compile(
                files,
                format="png",
                ppi=ppi * 0.75,  # a pixel of the picture is set as a point
                font_paths=typst_fonts(),
            )
            self._png[key] = bytes(made[0] if isinstance(made, list) else made)
        return self._png[key]


def standalone(picture: str) -> str:
    """A picture of a page as a file of its own: it names its font itself, and is strict XML."""
    strict = _NO_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", picture)
    return _FIRST.sub('<svg font-family="Noto Sans SC" ', strict, count=1)
