"""What makes two files of one shape: the same columns, whatever their order and spelling of blanks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from keguan.mapping.headers import comparable
from keguan.mapping.profile import ColumnProfile


def fingerprint(profiles: Sequence[ColumnProfile]) -> str:
    """16 hex digits. Columns without headers are told apart by place and by what their cells read as."""
    parts = sorted(comparable(column.name) + _kind(column) for column in profiles)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _kind(column: ColumnProfile) -> str:
    if "headerless" not in column.flags:
        return ""
    if column.date >= 0.9:
        return ":date"
    if column.number >= 0.9:
        return ":whole" if column.whole >= 0.9 else ":decimal"
    return ":text"
