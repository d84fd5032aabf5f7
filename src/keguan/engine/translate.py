"""What a query reads: source tables and columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lineage:
    """The source tables and columns that a query reads, both sorted."""

    tables: Mapping[str, tuple[str, ...]]

    def __or__(self, other: Lineage) -> Lineage:
        """Both together."""
        merged = {name: set(columns) for name, columns in self.tables.items()}
        for name, columns in other.tables.items():
            merged.setdefault(name, set()).update(columns)
        return Lineage({name: tuple(sorted(merged[name])) for name in sorted(merged)})
