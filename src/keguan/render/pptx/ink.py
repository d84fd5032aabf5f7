"""DrawingML of texts and shapes: paragraphs with fonts for both scripts, boxes, rules, links."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from keguan.core.text import Language
from keguan.render import theme
from keguan.render.markup import shown
from keguan.render.pptx.measure import Para, Piece

EMU = 914400
SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
LANG = {"zh": "zh-CN", "en": "en-US"}
DECORATION = (
    '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
)
_FORBIDDEN = re.compile("[\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold
_BLANKS = re.compile(r"\s")


def clean(text: str) -> str:
    """The text as a slide shows it: line breaks as blanks, what would drive a program or XML as escapes."""
    if text.isprintable():  # the only blank in it is a space
        return text
    plain = shown(_BLANKS.sub(" ", text))
    return _FORBIDDEN.sub(lambda match: f"\\u{ord(match.group()):04x}", plain)


def esc(text: str) -> str:
    """Text for an element or an attribute."""
    return escape(clean(text), quote=True)


def rgb(colour: str) -> str:
    """A colour of the theme as DrawingML has it."""
    return colour.removeprefix("#").upper()


def fill(colour: str | None) -> str:
    """A solid surface, or none."""
    return f'<a:solidFill><a:srgbClr val="{rgb(colour)}"/></a:solidFill>' if colour else "<a:noFill/>"


@dataclass(frozen=True, slots=True)
class Fonts:
    """The faces of a deck: its own, or those of the company's theme."""

    latin: str = theme.OFFICE_FONTS["latin"]
    east_asian: str = theme.OFFICE_FONTS["east_asian"]

    @property
    def faces(self) -> str:
        """The font elements of a run."""
        return (
            f'<a:latin typeface="{esc(self.latin)}"/><a:ea typeface="{esc(self.east_asian)}"/>'
            f'<a:cs typeface="{esc(self.latin)}"/>'
        )


@dataclass(frozen=True, slots=True)
class Ink:
    """Writes texts in one language with one set of fonts."""

    language: Language
    fonts: Fonts = Fonts()

    def look(self, size: float, colour: str, bold: bool, tag: str = "rPr", link: str = "") -> str:
        """The properties of a run."""
        other = LANG["en" if self.language == "zh" else "zh"]
        return (
            f'<a:{tag} lang="{LANG[self.language]}" altLang="{other}" sz="{round(size * 100)}" '
            f'b="{int(bold)}" dirty="0">{fill(colour)}{self.fonts.faces}{link}</a:{tag}>'
        )

    def run(self, piece: Piece, link: str = "") -> str:
        """One run; `link` is a slide's relation id."""
        click = f'<a:hlinkClick r:id="{link}" action="ppaction://hlinksldjump"/>' if link else ""
        look = self.look(piece.size, piece.colour, piece.bold, link=click)
        return f"<a:r>{look}<a:t>{esc(piece.text)}</a:t></a:r>"

    def paras(self, paras: Sequence[Para], link: str = "") -> str:
        """Paragraphs with line heights in points."""
        return "".join(self._para(item, link) for item in paras) or "<a:p/>"

    def _para(self, item: Para, link: str) -> str:
        runs = "".join(self.run(piece, link) for piece in item.pieces)
        return (
            f'<a:p><a:pPr algn="{item.align}" marL="0" indent="0">'
            f'<a:lnSpc><a:spcPts val="{round(item.leading * 100)}"/></a:lnSpc>'
            f'<a:spcBef><a:spcPts val="0"/></a:spcBef><a:spcAft><a:spcPts val="{round(item.after * 100)}"/></a:spcAft>'
            f"<a:buNone/></a:pPr>{runs}</a:p>"
        )


def frame(x: float, y: float, w: float, h: float, tag: str = "a:xfrm") -> str:
    """Place and size, given in inches."""
    places = [round(value * EMU) for value in (x, y, max(w, 0.0), max(h, 0.0))]
    return (
        f'<{tag}><a:off x="{places[0]}" y="{places[1]}"/><a:ext cx="{places[2]}" cy="{places[3]}"/></{tag}>'
    )


def shape(
    id: int,
    name: str,
    place: str,
    body: str,
    *,
    colour: str | None = None,
    anchor: str = "t",
    wrap: bool = True,
) -> str:
    """A text box without insets; an empty `body` makes a decoration."""
    text_box = ' txBox="1"' if body else ""
    inside = body or "<a:p><a:endParaRPr/></a:p>"
    return (
        f'<p:sp {SPACES}><p:nvSpPr><p:cNvPr id="{id}" name="{esc(name)}">{"" if body else DECORATION}</p:cNvPr>'
        f"<p:cNvSpPr{text_box}/><p:nvPr/></p:nvSpPr><p:spPr>{place}"
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{fill(colour)}<a:ln><a:noFill/></a:ln></p:spPr>'
        f"<p:txBody>{body_properties(anchor, wrap)}<a:lstStyle/>{inside}</p:txBody></p:sp>"
    )


def body_properties(anchor: str, wrap: bool = True) -> str:
    """A frame for text that is not resized."""
    return (
        f'<a:bodyPr wrap="{"square" if wrap else "none"}" lIns="0" tIns="0" rIns="0" bIns="0" rtlCol="0" anchor="{anchor}">'
        "<a:noAutofit/></a:bodyPr>"
    )
