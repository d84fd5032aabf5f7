"""SQL with fewer lines: the steps of a query begin on lines of their own, what follows stands behind them."""

from __future__ import annotations

import re

_STEP = re.compile(r"(\)?,? ?\w+ AS (NOT MATERIALIZED |MATERIALIZED )?\(|WITH)(\s|$)")


def packed(sql: str) -> str:
    """The same words in the same order. Comments keep their lines, and so does a query with a quoted text that
    goes over lines."""
    lines = sql.strip().splitlines()
    if "/*" in sql or any(_open(line) for line in lines):
        return sql.strip()
    out: list[str] = []
    for line in lines:
        text = line.strip()
        if out and text and "--" not in out[-1] + text and not _STEP.match(text):
            out[-1] = f"{out[-1]} {text}"
        elif text:
            out.append(line.rstrip())
    return "\n".join(out)


def _open(line: str) -> bool:
    """Whether a quoted text of this line does not end on it."""
    return line.count("'") % 2 == 1 or line.count('"') % 2 == 1
