"""Names of periods in sentences."""

from __future__ import annotations

from datetime import date

import pytest

from keguan.core.period import Span
from keguan.evidence.span_name import span_name


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        (date(2026, 10, 1), date(2026, 10, 31), "2026-10"),
        (date(2025, 11, 1), date(2026, 10, 31), "2025-11 – 2026-10"),
        (date(2024, 2, 1), date(2024, 2, 29), "2024-02"),
        (date(2023, 2, 1), date(2023, 2, 27), "2023-02-01 – 2023-02-27"),
        (date(2011, 12, 1), date(2011, 12, 9), "2011-12-01 – 2011-12-09"),
        (date(2010, 12, 10), date(2011, 12, 9), "2010-12-10 – 2011-12-09"),
        (date(2026, 6, 18), date(2026, 6, 18), "2026-06-18"),
    ],
)
def test_whole_months_are_named_by_month_other_periods_by_day(first: date, last: date, name: str) -> None:
    assert span_name(Span(first, last)) == name
