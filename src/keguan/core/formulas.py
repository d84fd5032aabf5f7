"""Text that a spreadsheet would run as a formula, made safe."""

from __future__ import annotations

from typing import Any

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def formula_safe(value: Any) -> Any:
    """The value, with an apostrophe before a text that begins like a formula."""
    return "'" + value if isinstance(value, str) and value.startswith(RISKY) else value
