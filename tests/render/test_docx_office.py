"""The Word report after another office program saved it: nothing of it is lost, and an edit is still named."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from keguan.core.text import Language
from keguan.render.charts.pictures import Pictures
from keguan.render.forms import FORMS
from keguan.render.marks import differences
from keguan.report.compose import compose
from keguan.report.recipe import load_recipe
from report import sample

PROGRAM = os.environ.get("KEGUAN_SOFFICE") or shutil.which("soffice")
SECONDS = 240


def saved(path: Path, folder: Path, kind: str = "docx") -> Path:
    """The file as LibreOffice saves it. Skips the test where it has no Writer."""
    assert PROGRAM is not None
    profile = (folder / "profile").as_uri()
    told = subprocess.run(
        [
            PROGRAM,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(folder),
            str(path),
        ],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    made = folder / f"{path.stem}.{kind}"
    if not made.exists() and "could not be loaded" in told.stdout + told.stderr:
        pytest.skip("LibreOffice is here without Writer")
    assert made.exists(), told.stdout + told.stderr
    return made


@pytest.mark.slow
@pytest.mark.skipif(PROGRAM is None, reason="soffice (LibreOffice) is not on this machine")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_saved_by_libreoffice_it_shows_the_same(tmp_path: Path, language: Language) -> None:
    made = compose(sample.results(), sample.analyses(), load_recipe("monthly"), language, sample.context())
    path = tmp_path / "report.docx"
    path.write_bytes(FORMS["docx"].write(made, Pictures(made)).content)
    (tmp_path / "out").mkdir()
    again = saved(path, tmp_path / "out").read_bytes()
    whole, marked = FORMS["docx"].read(path.read_bytes(), "a"), FORMS["docx"].read(again, "b")
    assert marked.document == made.manifest["document_id"]
    assert marked.manifest == made.manifest
    assert differences(marked, whole) == ()


@pytest.mark.slow
@pytest.mark.skipif(PROGRAM is None, reason="soffice (LibreOffice) is not on this machine")
def test_edited_and_saved_by_libreoffice_the_edit_is_named(tmp_path: Path) -> None:
    made = compose(sample.results(), sample.analyses(), load_recipe("monthly"), "zh", sample.context())
    whole = FORMS["docx"].write(made, Pictures(made)).content
    path = tmp_path / "report.docx"
    path.write_bytes(whole)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "edited.docx", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                edited, count = re.subn(rb">884<", b">885<", content)
                assert count
                content = edited
            new.writestr(name, content)
    (tmp_path / "out").mkdir()
    again = saved(tmp_path / "edited.docx", tmp_path / "out").read_bytes()
    found = differences(FORMS["docx"].read(again, "b"), FORMS["docx"].read(whole, "a"))
    assert "rfm.classes[重要价值].customers" in {item.name for item in found}
    assert {item.kind for item in found} <= {"cell", "claim", "value"}
