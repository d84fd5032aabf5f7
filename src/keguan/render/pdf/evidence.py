"""The evidence of one analysis as a node: question, parameters, definitions, tables with their SQL and first
rows, sentences with the cells under them."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.render.markup import anchor
from keguan.render.pdf.sheet import Sheet
from keguan.render.pdf.tables import Node, bands
from keguan.report.document import (
    AnalysisEvidence,
    ClaimEvidence,
    Document,
    TableEvidence,
    ValueEvidence,
    ViewEvidence,
)
from keguan.report.manifest import claim_element, value_element


def evidence(block: AnalysisEvidence, document: Document, sheet: Sheet) -> Node:
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
        "tables": [_table(item, document, sheet) for item in block.tables],
        "claims": [_claim(item, words, sheet) for item in block.claims],
    }


def views(block: ViewEvidence, sheet: Sheet) -> Node:
    """The SQL of the computed views."""
    title = sheet.plain(block.title)
    items = [
        {"id": view_anchor(id), "name": sheet.plain(id), "sql": sheet.code(sql.strip())}
        for id, sql in block.items
    ]
    return {"kind": "views", "title": title, "items": items}


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


def _table(item: TableEvidence, document: Document, sheet: Sheet) -> Node:
    plain, words = sheet.plain, document.words
    node: Node = {
        "id": anchor(f"evidence-{item.ref}"),
        "label": plain(words["table"]),
        "title": plain(item.title),
        "ref": plain(item.ref),
        "facts": _facts(_table_facts(item, words), sheet),
        "sql": None,
        "views": None,
        "sample": None,
        "note": "",
    }
    if item.sql:
        node["sql"] = {"title": plain(words["query"]), "text": sheet.code(item.sql.strip())}
    if item.views:
        title = plain(words["views"])
        links = [{"text": plain(id), "to": sheet.link(f"view-{id}")} for id in item.views]
        node["views"] = {"title": title, "links": links}
    if item.sample and item.ref not in document.printed_tables:
        title = plain(words["table" if item.sample.printed >= item.n else "sample"])
        node["sample"] = {"title": title, "bands": bands(item.sample, "evidence", sheet)}
    if item.note:
        node["note"] = plain(item.note)
    return node


def _table_facts(item: TableEvidence, words: Mapping[str, str]) -> list[tuple[str, str]]:
    facts = [
        ("rows", f"{item.n:,}"),
        ("parameters", ", ".join(f"{name} = {value}" for name, value in item.params.items())),
        ("versions", ", ".join(f"{name}: {text}" for name, text in item.versions.items())),
        ("lineage", "; ".join(item.lineage)),
        ("method", item.method or ""),
        ("inputs", ", ".join(item.inputs)),
    ]
    return [(words[name], fact) for name, fact in facts if fact]


def _claim(item: ClaimEvidence, words: Mapping[str, str], sheet: Sheet) -> Node:
    claim, plain = item.claim, sheet.plain
    node: Node = {
        "id": anchor(f"claim-{claim.id}"),
        "label": plain(claim.strength_label),
        "name": plain(claim.id),
        "key": plain(claim.key),
    }
    parts = [
        (value_element(claim.id, claim.place, part.value) if part.value is not None else None, part.text)
        for part in claim.parts
    ]
    node["text"] = sheet.sentence(claim_element(claim), parts)
    node["facts"] = _facts(list(item.facts), sheet)
    node["reference"] = plain(words["reference"]) if item.values else ""
    node["values"] = [_value(claim.id, value, sheet) for value in item.values]
    refs = dict.fromkeys(ref for value in item.values for ref in value.tables)
    node["links"] = [{"text": plain(ref), "to": sheet.link(f"evidence-{ref}")} for ref in refs]
    return node


def _value(claim: str, value: ValueEvidence, sheet: Sheet) -> Node:
    return {
        "name": sheet.plain(value.name),
        "shown": sheet.marked(value_element(claim, "cells", value.name), value.shown),
        "reference": sheet.plain(value.reference),
    }
