"""A report beside the one before it, and what people say: in the report, verified, refused when they are not fit."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from keguan.app import comments
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


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A workspace of two files: 60 orders to the end of May, 20 of June, and a late one of May in the second."""
    head = ("订单号", "客户编号", "下单时间", "商品", "数量", "单价")
    may = [(f"a{n}", f"c{n % 40}", f"2025-05-{1 + n % 28:02d} 10:00:00", "茶", 1, 100) for n in range(60)]
    june = [(f"b{n}", f"c{n % 25}", f"2025-06-{1 + n % 28:02d} 10:00:00", "茶", 1, 50) for n in range(20)]
    late = [("c0", "c1", "2025-05-20 10:00:00", "茶", 1, 70)]
    first, second = write(tmp_path / "may.csv", head, *may), write(tmp_path / "june.csv", head, *june, *late)
    loaded(tmp_path / "w", [first])
    write_report(Store(tmp_path / "w"), order(tmp_path, "may"), silent)
    loaded(tmp_path / "w", [second])
    return tmp_path


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
    "comment", [Comment("", "a"), Comment("a", " "), Comment("a", "x" * 5000), Comment("a" * 200, "b")]
)
def test_comments_that_are_none_are_refused(comment: Comment, place: Path) -> None:
    store = Store(place / "w")
    with pytest.raises(UsageError):
        comments.add(store, comment)
    with pytest.raises(UsageError):
        comments.remove(store, 1)
    assert comments.kept(store) == ()
