"""A company's template: its master and layouts, without its slides."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from keguan.core.errors import InputError, Where
from keguan.core.text import Language, Text
from keguan.render import theme
from keguan.render.pptx.deck import Deck
from keguan.render.pptx.ink import Fonts
from keguan.render.pptx.package import Parts
from keguan.render.pptx.read import layout_texts

MOST_BYTES = 64 << 20
NEEDED = ("titleOnly", "blank")
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_FOOT = {"dt", "ftr", "sldNum"}


def company(path: Path, language: Language) -> Deck:
    """A deck on the template. InputError when it is missing, no presentation, or lacks a layout that is needed."""
    presentation = _opened(path)
    layouts: dict[str, Any] = {}
    for layout in presentation.slide_layouts:
        layouts.setdefault(_type(layout), layout)
    missing = [kind for kind in NEEDED if kind not in layouts]
    if missing:
        names = Text("「仅标题」与「空白」版式", "the layouts 'Title Only' and 'Blank'")
        raise _unusable(path, ", ".join(layout.name for layout in presentation.slide_layouts) or "–", names)
    if layouts["titleOnly"].placeholders and not _placed(layouts["titleOnly"]):
        raise _unusable(
            path, layouts["titleOnly"].name, Text("标题有位置的版式", "a layout whose title has a place")
        )
    _emptied(presentation)
    return Deck(presentation, layouts, language, _fonts(presentation), company=True)


def texts(content: bytes) -> tuple[str, ...]:
    """Texts that the template's layouts and masters put on slides."""
    return tuple(layout_texts(Parts(content)))


def _opened(path: Path) -> Any:
    from lxml.etree import XMLSyntaxError
    from pptx import Presentation
    from pptx.exc import PythonPptxError

    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise _unusable(path, error.strerror or type(error).__name__, _PRESENTATION) from error
    if len(content) > MOST_BYTES:
        raise _unusable(path, f"> {MOST_BYTES >> 20} MB", _PRESENTATION)
    try:
        parts = Parts(content)
        for name in sorted(parts.names):
            parts.part(name)
        return Presentation(io.BytesIO(content))
    except (ValueError, KeyError, PythonPptxError, XMLSyntaxError, AttributeError) as error:
        raise _unusable(path, str(error)[:80] or "–", _PRESENTATION) from error


_PRESENTATION = Text("PowerPoint 演示文稿 (.pptx)", "a PowerPoint presentation (.pptx)")


def _unusable(path: Path, found: str, allowed: Text) -> InputError:
    return InputError(
        Text("这个 PowerPoint 模板不能用", "This PowerPoint template cannot be used"),
        Where(file=path.name),
        found=found,
        allowed=allowed,
        do=Text(
            "给出带有「仅标题」和「空白」版式的 .pptx，或不用 --template",
            "give a .pptx with the layouts 'Title Only' and 'Blank', or leave --template out",
        ),
    )


def _type(layout: Any) -> str:
    """The layout's type, or what its placeholders make it."""
    said = layout._element.get("type")
    if said:
        return str(said)
    kinds = {holder.get("type", "obj") for holder in layout._element.iter(f"{_P}ph")} - _FOOT
    return "titleOnly" if kinds == {"title"} else "blank" if not kinds else "other"


def _placed(layout: Any) -> bool:
    titles = [item for item in layout.placeholders if item._element.xpath(".//p:ph/@type") == ["title"]]
    return bool(titles) and all(value is not None for value in (titles[0].left, titles[0].width))


def _emptied(presentation: Any) -> None:
    """The template's own slides are left out."""
    listing = presentation.slides._sldIdLst
    for entry in list(listing):
        presentation.part.drop_rel(entry.rId)
        listing.remove(entry)
    root = presentation.part._element
    for item in [*root.iter("{*}sectionLst"), *root.iter("{*}custShowLst")]:
        holder = item.getparent()
        gone = holder if holder.tag.endswith("}ext") else item  # lists of slides that are no more
        gone.getparent().remove(gone)


def _fonts(presentation: Any) -> Fonts:
    """The theme's fonts; for Chinese the report's own where the theme names none."""
    from lxml import etree

    rels = presentation.slide_master.part.rels.values()
    part = next((rel.target_part for rel in rels if rel.reltype.endswith("/theme")), None)
    found = None
    if part is not None:
        root = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
        found = root.find(".//{*}minorFont/{*}ea")
    named = found is not None and found.get("typeface")
    return Fonts("+mn-lt", "+mn-ea" if named else theme.OFFICE_FONTS["east_asian"])
