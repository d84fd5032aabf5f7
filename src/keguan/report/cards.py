"""Headline figures: cells shown large, with their change."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from keguan.core.text import Language, Scalar, format_value
from keguan.report.context import ReportContext
from keguan.report.document import Card, KpiCards, TableBlock
from keguan.report.manifest import cell_name
from keguan.report.phrases import currency_word, phrase
from keguan.report.recipe import CardRecipe, CellName, Recipe
from keguan.report.sentences import Writer
from keguan.report.wording import cell_text, cell_unit, row_key
from keguan.result import Figure, Result, Table

MOST = 4  # cards in one row
# Verdicts under which a change is shown without an arrow: the sentence does not call it one.
UNPROVEN = {"无显著变化": "card_plain", "未检验": "card_untested"}


def kpi_cards(
    results: Mapping[str, Result], recipe: Recipe, language: Language, context: ReportContext
) -> KpiCards:
    """The first cards of a recipe whose cells exist."""
    cards = [_card(card, results, language, context) for card in recipe.cards]
    return KpiCards(tuple(card for card in cards if card is not None)[:MOST])


def _find(name: CellName, results: Mapping[str, Result]) -> tuple[Table, dict[str, Scalar], str] | None:
    analysis, _, table_id = name.table.partition(".")
    result = results.get(analysis)
    if result is None or not result.has(table_id):
        return None
    table = result.table(table_id)
    if name.column not in table.rows.column_names or not set(name.key) <= set(table.rows.column_names):
        return None
    row = table.find(name.key)
    return None if row is None or row[name.column] is None else (table, row, name.column)


def _card(
    card: CardRecipe, results: Mapping[str, Result], language: Language, context: ReportContext
) -> Card | None:
    found = _find(card.value, results)
    if found is None:
        return None
    table, row, name = found
    column = table.column(name)
    money = cell_unit(column, row) == "money"
    label = _label(card, results, language) or _row_label(table, row, language)
    change = _find(card.change, results) if card.change else None
    shown, direction, cell = _change(change, card.change, language)
    against = card.against.in_(language) if card.against and cell else ""
    if change is not None and (unproven := UNPROVEN.get(str(change[1].get("verdict")))):
        direction, against = "flat", phrase(unproven, language, against=against)
    return Card(
        label=label,
        cell=cell_name(card.value.table, row_key(table.key, row), name),
        shown=cell_text(column, row, language, short=True),
        unit=currency_word(context.currency, language) if money else "",
        full=cell_text(column, row, language),
        change_cell=cell,
        change_shown=shown,
        change_label=against,
        direction=direction,
    )


def _label(card: CardRecipe, results: Mapping[str, Result], language: Language) -> str:
    """The recipe's label with the period that the figure is of; empty without one."""
    if card.label is None:
        return ""
    found = _find(card.period, results) if card.period else None
    return card.label.fill(language, {"period": str(found[1][found[2]]) if found else ""}).strip(" ,")


def _row_label(table: Table, row: Mapping[str, Scalar], language: Language) -> str:
    """The row's own name: its label column if it has one, else its key."""
    names = [column.name for column in table.columns]
    name = "label" if "label" in names else table.key[0]
    return cell_text(table.column(name), row, language)


def _change(
    found: tuple[Table, dict[str, Scalar], str] | None, name: CellName | None, language: Language
) -> tuple[str, Literal["up", "down", "flat"], str | None]:
    if found is None or name is None:
        return "", "flat", None
    table, row, column_name = found
    column = table.column(column_name)
    value = row[column_name]
    if not isinstance(value, (int, float, Decimal)):
        return "", "flat", None
    shown = cell_text(column, row, language, short=True)
    cell = cell_name(name.table, row_key(table.key, row), column_name)
    if value > 0:
        return f"+{shown}", "up", cell
    return shown, "down" if value < 0 else "flat", cell


def number_cards(table: TableBlock, figure: Figure, writer: Writer) -> tuple[Card, ...]:
    """A 'number' figure: the y columns of its rows, at most six cards."""
    language = writer.language
    cards = []
    for row, record in zip(table.rows, table.records(), strict=True):
        if any(record[name] != value for name, value in figure.where.items()):
            continue
        for name in figure.y:
            column = table.column(name)
            label = row.shown[table.index(figure.x)] if len(figure.y) == 1 else column.label
            shown = format_value(record[name], column.unit, language, short=True)
            cell = cell_name(table.ref, row.key, name)
            cards.append(Card(label, cell, shown, column.unit_word, row.shown[table.index(name)]))
    return tuple(cards[:6])
