"""The file of a test as columns: arm, outcome, and what was known of each customer before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from keguan import sources
from keguan.app.flat_table import (
    decimal_mark,
    given,
    listed,
    no_numbers,
    patient_number,
    place_of,
    shape_of,
    workshop,
    wrong,
)
from keguan.app.uplift.request import Request
from keguan.core.errors import InputError, Where
from keguan.core.text import Text
from keguan.engine.literals import quoted
from keguan.mapping.model import Mark
from keguan.models.uplift.design import Feature
from keguan.sources.heading import ROW_COLUMN
from keguan.sources.shape import Shape
from keguan.sources.sql import identifier

MOST_ROWS = 200_000  # of both arms that are learned from; of more a sample
OTHER = Text("换一列作指标，或改正这些单元格", "take another column, or correct these cells")


@dataclass(frozen=True)
class Flat:
    """Customers of both arms with an outcome. `other_arms`: rows of neither arm; `no_outcome`: rows without one;
    `rejected`: rows that could not be taken apart; `sampled`: rows of both arms where only a sample is used, else None."""

    features: tuple[Feature, ...]
    columns: dict[str, Any]
    treated: NDArray[np.bool_]
    outcome: NDArray[np.float64]
    other_arms: int
    no_outcome: int
    rejected: int
    sampled: int | None


def read(request: Request) -> Flat:
    """InputError for a file that cannot be used, UsageError for columns and arms that it has not."""
    shape = shape_of(request.file, request.reading)
    arm = place_of(request.arm, "--arm", shape, request.file)
    metric = place_of(request.metric, "--metric", shape, request.file)
    places = [place_of(name, "--feature", shape, request.file) for name in request.features] or [
        place for place in range(len(shape.columns)) if place not in (arm, metric)
    ]
    if not places:
        raise wrong("--feature", Text("没有特征列", "there is no column of features"), "", file=request.file)
    with workshop() as (connection, scratch):
        loaded = sources.load(connection, shape, "received", scratch=scratch)
        reader = _Reader(connection, shape, request, decimal_mark(shape))
        return reader.flat(arm, metric, places, loaded.rejected)


@dataclass(frozen=True)
class _Reader:
    connection: duckdb.DuckDBPyConnection
    shape: Shape
    request: Request
    mark: Mark

    def flat(self, arm: int, metric: int, places: Sequence[int], rejected: int) -> Flat:
        """All columns at once."""
        cell = f"nullif(trim({self._cell(arm)}), '')"
        names = [self.request.treatment.strip(), self.request.control.strip()]
        self.connection.execute(
            f"CREATE VIEW members AS SELECT *, {cell} = {quoted(names[0])} AS treated FROM received "
            f"WHERE {cell} IN ({quoted(names[0])}, {quoted(names[1])})"
        )
        self._check_arms(cell, names)
        value, filled = self._number(metric)
        unread = self._one(
            f"SELECT count(*), min({ROW_COLUMN}) FROM members WHERE {value} IS NULL AND {filled}"
        )
        if unread[0]:
            raise no_numbers(self.request.file, self.shape.columns[metric], unread[0], unread[1], OTHER)
        rows = int(self._one(f"SELECT count(*) FROM members WHERE {value} IS NOT NULL")[0])
        all_rows = int(self._one("SELECT count(*) FROM members")[0])
        if rows == 0:
            raise InputError(Text("这一列没有任何数字", "this column holds no number"),
                             Where(file=self.request.file, column=self.shape.columns[metric]), do=OTHER)  # fmt: skip
        part = f"AND hash({ROW_COLUMN}) % 1000000 < {MOST_ROWS * 1000000 // rows}" if rows > MOST_ROWS else ""
        numbers = {place: self._is_number(place) for place in places}
        cells = [f"{self._number(p)[0] if numbers[p] else self._text(p)} AS f{p}" for p in places]
        found = self.connection.execute(
            f"SELECT treated, CAST({value} AS DOUBLE) AS outcome, {', '.join(cells)} FROM members "
            f"WHERE {value} IS NOT NULL {part} ORDER BY {ROW_COLUMN}"
        ).fetchnumpy()
        features = tuple(
            Feature(self.shape.columns[place], "number" if numbers[place] else "text") for place in places
        )
        columns = {self.shape.columns[place]: _values(found[f"f{place}"], numbers[place]) for place in places}
        total = int(self._one("SELECT count(*) FROM received")[0])
        return Flat(
            features, columns, np.asarray(found["treated"], dtype=bool), np.asarray(found["outcome"], np.float64),
            total - all_rows, all_rows - rows, rejected, rows if part else None,
        )  # fmt: skip

    def _check_arms(self, cell: str, names: Sequence[str]) -> None:
        found = self.connection.execute(
            f"SELECT DISTINCT {cell} FROM received WHERE {cell} IS NOT NULL"
        ).fetchall()
        known = sorted(str(row[0]) for row in found)
        for option, name in zip(("--treatment", "--control"), names, strict=True):
            if name not in known:
                raise wrong(option, Text("组别列里没有这个组", "the column of the arm has no such arm"), name, listed(known),
                            file=self.request.file)  # fmt: skip

    def _is_number(self, place: int) -> bool:
        """A column of which every filled cell is a number."""
        value, filled = self._number(place)
        row = self._one(
            f"SELECT count(*) FILTER ({filled}), count(*) FILTER ({filled} AND {value} IS NULL) FROM members"
        )
        return bool(row[0]) and row[1] == 0

    def _number(self, place: int) -> tuple[str, str]:
        cell = f"nullif(trim({self._cell(place)}), '')"
        return patient_number(cell, self.mark), given(cell)

    def _text(self, place: int) -> str:
        cell = f"nullif(trim({self._cell(place)}), '')"
        return f"CASE WHEN {given(cell)} THEN {cell} END"

    def _cell(self, place: int) -> str:
        return identifier(self.shape.columns[place])

    def _one(self, sql: str) -> tuple[Any, ...]:
        return self.connection.execute(sql).fetchall()[0]


def _values(found: Any, is_number: bool) -> Any:
    """Floats with NaN, or objects with None."""
    masked = np.ma.asarray(found)
    if is_number:
        return np.ma.filled(masked.astype(np.float64), np.nan)
    made = np.array(masked.data, dtype=object)
    made[np.ma.getmaskarray(masked)] = None
    return made
