"""`keguan report` in several forms: where they go, each proved, nothing in halves when the place cannot be written."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from keguan.app.reporting import ReportOrder, write_report
from keguan.app.verifying import verify_file
from keguan.app.writing import write_together
from keguan.core.errors import InputError, UsageError, WorkspaceError
from keguan.core.text import Text
from keguan.render.charts.pictures import Pictures
from keguan.render.forms import FORMS, Options
from keguan.store.workspace import Store
from received import loaded, write
from render.pdfs import edited, retyped, stripped

RECIPE = (
    'title = { zh = "简报", en = "Brief" }\n[[sections]]\nid = "summary"\nfill = "summary"\n'
    'title = { zh = "要点", en = "Summary" }\n[[sections]]\nid = "data"\ntitle = { zh = "数据", en = "Data" }\n'
    'tables = ["overview.kpis"]\nanalyses = ["overview"]\n'
    '[[sections]]\nid = "appendix"\nfill = "appendix"\ntitle = { zh = "附录", en = "Appendix" }\n'
)


def silent(what: Text, share: float) -> None:
    pass


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("forms")
    head = ("订单号", "客户编号", "客户名称", "下单时间", "商品", "数量", "单价")
    names = ('=HYPERLINK("http://x")', "</script><b>", "喆堃犇𠮷😀", "长" * 300)
    rows = [
        (f"a{n}", f"c{n % 40}", names[n % 4], f"2025-{1 + n % 12:02d}-05 10:00:00", names[n % 4], 1, 100 + n)
        for n in range(80)
    ]
    loaded(folder / "w", [write(folder / "orders.csv", head, *rows)])
    return Store(folder / "w")


def order(
    folder: Path, output: Path, forms: str | None = None, options: Options | None = None
) -> ReportOrder:
    recipe = folder / "brief.toml"
    recipe.write_text(RECIPE, "utf-8")
    return ReportOrder(output, "zh", recipe=str(recipe), forms=forms, options=options or Options({}))


def test_all_forms_of_one_run_are_proved(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All forms share one set of pictures. covers: L5"""
    drawn: list[Pictures] = []
    monkeypatch.setattr(
        "keguan.app.reporting.Pictures", lambda document: drawn.append(Pictures(document)) or drawn[-1]
    )
    written = write_report(store, order(tmp_path, tmp_path / "out", ",".join(FORMS)), silent)
    assert [file.form for file in written.files] == list(FORMS)
    assert len(drawn) == 1
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "report.html", "report.pdf", "report.docx", "report.pptx", "report.xlsx", "report.json",
    }  # fmt: skip
    for file in written.files:
        verdict = verify_file(store, file.path, progress=silent)
        assert verdict.proved, (file.form, verdict.lines("en"))


def test_the_end_of_the_name_chooses_the_form(store: Store, tmp_path: Path) -> None:
    written = write_report(store, order(tmp_path, tmp_path / "简报.xlsx"), silent)
    assert [file.path.name for file in written.files] == ["简报.xlsx"]
    both = write_report(store, order(tmp_path, tmp_path / "简报.xlsx", "xlsx,html"), silent)
    assert [file.path.name for file in both.files] == ["简报.xlsx", "简报.html"]


@pytest.mark.parametrize(
    ("output", "forms", "options", "said"),
    [
        ("x.pdf", "html", Options({}), r"-o.*x\.pdf.*html"),
        ("x.xlsx", "html,pdf", Options({}), r"x\.xlsx"),
        ("out", "html", Options({}, archival=True), "--archival"),
        ("x.docx", None, Options({}, archival=True), "--archival"),
        ("out", "html,pptx", Options({"docx": Path("a.docx")}), r"--template.*a\.docx"),
        ("out", None, Options({"pptx": Path("a.pptx")}), r"--template.*a\.pptx"),
        ("out", "", Options({}), "no such form"),
    ],
)
def test_options_that_no_form_would_follow_are_refused_before_any_work(
    output: str, forms: str | None, options: Options, said: str, store: Store, tmp_path: Path
) -> None:
    done: list[float] = []
    with pytest.raises(UsageError, match=said):
        write_report(
            store, order(tmp_path, tmp_path / output, forms, options), lambda what, share: done.append(share)
        )
    assert done == []
    assert not (tmp_path / output).exists()


def test_a_place_that_cannot_be_written_leaves_nothing_in_halves(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("keguan.app.writing.os.replace", full)
    with pytest.raises(WorkspaceError, match="No space left"):
        write_report(store, order(tmp_path, tmp_path / "out", "html,xlsx"), silent)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_set_of_files_is_as_before_when_one_cannot_be_written(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fills at the second file, or its name is refused: never two reports in one folder."""
    out = tmp_path / "out"
    out.mkdir()
    for name in ("report.html", "report.json"):
        (out / name).write_text("of last month", "utf-8")
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    write, move = Path.write_bytes, os.replace

    def full(self: Path, data: bytes) -> int:
        if "xlsx" in self.name:
            write(self, data[:100])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(self, data)

    def refused(source: Path, target: Path) -> None:
        if target.name == "report.xlsx":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        move(source, target)

    faults: tuple[tuple[Any, str, Any, str], ...] = (
        (Path, "write_bytes", full, "No space left"),
        (os, "replace", refused, "Permission denied"),
    )
    for owner, name, fault, said in faults:
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, fault)
            with pytest.raises(WorkspaceError, match=said):
                write_report(store, order(tmp_path, out, "html,xlsx"), silent)
        assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_a_folder_that_is_read_only_is_a_sentence(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "report.html").mkdir(
        parents=True
    )  # refused to everybody, as a read-only folder is to all but root
    with pytest.raises(WorkspaceError, match=r"report\.html"):
        write_together([(out / "a", b"1"), (out / "report.html", b"2")])
    assert [path.name for path in out.iterdir()] == ["report.html"]
    (out / "report.html").rmdir()
    out.chmod(0o500)
    if os.access(out, os.W_OK):  # root writes anywhere
        out.chmod(0o700)
        return
    with pytest.raises(WorkspaceError, match="Permission denied"):
        write_together([(out / "a", b"1"), (out / "b", b"2")])
    out.chmod(0o700)
    assert list(out.iterdir()) == []


def test_one_document_in_several_runs_is_proved_in_each_form(store: Store, tmp_path: Path) -> None:
    """A page written later takes nothing from the document in the company's template."""
    template = Document()
    template.sections[0].header.paragraphs[0].text = "Company 2026, page 7"
    template.save(str(tmp_path / "company.docx"))
    options = Options({"docx": tmp_path / "company.docx"})
    word = write_report(store, order(tmp_path, tmp_path / "one", "docx", options), silent)
    page = write_report(store, order(tmp_path, tmp_path / "two", "html"), silent)
    plain = write_report(store, order(tmp_path, tmp_path / "three", "docx"), silent)
    assert word.manifest.read_bytes() != page.manifest.read_bytes()
    for written in (word, page, plain):
        verdict = verify_file(store, written.file, progress=silent)
        assert verdict.proved, verdict.lines("en")
        assert not verdict.other_changed


def test_a_pdf_without_its_attachments_is_proved_by_the_manifest_of_the_workspace(
    store: Store, tmp_path: Path
) -> None:
    written = write_report(store, order(tmp_path, tmp_path / "r.pdf"), silent)
    whole = written.file.read_bytes()
    written.file.write_bytes(stripped(whole, "manifest.json", "elements.json"))
    verdict = verify_file(store, written.file, progress=silent)
    assert verdict.proved, verdict.lines("en")
    assert "the workspace's copy is used" in "\n".join(verdict.lines("en"))
    written.file.write_bytes(stripped(edited(whole, retyped("80", "90")), "manifest.json", "elements.json"))
    assert not verify_file(store, written.file, progress=silent).proved


def test_a_template_that_is_missing_or_none_is_a_sentence_and_nothing_is_written(
    store: Store, tmp_path: Path
) -> None:
    (tmp_path / "broken.docx").write_bytes(b"no zip")
    (tmp_path / "broken.pptx").write_bytes(b"no zip")
    for name in ("none.docx", "broken.docx", "none.pptx", "broken.pptx"):
        form = name.rpartition(".")[2]
        options = Options({form: tmp_path / name})
        with pytest.raises(InputError, match=name):
            write_report(store, order(tmp_path, tmp_path / "out", f"html,{form}", options), silent)
    assert not (tmp_path / "out").exists()
