"""Charts as pictures in the text, with words for those who do not see them."""

from __future__ import annotations

import struct
import zlib

from keguan.render import theme
from keguan.render.charts.plot import Drawing
from keguan.render.docx.wml import NAMESPACES, escaped
from keguan.render.docx.word import Word
from keguan.report.document import FigureBlock
from keguan.report.manifest import picture_element

EMU_PER_MM = 36_000
PIXELS = 760  # a drawing is so wide
TALLEST = 1.25  # height of a picture, of the width of the text
_URI = NAMESPACES["pic"]


def inline(word: Word, block: FigureBlock, drawing: Drawing) -> str:
    """The run that shows a chart as wide as the text, a tall one so narrow that it stands on a page with its caption;
    its name is its element id."""
    share = min(1.0, TALLEST * PIXELS / drawing.height)
    wide = round(word.width * EMU_PER_MM * share)
    high = round(wide * drawing.height / PIXELS)
    number = word.number()
    named = f'id="{number}" name="{escaped(picture_element(block.ref))}" descr="{escaped(described(word, block))}"'
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/>'
        f'<wp:docPr {named}/><wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/>'
        f"</wp:cNvGraphicFramePr>{_graphic(word.image(word.pictures.png(block)), named, wide, high)}"
        "</wp:inline></w:drawing></w:r>"
    )


def described(word: Word, block: FigureBlock) -> str:
    """The title, what is measured, and over what: `Revenue: net revenue (元) · month: 2024-10 to 2026-10`."""
    figure, table = block.figure, block.table
    names = (*figure.y, *([figure.series] if figure.series else []))
    shown = [table.column(name) for name in names]
    measured = ", ".join(
        f"{column.label} ({column.unit_word})" if column.unit_word else column.label for column in shown
    )
    over = table.column(figure.x).label
    cells = [row.shown[table.index(figure.x)] for row in table.rows]
    reach = (
        f"{cells[0]} {word.word('to')} {cells[-1]}" if cells and cells[0] != cells[-1] else "".join(cells[:1])
    )
    return f"{block.title}{word.colon}{measured} · {over}{word.colon}{reach}"


def band(word: Word, high_mm: float) -> str:
    """A band of the cover's colour behind the text at the top of the page, as wide as the page."""
    wide, high = round(theme.PAGE_MM[0] * EMU_PER_MM), round(high_mm * EMU_PER_MM)
    named = f'id="{word.number()}" name="cover" descr=""'
    place = "".join(
        f'<wp:position{way} relativeFrom="page"><wp:posOffset>0</wp:posOffset></wp:position{way}>'
        for way in ("H", "V")
    )
    return (
        '<w:r><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1"'
        ' behindDoc="1" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'{place}<wp:extent cx="{wide}" cy="{high}"/><wp:wrapNone/><wp:docPr {named}/><wp:cNvGraphicFramePr/>'
        f"{_graphic(word.image(_pixel(theme.COVER)), named, wide, high)}</wp:anchor></w:drawing></w:r>"
    )


def _graphic(image: str, named: str, wide: int, high: int) -> str:
    return (
        f'<a:graphic><a:graphicData uri="{_URI}"><pic:pic><pic:nvPicPr><pic:cNvPr {named}/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{image}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
    )


def _pixel(ink: str) -> bytes:
    """A PNG of one pixel."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    size = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    row = zlib.compress(b"\0" + bytes.fromhex(ink.removeprefix("#")))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", row) + chunk(b"IEND", b"")
