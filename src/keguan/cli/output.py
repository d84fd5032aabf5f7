"""How a Result leaves the command line: JSON for programs, CSV, and tables for a terminal."""

from __future__ import annotations

import csv
import io
import json
import sys
from typing import Any

import typer

from keguan.analysis import Analysis
from keguan.cli.visible import cell
from keguan.core.formulas import formula_safe
from keguan.core.text import Language
from keguan.evidence.claims import claim_id
from keguan.report.manifest import json_value
from keguan.report.wording import TableView, spans, table_block
from keguan.result import Claim, Result, Table

MOST_PRINTED = 40  # rows of a table at a terminal


def show(result: Result, analysis: Analysis, language: Language, currency: str, format: str) -> None:
    """Prints a result as 'json', 'csv' or, for a person, as tables."""
    if format == "json":
        typer.echo(as_json(result, analysis, language))
    elif format == "csv":
        typer.echo(as_csv(result))
    else:
        print_tables(result, analysis, language, currency)


def as_json(result: Result, analysis: Analysis, language: Language) -> str:
    """The contract of `keguan run --format json`."""
    document = {
        "analysis": result.analysis,
        "as_of": None if result.as_of is None else str(result.as_of),
        "params": {name: json_value(value) for name, value in result.params.items()},
        "versions": dict(result.versions),
        "tables": {table.id: _table(table) for table in result.tables},
        "claims": [_claim(result, analysis, claim, language) for claim in result.claims],
        "notes": [note.says.in_(language) for note in result.notes],
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)


def _table(table: Table) -> dict[str, Any]:
    return {
        "columns": [column.name for column in table.columns],
        "rows": [[json_value(row[column.name]) for column in table.columns] for row in table.records()],
        "sql": table.sql,
    }


def _claim(result: Result, analysis: Analysis, claim: Claim, language: Language) -> dict[str, Any]:
    return {
        "id": claim_id(result, claim),
        "text": sentence(result, analysis, claim, language),
        "values": {name: json_value(result.value(value)) for name, value in claim.values.items()},
        "n": claim.n,
        "strength": claim.strength,
    }


def sentence(result: Result, analysis: Analysis, claim: Claim, language: Language) -> str:
    """A claim as one sentence."""
    return "".join(part.text for part in spans(result, claim, analysis.text[claim.says], language))


def as_csv(result: Result) -> str:
    """All tables one after the other, each under a line with its id; cells that start a formula are quoted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for number, table in enumerate(result.tables):
        if number:
            writer.writerow([])
        writer.writerow([f"# {table.id}"])
        writer.writerow([column.name for column in table.columns])
        for row in table.records():
            writer.writerow([formula_safe(json_value(row[column.name])) for column in table.columns])
    return out.getvalue().rstrip("\n")


def print_tables(result: Result, analysis: Analysis, language: Language, currency: str) -> None:
    """Tables, sentences and notes for a person at a terminal, in the words of the report."""
    from rich.console import Console
    from rich.table import Table as Grid

    console = Console(highlight=False, width=None if sys.stdout.isatty() else 200)
    console.print(cell(analysis.title.in_(language), "bold") + cell(f"  {result.as_of or ''}"))
    for table in result.tables:
        block = table_block(result.analysis, table, TableView(language, currency, MOST_PRINTED))
        grid = Grid(title=cell(block.title), title_justify="left", title_style="bold")
        for column in block.columns:
            right = column.unit not in ("text", "label", "month", "date")
            grid.add_column(cell(column.label), justify="right" if right else "left")
        for row in block.rows[: block.printed]:
            grid.add_row(*map(cell, row.shown))
        console.print(grid)
        if len(block.rows) > block.printed:
            console.print(f"… {len(block.rows):,}")
    for claim in result.claims:
        said = sentence(result, analysis, claim, language)
        console.print(cell(f"• {said}  ") + cell(claim_id(result, claim), "dim"))
    for note in result.notes:
        console.print(cell(f"! {note.says.in_(language)}", "yellow"))
