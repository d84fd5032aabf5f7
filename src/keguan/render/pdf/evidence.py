"""The evidence of one analysis as a node: question, parameters, definitions, tables with their first rows,
sentences with the cells under them. Queries stand by themselves (queries.py) and are named by number here;
versions are said once for the document, and again only where a table read others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from keguan.render.markup import anchor
from keguan.render.pdf.packed import packed
from keguan.render.pdf.queries import Queries, linked_views
from keguan.render.pdf.sheet import Sheet
from keguan.render.pdf.tables import Node, bands
from keguan.report.document import (
    AnalysisEvidence,
    ClaimEvidence,
    Document,
    TableBlock,
    TableEvidence,
    ValueEvidence,
    ViewEvidence,
)
from keguan.report.manifest import claim_element, value_element
from keguan.report.phrases import phrase

_CELL = re.compile(r"(?P<row>[^−÷]+\])\.(?P<column>\w+)")  # one cell, not two that are combined
Row = tuple[
    str, tuple[str, ...]
]  # a row of a table, '' for figures that are combined from two cells; the tables


def evidence(block: AnalysisEvidence, document: Document, sheet: Sheet, queries: Queries) -> Node:
    """Everything about one analysis, in the order of printing."""
    words, plain = document.words, sheet.plain
    facts = [(words["question"], block.question)]
    if block.code:
        facts.append((words["code"], block.code))
    return {
        "kind": "evidence",
        "id": anchor(block.id),
        "title": plain(block.title),
        "facts": _facts(facts, sheet),
        "parameters": _titled(words["parameters"], block.params, sheet),
        "definitions": _listed(words["definitions"], block.notes, sheet),
        "tables": [_table(item, document, sheet, queries) for item in block.tables],
        "claims": [_claim(item, words, sheet, queries) for item in block.claims],
    }


def views(block: ViewEvidence, sheet: Sheet) -> Node:
    """The SQL of the computed views, as that of queries."""
    bare: Node = {"tables": [], "read": None, "views": None}
    title = sheet.plain(block.title)
    items = [
        {**bare, "id": view_anchor(id), "name": sheet.plain(id), "sql": sheet.code(packed(sql))}
        for id, sql in block.items
    ]
    return {"kind": "queries", "parts": [{"title": title, "items": items}]}


def view_anchor(id: str) -> str:
    """The label of a view's SQL."""
    return anchor(f"view-{id}")


def targets(block: AnalysisEvidence | ViewEvidence) -> set[str]:
    """Labels that the node of this block carries."""
    if isinstance(block, ViewEvidence):
        return {view_anchor(id) for id, _ in block.items}
    tables = {anchor(f"evidence-{item.ref}") for item in block.tables}
    return tables | {anchor(block.id)} | {anchor(f"claim-{item.claim.id}") for item in block.claims}


def _facts(items: list[tuple[str, str]], sheet: Sheet) -> list[list[str]]:
    return [[sheet.plain(label), sheet.plain(fact)] for label, fact in items]


def _titled(title: str, items: tuple[tuple[str, str], ...], sheet: Sheet) -> Node | None:
    if not items:
        return None
    return {"title": sheet.plain(title), "items": _facts(list(items), sheet)}


def _listed(title: str, notes: tuple[str, ...], sheet: Sheet) -> Node | None:
    if not notes:
        return None
    return {"title": sheet.plain(title), "items": [sheet.plain(note) for note in notes]}


def _table(item: TableEvidence, document: Document, sheet: Sheet, queries: Queries) -> Node:
    plain, words = sheet.plain, document.words
    node: Node = {
        "id": anchor(f"evidence-{item.ref}"),
        "label": plain(words["table"]),
        "title": plain(item.title),
        "ref": plain(item.ref),
        "facts": _facts(_table_facts(item, document), sheet),
        "queries": queries.links(sheet, item.ref),
        "views": None,
        "sample": [],
        "note": "",
    }
    if item.views and not item.sql:
        node["views"] = linked_views(list(item.views), words["views"], sheet)
    if sample := _sample(item, document):
        node["sample"] = bands(sample, "evidence", sheet)
    if item.note:
        node["note"] = plain(item.note)
    return node


def _table_facts(item: TableEvidence, document: Document) -> list[tuple[str, str]]:
    words = document.words
    sample = _sample(item, document)
    facts = [
        ("rows", f"{item.n:,}"),
        ("sample", f"{sample.printed:,}" if sample and sample.printed < item.n else ""),
        ("parameters", ", ".join(f"{name} = {value}" for name, value in item.params.items())),
        ("versions", ", ".join(_own_versions(item, document))),
        ("lineage", "" if item.sql else "; ".join(item.lineage)),
        ("method", item.method or ""),
        ("inputs", ", ".join(item.inputs)),
    ]
    return [(words[name], fact) for name, fact in facts if fact]


def _sample(item: TableEvidence, document: Document) -> TableBlock | None:
    """The first rows, unless a section prints them."""
    return None if item.ref in document.printed_tables else item.sample


def _own_versions(item: TableEvidence, document: Document) -> Iterator[str]:
    """Versions that are not those said once for the whole document."""
    common: Mapping[str, object] = document.manifest.get("versions", {})
    for name, text in item.versions.items():
        if name not in common or text != phrase("version", document.language, n=common[name]):
            yield f"{name}: {text}"


def _claim(item: ClaimEvidence, words: Mapping[str, str], sheet: Sheet, queries: Queries) -> Node:
    claim, plain = item.claim, sheet.plain
    node: Node = {
        "id": anchor(f"claim-{claim.id}"),
        "label": plain(claim.strength_label),
        "name": plain(claim.id),
        "key": plain(claim.key),
    }
    said = (words["kind"], words["key"])  # stand in the line above
    node["facts"] = _facts([fact for fact in item.facts if fact[0] not in said], sheet)
    refs = dict.fromkeys(ref for value in item.values for ref in value.tables)
    node["queries"] = queries.links(sheet, *refs)
    parts = [
        (value_element(claim.id, claim.place, part.value) if part.value is not None else None, part.text)
        for part in claim.parts
    ]
    node["text"] = sheet.sentence(claim_element(claim), parts)
    node["rows"] = []
    rows: dict[Row, list[ValueEvidence]] = {}
    for value in item.values:
        rows.setdefault(_row_of(value), []).append(value)
    linked: set[str] = set()
    for row, values in rows.items():
        node["rows"].append(_row(claim.id, row, values, sheet, linked))
        linked.update(row[1])
    return node


def _row_of(value: ValueEvidence) -> Row:
    cell = _CELL.fullmatch(value.reference)
    return (cell["row"] if cell else "", value.tables)


def _row(claim: str, row: Row, values: list[ValueEvidence], sheet: Sheet, linked: set[str]) -> Node:
    """Figures of one row of a table: their names, what they say, and the column where it has another name. Tables
    are linked where they stand first."""
    name, tables = row
    shown = []
    for value in values:
        said = [sheet.plain(value.name), sheet.marked(value_element(claim, "cells", value.name), value.shown)]
        shown.append([*said, _place(name, value, sheet)])
    links = [
        (name or ref, None if ref in linked else sheet.link(f"evidence-{ref}"))
        for ref in tables
        if name or ref not in linked
    ]
    return {"values": shown, "links": [{"text": sheet.plain(text), "to": to} for text, to in links]}


def _place(row: str, value: ValueEvidence, sheet: Sheet) -> str:
    if not row:
        return sheet.plain(f"= {value.reference}")
    column = value.reference.rpartition(".")[2]
    return "" if column == value.name else sheet.plain(f".{column}")
