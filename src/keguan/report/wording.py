"""From references to characters: how a claim's sentence and a table's cells read in one language.

A sentence prints money short (万/亿 from 100,000 up); tables print every figure in full.
"""

from __future__ import annotations

import hashlib
import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import cast, get_args

from keguan.core.text import Language, Scalar, Text, Unit, format_value
from keguan.report.document import Row, Span, TableBlock, TableColumn
from keguan.report.phrases import currency_word, phrase
from keguan.result import Cell, Claim, Column, Result, Table, Value
from keguan.schema.terms.counted import COUNTED
from keguan.schema.vocabulary import shown as term

UNITS: frozenset[str] = frozenset(get_args(Unit))
KEY_SEPARATOR = "/"
HAN = re.compile("[\u3400-\u9fff]")
LATIN_GAP = re.compile(" [\u3400-\u9fff]")  # a blank before a Chinese word
# Asked for behind a colon in a wording: {difference:-}, {kind:l}.
TURNED = "-"
LOWER = "l"


MOST_LETTERS = 300  # of one value; names of 300 letters are shown whole


def spans(
    result: Result, claim: Claim, wording: Text, language: Language, currency: str = ""
) -> tuple[Span, ...]:
    """The sentence in pieces: fixed words, and one span per value. KeyError if a cell does not exist.

    `{n}` and `{base}` are the claim's own size and base. Money carries the word of its currency: in Chinese
    each figure (142.2万元), in English the first of a sentence (1,422,412 CNY). `{name:-}` prints the figure
    with its sign turned: after 'fell by' a difference of -3 points reads 3 points. `{name:l}` prints a term as it
    stands inside an English sentence: Survey reads survey, RFM class stays.
    """
    printed = {name: sentence_value(result, value, language) for name, value in claim.values.items()}
    labels = {name: term(value, vocabulary, language) for name, (value, vocabulary) in claim.labels.items()}
    size = format_value(claim.n, "count", language)
    labels = {"n": size, "base": claim.base.in_(language)} | labels
    money = {name for name, value in claim.values.items() if result.unit(value)[0] == "money"}
    unit = currency_word(currency, language)
    pieces: list[Span] = []
    for words, name, asked, _ in string.Formatter().parse(wording.in_(language)):
        if words:
            pieces.append(Span(words))
        if name is None:
            continue
        if name in printed:
            told = (
                sentence_value(result, claim.values[name], language, turned=True)
                if asked == TURNED
                else printed[name]
            )
            pieces.append(Span(told, name))
        else:
            pieces.append(Span(_lowered(labels[name]) if asked == LOWER else labels[name]))
        if unit and name in money:
            pieces.append(Span(unit if language == "zh" else f" {unit}"))
            unit = unit if language == "zh" else ""
    return tuple(_joined(_spaced(pieces, currency_word(currency, "zh")) if language == "zh" else pieces))


def _spaced(pieces: list[Span], unit: str) -> list[Span]:
    """Chinese and Latin stand apart by a blank wherever a value meets a word: 'APP 占'; never after 万元 or 个百分点."""
    out: list[Span] = []
    for piece in pieces:
        before = out[-1].text if out else ""
        if before and HAN.match(before[-1]) and piece.value is None and LATIN_GAP.match(piece.text):
            piece = Span(piece.text[1:])
        elif before and piece.text and piece.text != unit and _clash(before[-1], piece.text[0]):
            out.append(Span(" "))
        out.append(piece)
    return out


def _clash(one: str, other: str) -> bool:
    """Whether one is a Chinese letter and the other a Latin letter, a digit or a per cent sign."""
    return any(
        HAN.match(a) and ((b.isascii() and b.isalnum()) or b == "%") for a, b in ((one, other), (other, one))
    )


def _lowered(term: str) -> str:
    """A term inside a sentence: its first letter small, unless it begins with an abbreviation."""
    return term if term[:2].isupper() else term[:1].lower() + term[1:]


def _joined(pieces: list[Span]) -> list[Span]:
    out: list[Span] = []
    for piece in pieces:
        if out and piece.value is None and out[-1].value is None:
            out[-1] = Span(out[-1].text + piece.text)
        else:
            out.append(piece)
    return out


def sentence_value(result: Result, value: Value, language: Language, *, turned: bool = False) -> str:
    """One figure as a sentence prints it; `turned`: with the opposite sign."""
    found = result.value(value)
    if turned and isinstance(found, (int, float, Decimal)):
        found = -found
    unit, precision = result.unit(value)
    if isinstance(value, Cell) and isinstance(found, str):
        return abridged(term(found, result.table(value.table).column(value.column).vocabulary, language))
    return format_value(found, unit, language, precision, short=True)


def cell_text(column: Column, row: Mapping[str, Scalar], language: Language, *, short: bool = False) -> str:
    """One table cell as printed: in full (1,067,370) unless `short`."""
    value = row[column.name]
    if isinstance(value, str):
        return abridged(term(value, column.vocabulary, language))
    return format_value(value, cell_unit(column, row), language, column.precision, short=short)


def cell_unit(column: Column, row: Mapping[str, Scalar]) -> Unit:
    """The unit of one cell: the column's, or the one that the row names."""
    if column.unit_column is None:
        return column.unit
    named = row.get(column.unit_column)
    return cast(Unit, named) if named in UNITS else column.unit


@dataclass(frozen=True, slots=True)
class TableView:
    """How a table is printed: language, currency, and how many rows (None: all)."""

    language: Language
    currency: str = ""
    rows: int | None = None


def table_block(analysis: str, table: Table, view: TableView) -> TableBlock:
    """A table with all its cells in characters; `printed` says how many rows the page shows."""
    naming = {column.unit_column for column in table.columns if column.unit_column}
    records = table.records()
    printed = len(records) if view.rows is None else min(view.rows, len(records))
    return TableBlock(
        ref=f"{analysis}.{table.id}",
        analysis=analysis,
        id=table.id,
        title=table.title.in_(view.language),
        columns=tuple(_column(column, view) for column in table.columns),
        key=table.key,
        rows=_distinct(_row(table, naming, row, view) for row in records),
        printed=printed,
        note=table.note.in_(view.language) if table.note else None,
    )


def _column(column: Column, view: TableView) -> TableColumn:
    return TableColumn(
        name=column.name,
        label=column.label.in_(view.language),
        unit=column.unit,
        role=column.role,
        unit_word=currency_word(view.currency, view.language) if column.unit == "money" else "",
        note=column.note.in_(view.language) if column.note else None,
        unit_column=column.unit_column,
    )


def _row(table: Table, naming: set[str], row: Mapping[str, Scalar], view: TableView) -> Row:
    shown = [
        unit_word(plain(row[column.name]), view) or _counted(table, row, view)
        if column.name in naming
        else cell_text(column, row, view.language)
        for column in table.columns
    ]
    return Row(row_key(table.key, row), tuple(row[column.name] for column in table.columns), tuple(shown))


def _counted(table: Table, row: Mapping[str, Scalar], view: TableView) -> str:
    """What the figure of a row counts, where its metric says so."""
    metrics = (row[column.name] for column in table.columns if column.vocabulary == "metric")
    return next((COUNTED[str(name)].in_(view.language) for name in metrics if str(name) in COUNTED), "")


def _distinct(rows: Iterable[Row]) -> tuple[Row, ...]:
    """A key that comes again is marked, so that each cell has a name of its own."""
    out: dict[str, Row] = {}
    for row in rows:
        key = row.key
        while key in out:
            key += "+"
        out[key] = replace(row, key=key)
    return tuple(out.values())


def unit_word(unit: str, view: TableView) -> str:
    """How a unit named by a row is called; units that the figure itself shows (%) have no word."""
    if unit == "money":
        return currency_word(view.currency, view.language)
    if unit == "days":
        return phrase("days", view.language)
    return "" if unit in UNITS else unit


def row_key(key: tuple[str, ...], row: Mapping[str, Scalar]) -> str:
    """The row's key as one text, the same in every language: values in key order."""
    return KEY_SEPARATOR.join(_key_part(plain(row.get(name))) for name in key) or "-"


def _key_part(text: str) -> str:
    """A value in a key; of a very long one the beginning and a digest, so that it stays one of its own."""
    if len(text) <= MOST_LETTERS:
        return text or "-"
    return f"{abridged(text)}{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"


def abridged(text: str) -> str:
    """A text of the data as a document shows it: a file that was read amiss may hold a megabyte in one cell."""
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}…"


def plain(value: Scalar) -> str:
    """A value as written in keys and parameters, in no language."""
    if value is None:
        return "-"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)


def reference(value: Value) -> str:
    """Where a claim's figure stands: `table[key].column`, or how two such cells are combined."""
    if isinstance(value, Cell):
        key = ", ".join(f"{name}={plain(part)}" for name, part in value.key.items())
        return f"{value.table}[{key}].{value.column}"
    sign = {"difference": "{a} − {b}", "ratio": "{a} ÷ {b}", "share": "{a} ÷ {b}", "change": "{a} ÷ {b} − 1"}
    return sign[value.how].format(a=reference(value.a), b=reference(value.b))


def tables_of(value: Value) -> tuple[str, ...]:
    """The tables that a figure rests on."""
    if isinstance(value, Cell):
        return (value.table,)
    return tuple(dict.fromkeys((value.a.table, value.b.table)))
