"""Periods as plans write them: 2026-06, 2026Q2, 2026H1, 2026, also in Chinese."""

from __future__ import annotations

import re
from datetime import date

from keguan.core.period import Span, add_months, month_end

_MONTH = re.compile(r"(\d{4})\s*(?:[-/.年])?\s*(0[1-9]|1[0-2]|[1-9])\s*月?")
_QUARTER = re.compile(r"(\d{4})\s*[-年]?\s*(?:Q|第)?\s*([1-4一二三四])\s*(?:季度|季)?", re.IGNORECASE)
_HALF = re.compile(r"(\d{4})\s*[-年]?\s*(?:H([12])|([上下])半年)", re.IGNORECASE)
_YEAR = re.compile(r"(\d{4})\s*年?")
_CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4}


def span_of(period: str) -> Span | None:
    """First and last day of a written period; None when it cannot be read."""
    text = period.strip()
    if found := _YEAR.fullmatch(text):
        return _months(int(found[1]), 1, 12)
    if found := _HALF.fullmatch(text):
        return _months(int(found[1]), 1 if found[2] == "1" or found[3] == "上" else 7, 6)
    if re.search(r"q|季", text, re.IGNORECASE) and (found := _QUARTER.fullmatch(text)):
        quarter = _CHINESE.get(found[2]) or int(found[2])
        return _months(int(found[1]), 3 * quarter - 2, 3)
    if found := _MONTH.fullmatch(text):
        return _months(int(found[1]), int(found[2]), 1)
    return None


def _months(year: int, month: int, months: int) -> Span | None:
    if not 1900 <= year <= 2200:
        return None
    first = date(year, month, 1)
    return Span(first, month_end(add_months(first, months - 1)))
