"""Text that a spreadsheet would run as a formula, made safe."""

from __future__ import annotations

import re
from typing import Any

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
DIALLED = re.compile(
    r"\+[0-9]{8,15}", re.ASCII
)  # E.164: a number and nothing else, which tools must read as it is


def formula_safe(value: Any) -> Any:
    """The value, with an apostrophe before a text that begins like a formula; a telephone number is none."""
    if not isinstance(value, str) or not value.startswith(RISKY) or DIALLED.fullmatch(value):
        return value
    return "'" + value
