"""How a period is named in a sentence: by its months where it is made of whole months, else by its days.

The names hold no words, so that one cell serves both languages.
"""

from __future__ import annotations

from keguan.core.period import Span, month_end, month_index, month_name, month_start

BETWEEN = " – "


def span_name(span: Span) -> str:
    """'2026-10', '2025-11 – 2026-10', or '2011-12-01 – 2011-12-09' where a month is not whole."""
    first, last = span.first, span.last
    if first != month_start(first) or last != month_end(last):
        return first.isoformat() if first == last else f"{first.isoformat()}{BETWEEN}{last.isoformat()}"
    names = dict.fromkeys(month_name(month_index(day)) for day in (first, last))
    return BETWEEN.join(names)
