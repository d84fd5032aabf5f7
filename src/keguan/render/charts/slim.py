"""A picture with fewer characters and the same look: what cannot be seen goes, what is said twice is said once.

ECharts writes a box behind every label and a mark on every point, both without colour, for a pointer that a
picture does not have; and it says the colour of each letter and bar anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

SIZE = "12px"  # of most letters: said once, at the top
# What neighbours of one kind have in common, and a group around them hands on. Page and typst both do for the
# baseline, though SVG 1.1 does not: the style sheet of the page says so.
SHARED = (
    "dominant-baseline",
    "text-anchor",
    "font-size",
    "font-weight",
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-linecap",
    "stroke-linejoin",
)
_ELEMENT = re.compile(r"<(path|rect|text)( [^>]*?)/?>(?:([^<]*)</\1>)?|[^<]+|<[^>]*>")
_ATTRIBUTE = re.compile(r' ([\w:-]+)="([^"]*)"')
_MOVED = re.compile(r"translate\((-?[\d.]+)[ ,](-?[\d.]+)\)")
_LONG = re.compile(r"-?\d+\.\d{3,}")
_RGB = re.compile(r"rgb\((\d+), ?(\d+), ?(\d+)\)")

_Piece = tuple[str, dict[str, str], str]  # name, attributes, text; a name of '' is markup as it stands


def slim(picture: str) -> str:
    """The picture without its invisible shapes, neighbours that look alike in one group, places of letters to a
    hundredth of a pixel."""
    pieces = (_piece(found) for found in _ELEMENT.finditer(picture))
    runs = groupby((piece for piece in pieces if _seen(piece)), _look)
    out = "".join(text for look, run in runs for text in _run(look, list(run)))
    return out.replace("<svg ", f'<svg font-size="{SIZE}" ', 1)


def _piece(found: re.Match[str]) -> _Piece:
    name, attributes, text = found.groups()
    if name is None:
        return "", {}, found[0]
    known = {key: _RGB.sub(_hex, value) for key, value in _ATTRIBUTE.findall(attributes)}
    return name, _placed(known, text or "") if name == "text" else known, text or ""


def _hex(found: re.Match[str]) -> str:
    return "#" + "".join(f"{min(int(part), 255):02x}" for part in found.groups())


def _placed(known: dict[str, str], text: str) -> dict[str, str]:
    """Letters by their place, without what they would have anyway."""
    if known.get("font-size") == SIZE:
        del known["font-size"]
    if known.get("text-anchor") == "start":
        del known["text-anchor"]
    if known.get("xml:space") and text == " ".join(text.split()):
        del known["xml:space"]
    if moved := _MOVED.fullmatch(known.get("transform", "")):
        del known["transform"]
        places = zip("xy", moved.groups(), strict=True)
        known |= {axis: str(float(known.get(axis, 0)) + float(by)) for axis, by in places}
    return {key: _LONG.sub(_short, value).removesuffix(".0") for key, value in known.items()}


def _short(found: re.Match[str]) -> str:
    return f"{float(found[0]):.2f}".rstrip("0").rstrip(".")


def _seen(piece: _Piece) -> bool:
    name, known, _ = piece
    if name not in {"path", "rect"}:
        return True
    filled = known.get("fill") != "none" and known.get("fill-opacity") != "0"
    drawn = known.get("stroke", "none") != "none" and known.get("stroke-opacity") != "0"
    return filled or drawn


def _look(piece: _Piece) -> tuple[str, ...]:
    """What neighbours must share to stand in one group."""
    name, known, _ = piece
    return (name, *(known.get(key, "") for key in SHARED)) if name else ()


def _run(look: tuple[str, ...], run: list[_Piece]) -> Iterator[str]:
    if not look:
        yield from (text for _, _, text in run)
        return
    shared = dict(zip(SHARED, look[1:], strict=True)) if len(run) > 1 else {}
    shared = {key: value for key, value in shared.items() if value}
    if shared:
        yield f"<g{_said(shared)}>"
    for name, known, text in run:
        own = _said({key: value for key, value in known.items() if key not in shared})
        yield f"<{name}{own}>{text}</{name}>" if name == "text" else f"<{name}{own}/>"
    if shared:
        yield "</g>"


def _said(attributes: dict[str, str]) -> str:
    return "".join(f' {key}="{value}"' for key, value in attributes.items())
