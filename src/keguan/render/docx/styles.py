"""The styles of a Word report: Word's own ones in the design language, and those that only a report needs.

In a company's template its own styles are kept; the ones it lacks are added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lxml import etree

from keguan.core.text import Language
from keguan.render import theme
from keguan.render.docx.wml import DECLARED, NAMESPACES, colour, twips

W = f"{{{NAMESPACES['w']}}}"
LANGUAGES: Mapping[Language, str] = {"zh": "zh-CN", "en": "en-US"}
CODE_FONT = "Consolas"


@dataclass(frozen=True, slots=True)
class Style:
    """One style: its name as Word stores it, what it is based on, and its properties as XML."""

    name: str
    kind: Literal["paragraph", "character", "table"] = "paragraph"
    based: str = "Normal"
    paragraph: str = ""
    run: str = ""
    more: str = ""

    @property
    def id(self) -> str:
        """Its id in a file of our own."""
        return "".join(word[:1].upper() + word[1:] for word in self.name.split())


def block(
    *,
    before: float = 0,
    after: float = 0,
    line: float = 0,
    left: float = 0,
    right: float = 0,
    hanging: float = 0,
    align: str = "",
    tabs: str = "",
    edge: str = "",
    shade: str = "",
    level: int = 0,
    keep: str = "",
) -> str:
    """Properties of a paragraph: spacing in points, indents in millimetres, in the order of the schema.

    `line` is at least so many points: fonts of Chinese are taller than their size says.
    """
    spacing = f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}"'
    spacing += f' w:line="{round(line * 20)}" w:lineRule="atLeast"/>' if line else "/>"
    indent = f'<w:ind w:left="{twips(left)}" w:right="{twips(right)}"'
    indent += f' w:hanging="{twips(hanging)}"/>' if hanging else "/>"
    return (
        "".join(f"<w:{name}/>" for name in keep.split())
        + (f"<w:pBdr>{edge}</w:pBdr>" if edge else "")
        + (f'<w:shd w:val="clear" w:color="auto" w:fill="{colour(shade)}"/>' if shade else "")
        + (f"<w:tabs>{tabs}</w:tabs>" if tabs else "")
        + spacing
        + (indent if left or right or hanging else "")
        + (f'<w:jc w:val="{align}"/>' if align else "")
        + (f'<w:outlineLvl w:val="{level - 1}"/>' if level else "")
    )


def letters(size: float = 0, ink: str = "", *, bold: bool = False, font: str = "") -> str:
    """Properties of characters, in the order of the schema."""
    return (
        (f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}"/>' if font else "")
        + ("<w:b/><w:bCs/>" if bold else "")
        + (f'<w:color w:val="{colour(ink)}"/>' if ink else "")
        + (f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>' if size else "")
    )


def edge(side: str, ink: str, eighths: int = 24, space: int = 8) -> str:
    """One side of a paragraph's or table's border, so many eighths of a point wide."""
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{colour(ink)}"/>'


def tab(mm: float, kind: str = "left", leader: str = "") -> str:
    """A tab stop."""
    dots = f' w:leader="{leader}"' if leader else ""
    return f'<w:tab w:val="{kind}"{dots} w:pos="{twips(mm)}"/>'


def add(styles: Any, wanted: tuple[Style, ...], *, replace: bool) -> dict[str, str]:
    """Puts styles into a styles part: all of them, or only those it lacks. Returns ids by name.

    Word matches the names of its own styles whatever their case, so does this.
    """
    known = {_name(item): item for item in styles.iterchildren(f"{W}style")}
    taken = {item.get(f"{W}styleId") for item in known.values()}
    ids = {name: str(item.get(f"{W}styleId")) for name, item in known.items()}
    missing = [style for style in wanted if replace or style.name.lower() not in known]
    for style in missing:
        old = known.get(style.name.lower())
        if old is not None:
            styles.remove(old)
            taken.discard(old.get(f"{W}styleId"))
        id = style.id if style.id not in taken else f"Keguan{style.id}"
        ids[style.name.lower()] = id
        taken.add(id)
    for style in missing:
        styles.append(etree.fromstring(_xml(style, ids)))
    return ids


def _name(style: Any) -> str:
    name = style.find(f"{W}name")
    return str(name.get(f"{W}val", "")).lower() if name is not None else ""


def _xml(style: Style, ids: Mapping[str, str]) -> str:
    based = ids.get(style.based.lower(), "") if style.based.lower() != style.name.lower() else ""
    own = style.name.startswith("Keguan")
    return (
        f'<w:style {DECLARED} w:type="{style.kind}" w:styleId="{ids[style.name.lower()]}"'
        + (' w:default="1"' if style.name in ("Normal", "Normal Table", "Default Paragraph Font") else "")
        + (' w:customStyle="1">' if own else ">")
        + f'<w:name w:val="{style.name}"/>'
        + (f'<w:basedOn w:val="{based}"/>' if based else "")
        + ("" if style.name in ("Normal Table", "Default Paragraph Font") else "<w:qFormat/>")
        + (f"<w:pPr>{style.paragraph}</w:pPr>" if style.paragraph else "")
        + (f"<w:rPr>{style.run}</w:rPr>" if style.run else "")
        + style.more
        + "</w:style>"
    )


def defaults(language: Language) -> str:
    """What every style starts from: fonts for both scripts, the language, the colour of text."""
    latin, eastern = theme.OFFICE_FONTS["latin"], theme.OFFICE_FONTS["east_asian"]
    hint = ' w:hint="eastAsia"' if language == "zh" else ""
    size = round(theme.PRINT["body"] * 2)
    return (
        f"<w:docDefaults {DECLARED}><w:rPrDefault><w:rPr>"
        f'<w:rFonts{hint} w:ascii="{latin}" w:eastAsia="{eastern}" w:hAnsi="{latin}" w:cs="{latin}"/>'
        f'<w:color w:val="{colour(theme.TEXT)}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
        f'<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )
