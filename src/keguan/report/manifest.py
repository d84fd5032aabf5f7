"""The manifest: what a document claims, from what, and which characters it shows (report.json).

Each visible claim, figure of a sentence and table cell has an element id, so that a reader of the file
can say which one was edited. A renderer adds the elements of its charts and a hash of everything else.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from keguan.core.text import Language, Scalar, Text
from keguan.report.context import ReportContext
from keguan.report.document import (
    AnalysisEvidence,
    Block,
    Card,
    ClaimBlock,
    ClaimEvidence,
    FigureBlock,
    Json,
    KpiCards,
    Section,
    TableBlock,
)
from keguan.report.earlier import claim_keys
from keguan.report.recipe import Recipe
from keguan.report.views import Views, named, views_of
from keguan.report.wording import reference
from keguan.result import Claim, Result, Table

FORMAT = 1
_BLANKS = re.compile("[^\\S\x0b\x0c\x1c-\x1f\x85]+")
VERIFIED_ROWS = 200  # rows of a table kept in the manifest for reading; proof recomputes all


def claim_element(claim: ClaimBlock) -> str:
    """Element id of a sentence: `claim:ID@place`."""
    return f"claim:{claim.id}@{claim.place}"


def value_element(claim: str, place: str, name: str) -> str:
    """Element id of a figure inside a sentence: `value:ID@place#name`."""
    return f"value:{claim}@{place}#{name}"


def advice_element(claim: str, place: str) -> str:
    """Element id of the advice under a sentence: `advice:ID@place`. Forms that mark it add it to their items."""
    return f"advice:{claim}@{place}"


def cell_name(ref: str, key: str, column: str) -> str:
    """How a cell is cited: `analysis.table[key].column`."""
    return f"{ref}[{key}].{column}"


def cell_element(ref: str, key: str, column: str, place: str) -> str:
    """Element id of a printed table cell: `cell:analysis.table[key].column@place`."""
    return f"cell:{cell_name(ref, key, column)}@{place}"


def datum_element(figure: str, cell: str) -> str:
    """Element id of a chart datum: `datum:analysis.figure/cell`."""
    return f"datum:{figure}/{cell}"


def picture_element(figure: str) -> str:
    """Element id of a chart's picture: `picture:analysis.figure`."""
    return f"picture:{figure}"


def normal(text: str) -> str:
    """Visible text in normal form: runs of blanks are one blank. Control characters that Python counts as blanks
    stay: a form shows them as escapes."""
    if "  " not in text and text.isprintable():  # the only blank in it is a space, as in nearly all texts
        return text.strip(" ")
    return _BLANKS.sub(" ", text).strip(" ")


def items(sections: tuple[Section, ...]) -> dict[str, str]:
    """Element id -> visible text, for every sentence, figure of a sentence, table cell and card."""
    out: dict[str, str] = {}
    for section in sections:
        for block in section.blocks:
            out.update(_block_items(block))
    return out


def _block_items(block: Block) -> Iterator[tuple[str, str]]:
    if isinstance(block, ClaimBlock):
        yield from _claim_items(block)
    elif isinstance(block, TableBlock):
        yield from _table_items(block, "body")
    elif isinstance(block, FigureBlock) and block.table_here:
        yield from _table_items(block.table, "body")
    elif isinstance(block, KpiCards):
        for card in block.cards:
            yield from _card_items(card)
    elif isinstance(block, AnalysisEvidence):
        for table in block.tables:
            if table.sample:
                yield from _table_items(table.sample, "evidence")
        for evidence in block.claims:
            yield from _evidence_items(evidence)


def _claim_items(claim: ClaimBlock) -> Iterator[tuple[str, str]]:
    yield claim_element(claim), normal(claim.text)
    for part in claim.parts:
        if part.value is not None:
            yield value_element(claim.id, claim.place, part.value), normal(part.text)


def _evidence_items(evidence: ClaimEvidence) -> Iterator[tuple[str, str]]:
    yield from _claim_items(evidence.claim)
    for value in evidence.values:
        yield value_element(evidence.claim.id, "cells", value.name), normal(value.shown)


def _table_items(table: TableBlock, place: str) -> Iterator[tuple[str, str]]:
    for row in table.page:
        for column, shown in zip(table.columns, row.shown, strict=True):
            yield cell_element(table.ref, row.key, column.name, place), normal(shown)


def _card_items(card: Card) -> Iterator[tuple[str, str]]:
    yield f"cell:{card.cell}@card", normal(card.shown)
    if card.change_cell is not None:
        yield f"cell:{card.change_cell}@change", normal(card.change_shown)


def manifest(
    sections: tuple[Section, ...],
    ran: Mapping[str, Result],
    results: Mapping[str, Result],
    blocks: Mapping[str, ClaimBlock],
    context: ReportContext,
    recipe: Recipe,
    language: Language,
) -> Json:
    """The manifest of a composed report. `ran`: every result of its recipe; `results`: those that it shows anything
    of; `blocks`: every claim of the document by id."""
    shown = items(sections)
    views = views_of(results.values())
    advised = _advised(sections)
    body: Json = {
        "format": FORMAT,
        "keguan": context.keguan,
        "language": language,
        "recipe": recipe.name,
        **({"recipe_text": recipe.text} if recipe.text else {}),
        **({"comments": [item.json() for item in context.comments]} if context.comments else {}),
        **({"previous": context.previous.json()} if context.previous else {}),
        **({"strategies": context.strategies} if context.strategies else {}),
        "as_of": context.as_of.isoformat(),
        "currency": context.currency,
        "workspace": context.workspace_id,
        "versions": dict(context.versions),
        "files": {table: list(files) for table, files in context.files.items()},
        "analyses": {name: _analysis(result, language, views) for name, result in results.items()},
        "views": {id: sql for (_, sql), id in views.items()},
        "claims": [
            _claim(result, claim, blocks[context.claim_id(result, claim)], advised)
            for result in results.values()
            for claim in result.claims
            if context.claim_id(result, claim) in blocks
        ],
        "keys": claim_keys(ran),
        "items": shown,
    }
    # The moment of writing is no content: the same figures give the same document id.
    written = {"generated": context.generated.isoformat()} if context.generated else {}
    return {"document_id": document_id(body), **written, **body}


def _advised(sections: tuple[Section, ...]) -> dict[str, str]:
    """Claim id -> the advice that stands under it, wherever it does."""
    return {
        block.id: block.so_what
        for section in sections
        for block in section.blocks
        if isinstance(block, ClaimBlock) and block.so_what
    }


def document_id(body: Mapping[str, Any]) -> str:
    """Twelve hex digits: the same for the same content."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _analysis(result: Result, language: Language, views: Views) -> Json:
    return {
        "as_of": result.as_of.isoformat() if result.as_of else None,
        "params": {name: json_value(value) for name, value in result.params.items()},
        "versions": dict(result.versions),
        "code": result.code,
        "tables": {table.id: _table(table, language, views) for table in result.tables},
    }


def _table(table: Table, language: Language, views: Views) -> Json:
    return {
        "title": table.title.in_(language),
        "columns": [column.name for column in table.columns],
        "key": list(table.key),
        "rows": [
            [json_value(row[column.name]) for column in table.columns]
            for row in table.records()[:VERIFIED_ROWS]
        ],
        "sql": table.sql,
        "params": {name: json_value(value) for name, value in table.params.items()},
        "lineage": {name: list(columns) for name, columns in table.lineage.tables.items()}
        if table.lineage
        else {},
        **({"views": list(named(table, views))} if table.views else {}),
        "method": table.method,
        "inputs": list(table.inputs),
        "n": len(table.rows),
    }


def _claim(result: Result, claim: Claim, block: ClaimBlock, advised: Mapping[str, str]) -> Json:
    shown = {part.value: part.text for part in block.parts if part.value is not None}
    return {
        "id": block.id,
        "key": claim.key,
        "analysis": result.analysis,
        "says": claim.says,
        "text": block.text,
        "values": {
            name: {
                "value": json_value(result.value(value)),
                "shown": shown.get(name, ""),
                "ref": reference(value),
            }
            for name, value in claim.values.items()
        },
        "n": claim.n,
        "base": block.base,
        "strength": claim.strength,
        "test": block.test or None,
        **({"so_what": so_what} if (so_what := advised.get(block.id)) else {}),
    }


def json_value(value: Scalar | Text) -> Any:
    """A typed value as JSON: whole decimals as integers, others as numbers where nothing is lost."""
    if isinstance(value, Decimal):
        if value == value.to_integral_value():
            return int(value)
        return float(value) if Decimal(repr(float(value))) == value else str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Text):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):
        return None
    return value
