"""What every kind of chart starts from: the rows and columns of a figure, and data items that can be proved.

A datum is `{"value", "shown", "cell"}`: what is drawn, what a reader is told, and the cell it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, cast

from keguan.core.text import Language, Scalar, Unit, format_value
from keguan.render.charts import palette
from keguan.render.charts.scale import Scale, scale
from keguan.report.document import FigureBlock, Row, TableColumn
from keguan.report.manifest import cell_name
from keguan.report.phrases import phrase
from keguan.report.wording import UNITS

Option = dict[str, Any]
MOST = 2000  # rows of one chart: more are neither legible nor worth their bytes
PERIODS = {"month", "date", "datetime"}
_PERIOD = re.compile(r"\d{4}-(?:\d\d|W)")  # 2026-10, 2026-W44
TEXT_SIZE = 12  # pixels
TEXT_STYLE = {"color": palette.MUTED, "fontSize": TEXT_SIZE}


@dataclass(frozen=True)
class Record:
    """One row of the table: typed values and printed cells by column."""

    key: str
    values: Mapping[str, Scalar]
    shown: Mapping[str, str]


@dataclass(frozen=True)
class Drawing:
    """A chart ready to draw: an ECharts option as plain JSON, its height, the units of its axes."""

    option: Option
    height: int
    units: tuple[str, ...] = ()
    hatched: Literal["", "bar", "line"] = ""
    cut: bool = False  # some rows are not drawn


@dataclass(frozen=True)
class Plot:
    """A figure with its rows, seen by the drawing functions."""

    block: FigureBlock
    language: Language
    currency: str
    scales: dict[str, Scale] = field(default_factory=dict)

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """The rows that are drawn: of periods the latest, else the first."""
        late = self.unit(self.block.figure.x) in PERIODS
        return self.rows[-MOST:] if late else self.rows[:MOST]

    @cached_property
    def rows(self) -> tuple[Record, ...]:
        """The rows that the figure's `where` leaves."""
        names = [column.name for column in self.block.table.columns]
        rows = (_record(names, row) for row in self.block.table.rows)
        where = self.block.figure.where
        return tuple(row for row in rows if all(row.values[name] == value for name, value in where.items()))

    def column(self, name: str) -> TableColumn:
        """A column of the table."""
        return self.block.table.column(name)

    def unit(self, name: str) -> Unit:
        """The unit of a column; where its rows name theirs, the one that all drawn rows name."""
        column = self.column(name)
        named = {row.values[column.unit_column] for row in self.rows} if column.unit_column else set()
        return cast(Unit, next(iter(named))) if len(named) == 1 and named <= UNITS else column.unit

    def scale(self, names: Iterable[str]) -> Scale:
        """One scale for columns that share an axis."""
        wanted = tuple(names)
        values = [row.values[name] for row in self.records for name in wanted]
        by = scale(values, self.unit(wanted[0]), self.language, self.currency)
        counted = self.block.figure.counted
        if counted is None or self.unit(wanted[0]) != "count":
            return by
        gap = "" if self.language == "zh" else " "
        return replace(by, name=f"{by.name}{gap}{counted.in_(self.language)}".strip())

    def datum(self, row: Record, name: str, by: Scale) -> Option:
        """One datum; a missing value is drawn as a gap."""
        value = by.of(row.values[name])
        cell = cell_name(self.block.table.ref, row.key, name)
        return {"value": value, "shown": row.shown[name], "cell": cell}

    def short(self, row: Record, name: str, by: Scale) -> str:
        """A value as labels print it: money in 万/亿; else in the unit of the axis, which the caption names."""
        value = row.values[name]
        named = self.language == "zh" and self.unit(name) == "money"  # says 万 itself
        if by.by > 1 and not named and isinstance(value, (int, float, Decimal)):
            return format_value(Decimal(str(value)) / by.by, "number", self.language)
        return format_value(row.values[name], self.unit(name), self.language, short=True)

    def word(self, name: str) -> str:
        """A fixed word in the report's language."""
        return phrase(name, self.language)

    def hatched(self, row: Record) -> bool:
        """Whether this row is an unfinished period."""
        hatch = self.block.figure.hatch
        return hatch is not None and row.values[hatch] is True

    def groups(self) -> list[tuple[str, list[Record]]]:
        """Rows by the figure's series column, in order of appearance; one unnamed group without one."""
        series = self.block.figure.series
        if series is None:
            return [("", list(self.records))]
        out: dict[str, list[Record]] = {}
        for row in self.records:
            out.setdefault(row.shown[series], []).append(row)
        return list(out.items())

    def names_things(self, names: Iterable[str], column: str = "") -> bool:
        """Whether these values of x, or of another column, are names of things: each must be readable, while periods
        and numbers between two others can be told. Months and weeks are given as texts, too."""
        told = self.unit(column or self.block.figure.x) in {"text", "label"}
        return told and not all(_PERIOD.match(name) for name in names)

    def categories(self) -> list[str]:
        """Distinct values of x as printed, in order of appearance."""
        return list(dict.fromkeys(row.shown[self.block.figure.x] for row in self.records))


def _record(names: list[str], row: Row) -> Record:
    return Record(
        row.key, dict(zip(names, row.values, strict=True)), dict(zip(names, row.shown, strict=True))
    )


def frame(plot: Plot, *, legend: Iterable[str] = (), top: int = 14) -> Option:
    """What all charts share: fonts, colours, no animation, room for labels, a legend if there is one."""
    names = [name for name in legend if name]
    option: Option = {
        "animation": False,
        "color": list(palette.SERIES),
        "textStyle": {"fontFamily": "Keguan Sans, sans-serif"},
        "grid": {
            "left": 6,
            "right": 18,
            "top": top + (30 if len(names) > 1 else 0),
            "bottom": 6,
            "outerBoundsMode": "same",
            "outerBoundsContain": "axisLabel",
        },
    }
    if len(names) > 1:
        option["legend"] = {
            "type": "scroll",
            "data": list(dict.fromkeys(names)),
            "top": 0,
            "left": 0,
            "itemWidth": 12,
            "itemHeight": 8,
            "itemGap": 18,
            "icon": "roundRect",
            "textStyle": TEXT_STYLE,
        }
    return option


def category_axis(names: list[str], *, inverse: bool = False, width: int | None = None) -> Option:
    """An axis of names or periods."""
    label: Option = {**TEXT_STYLE, "hideOverlap": True}
    if width is not None:
        label |= {"width": width, "overflow": "truncate", "interval": 0, "hideOverlap": False}
    return {
        "type": "category",
        "data": names,
        "inverse": inverse,
        "axisTick": {"show": False},
        "axisLine": {"lineStyle": {"color": palette.AXIS}},
        "axisLabel": label,
    }


def value_axis(by: Scale, *, zero: bool = True, lines: bool = True) -> Option:
    """An axis of figures."""
    return {
        "type": "value",
        "scale": not zero,
        "splitNumber": 4,
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "splitLine": {"show": lines, "lineStyle": {"color": palette.GRID}},
        "axisLabel": {**TEXT_STYLE, "formatter": by.label, "hideOverlap": True},
    }
