"""Functions that a query of an analysis must not call: of the engine's own affairs, of files, of other queries.

Files outside the workspace are closed by the connection's settings already. This is for what they leave open:
`FROM enable_profiling(save_location := ...)` is a SELECT that writes over any file of the workspace's tables,
`enable_logging` ends the whole process, and `query` runs a text put together from pieces.
"""

from __future__ import annotations

import re

_NAMES = (
    r"(?:read|sniff|write)_(?!parquet\b)\w+",
    r"(?:enable|disable|truncate|force|pragma|parquet|duckdb|pg_timezone|which|test|python)_\w+",
    r"\w+_scan(?:_dumb)?",
    r"json_execute\w*|query|query_table|repeat_row|glob|summary|checkpoint|getenv",
)
_FORBIDDEN = re.compile(rf"\b(?:{'|'.join(_NAMES)})(?=\"?\s*(?:\(|/\*|--))", re.IGNORECASE)


def forbidden(sql: str) -> str | None:
    """The first such function that a text calls, None when there is none.

    Looked for in the text as it is, its quoted parts too: what is not taken apart cannot be taken apart wrongly.
    """
    found = _FORBIDDEN.search(sql)
    return found.group().lower() if found else None
