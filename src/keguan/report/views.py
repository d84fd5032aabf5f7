"""Computed views that the queries of a report name: each stands in the document once, under one id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from keguan.result import Result, Table

Views = Mapping[tuple[str, str], str]  # (name, SQL) -> id


def views_of(results: Iterable[Result]) -> Views:
    """The views of all tables in the order they are met. The id is the name; a second SQL of one name gets
    a number behind it."""
    found: dict[tuple[str, str], str] = {}
    copies: dict[str, int] = {}
    for result in results:
        for table in result.tables:
            for view in table.views.items():
                if view not in found:
                    copy = copies[view[0]] = copies.get(view[0], 0) + 1
                    found[view] = view[0] if copy == 1 else f"{view[0]}+{copy}"
    return found


def named(table: Table, views: Views) -> tuple[str, ...]:
    """Ids of the views of one table."""
    return tuple(views[view] for view in table.views.items())
