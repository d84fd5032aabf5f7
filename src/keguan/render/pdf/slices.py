"""Pictures that are higher than a page: made smaller, or cut into pieces that stand on pages of their own."""

from __future__ import annotations

import re

from keguan.render.charts.svg import WIDTH
from keguan.render.pdf.tables import ROOM

TALLEST = 575.0  # points of a picture; its caption and source stand on the same page
SMALLEST = 0.45  # of the page's width; below, letters are no longer read
_BOX = re.compile(r'viewBox="0 0 (\d+(?:\.\d+)?) (\d+(?:\.\d+)?)"')
_SIZE = re.compile(r'^(<svg [^>]*?)\s(?:width|height)="[^"]*"')


def pieces(picture: str, height: float) -> list[tuple[str, float]]:
    """(SVG, width as a share of the page's) for each piece of a picture of `height` pixels."""
    tall = height / WIDTH * ROOM
    share = min(1.0, TALLEST / tall)
    if share >= SMALLEST:
        return [(picture, share)]
    step = TALLEST / ROOM * WIDTH
    count = int(-(-height // step))
    return [(_cut(picture, number * step, min(step, height - number * step)), 1.0) for number in range(count)]


def _cut(picture: str, top: float, height: float) -> str:
    """The same picture, of which a strip is seen."""
    out = _SIZE.sub(r"\1", _SIZE.sub(r"\1", picture))
    return _BOX.sub(f'viewBox="0 {top:.1f} {WIDTH} {height:.1f}"', out, count=1)
