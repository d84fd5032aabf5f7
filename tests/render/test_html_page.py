"""The page for everyone: order of headings, names, tables and charts in words, contrast, sources, no motion."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser
from importlib import resources

import pytest

from keguan.core.text import LANGUAGES, Language
from keguan.render import theme
from keguan.render.html.page import SAID, page
from keguan.render.html.read import parse
from keguan.render.marks import differences
from keguan.report.compose import compose
from keguan.report.document import Document, FigureBlock, TableBlock
from keguan.report.phrases import PHRASES
from keguan.report.recipe import load_recipe
from report import sample


def document(language: Language = "zh") -> Document:
    return compose(sample.results(), sample.analyses(), load_recipe("monthly"), language, sample.context())


@pytest.fixture(scope="module", params=LANGUAGES)
def written(request: pytest.FixtureRequest) -> tuple[Document, str]:
    made = document(request.param)
    return made, page(made)[0]


class _Elements(HTMLParser):
    """Every element with its attributes, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, *tags: str) -> list[dict[str, str | None]]:
        return [known for tag, known in self.found if tag in tags]


def test_headings_descend_one_step_at_a_time(written: tuple[Document, str]) -> None:
    levels = [int(tag[1]) for tag, _ in _Elements(written[1]).found if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_landmarks_and_the_way_past_them(written: tuple[Document, str]) -> None:
    made, text = written
    page_of = _Elements(text)
    for landmark in ("header", "main", "footer"):
        assert len(page_of.named(landmark)) == 1
    assert [known["aria-label"] for known in page_of.named("nav")] == [made.words["contents"]] * 2
    first = next(known for tag, known in page_of.found if tag == "a")
    assert first["href"] == "#main"
    assert page_of.named("main")[0]["tabindex"] == "-1"
    assert text.index("</main>") < text.index("<footer")


def test_tables_are_named_and_their_headers_say_what_they_head(written: tuple[Document, str]) -> None:
    _, text = written
    tables = re.findall(r"<table .*?</table>", text, re.DOTALL)
    assert tables
    for table in tables:
        assert re.search(r"<caption[^>]*>[^<]+</caption>", table)
        assert "<th>" not in table
        assert len(re.findall(r"<thead>.*?</thead>", table)) == 1
    assert re.search(r'<tr data-row="orders"><th scope="row">', text)


def test_an_edited_row_header_is_a_changed_cell() -> None:
    text = page(document())[0]
    found = re.search(r'<tr data-row="orders"><th scope="row">([^<]+)<', text)
    assert found
    edited = text.replace(found[0], found[0].replace(found[1], "别的"), 1)
    named = [(item.kind, item.name) for item in differences(parse(edited), parse(text))]
    assert named == [("cell", "overview.kpis[orders].metric")]


def test_each_chart_is_told_in_words(written: tuple[Document, str]) -> None:
    made, text = written
    told = [
        known["aria-label"] or ""
        for known in _Elements(text).named("div")
        if known.get("class") == "chart" and known.get("role") == "img"
    ]
    figures = [block for block in made.blocks() if isinstance(block, FigureBlock)]
    assert len(told) == len(figures) > 5
    for block, words in zip(figures, told, strict=True):
        assert words.startswith(made.words[f"chart_{block.figure.kind}"])
        assert block.title in words
        assert len(words) > len(block.title) + 20
    revenue = next(words for words, block in zip(told, figures, strict=True) if block.ref == "rfm.shares")
    assert "16.2%" in revenue or "19.1%" in revenue  # as its table prints them


def test_each_figure_and_table_has_its_source(written: tuple[Document, str]) -> None:
    made, text = written
    shown = [block for block in made.blocks() if isinstance(block, (FigureBlock, TableBlock))]
    lines = re.findall(r'<p class="below source">([^<]+)</p>', text)
    assert len(lines) == len(shown)
    for line, block in zip(lines, shown, strict=True):
        table = block.table if isinstance(block, FigureBlock) else block
        assert table.ref in line
        assert made.as_of.isoformat() in line
    assert any("purchases" in line and "7" in line for line in lines)


def test_each_figure_says_its_units(written: tuple[Document, str]) -> None:
    captions = re.findall(r'<figure class="figure"><figcaption>(.*?)</figcaption>', written[1])
    assert captions
    assert all('class="unit"' in caption for caption in captions)


def test_without_a_script_there_is_no_field_and_no_button(written: tuple[Document, str]) -> None:
    assert not _Elements(written[1]).named("input", "button", "form")


def test_links_to_evidence_are_told_apart(written: tuple[Document, str]) -> None:
    links = [known for known in _Elements(written[1]).named("a") if str(known.get("class")).startswith("ev")]
    places: dict[str, set[str]] = {}
    for known in links:
        if known.get("aria-label"):
            places.setdefault(str(known["aria-label"]), set()).add(str(known["href"]))
    assert len(places) > 20
    assert all(len(where) == 1 for where in places.values())


def test_the_words_of_the_script_are_fixed_words() -> None:
    assert set(SAID) <= set(PHRASES)
    files = [item for item in resources.files("keguan.render.html").iterdir() if item.name.endswith(".js")]
    used = set(re.findall(r"\bwords\.(\w+)", "".join(item.read_text("utf-8") for item in files)))
    assert used == set(SAID)


def _sheet(name: str) -> str:
    return (resources.files("keguan.render.html") / f"{name}.css").read_text("utf-8")


def _colours(rule: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})\b", rule))


LIGHT = _colours(_sheet("theme").partition("@media")[0])
DARK = {**LIGHT, **_colours(_sheet("theme").partition("@media")[2].partition("\n}\n")[0])}
READ = [  # what is read, on what it stands
    *[(text, ground) for text in ("ink", "text", "muted", "faint", "accent") for ground in ("paper", "soft")],
    *[(text, ground) for text in ("ink", "text") for ground in ("warn-bg", "info-bg", "opinion-bg", "hit")],
    ("seal", "paper"),
    ("neg", "paper"),
    ("neg", "soft"),
    ("muted", "opinion-bg"),
    ("opinion", "opinion-bg"),
    ("cover-text", "cover"),
    ("cover-muted", "cover"),
]


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), READ)
def test_what_is_read_stands_out_from_what_it_stands_on(
    colours: dict[str, str], text: str, ground: str
) -> None:
    """Source: WCAG 2.2, success criterion 1.4.3, small text."""
    lighter, darker = sorted((_luminance(colours[text]), _luminance(colours[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_light_and_dark_differ_and_no_text_has_a_colour_of_its_own() -> None:
    assert LIGHT["faint"] == theme.FAINT
    assert DARK["paper"] != LIGHT["paper"]
    sheets = _sheet("theme") + _sheet("tools") + _sheet("print")
    own = set(re.findall(r"[;{ ]color:([^;}]+)", sheets))
    assert all(colour == "inherit" or colour.startswith("var(--") for colour in own)


def test_nothing_moves_by_itself() -> None:
    sheets = _sheet("theme") + _sheet("tools") + _sheet("print")
    assert not re.search(r"transition|animation|smooth|@keyframes", sheets)


def test_print_says_what_it_leaves_out(written: tuple[Document, str]) -> None:
    made, text = written
    assert f'<p class="printed">{made.words["left_out_in_print"]}</p>' in text
    assert ".printed{display:none}" in text
