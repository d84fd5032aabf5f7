"""The attacker sends a recipe: a file for `keguan report --recipe`, or one inside a report."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

import pytest

from keguan.app.recipes import MOST_BYTES, checked, chosen
from keguan.app.reporting import ReportOrder, write_report
from keguan.app.verifying import verify_file
from keguan.core.errors import InputError, UsageError
from keguan.render.markup import packed, unpacked
from keguan.report.recipe import load_recipe
from keguan.store.workspace import Store
from safety.conftest import Issued

TITLE = 'title = { zh = "简报", en = "Brief" }\n'
SECTION = '[[sections]]\nid = "n"\ntitle = { zh = "数字", en = "Numbers" }\n'
GOOD = TITLE + SECTION + 'tables = ["overview.kpis"]\nanalyses = ["overview"]\n'
CARD = '[[cards]]\ntable = "overview.kpis"\nkey = { metric = "gross_revenue" }\ncolumn = "value"\n'

# What is wrong, and the part that the message names.
WRONG = {
    "": "title",
    "title = 1": "title",
    'title = ["a"]': "title",
    "title = { zh = 1, en = [2] }\n" + SECTION: "title",
    'title = { zh = "a" }\n' + SECTION: "title",
    TITLE: "sections",
    TITLE + "sections = 3": "sections",
    TITLE + 'sections = "abc"': "sections",
    TITLE + "sections = [1, 2]": "sections",
    TITLE + SECTION.replace('"n"', "5"): "sections.id",
    TITLE + SECTION.replace('"n"', '["a"]'): "sections.id",
    TITLE + SECTION.replace('"n"', '" "'): "sections.id",
    GOOD + SECTION: "sections.id",
    TITLE + SECTION + 'analyses = "overview"': "sections.analyses",
    TITLE + SECTION + "analyses = [1]": "sections.analyses",
    TITLE + SECTION + "tables = [1]": "sections.tables",
    TITLE + SECTION + "hide = [{ a = 2 }]": "sections.hide",
    TITLE + SECTION + "lead = 3": "sections.lead",
    TITLE + SECTION + "text = [3]": "sections.text",
    TITLE + SECTION + 'fill = "poem"': "sections.fill",
    TITLE + SECTION + "fill = [1]": "sections.fill",
    "rows = -5\n" + GOOD: "rows",
    "rows = 999999999999\n" + GOOD: "rows",
    'rows = "x"\n' + GOOD: "rows",
    "rows = true\n" + GOOD: "rows",
    "rows = inf\n" + GOOD: "inf",
    "summary_claims = 99999999999999999999999\n" + GOOD: "summary_claims",
    "leads = 3\n" + GOOD: "leads",
    GOOD + "[leads]\nretail = 3\n": "leads",
    GOOD + CARD.replace('"overview.kpis"', "1"): "cards.table",
    GOOD + CARD.replace('"gross_revenue"', '["a"]'): "cards.table",
    GOOD + CARD + "change = 1\n": "cards.change",
    GOOD + CARD + 'label = "x"\n': "cards.label",
    GOOD + CARD * 25: "cards",
    TITLE + "".join(SECTION.replace('"n"', f'"n{n}"') for n in range(61)): "sections",
    TITLE + SECTION + "analyses = [" + '"overview",' * 101 + "]": "sections.analyses",
    "junk = [" + "1," * 6_000 + "]\n" + GOOD: "…",
    GOOD.replace("简报", "长" * 2001): "长" * 20,
    TITLE + SECTION + 'analyses = ["../../etc/passwd"]': "sections",
    TITLE + SECTION + 'tables = ["os.system"]': "sections",
}


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_a_part_of_another_kind_or_size_is_named(number: int) -> None:
    text, part = list(WRONG.items())[number]
    with pytest.raises(UsageError) as caught:
        checked(text, "own")
    assert caught.value.where.setting == part
    assert caught.value.where.file == "own.toml"
    assert "\n" not in caught.value.paragraph("zh")


BOMBS = {
    "brackets": "a = " + "[" * 30_000,
    "tables in tables": "a = " + "{ a = " * 9_000,
    "dots": "a" + ".a" * 16_000 + " = 1",
    "a number of many digits": "rows = " + "9" * 50_000 + "\n" + GOOD,
    "nul": "\0\0\0",
    "half a character": TITLE.replace("简报", "\\ud800") + SECTION,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_at_once(bomb: str) -> None:
    started = time.process_time()
    with pytest.raises(UsageError):
        checked(BOMBS[bomb], "own")
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "content",
    [b'title = "\xff"', GOOD.encode("utf-16"), b"#" * (MOST_BYTES + 1)],
    ids=["bytes", "utf-16", "large"],
)
def test_a_file_that_is_no_small_text_is_not_read(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_bytes(content)
    with pytest.raises(UsageError) as caught:
        chosen(str(tmp_path / "own.toml"))
    assert "own.toml" in caught.value.paragraph("en")


def test_a_recipe_file_of_ones_own_is_read(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(GOOD, "utf-8")
    recipe = chosen(str(tmp_path / "own.toml"))
    assert (recipe.name, recipe.analyses, recipe.text) == ("own", ("overview",), GOOD)
    with pytest.raises(
        UsageError
    ):  # what ships is found by name; files are read in one place, which limits them
        load_recipe(str(tmp_path / "own.toml"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipes_folders_and_other_files_are_no_recipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "link.toml").symlink_to("/dev/zero")
    for name in ("pipe.toml", "folder.toml", "link.toml", "none.toml", f"{'a' * 300}.toml"):
        with pytest.raises(UsageError):
            chosen(str(tmp_path / name))
    for name in ("/etc/passwd", "../monthly", "monthly.toml/../x", ""):
        with pytest.raises(UsageError):
            chosen(name)


HOSTILE = {"script": "</h2><script>alert(1)</script>", "picture": "<img src=x onerror=alert(1)>", "template": "{x} ${jndi} %s",
           "control": "\\u0000a\\u001b[31mb\\u0007", "direction": "\\u202e12.5%", "comment": "<!-- ]]>"}  # fmt: skip
RAW = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def test_its_words_stay_words(issued: Issued, tmp_path: Path) -> None:
    """Markup, control characters and changes of direction, in every text and as the id of a section."""
    said = "".join(HOSTILE.values()).replace('"', '\\"')
    words = f'{{ zh = "{said}", en = "{said}" }}'
    own = tmp_path / "own.toml"
    own.write_text(
        f'title = {words}\n[[sections]]\nid = "\\"><script>alert(1)</script>"\ntitle = {words}\nlead = {words}\n'
        f'text = [{words}]\ntables = ["overview.kpis"]\nanalyses = ["overview"]\n'
        + CARD + f"label = {words}\n",
        "utf-8",
    )  # fmt: skip
    store = Store(issued.workspace)
    for language in ("zh", "en"):
        written = write_report(
            store, ReportOrder(tmp_path / "own.html", language, recipe=str(own)), lambda *_: None
        )
        text = written.file.read_text("utf-8")
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "<!--" not in text
        assert not RAW.search(re.sub(r"<[^>]*>", "", text))
        assert "\\u202e12.5%" in text  # to be seen, not to act
        assert verify_file(store, written.file, progress=lambda *_: None).proved


def test_a_recipe_inside_a_report_is_held_against_the_same_form(issued: Issued, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(GOOD, "utf-8")
    store = Store(issued.workspace)
    written = write_report(store, ReportOrder(tmp_path / "own.html", "en", recipe=str(own)), lambda *_: None)
    for kept in (issued.workspace / "reports").glob("*.json"):
        kept.unlink()  # the workspace has no copy: the recipe inside is used
    text = written.file.read_text("utf-8")
    written.file.write_text(with_recipe(text, 'id = "n"', "id = [1]"), "utf-8")
    verdict = verify_file(store, written.file, progress=lambda *_: None)
    assert not verdict.proved
    assert any("sections.id" in line for line in verdict.lines("en"))
    written.file.write_text(with_recipe(text, 'id = "n"', f'id = "n"\n# {"x" * MOST_BYTES}'), "utf-8")
    verdict = verify_file(store, written.file, progress=lambda *_: None)
    assert any("too large" in line for line in verdict.lines("en"))
    written.file.write_text(with_recipe(text, 'id = "n"', f'id = "n"\n# {"x" * (1 << 20)}'), "utf-8")
    with pytest.raises(InputError, match="recipe_text"):
        verify_file(store, written.file, progress=lambda *_: None)


def with_recipe(page: str, old: str, new: str) -> str:
    """The page with another recipe in the manifest inside it."""
    block = re.search(r'<script id="manifest" type="text/plain">([^<]+)</script>', page)
    assert block
    manifest = json.loads(unpacked(block[1], 1 << 30))
    assert old in manifest["recipe_text"]
    manifest["recipe_text"] = manifest["recipe_text"].replace(old, new)
    return page.replace(block[1], packed(json.dumps(manifest)))
