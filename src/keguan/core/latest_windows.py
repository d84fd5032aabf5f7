"""The latest months and as many months just before them: two whole windows of one length. No clock."""

from __future__ import annotations

from datetime import date, timedelta

from keguan.core.period import Span, day_months_back, span_ending

LENGTHS = (12, 6, 3, 1)
QUIET = timedelta(days=7)  # a first week without orders is no missing data


def latest_windows(first_day: date | None, as_of: date, months: int) -> tuple[Span, Span] | None:
    """(latest, the one before): `months` long, or the longest of 12, 6, 3, 1 that the data hold twice.

    Both end with as_of or lie before it, so that an unfinished month is on neither side alone. None when the
    data do not hold two months.
    """
    if first_day is None:
        return None
    for length in sorted({months, *LENGTHS}, reverse=True):
        if length > months:
            continue
        latest = span_ending(as_of, length)
        before = span_ending(latest.first - timedelta(days=1), length)
        if before.first >= first_day - QUIET:
            return latest, before
    return None


def latest_and_year_ago(first_day: date | None, as_of: date, months: int) -> tuple[Span, Span] | None:
    """(latest, the same days a year before): `months` long or the longest of 6, 3, 1 that the data hold."""
    if first_day is None:
        return None
    for length in sorted({months, 6, 3, 1}, reverse=True):
        base = span_ending(day_months_back(as_of, 12), length)
        if length <= months and base.first >= first_day - QUIET:
            return span_ending(as_of, length), base
    return None
