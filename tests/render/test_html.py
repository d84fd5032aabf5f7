"""The HTML report: complete in itself, safe, the same each time, and every edit is named."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from keguan.core.errors import InputError
from keguan.core.text import LANGUAGES, Language, Text
from keguan.render.charts.pictures import Pictures
from keguan.render.forms import FORMS, read_file
from keguan.render.html.page import page
from keguan.render.html.read import parse
from keguan.render.marks import Difference, differences
from keguan.report.compose import compose
from keguan.report.document import Document
from keguan.report.recipe import load_recipe
from keguan.result import Column
from render.packs import repacked
from report import sample

LIMIT = 4_000_000


def document(language: Language = "zh") -> Document:
    return compose(sample.results(), sample.analyses(), load_recipe("monthly"), language, sample.context())


@pytest.fixture(scope="module")
def html() -> str:
    return page(document())[0]


def found_in(text: str) -> tuple[Difference, ...]:
    return differences(parse(text), parse(page(document())[0]))


def named(text: str) -> list[tuple[str, str, str]]:
    return [(item.kind, item.name, item.place) for item in found_in(text)]


def replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{text.count(old)} times: {old}"
    return text.replace(old, new)


def test_written_and_read_back_it_shows_what_the_document_says() -> None:
    made = document()
    written = FORMS["html"].write(made, Pictures(made))
    marked = FORMS["html"].read(written.content, "report.html")
    assert marked.document == made.manifest["document_id"]
    assert marked.other == written.other == marked.manifest["other"]
    assert made.on_paper().items() <= marked.items.items()
    assert {**marked.manifest, "other": 0} == {**made.manifest, "other": 0}
    assert len(written.content) < LIMIT


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_document_gives_the_same_bytes(language: Language) -> None:
    assert page(document(language)) == page(document(language))


def test_one_digit_of_a_sentence_is_named(html: str) -> None:
    claim = re.search(r'data-claim="(\w+)" data-place="body">共有', html)
    assert claim is not None
    old = 'data-place="body">共有 <span data-value="customers">5,878<'
    found = named(replaced(html, old, old.replace("5,878", "5,879")))
    assert found == [("claim", claim[1], "body")]


def test_a_fixed_word_of_a_sentence_is_named(html: str) -> None:
    found = found_in(replaced(html, 'data-place="summary">新客户 ', 'data-place="summary">老客户 '))
    assert [item.kind for item in found] == ["claim"]
    assert found[0].found is not None
    assert found[0].found.startswith("老客户")


def test_one_digit_of_a_table_cell_is_named(html: str) -> None:
    row = re.search(r'<tr data-row="gross_revenue">.*?</tr>', html)
    assert row is not None
    edited = html.replace(row[0], row[0].replace("17,431,533.18", "17,431,538.18"), 1)
    assert named(edited) == [("cell", "overview.kpis[gross_revenue].value", "body")]


def test_one_digit_of_a_card_is_named(html: str) -> None:
    old = 'data-cell="overview.kpis[orders].value" data-place="card">36,969'
    edited = replaced(html, old, old.replace("36,969", "36,960"))
    assert named(edited) == [("cell", "overview.kpis[orders].value", "card")]


def test_one_digit_of_a_chart_datum_is_named(html: str) -> None:
    cell = '"cell":"product_mix.categories[家居与厨房].net_revenue"'

    def change(listing: str) -> str:
        return re.sub(rf'"value":340(?:\.0)?(,"shown":"[^"]*",{re.escape(cell)})', r'"value":350\1', listing)

    edited = repacked(html, change)
    assert named(edited) == [
        ("datum", "product_mix.categories/product_mix.categories[家居与厨房].net_revenue", "")
    ]


def test_one_digit_in_a_picture_is_named(html: str) -> None:
    picture = re.search(r'data-picture="rfm.revenue">.*?</svg>', html, re.DOTALL)
    assert picture is not None
    edited = html.replace(picture[0], replaced(picture[0], ">742.0万<", ">842.0万<"), 1)
    assert named(edited) == [("picture", "rfm.revenue", "")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("--seal:#b3402c;--neg", "--seal:#b3402d;--neg"),
        ("执行摘要</h2>", "执行总结</h2>"),
        ("关键指标</span>", "关键数字</span>"),
        ("<dd>2026-10-12</dd>", "<dd>2026-10-13</dd>"),
    ],
)
def test_any_other_change_is_said_as_other_parts(html: str, old: str, new: str) -> None:
    text = html.replace("--seal:#b3402c; --neg", "--seal:#b3402c;--neg")
    assert old in text or old.startswith("--seal")
    edited = (
        html.replace("--seal:#b3402c", "--seal:#b3402d", 1)
        if old.startswith("--seal")
        else text.replace(old, new, 1)
    )
    assert named(edited) == [("other", "", "")]


def test_an_edit_that_is_also_made_in_the_manifest_is_found_against_the_document(html: str) -> None:
    edited = html.replace("17,431,533.18", "17,431,538.18")
    found = found_in(edited)
    assert (
        Difference("cell", "overview.kpis[gross_revenue].value", "body", "17,431,533.18", "17,431,538.18")
        in found
    )


def test_rows_with_the_same_key_or_none_have_names_of_their_own() -> None:
    columns = [
        Column("part", Text("部分", "Part"), "text", role="key"),
        Column("n", Text("数", "n"), "count"),
    ]
    rows = [{"part": "甲", "n": 1}, {"part": "甲", "n": 2}, {"part": None, "n": 3}]
    twice = sample.table("twice", Text("表", "Table"), columns, ["part"], rows)
    keyless = sample.table("keyless", Text("表", "Table"), columns, [], rows[:1])
    results = sample.results()
    results["rfm"] = replace(results["rfm"], tables=(*results["rfm"].tables, twice, keyless))
    made = compose(results, sample.analyses(), load_recipe("monthly"), "zh", sample.context())
    text, _ = page(made)
    shown = parse(text).items
    assert made.on_paper().items() <= shown.items()
    names = [name for name in shown if "twice[" in name and name.endswith("n@body")]
    assert names == ["cell:rfm.twice[甲].n@body", "cell:rfm.twice[甲+].n@body", "cell:rfm.twice[-].n@body"]
    assert "cell:rfm.keyless[-].n@body" in shown


def test_a_removed_and_an_added_row_are_named(html: str) -> None:
    row = re.search(r'<tr data-row="returns">.*?</tr>', html)
    assert row is not None
    assert ("cell", "overview.kpis[returns].value", "body") in named(html.replace(row[0], "", 1))
    twice = named(html.replace(row[0], row[0] * 2, 1))
    assert ("cell", "overview.kpis[returns].value", "body+") in twice


class _Outline(HTMLParser):
    """Collects what a browser would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.inline: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.ids += [known["id"]] if known.get("id") else []  # type: ignore[list-item]
        self.links += [value for name, value in attrs if name in {"src", "href"} and value]
        self.inline += [name for name, _ in attrs if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_needs_nothing_from_outside_and_runs_nothing_inline(language: Language) -> None:
    text, _ = page(document(language))
    outline = _Outline()
    outline.feed(text)
    assert outline.inline == []
    assert all(link.startswith("#") for link in outline.links)
    targets = {link[1:] for link in outline.links}
    assert targets <= set(outline.ids)
    assert len(outline.ids) == len(set(outline.ids))
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    assert "unsafe" not in policy[1]
    assert policy[1].startswith("default-src 'none'")


def test_texts_cannot_break_out(html: str) -> None:
    assert "&lt;b&gt;待查&lt;/b&gt;" in html
    assert "<b>待查" not in html
    for block in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', html, re.DOTALL):
        assert "<" not in block


def test_a_file_that_is_no_report_is_a_sentence(tmp_path: Path) -> None:
    for name, content in (("a.html", b"<p>hello</p>"), ("b.html", b"\xff\xfe\x00")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError) as caught:
            read_file(tmp_path / name)
        assert name in caught.value.paragraph("zh")
    with pytest.raises(InputError):
        read_file(tmp_path / "none.html")


def advised() -> Document:
    """The sample with advice under a sentence of the summary."""
    results = sample.results()
    keep, *rest = results["rfm"].claims
    results["rfm"] = replace(results["rfm"], claims=(replace(keep, about=("rfm", "重要保持")), *rest))
    context = replace(sample.context(), advice={("rfm", "重要保持"): Text("主动<回访>。", "Visit <them>.")})
    return compose(results, sample.analyses(), load_recipe("monthly"), "zh", context)


def test_advice_is_shown_apart_from_the_sentence_and_an_edit_of_it_is_named() -> None:
    made = advised()
    text = page(made)[0]
    name = next(block.id for block in made.blocks() if getattr(block, "so_what", ""))
    assert parse(text).items[f"advice:{name}@summary"] == "主动<回访>。"
    assert text.count("主动&lt;回访&gt;。") == 1
    edited = replaced(text, "主动&lt;回访&gt;。", "降价。")
    found = differences(parse(edited), parse(text))
    assert [(item.kind, item.name, item.place, item.found) for item in found] == [
        ("advice", name, "summary", "降价。")
    ]


def test_control_characters_in_a_name_are_shown_as_escapes_and_the_page_agrees() -> None:
    columns = [
        Column("name", Text("名称", "Name"), "text", role="key"),
        Column("n", Text("数", "n"), "count"),
    ]
    rows = [{"name": "k\x85\x0b\x1c", "n": 1}]
    results = sample.results()
    odd = sample.table("odd", Text("表", "Table"), columns, ["name"], rows)
    results["rfm"] = replace(results["rfm"], tables=(*results["rfm"].tables, odd))
    made = compose(results, sample.analyses(), load_recipe("monthly"), "zh", sample.context())
    assert "k\\x85\\x0b\\x1c" in page(made)[0]
