"""The one plug-in shape: `run(inputs, params) -> Result`.

An analysis asks its questions in SQL through `Inputs`, and declares what it reads, so that the
application opens exactly these tables, as of one date, at pinned versions.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

import pyarrow as pa

from keguan.core.text import Scalar, Text
from keguan.result import Column, Relation, Result, Table

Section = Literal[
    "data", "structure", "profile", "behaviour", "service", "value", "trend", "strategy", "appendix"
]


@dataclass(frozen=True)
class Settings:
    """What of the workspace's configuration an analysis may see."""

    currency: str = ""
    timezone: str = "Asia/Shanghai"
    fiscal_year_start: int = 1
    min_n: int = 30  # below it rates, averages and comparisons are withheld
    material_relative: float = 0.03
    material_share: float = 0.005


class Inputs(Protocol):
    """What `run` may use: tables as of one date, results of other plug-ins, settings. No clock, no files."""

    @property
    def as_of(self) -> date:
        """The inclusive last day; every table is already cut there."""

    @property
    def settings(self) -> Settings:
        """Thresholds and units of the workspace."""

    def has(self, table: str) -> bool:
        """Whether a canonical table has rows."""

    def has_values(self, table: str, column: str) -> bool:
        """Whether a column of a canonical table has any value."""

    def query(self, sql: str, **params: Scalar) -> pa.Table:
        """Rows of a query, for figures that Python goes on to compute with."""

    def table(
        self,
        id: str,
        title: Text,
        columns: Sequence[Column],
        key: Sequence[str],
        sql: str,
        *,
        note: Text | None = None,
        **params: Scalar,
    ) -> Table:
        """A result table made by SQL; its lineage is recorded."""

    def computed(
        self,
        id: str,
        title: Text,
        columns: Sequence[Column],
        key: Sequence[str],
        rows: Sequence[Mapping[str, Any]],
        *,
        method: str,
        inputs: Sequence[str] = (),
        sql: str | None = None,
        note: Text | None = None,
        **params: Scalar,
    ) -> Table:
        """A result table made by Python from `inputs` (ids of tables) or from the rows of `sql`."""

    def result(self, analysis: str) -> Result:
        """The Result of a plug-in named in `uses`, with its default parameters and the same as-of."""

    def scored(
        self,
        id: str,
        sql: str,
        score: Callable[[pa.RecordBatch], pa.RecordBatch],
        columns: Mapping[str, str],
        *,
        method: str,
        **params: Scalar,
    ) -> str:
        """The name of a view of `columns` (name -> DuckDB's type) that a model makes from the rows of `sql`, batch
        by batch: rows of customers never stand in Python all at once. `score` looks at each row alone and is a
        function of the batch and of fitted parameters (picklable: Spark runs it on executors). `method` names it
        in the evidence, where `sql` stands beside it. `id` starts with the plug-in's name."""

    def at(self, day: date) -> Inputs:
        """The same tables as of an earlier day, for what was so then. A table made there says that day."""

    def segment(self, segmentation: str, day: date | None = None) -> str:
        """The name of a view (account_no, label, score) of each customer's segment as of a day (default: as_of),
        such as 'rfm', 'abc_class', 'lifecycle'. The plug-in that makes it is named in `uses`."""

    def relation(self, segmentation: str, day: date | None = None) -> Relation | None:
        """The rule of a segmentation as of a day, for what asks how a segment came about: its SQL over the views
        as they stood that day and its parameters. None where nobody could be placed."""


class NoParams(Protocol):
    """Marker for analyses without parameters."""


@dataclass(frozen=True)
class Analysis:
    """One plug-in. `reads`: views and tables it queries; `needs`: canonical tables without which it
    cannot say anything (the report then says what to import)."""

    name: str
    title: Text
    question: Text
    section: Section
    params: type[Any]
    run: Callable[[Inputs, Any], Result]
    text: Mapping[str, Text] = field(default_factory=dict)
    reads: tuple[str, ...] = ("purchases",)
    needs: tuple[str, ...] = ("orders",)
    uses: tuple[str, ...] = ()
    order: int = 100  # place within its section
    # Its relations alone, where they cost less than a run: segments are asked for at earlier days.
    relations: Callable[[Inputs, Any], tuple[Relation, ...]] | None = None

    def fields(self) -> tuple[dataclasses.Field[Any], ...]:
        """The parameters: name, default and zh/en help (metadata['help'])."""
        return dataclasses.fields(self.params)


def param(
    default: Any, zh: str, en: str, choices: Sequence[str] = (), *, folder: str = "", file: str = ""
) -> Any:
    """A field of a Params dataclass: its default and its help in both languages.

    `folder`: a text that the workspace keeps in the .toml files of this folder, `file`: in this file; the application
    fills it in unless it is given, so that a result names the text it was made with.
    """
    return field(
        default=default,
        metadata={"help": Text(zh, en), "choices": tuple(choices), "folder": folder, "file": file},
    )
