"""How much memory an engine may take: what the settings say, as far as this machine has it.

A workspace may come from a larger machine, or from a stranger: a limit beyond the machine's memory limits nothing.
"""

from __future__ import annotations

import os
import re

UNITS = {
    "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "KI": 2**10, "MI": 2**20, "GI": 2**30, "TI": 2**40,
}  # fmt: skip
LIMIT = re.compile(r"(?P<number>[\d.]+) ?(?P<unit>[KMGT]i?)B?")
MOST = 0.8  # of the machine's memory, where a limit asks for more than it has


def byte_count(limit: str) -> float:
    """'4GB' or '1.5 GiB' in bytes; core.config has checked its form."""
    found = LIMIT.fullmatch(limit)
    if found is None:
        raise ValueError(f"no amount of memory: {limit!r}")
    return float(found["number"]) * UNITS[found["unit"].upper()]


def of_machine() -> int | None:
    """Bytes of memory of this machine; None where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def within_machine(limit: str) -> str:
    """The limit, or most of the machine's memory where it asks for more."""
    there = of_machine()
    if there is None or byte_count(limit) <= there:
        return limit
    return f"{int(there * MOST) >> 10}KiB"
