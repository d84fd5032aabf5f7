"""What the metrics of the overview count: the words printed as their units, by metric. No vocabulary of cells."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text

# What a metric counts, printed as its unit.
COUNTED: Mapping[str, Text] = {
    **dict.fromkeys(
        (
            "lines_received",
            "lines_clean",
            "lines_quarantined",
            "lines_superseded",
            "lines_dropped",
            "lines_repeated",
        ),
        Text("行", "lines"),
    ),
    **dict.fromkeys(("customers", "buyers"), Text("位", "customers")),
    "orders": Text("笔", "orders"),
    "purchases": Text("次", "purchases"),
}
