"""Pictures say less and look the same."""

from __future__ import annotations

import io
import re

import pytest
import typst
from PIL import Image, ImageChops

from keguan.render.charts import svg as drawing
from keguan.render.charts.pictures import standalone
from keguan.render.charts.slim import slim
from keguan.render.font import typst_fonts
from keguan.report.document import FigureBlock
from render import odd

PAGE = b'#set page(width: auto, height: auto, margin: 0pt, fill: white)\n#image("picture.svg")\n'


def as_image(picture: str) -> Image.Image:
    files = {"main.typ": PAGE, "picture.svg": standalone(picture).encode()}
    made = typst.compile(files, format="png", ppi=72, font_paths=typst_fonts())  # type: ignore[arg-type]
    return Image.open(io.BytesIO(made)).convert("L")  # type: ignore[arg-type]


@pytest.mark.parametrize("made", [odd.document("zh"), odd.document("en")], ids=["zh", "en"])
def test_a_slim_picture_looks_as_the_whole_one(monkeypatch: pytest.MonkeyPatch, made: object) -> None:
    blocks = [block for block in made.blocks() if isinstance(block, FigureBlock)]  # type: ignore[attr-defined]
    from keguan.render.charts.draw import draw

    drawings = [draw(block, "zh", "CNY") for block in blocks]
    short = [drawing.svg(item, "图", "f1") for item in drawings]
    monkeypatch.setattr(drawing, "slim", lambda picture: picture)
    whole = [drawing.svg(item, "图", "f1") for item in drawings]
    assert sum(map(len, short)) < 0.8 * sum(map(len, whole))
    for less, more in zip(short, whole, strict=True):
        difference = ImageChops.difference(as_image(less), as_image(more))
        assert difference.getextrema()[1] < 80  # the edge of a letter by a hundredth of a pixel
        assert sum(difference.histogram()[40:]) < 200
        assert re.sub(r"<[^>]*>", "", less) == re.sub(r"<[^>]*>", "", more)


def test_what_has_no_colour_goes_and_neighbours_share() -> None:
    got = slim(
        '<svg width="9"><path d="M0 0" fill="none"></path><path d="M1 1" fill="rgb(1,2,3)"></path>'
        '<path d="M2 2" fill="rgb(1,2,3)"></path><path d="M3 3" fill="none" stroke="#000"></path>'
        '<text font-size="12px" text-anchor="start" y="7.5" transform="translate(10.12345 2)">甲</text></svg>'
    )
    assert got == (
        '<svg font-size="12px" width="9"><g fill="#010203"><path d="M1 1"/><path d="M2 2"/></g>'
        '<path d="M3 3" fill="none" stroke="#000"/><text y="9.5" x="10.12">甲</text></svg>'
    )
