"""Recipes load, name what they need, and say what is wrong with them."""

from __future__ import annotations

import pytest

from keguan.core.errors import UsageError
from keguan.report.recipe import load_recipe, parse_recipe, recipes


@pytest.mark.parametrize("name", recipes())
def test_every_shipped_recipe_prints_the_kpis_and_has_an_appendix(name: str) -> None:
    recipe = load_recipe(name)
    assert any("overview.kpis" in section.tables for section in recipe.sections)
    assert recipe.sections[-1].fill == "appendix"
    assert recipe.summary_claims <= 7
    assert "overview" in recipe.analyses
    assert len({section.id for section in recipe.sections}) == len(recipe.sections)


def test_an_unknown_recipe_lists_those_that_exist() -> None:
    with pytest.raises(UsageError) as caught:
        load_recipe("yearly")
    assert "monthly" in caught.value.paragraph("zh")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    "text",
    [
        "title = 3",
        "[[sections]",
        'title = {zh="a", en="b"}\n[[sections]]\nid="x"\ntitle={zh="a",en="b"}\nfill="poem"',
        'title = {zh="a", en="b"}',
    ],
)
def test_a_broken_recipe_is_a_sentence(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_recipe(text, "own")
    assert "own.toml" in caught.value.paragraph("en")


def test_what_is_only_considered_is_needed_but_not_printed() -> None:
    recipe = load_recipe("management")
    assert "funnel" in recipe.considers
    assert "funnel" in recipe.analyses
    assert all("funnel" not in section.analyses for section in recipe.sections)
