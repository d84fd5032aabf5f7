"""The attacker writes the report: opened or verified, it does no harm and ends in a verdict or a sentence."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keguan.app.verdict import Verdict
from keguan.app.verifying import verify_file
from keguan.core.errors import InputError, KeguanError
from keguan.engine.duckdb_engine import DuckDBEngine
from keguan.render.forms import MOST_BYTES, read_file
from keguan.render.html.read import parse
from keguan.render.markup import packed, unpacked
from keguan.report import stranger
from keguan.store.workspace import Store
from safety.conftest import Issued

BLOCK = re.compile(r'(<script [^>]*id="manifest"[^>]*>)(.*?)(</script>)', re.DOTALL)
Change = Callable[[dict[str, Any]], Any]


def forged(issued: Issued, change: Change, *, kept: bool = False) -> Path:
    """The report with its manifest changed; without the workspace's own copy unless `kept`."""
    text = issued.html.read_text("utf-8")
    found = BLOCK.search(text)
    assert found
    manifest = json.loads(unpacked(found[2], 1 << 30))
    given = change(manifest)
    listing = packed(given if isinstance(given, str) else json.dumps(manifest))
    issued.html.write_text(text[: found.start(2)] + listing + text[found.end(2) :], "utf-8")
    if not kept:
        for file in (issued.workspace / "reports").glob("*.json"):
            file.unlink()
    return issued.html


def verdict(issued: Issued, change: Change, *, kept: bool = False) -> Verdict | KeguanError:
    file = forged(issued, change, kept=kept)
    try:
        return verify_file(Store(issued.workspace), file, progress=lambda *_: None)
    except KeguanError as error:
        return error


def put(*path: str, to: Any) -> Change:
    def change(manifest: dict[str, Any]) -> None:
        at = manifest
        for name in path[:-1]:
            at = at[name]
        at[path[-1]] = to

    return change


def test_the_original_is_proved(issued: Issued) -> None:
    found = verify_file(Store(issued.workspace), issued.html, progress=lambda *_: None)
    assert found.proved
    assert len(found.claims) > 3


def test_a_page_does_not_vouch_for_its_own_other_parts(issued: Issued) -> None:
    """Words of somebody's own, with the hash that fits them in the page's own manifest."""
    text = issued.html.read_text("utf-8")
    issued.html.write_text(text.replace("</main>", "<p>Revenue is 999,999.</p></main>"), "utf-8")
    marked = read_file(issued.html)[1]
    writing = {"generated": marked.manifest["generated"], "other": marked.other}
    found = verdict(issued, put("forms", to={"html": [writing]}))
    assert isinstance(found, Verdict)
    assert found.other_changed
    assert not found.proved


def test_sql_of_a_manifest_is_never_run(issued: Issued, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    real = DuckDBEngine._parsed
    monkeypatch.setattr(DuckDBEngine, "_parsed", lambda self, sql: (ran.append(sql), real(self, sql))[1])

    def change(manifest: dict[str, Any]) -> None:
        for analysis in manifest["analyses"].values():
            for table in analysis["tables"].values():
                table["sql"] = "SELECT 'evil_mark' FROM read_text('/etc/passwd')"
                table["params"] = {"x": "evil_mark"}

    verdict(issued, change)
    assert ran
    assert not [sql for sql in ran if "evil_mark" in sql]


HUGE = 10**18
ATTACKS: dict[str, Change] = {
    "id is a path": put("document_id", to="../../secret"),
    "id is no text": put("document_id", to=["x"]),
    "recipe is a path": put("recipe", to="/etc/evil.toml"),
    "recipe is a share": put("recipe", to="\\\\evil\\share\\x.toml"),
    "recipe climbs": put("recipe", to="../../x.toml"),
    "recipe text is no text": put("recipe_text", to=7),
    "recipe text is no TOML": put("recipe_text", to="import os"),
    "recipe text is large": put("recipe_text", to="#" * (stranger.LONGEST_RECIPE + 1)),
    "version is a path": put("versions", to={"../../etc": 1}),
    "version of nothing": put("versions", to={"secrets": 1}),
    "version is huge": put("versions", "orders", to=10**30),
    "version below zero": put("versions", "orders", to=-1),
    "version is text": put("versions", "orders", to="1"),
    "versions are a list": put("versions", to=[1]),
    "day is no day": put("as_of", to="yesterday"),
    "day is a number": put("as_of", to=1),
    "analysis is a module": put("analyses", "os.system", to={"params": {"x": "id"}}),
    "analysis is a path": put("analyses", "../rfm", to={"params": {}}),
    "analysis is nothing": put("analyses", "overview", to=None),
    "parameter is huge": put("analyses", "rfm", "params", "window_months", to=HUGE),
    "parameter is 1e308": put("analyses", "rfm", "params", "own_m", to=1e308),
    "parameter is long": put("analyses", "rfm", "params", "method", to="x" * 10_000_000),
    "parameter is a list": put("analyses", "rfm", "params", "window_months", to=[1]),
    "parameter is an object": put("analyses", "rfm", "params", "window_months", to={"a": 1}),
    "parameter is SQL": put("analyses", "rfm", "params", "window_months", to="1; DROP TABLE x"),
    "parameter of another kind": put("analyses", "rfm", "params", "stability", to=1),
    "parameter unknown": put("analyses", "rfm", "params", "evil", to=1),
    "claims are no list": put("claims", to={"a": 1}),
    "claims are numbers": put("claims", to=[1, 2]),
    "claim twice": lambda m: m["claims"].append(dict(m["claims"][0])),
    "many claims": lambda m: m.update(claims=[{"id": str(n), "key": "k", "text": "t"} for n in range(10_001)]),
    "items are a list": put("items", to=[]),
    "item is no text": lambda m: m["items"].update({"claim:x@body": {"a": 1}}),
    "workspace elsewhere": put("workspace", to="../other"),
    "workspace is a list": put("workspace", to=[1]),
    "NaN": lambda m: json.dumps({**m, "x": float("nan")}).replace("<", "\\u003c"),
    "deep": lambda _: "[" * 100_000 + "]" * 100_000,
    "deep object": lambda m: json.dumps(m)[:-1].replace("<", "\\u003c") + ',"z":' + '{"a":' * 900 + "1" + "}" * 901,
    "a list": lambda _: "[1, 2]",
    "empty": lambda _: "{}",
    "long number": lambda _: '{"x": ' + "9" * 100_000 + "}",
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_a_forged_manifest_ends_in_a_verdict_or_a_sentence(name: str, issued: Issued) -> None:
    before = sorted((path, path.stat().st_size) for path in issued.workspace.rglob("*") if path.is_file())
    began = time.process_time()
    found = verdict(issued, ATTACKS[name])
    assert isinstance(found, KeguanError) or not found.proved
    assert time.process_time() - began < 30
    after = sorted((path, path.stat().st_size) for path in issued.workspace.rglob("*") if path.is_file())
    reports = issued.workspace / "reports"
    assert after == [item for item in before if item[0].parent != reports]


@pytest.mark.parametrize(
    ("name", "part"),
    [("id is a path", "document_id"), ("version is a path", "versions"), ("parameter is huge", "analyses"),
     ("analysis is a module", "analyses"), ("claim twice", "claims"), ("item is no text", "items")],
)  # fmt: skip
def test_the_part_that_is_wrong_is_named(name: str, part: str, issued: Issued) -> None:
    found = verdict(issued, ATTACKS[name])
    assert isinstance(found, InputError)
    assert found.where.column == part
    assert "不合规格" in found.paragraph("zh")


def test_no_file_is_opened_that_a_report_names(issued: Issued, tmp_path: Path) -> None:
    """A TOML recipe and a JSON manifest that lie outside, exactly where the report points."""
    recipe = tmp_path / "evil.toml"
    recipe.write_text('title = {zh = "x", en = "x"}\nsections = []\n', "utf-8")
    found = verdict(issued, put("recipe", to=str(recipe)))
    assert isinstance(found, Verdict)
    assert all(claim.state == "not provable" for claim in found.claims)
    assert "recipe" in str(found.claims[0].why and found.claims[0].why.en)


def test_a_copy_kept_by_a_strangers_workspace_is_held_to_the_same_shape(issued: Issued) -> None:
    for file in (issued.workspace / "reports").glob("*.json"):
        manifest = json.loads(file.read_text("utf-8"))
        manifest["versions"] = {"../../etc": 1}
        file.write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(InputError, match="versions"):
        verify_file(Store(issued.workspace), issued.html, progress=lambda *_: None)


UNIT = 200_000
BOMBS = {
    "comments": "<!--" * UNIT, "declarations": "<!" * UNIT, "processing": "<?" * UNIT, "tags": "<a " * UNIT,
    "ends": "</" * UNIT, "sections": "<![CDATA[" * UNIT, "references": "&#x" * UNIT, "ampersands": "&" * UNIT,
    "open": "<b>" * UNIT, "scripts": "<script>" * UNIT, "quotes": "<a " + "x='" * UNIT, "signs": "<" * UNIT,
    "attributes": "<a" + " a" * UNIT + ">", "pairs": "<b></b>" * UNIT, "claims": '<p data-claim="x">a</p>' * UNIT,
    "equals": "<a" + " a = " * UNIT + ">", "marked": '<p data-claim="x">' * UNIT,
    "values": '<p data-claim="x"><i data-value="y">1</i></p>' * (UNIT // 4),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_page_made_to_exhaust_the_reader_is_read_or_refused_at_once(name: str, tmp_path: Path) -> None:
    file = tmp_path / "bomb.html"
    file.write_text(BOMBS[name], "utf-8")
    began = time.process_time()
    with pytest.raises(InputError):
        read_file(file)
    assert time.process_time() - began < 8


def test_a_page_larger_than_any_report_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "large.html"
    with file.open("wb") as out:
        out.truncate(500 << 20)  # 500 MB that take no space
    began = time.process_time()
    with pytest.raises(InputError, match=f"> {MOST_BYTES >> 20} MB"):
        read_file(file)
    assert time.process_time() - began < 3


def test_a_figure_of_a_thousand_digits_is_a_sentence(issued: Issued) -> None:
    text = issued.html.read_text("utf-8")
    figures = packed('{"x.y": {"cell": "a", "value": 1' + "0" * 1000 + "}}")
    data = f'<script type="application/json" id="figures">{figures}</script>'
    issued.html.write_text(text.replace("</body>", data + "</body>"), "utf-8")
    with pytest.raises(InputError):
        read_file(issued.html)


def test_every_copy_of_an_element_is_seen() -> None:
    items = parse('<p data-claim="x" data-place="b">1</p>' * 4).items
    assert list(items) == ["claim:x@b", "claim:x@b+", "claim:x@b+3", "claim:x@b+4"]


def test_what_a_browser_reads_alike_is_read_alike() -> None:
    """Case, quotes, blanks and empty attributes make no difference to what is seen."""
    plain = parse('<p class="a" data-claim="x" data-place="b" hidden>1 &lt; 2</p>')
    other = parse("<P  data-claim='x' hidden=\"\" data-place=b class = a >1 &#60; 2</P >")
    assert plain.items == other.items == {"claim:x@b": "1 < 2"}
    assert plain.other == other.other


def test_an_added_script_comment_or_frame_is_a_change(issued: Issued) -> None:
    text = issued.html.read_text("utf-8")
    for extra in (
        "<script>fetch('//evil')</script>",
        "<!-- x -->",
        "<iframe src=//evil></iframe>",
        "<img src=//e>",
    ):
        issued.html.write_text(text.replace("</body>", extra + "</body>"), "utf-8")
        found = verify_file(Store(issued.workspace), issued.html, progress=lambda *_: None)
        assert found.other_changed, extra
        assert not found.proved
