"""What an uplift is asked for, and how its tables are made: for a flat file and for a campaign alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from keguan.core.text import Text
from keguan.models.uplift.columns import Kind, Units
from keguan.result import Column, Table


class Maker(Protocol):
    """Makes a result table from rows that Python computed."""

    def __call__(
        self, id: str, title: Text, columns: Sequence[Column], key: tuple[str, ...], rows: Sequence[Mapping[str, Any]]
    ) -> Table: ...  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """Names of both arms as readers know them, the unit of the outcome, and how tables are made. `planned`: share of the
    treated, where it was planned. `terms`: the vocabulary of features, where they are not columns of a file."""

    treatment: str
    control: str
    kind: Kind
    make: Maker
    min_n: int
    planned: float | None = None
    terms: str | None = None

    @property
    def units(self) -> Units:
        """Units of the outcome's columns."""
        return Units(self.kind)
