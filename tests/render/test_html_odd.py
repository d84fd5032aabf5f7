"""Names that are formulas or tags, names far too long, rare letters, charts of one point or five hundred."""

from __future__ import annotations

import html
import re

import pytest

from keguan.core.text import LANGUAGES, Language
from keguan.render.charts.draw import draw
from keguan.render.charts.svg import svg
from keguan.render.html.page import page
from keguan.render.html.read import parse
from keguan.report.document import FigureBlock
from render import odd


@pytest.fixture(scope="module", params=LANGUAGES)
def text(request: pytest.FixtureRequest) -> str:
    return page(odd.document(request.param))[0]


def test_every_name_stands_in_its_cell_and_nowhere_as_a_tag(text: str) -> None:
    shown = parse(text).items
    for place, name in enumerate(odd.NAMES):
        written = " ".join(name.split())
        found = [value for element, value in shown.items() if "rfm.names[" in element and value == written]
        assert found, place
    assert "<script>alert" not in text
    assert text.count("<script") == text.count("</script>")


def test_rare_letters_are_written_and_read_back(text: str) -> None:
    assert "😀 犇犇 喆堃 𠮷野家" in text
    text.encode()


def test_a_table_of_five_thousand_rows_prints_some_and_says_so(text: str) -> None:
    table = re.search(r'<table data-table="rfm\.large" data-place="body".*?</figure>', text, re.DOTALL)
    assert table
    assert table[0].count("<tr data-row") == 12
    assert "5,000" in table[0]


def test_a_table_of_five_thousand_rows_can_be_printed_whole() -> None:
    made = odd.document(rows=5000)
    written, manifest = page(made)
    shown = parse(written).items
    assert made.on_paper().items() <= shown.items()
    assert manifest["items"] == made.manifest["items"]
    assert "cell:rfm.large[客户4999].money@body" in shown
    assert len(written.encode()) < 8_000_000


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("id", "told"), [("one", "1.00"), ("many", "1,497.00"), ("zeros", "0.00"), ("losses", "-56.00")]
)
def test_odd_charts_are_drawn_and_told(language: Language, id: str, told: str) -> None:
    made = odd.document(language)
    block = next(item for item in made.blocks() if isinstance(item, FigureBlock) and item.ref == f"rfm.{id}")
    picture = svg(draw(block, language, "CNY"), block.title, "f1")
    assert "NaN" not in picture
    assert "Infinity" not in picture
    labels = re.findall(r'class="chart" role="img" aria-label="([^"]*)"', page(made)[0])
    assert any(block.title in html.unescape(label) and told in label for label in labels)


def test_a_long_name_of_rare_letters_is_cut_between_letters() -> None:
    """ECharts cuts labels between any two units of UTF-16; half a letter would be no text at all."""
    for ahead in ("", "a", "ab"):
        rows = [
            {"name": ahead + "😀𠮷" * 60, "money": 1},
            *({"name": f"客户{n}", "money": n} for n in range(9)),
        ]
        picture = svg(draw(odd.chart(rows), "zh", "CNY"), "图", "f1")
        picture.encode()
        assert "\ufffd" not in picture
        assert f">{ahead}😀" in picture


def test_the_same_bytes_twice() -> None:
    assert page(odd.document()) == page(odd.document())
