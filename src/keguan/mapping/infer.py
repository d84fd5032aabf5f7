"""Columns of a file without headers, recognised by their cells and by how they relate to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from keguan.mapping.assign import INFERRED, Assignment, Choice
from keguan.mapping.profile import ColumnProfile


def headerless(profiles: Sequence[ColumnProfile]) -> bool:
    """Whether the columns only have numbers for names."""
    return all("headerless" in column.flags for column in profiles)


def infer_orders(profiles: Sequence[ColumnProfile], given: Assignment) -> Assignment:
    """`given`, completed with the time, quantity, money and ids that the cells show.

    What several columns could equally be becomes a rival, so that it is asked.
    """
    used = {choice.column.position for choice in given.chosen.values()}
    free = [column for column in profiles if column.position not in used and column.filled > 0]
    chosen, rivals = dict(given.chosen), dict(given.rivals)

    def take(concept: str, columns: Sequence[ColumnProfile]) -> None:
        if concept in chosen or not columns:
            return
        chosen[concept] = Choice(concept, columns[0], INFERRED)
        rivals[concept] = tuple(Choice(concept, column, INFERRED) for column in columns[1:])

    dates = [column for column in free if column.date >= 0.95]
    take("ordered_at", dates[:1])
    rest = [column for column in free if column not in dates]
    measures = [column for column in rest if column.number >= 0.95 and not _is_id(column)]
    for concept, columns in _measures(measures).items():
        take(concept, columns)
    ids = [column for column in rest if column not in measures and column.distinct > 1]
    for concept, columns in _ids(ids, dates).items():
        take(concept, columns)
    return replace(given, chosen=chosen, rivals=rivals)


def _is_id(column: ColumnProfile) -> bool:
    return "leading_zero" in column.flags or bool(column.related("same"))


def _measures(columns: Sequence[ColumnProfile]) -> dict[str, list[ColumnProfile]]:
    """Quantity, price and amount: by price x quantity = amount where it shows, else by whole or not."""
    by_position = {column.position: column for column in columns}
    for column in columns:
        for relation in column.related("product"):
            factors = [by_position[place] for place in relation.others if place in by_position]
            if len(factors) == 2:
                quantity, price = sorted(factors, key=lambda item: -item.whole)
                return {"quantity": [quantity], "unit_price": [price], "amount": [column]}
    whole = [column for column in columns if column.whole >= 0.99]
    money = [column for column in columns if column.whole < 0.99] or whole[1:]
    quantities = sorted((column for column in whole if column not in money), key=lambda item: item.distinct)
    return {"amount": money, "quantity": quantities[:1]}


def _ids(columns: Sequence[ColumnProfile], dates: Sequence[ColumnProfile]) -> dict[str, list[ColumnProfile]]:
    """An id that decides the date and another id is an order number; one-to-one ids name one customer."""
    days = {column.position for column in dates}
    orders = [
        column
        for column in columns
        if {item.others[0] for item in column.related("decides") if item.share >= 0.995} & days
    ]
    people = [column for column in columns if column not in orders]
    partners = {item.others[0] for column in people[:1] for item in column.related("same")}
    rest = [column for column in people[1:] if column.position not in partners]
    return {
        "order_number": orders[:1],
        "customer_key": [*people[:1], *(item for item in rest if _repeats(item))],
    }


def _repeats(column: ColumnProfile) -> bool:
    return column.distinct >= 0.01 * column.examined
