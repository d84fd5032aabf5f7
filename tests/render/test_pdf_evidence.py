"""The appendix of a PDF: each query once, every sentence linked to its evidence, evidence to its query."""

from __future__ import annotations

import ctypes
import json
from dataclasses import replace
from functools import cache
from itertools import count
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from keguan.core.text import LANGUAGES, Language
from keguan.render.charts.pictures import Pictures
from keguan.render.forms import PLAIN
from keguan.render.pdf.content import content
from keguan.render.pdf.letters import bare
from keguan.render.pdf.packed import packed
from keguan.render.pdf.queries import Queries
from keguan.report.document import AnalysisEvidence, ClaimBlock, Document, Section, TableEvidence
from render.pdfs import document, original, shows, texts, written

ONE = "WITH a AS (\n  SELECT x,\n         y\n  FROM t\n  WHERE z = 'a  b' -- why\n    AND x > 1\n)\nSELECT x\nFROM a"


@cache
def _nodes(language: Language = "zh") -> tuple[dict[str, Any], ...]:
    made = document(language)
    data, _, _ = content(made, Pictures(made), PLAIN)
    return tuple(node for section in data["sections"] for node in section["blocks"])


def _tables(made: Document) -> list[TableEvidence]:
    return [table for block in made.blocks() if isinstance(block, AnalysisEvidence) for table in block.tables]


def _with_sql(made: Document, same: int) -> Document:
    """The same document, in which `same` tables after each other came from one query."""
    numbers = count()

    def query(table: TableEvidence) -> TableEvidence:
        return replace(
            table, sql=f"SELECT 'letters of query {next(numbers) // same} end' AS a FROM purchases"
        )

    def changed(section: Section) -> Section:
        blocks = [
            replace(block, tables=tuple(map(query, block.tables)))
            if isinstance(block, AnalysisEvidence)
            else block
            for block in section.blocks
        ]
        return replace(section, blocks=tuple(blocks))

    return replace(made, sections=tuple(map(changed, made.sections)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("same", [1, 2, 99])
def test_each_query_is_printed_once(language: Language, same: int) -> None:
    """Whatever tables and sentences rest on it; numbered in the order of the tables. covers: L4"""
    made = _with_sql(document(language), same)
    page = bare("".join(texts(written(made))).replace("\x02", "-").replace("\x00", ""))
    queries = -(-len(_tables(made)) // same)
    assert [page.count(f"lettersofquery{number}end") for number in range(queries)] == [1] * queries
    found = Queries(made)
    assert [found.of(table.ref) for table in _tables(made)] == [
        (place // same + 1,) for place in range(len(_tables(made)))
    ]


def test_a_computed_table_names_the_queries_of_what_it_was_computed_from() -> None:
    made = _with_sql(document(), 1)
    first, second, *_ = _tables(made)
    block = next(block for block in made.blocks() if isinstance(block, AnalysisEvidence))
    computed = replace(first, ref="x.sum", sql=None, inputs=(first.ref, second.ref, "x.sum"), method="sum")
    more = replace(block, tables=(*_tables(made), computed), claims=())
    section = Section("a", "A", (more,), kind="appendix")
    queries = Queries(replace(made, sections=(section,)))
    assert queries.of("x.sum") == (1, 2)
    assert queries.of("nowhere.table") == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_links_to_its_evidence_and_that_to_its_table_and_query(language: Language) -> None:
    """covers: L4"""
    nodes = _nodes(language)
    evidence = {
        claim["id"]: claim for node in nodes if node["kind"] == "evidence" for claim in node["claims"]
    }
    tables = {table["id"]: table for node in nodes if node["kind"] == "evidence" for table in node["tables"]}
    queries = {
        item["id"]
        for node in nodes
        if node["kind"] == "queries"
        for part in node["parts"]
        for item in part["items"]
    }
    said = [node for node in nodes if node["kind"] == "claim"]
    assert said
    for node in said:
        claim = evidence[node["to"]]
        to = {link["to"] for row in claim["rows"] for link in row["links"]} - {None}
        assert to
        assert to <= set(tables)
        assert claim["queries"]
        assert {link["to"] for link in claim["queries"]} <= queries
    for table in tables.values():
        assert {link["to"] for link in table["queries"]} <= queries


def test_links_lead_to_pages_that_show_what_they_name() -> None:
    """From a sentence to its evidence, from there to the text of its query, in the file itself."""
    opened = pypdfium2.PdfDocument(original())
    pages = texts(original())
    claims = [block for block in document().blocks() if isinstance(block, ClaimBlock)]
    for claim in claims:
        here = next(number for number, page in enumerate(pages) if claim.id in page)
        there = [page for page in _goals(opened, here) if page > here and claim.id in pages[page]]
        assert there, claim.id
        assert any("SQL" in pages[goal] for goal in _goals(opened, there[-1]))


def _goals(opened: Any, number: int) -> list[int]:
    """Pages that links of this page lead to."""
    at, link, out = ctypes.c_int(0), pdfium.FPDF_LINK(), set()
    while pdfium.FPDFLink_Enumerate(opened[number], at, link):
        out.add(pdfium.FPDFDest_GetDestPageIndex(opened, pdfium.FPDFLink_GetDest(opened, link)))
    return sorted(out)


def test_versions_are_said_once_and_again_where_a_table_read_another() -> None:
    made = document()
    versions = dict.fromkeys(made.manifest["versions"], 3)
    other = replace(made, manifest={**made.manifest, "versions": versions})
    told = [_said(made), _said(other)]
    assert told[0] == 0
    assert told[1] == sum(1 for table in _tables(made) if table.versions)


def _said(made: Document) -> int:
    data, _, _ = content(made, Pictures(made), PLAIN)
    label = made.words["versions"]
    return sum(
        fact[0] == label
        for section in data["sections"]
        for node in section["blocks"]
        if node["kind"] == "evidence"
        for table in node["tables"]
        for fact in table["facts"]
    )


def test_the_exact_text_of_every_query_is_in_the_manifest_of_the_file() -> None:
    kept = json.dumps(shows(original()).manifest["analyses"], ensure_ascii=False)
    for table in _tables(document()):
        assert table.sql is None or json.dumps(table.sql, ensure_ascii=False) in kept


def test_packed_sql_says_the_same_and_keeps_steps_and_comments() -> None:
    made = packed(ONE)
    assert made.splitlines() == [
        "WITH a AS ( SELECT x, y FROM t",
        "  WHERE z = 'a  b' -- why",
        "    AND x > 1 ) SELECT x FROM a",
    ]
    assert bare(made) == bare(ONE)
    two = "WITH\na AS (\n  SELECT 1\n), b AS (\n  SELECT 2\n)\nSELECT *\nFROM a, b"
    assert packed(two).splitlines() == ["WITH", "a AS ( SELECT 1", "), b AS ( SELECT 2 ) SELECT * FROM a, b"]


@pytest.mark.parametrize(
    "sql", ["SELECT 'a\n  b'\nFROM t", 'SELECT "a\nb"\nFROM t', "SELECT /* a\n b */ 1\nFROM t"]
)
def test_sql_with_a_text_over_lines_is_left_as_it_is(sql: str) -> None:
    assert packed(f"\n{sql}\n") == sql
