"""`keguan report` in several forms: where they go, each proved, nothing in halves when the place cannot be written."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from keguan.app.reporting import ReportOrder, write_report
from keguan.app.verifying import verify_file
from keguan.core.errors import InputError, WorkspaceError
from keguan.core.text import Text
from keguan.render.forms import FORMS, Options
from keguan.store.workspace import Store
from received import loaded, write

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


def order(folder: Path, output: Path, forms: str = "", options: Options | None = None) -> ReportOrder:
    recipe = folder / "brief.toml"
    recipe.write_text(RECIPE, "utf-8")
    return ReportOrder(output, "zh", recipe=str(recipe), forms=forms, options=options or Options({}))


def test_all_forms_of_one_run_are_proved(store: Store, tmp_path: Path) -> None:
    """covers: L5"""
    written = write_report(store, order(tmp_path, tmp_path / "out", ",".join(FORMS)), silent)
    assert [file.form for file in written.files] == list(FORMS)
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


def test_a_place_that_cannot_be_written_leaves_nothing_in_halves(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("keguan.app.writing.os.replace", full)
    with pytest.raises(WorkspaceError, match="No space left"):
        write_report(store, order(tmp_path, tmp_path / "out", "html,xlsx"), silent)
    assert list((tmp_path / "out").iterdir()) == []


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
