"""The deck's own master: 16:9, its fonts and colours, the layouts that slides are made on."""

from __future__ import annotations

from typing import Any

from lxml import etree

from keguan.render import theme
from keguan.render.charts import palette
from keguan.render.pptx.ink import EMU, frame, rgb

WIDTH, HEIGHT = 13.333, 7.5  # inches
LEFT, RIGHT = 0.6, 12.733
COVER_SIZE = 36.0  # points, of the title on the cover and on dividers
TITLE = (LEFT, 0.62, RIGHT - LEFT, 1.35)
FOOT = (LEFT, 7.04, 10.6, 0.24)
NUMBER = (11.733, 7.04, 1.0, 0.24)
KEPT = {"title": "Cover", "titleOnly": "Title only", "secHead": "Section", "blank": "Blank"}
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_NS = {"a": _A, "p": _P}
PLACES = {
    "title": TITLE,
    "ctrTitle": (LEFT + 0.4, 2.2, 11.0, 1.5),
    "subTitle": (LEFT + 0.4, 1.5, 11.0, 0.5),
    "body": (LEFT, 2.2, RIGHT - LEFT, 4.6),
    "secHead": (LEFT + 0.4, 2.0, 11.0, 0.9),
    "ftr": FOOT,
    "sldNum": NUMBER,
}


def own() -> Any:
    """A presentation without slides on the report's own master."""
    from pptx import Presentation

    deck: Any = Presentation()
    deck.slide_width, deck.slide_height = round(WIDTH * EMU), round(HEIGHT * EMU)
    size = deck.part._element.find(f"{{{_P}}}sldSz")
    size.attrib.pop("type", None)
    master = deck.slide_master
    for layout in list(deck.slide_layouts):
        if layout._element.get("type") not in KEPT:
            deck.slide_layouts.remove(layout)
    _theme(master)
    _master(master._element)
    for layout in deck.slide_layouts:
        _layout(layout._element)
    return deck


def _theme(master: Any) -> None:
    """Fonts and colours of the theme, so that what a person adds looks like the rest."""
    part = next(rel.target_part for rel in master.part.rels.values() if rel.reltype.endswith("/theme"))
    root = etree.fromstring(part.blob)
    root.set("name", "Keguan")
    for kind in ("majorFont", "minorFont"):
        font = root.find(f".//a:{kind}", _NS)
        font.find("a:latin", _NS).set("typeface", theme.OFFICE_FONTS["latin"])
        font.find("a:ea", _NS).set("typeface", theme.OFFICE_FONTS["east_asian"])
        for other in font.findall("a:font", _NS):
            font.remove(other)
    colours = {"dk2": theme.INK, "lt2": theme.SOFT, "hlink": theme.ACCENT, "folHlink": theme.ACCENT}
    colours |= {f"accent{number}": colour for number, colour in enumerate(palette.SERIES[:6], 1)}
    for name, colour in colours.items():
        slot = root.find(f".//a:clrScheme/a:{name}", _NS)
        for child in list(slot):
            slot.remove(child)
        etree.SubElement(slot, f"{{{_A}}}srgbClr", val=rgb(colour))
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _master(root: Any) -> None:
    for shape in root.iter(f"{{{_P}}}sp"):
        _put(shape, PLACES.get(_kind(shape), FOOT))
    style = root.find(".//p:titleStyle/a:lvl1pPr", _NS)
    style.set("algn", "l")
    style.find("a:defRPr", _NS).set("sz", str(round(theme.SLIDE["title"] * 100)))
    for kind in ("ftr", "sldNum"):
        shape = next(item for item in root.iter(f"{{{_P}}}sp") if _kind(item) == kind)
        level = shape.find(".//a:lvl1pPr", _NS)
        level.set("algn", "l" if kind == "ftr" else "r")
        level.find("a:defRPr", _NS).set("sz", str(round(theme.SLIDE["small"] * 100)))
    for body in root.iter(f"{{{_A}}}bodyPr"):
        for side in ("lIns", "tIns", "rIns", "bIns"):
            body.set(side, "0")
        body.set("anchor", "t")
    _without_date(root)


def _layout(root: Any) -> None:
    """Places of the master; the cover and the dividers are dark."""
    kind = root.get("type")
    root.find("p:cSld", _NS).set("name", KEPT[kind])
    for shape in root.iter(f"{{{_P}}}sp"):
        if kind == "secHead" and _kind(shape) == "title":
            _put(shape, PLACES["secHead"])
        elif _kind(shape) in ("ctrTitle", "subTitle", "body"):
            _put(shape, PLACES[_kind(shape)])
        elif shape.find(".//a:xfrm", _NS) is not None:
            properties = shape.find("p:spPr", _NS)
            properties.remove(properties.find("a:xfrm", _NS))
        for style in shape.findall(".//a:lstStyle", _NS):
            for level in list(style):
                style.remove(level)
    _without_date(root)
    if kind in ("title", "secHead"):
        dark = (
            f'<p:bg xmlns:p="{_P}" xmlns:a="{_A}"><p:bgPr><a:solidFill><a:srgbClr val="{rgb(theme.COVER)}"/>'
            "</a:solidFill><a:effectLst/></p:bgPr></p:bg>"
        )
        root.find("p:cSld", _NS).insert(0, etree.fromstring(dark))


def _kind(shape: Any) -> str:
    holder = shape.find(".//p:nvPr/p:ph", _NS)
    return "" if holder is None else str(holder.get("type", "obj"))


def _put(shape: Any, place: tuple[float, float, float, float]) -> None:
    properties = shape.find("p:spPr", _NS)
    for old in properties.findall("a:xfrm", _NS):
        properties.remove(old)
    text = frame(*place).replace("<a:xfrm>", f'<a:xfrm xmlns:a="{_A}">')
    properties.insert(0, etree.fromstring(text))


def _without_date(root: Any) -> None:
    for shape in list(root.iter(f"{{{_P}}}sp")):
        if _kind(shape) == "dt":
            shape.getparent().remove(shape)
