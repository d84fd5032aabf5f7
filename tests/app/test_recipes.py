"""The recipes that ship: each holds to the form that strangers' recipes are held to, and names what is installed."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from keguan import registry
from keguan.app.demonstrating import demonstrate
from keguan.app.recipes import checked
from keguan.app.reporting import ReportOrder, write_report
from keguan.app.verifying import verify_file
from keguan.core.text import Text
from keguan.render.forms import FORMS
from keguan.report.recipe import recipes
from keguan.store.workspace import Store


@pytest.mark.parametrize("name", recipes())
def test_a_shipped_recipe_is_well_formed_and_names_what_is_installed(name: str) -> None:
    text = (resources.files("keguan.report") / "recipes" / f"{name}.toml").read_text("utf-8")
    recipe = checked(text, name)
    assert set(recipe.analyses) <= set(registry.names())


@pytest.mark.slow
def test_the_recipe_with_every_analysis_is_written_in_all_forms_and_proved(tmp_path: Path) -> None:
    """On a shop with all kinds of data: forms draw what small samples of single analyses do not hold."""
    demonstrate(tmp_path, "zh", _silent, lambda what: None, scale=0.1, reported=False)
    store = Store(tmp_path / "workspace")
    order = ReportOrder(tmp_path / "out", "en", recipe="quarterly", forms=",".join(FORMS))
    written = write_report(store, order, _silent)
    assert [file.form for file in written.files] == list(FORMS)
    slides = next(file for file in written.files if file.form == "pptx")
    assert verify_file(store, slides.path, progress=_silent).proved


def _silent(what: Text, share: float) -> None:
    pass
