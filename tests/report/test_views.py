"""Computed views in a document: each once, however many queries name it."""

from __future__ import annotations

from dataclasses import replace

from keguan.report.compose import compose
from keguan.report.document import AnalysisEvidence, ViewEvidence
from keguan.report.recipe import load_recipe
from keguan.report.views import views_of
from keguan.result import Result
from report import sample


def seen(results: dict[str, Result], views: dict[str, str]) -> dict[str, Result]:
    """The results with these views under each table."""
    return {
        name: replace(result, tables=tuple(replace(table, views=views) for table in result.tables))
        for name, result in results.items()
    }


def test_a_view_stands_once_in_the_appendix_and_once_in_the_manifest() -> None:
    results = seen(sample.results(), {"customer_facts": "SELECT 1 AS one"})
    document = compose(results, sample.analyses(), load_recipe("monthly"), "zh", sample.context())
    assert document.manifest["views"] == {"customer_facts": "SELECT 1 AS one"}
    blocks = [block for block in document.blocks() if isinstance(block, ViewEvidence)]
    assert [block.items for block in blocks] == [(("customer_facts", "SELECT 1 AS one"),)]
    tables = [
        table for block in document.blocks() if isinstance(block, AnalysisEvidence) for table in block.tables
    ]
    assert tables
    assert {table.views for table in tables} == {("customer_facts",)}


def test_a_second_query_of_one_name_is_kept_apart() -> None:
    first, second, *_ = sample.results().items()
    results = {
        **seen(dict([first]), {"sessions": "SELECT 1"}),
        **seen(dict([second]), {"sessions": "SELECT 2"}),
    }
    assert list(views_of(results.values()).values()) == ["sessions", "sessions+2"]
