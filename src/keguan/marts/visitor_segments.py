"""Segments of visitors who are customers: those at the start of the events, never today's."""

from __future__ import annotations

from datetime import date

from keguan.analysis import Inputs

SPAN_SQL = "SELECT min(day) AS first, max(day) AS last FROM events"


def span(inputs: Inputs) -> tuple[date, date] | None:
    """First and last local day of the events; None when no event has one."""
    row = inputs.query(SPAN_SQL).to_pylist()[0]
    return (row["first"], row["last"]) if row["first"] else None


def segments_then(inputs: Inputs, first: date) -> str | None:
    """The view of customers' RFM classes as of a day; None where no visitor is a customer, or nobody had bought yet.

    A segment of today would know what happened in the period that is looked at.
    """
    if not inputs.has_values("events", "account_no") or not inputs.at(first).has("purchases"):
        return None
    return inputs.segment("rfm", first)
