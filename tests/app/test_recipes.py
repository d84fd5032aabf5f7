"""The recipes that ship: each holds to the form that strangers' recipes are held to, and names what is installed."""

from __future__ import annotations

from importlib import resources

import pytest

from keguan import registry
from keguan.app.recipes import checked
from keguan.report.recipe import recipes


@pytest.mark.parametrize("name", recipes())
def test_a_shipped_recipe_is_well_formed_and_names_what_is_installed(name: str) -> None:
    text = (resources.files("keguan.report") / "recipes" / f"{name}.toml").read_text("utf-8")
    recipe = checked(text, name)
    assert set(recipe.analyses) <= set(registry.names())
