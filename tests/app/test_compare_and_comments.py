"""A report beside the one before it, and what people say: in the report, verified, refused when they are not fit."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from keguan.app import comments
from keguan.app.comparing import earlier, parameters
from keguan.app.reporting import ReportOrder, write_report
from keguan.app.verifying import verify_file
from keguan.core.errors import InputError, UsageError
from keguan.core.text import Text
from keguan.report.document import Comment
from keguan.store.workspace import Store
from received import loaded, write

RECIPE = (
    'title = { zh = "简报", en = "Brief" }\n[[sections]]\nid = "summary"\nfill = "summary"\n'
    'title = { zh = "要点", en = "Summary" }\n[[sections]]\nid = "data"\ntitle = { zh = "数据", en = "Data" }\n'
    'tables = ["overview.kpis"]\nanalyses = ["overview", "rfm"]\n[[sections]]\nid = "comments"\nfill = "comments"\n'
    'title = { zh = "意见", en = "Comments" }\n'
)


def silent(what: Text, share: float) -> None:
    pass


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of two files: 60 orders to the end of May, 20 of June, and a late one of May in the second."""
    tmp_path = tmp_path_factory.mktemp("compared")
    head = ("订单号", "客户编号", "下单时间", "商品", "数量", "单价")
    may = [(f"a{n}", f"c{n % 40}", f"2025-05-{1 + n % 28:02d} 10:00:00", "茶", 1, 100) for n in range(60)]
    june = [(f"b{n}", f"c{n % 25}", f"2025-06-{1 + n % 28:02d} 10:00:00", "茶", 1, 50) for n in range(20)]
    late = [("c0", "c1", "2025-05-20 10:00:00", "茶", 1, 70)]
    first, second = write(tmp_path / "may.csv", head, *may), write(tmp_path / "june.csv", head, *june, *late)
    loaded(tmp_path / "w", [first])
    write_report(Store(tmp_path / "w"), order(tmp_path, "may"), silent)
    loaded(tmp_path / "w", [second])
    return tmp_path


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """A copy of one's own to change."""
    shutil.copytree(made, tmp_path / "place")
    return tmp_path / "place"


def order(folder: Path, name: str, compare: Path | None = None) -> ReportOrder:
    recipe = folder / "brief.toml"
    recipe.write_text(RECIPE, "utf-8")
    return ReportOrder(folder / name / "report.html", "zh", recipe=str(recipe), compare=compare)


def test_a_report_says_what_changed_and_is_proved_without_the_earlier_file(place: Path) -> None:
    store = Store(place / "w")
    earlier = place / "may" / "report.json"
    written = write_report(store, order(place, "june", earlier), silent)
    manifest = json.loads(written.manifest.read_text("utf-8"))
    texts = {item["key"]: item["text"] for item in manifest["claims"]}
    said = "之后的日期带来 1,000，对以前日期的更正带来 70.00"
    assert said in texts["changes/changed/net_revenue"]
    assert manifest["previous"]["document_id"] == json.loads(earlier.read_text("utf-8"))["document_id"]
    page = written.file.read_text("utf-8")
    assert "与上期报告相比" in page
    earlier.unlink()
    verdict = verify_file(store, written.file, progress=silent)
    assert verdict.proved, verdict.lines("en")
    own = manifest["document_id"]
    (place / "w" / "reports" / f"{own}.json").unlink()
    assert verify_file(
        store, written.file, progress=silent
    ).proved  # the workspace still keeps the earlier one
    kept = place / "w" / "reports" / f"{manifest['previous']['document_id']}.json"
    listing = json.loads(kept.read_text("utf-8"))
    forge(listing)
    kept.write_text(json.dumps(listing), "utf-8")
    verdict = verify_file(store, written.file, progress=silent)
    assert {claim.state for claim in verdict.claims} == {"not provable"}


def test_the_earlier_report_may_be_given_as_the_page_itself(place: Path) -> None:
    written = write_report(Store(place / "w"), order(place, "june", place / "may" / "report.html"), silent)
    assert "previous" in json.loads(written.manifest.read_text("utf-8"))


def test_an_earlier_report_that_is_none_is_a_sentence(place: Path, tmp_path: Path) -> None:
    for name, content in (
        ("a.json", "{"),
        ("b.json", '{"a": 1}'),
        ("c.html", "<p>"),
        ("d.json", "[" * 100_000),
    ):
        (tmp_path / name).write_text(content, "utf-8")
        with pytest.raises(InputError):
            write_report(Store(place / "w"), order(place, "june", tmp_path / name), silent)
    with pytest.raises(InputError):
        write_report(Store(place / "w"), order(place, "june", tmp_path / "none.json"), silent)


def changed(place: Path, kept: bool, change: Callable[[dict[str, Any]], None]) -> Path:
    """The listing of May after a change: a file from outside, or the workspace's own copy with it."""
    listing = json.loads((place / "may" / "report.json").read_text("utf-8"))
    change(listing)
    file = place / "changed.json"
    for path in (file, place / "w" / "reports" / f"{listing['document_id']}.json") if kept else (file,):
        path.write_text(json.dumps(listing), "utf-8")
    return file


def figures(listing: dict[str, Any]) -> dict[str, Any]:
    table: dict[str, Any] = listing["analyses"]["overview"]["tables"]["kpis"]
    return table


def forge(listing: dict[str, Any]) -> None:
    next(row for row in figures(listing)["rows"] if row[0] == "net_revenue")[1] = 999_999


def test_figures_of_the_earlier_report_are_those_that_the_workspace_kept(place: Path) -> None:
    """A listing that anybody can write gives no figure to a report that will be called proved."""
    store = Store(place / "w")
    with pytest.raises(InputError, match="not as the workspace issued it"):
        write_report(store, order(place, "june", changed(place, False, forge)), silent)
    another = changed(place, False, lambda listing: listing.update(document_id="0123456789ab"))
    with pytest.raises(InputError, match="keeps no manifest"):
        write_report(store, order(place, "june", another), silent)
    assert not (place / "june").exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda listing: listing["analyses"]["overview"].update(tables=[]),
        lambda listing: listing["analyses"]["overview"]["tables"].update(kpis="x"),
        lambda listing: figures(listing).update(rows=7),
        lambda listing: figures(listing)["rows"][0].pop(),
        lambda listing: figures(listing).pop("columns"),
        lambda listing: figures(listing).update(columns=["metric"] * len(figures(listing)["columns"])),
        lambda listing: figures(listing)["rows"][0].__setitem__(1, "NaN"),
        lambda listing: figures(listing)["rows"][0].__setitem__(1, "1e999"),
        lambda listing: figures(listing)["rows"][0].__setitem__(1, 10**400),
        lambda listing: figures(listing)["rows"][0].__setitem__(1, ["x"]),
        lambda listing: figures(listing)["rows"][0].__setitem__(0, None),
    ],
)
def test_a_damaged_listing_is_a_sentence(change: Callable[[dict[str, Any]], None], place: Path) -> None:
    file = changed(place, True, change)
    with pytest.raises(InputError, match=r"overview.tables.kpis"):
        parameters(earlier(Store(place / "w"), file))


def test_a_report_before_the_earlier_one_or_in_another_currency_is_refused_before_any_work(
    place: Path,
) -> None:
    store, before = Store(place / "w"), place / "may" / "report.json"
    done: list[float] = []
    asked = replace(order(place, "june", before), as_of=date(2025, 5, 1))
    with pytest.raises(UsageError, match=r"--as-of.*2025-05-01"):
        write_report(store, asked, lambda what, share: done.append(share))
    euro = changed(place, True, lambda listing: listing.update(currency="EUR"))
    (place / "w" / "keguan.toml").write_text('currency = "USD"\n', "utf-8")
    with pytest.raises(UsageError, match=r"EUR.*USD"):
        write_report(Store(place / "w"), order(place, "june", euro), lambda what, share: done.append(share))
    assert done == []


def test_a_report_of_another_workspace_is_not_compared_with(place: Path) -> None:
    listing = json.loads((place / "may" / "report.json").read_text("utf-8"))
    listing["workspace"] = "another"
    (place / "other.json").write_text(json.dumps(listing), "utf-8")
    with pytest.raises(InputError, match="another workspace"):
        write_report(Store(place / "w"), order(place, "june", place / "other.json"), silent)


def test_comments_stand_in_the_report_apart_from_evidence_and_are_only_as_issued(place: Path) -> None:
    store = Store(place / "w")
    comments.add(store, Comment("王敏", "九月的失败已修复 <b>", date(2025, 7, 1), "rfm"))
    written = write_report(store, order(place, "june"), silent)
    page = written.file.read_text("utf-8")
    assert "九月的失败已修复 &lt;b&gt;" in page
    assert "王敏 · 2025-07-01 · RFM" in page
    assert verify_file(store, written.file, progress=silent).proved
    assert comments.remove(store, 1) == ()
    assert verify_file(store, written.file, progress=silent).proved  # as it was issued
    written.file.write_text(page.replace("已修复", "未修复"), "utf-8")
    assert not verify_file(store, written.file, progress=silent).proved


@pytest.mark.parametrize(
    "comment",
    [
        Comment("", "a"),
        Comment("a", " "),
        Comment("a", "x" * 5000),
        Comment("a" * 200, "b"),
        Comment("a", "b\udce4"),
        Comment("\udce4", "b"),
        Comment("a", "b", about="funel"),
        Comment("a", "b", about="x" * 10_000),
    ],
)
def test_comments_that_are_none_are_refused(comment: Comment, place: Path) -> None:
    store = Store(place / "w")
    with pytest.raises(UsageError):
        comments.add(store, comment)
    with pytest.raises(UsageError):
        comments.remove(store, 1)
    assert comments.kept(store) == ()


def test_two_who_comment_at_once_lose_nothing(place: Path) -> None:
    """Sixteen comments from four hands: each reads and writes the whole list."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: comments.add(Store(place / "w"), Comment("a", f"b{n}")), range(16)))
    assert sorted(item.text for item in comments.kept(Store(place / "w"))) == sorted(
        f"b{n}" for n in range(16)
    )
