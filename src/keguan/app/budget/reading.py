"""The file of weeks or days as a panel of weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np

from keguan import sources
from keguan.app.budget.request import Request
from keguan.app.flat_table import (
    decimal_mark,
    given,
    no_numbers,
    patient_number,
    place_of,
    shape_of,
    workshop,
)
from keguan.core.errors import InputError, Where
from keguan.core.text import Text
from keguan.models.budget.panel import Panel
from keguan.sources.heading import ROW_COLUMN
from keguan.sources.sql import identifier

FORMATS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y%m%d",
    "%Y.%m.%d",
    "%d.%m.%Y",
    "%Y年%m月%d日",
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
)
REPAIR = Text("改正这些单元格，或换一列", "correct these cells, or take another column")
MOST_WEEKS = 1040


@dataclass(frozen=True)
class Flat:
    """`blank_spend`, `blank_control`, `no_revenue`, `no_date`: cells that were missing; `gaps`: weeks without a row;
    `negative`: cells of spend below zero, taken as 0."""

    panel: Panel
    blank_spend: int
    blank_control: int
    no_revenue: int
    no_date: int
    gaps: int
    negative: int
    rejected: int


def read(request: Request) -> Flat:
    """InputError for a file that cannot be used, UsageError for a column that it has not."""
    shape = shape_of(request.file, request.reading)
    day = place_of(request.date, "--date", shape, request.file)
    named = [("--revenue", request.revenue), *(("--spend", name) for name in request.spend),
             *(("--control", name) for name in request.controls)]  # fmt: skip
    places = [place_of(name, option, shape, request.file) for option, name in named]
    mark = decimal_mark(shape)
    with workshop() as (connection, scratch):
        loaded = sources.load(connection, shape, "received", scratch=scratch)
        cell = f"nullif(trim({identifier(shape.columns[day])}), '')"
        formats = ", ".join(f"'{text}'" for text in FORMATS)
        parsed = f"coalesce(TRY_CAST({cell} AS DATE), CAST(try_strptime({cell}, [{formats}]) AS DATE))"
        unread = _one(
            connection,
            f"SELECT count(*), min({ROW_COLUMN}) FROM received WHERE {parsed} IS NULL AND {given(cell)}",
        )
        if unread[0]:
            raise InputError(
                Text("这一列应是日期，有的单元格不是", "cells of this column are no dates"),
                Where(file=request.file, row=unread[1], column=shape.columns[day]), found=f"{unread[0]:,}",
                allowed=Text("如 2026-06-30、2026/6/30、20260630", "such as 2026-06-30, 2026/6/30, 20260630"), do=REPAIR,
            )  # fmt: skip
        values = []
        for place in places:
            own = f"nullif(trim({identifier(shape.columns[place])}), '')"
            value = f"CAST({patient_number(own, mark)} AS DOUBLE)"
            wrong = _one(
                connection,
                f"SELECT count(*), min({ROW_COLUMN}) FROM received WHERE {value} IS NULL AND {given(own)}",
            )
            if wrong[0]:
                raise no_numbers(request.file, shape.columns[place], int(wrong[0]), int(wrong[1]), REPAIR)
            values.append(value)
        listed = ", ".join(f"{value} AS v{at}" for at, value in enumerate(values))
        rows = connection.execute(
            f"SELECT {parsed} AS day, {listed} FROM received ORDER BY 1, {ROW_COLUMN}"
        ).fetchall()
    return _flat(request, rows, loaded.rejected)


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    return connection.execute(sql).fetchall()[0]


def _flat(request: Request, rows: Sequence[tuple[Any, ...]], rejected: int) -> Flat:
    """Sums by week; a control is the mean of its week."""
    dated = [row for row in rows if row[0] is not None]
    days = sorted({row[0] for row in dated})
    if len(days) < 2:
        raise InputError(Text("没有足够的日期", "there are not enough dates"), Where(file=request.file, column=request.date),
                         found=str(len(days)), do=Text("每周或每天一行", "give one row a week or a day"))  # fmt: skip
    step = sorted((b - a).days for a, b in pairwise(days))[len(days) // 2 - 1]
    if step > 7:
        raise InputError(Text("数据不是每周或每天的", "the rows are neither weekly nor daily"),
                         Where(file=request.file, column=request.date),
                         found=Text(f"相隔 {step} 天", f"{step} days apart").zh,
                         do=Text("改用每周或每天的数据", "give weekly or daily figures"))  # fmt: skip
    start = days[0] - timedelta(days=days[0].weekday()) if step < 7 else days[0]
    count = (days[-1] - start).days // 7 + 1
    if count > MOST_WEEKS:
        raise InputError(Text("时间跨度太长", "the span of time is too long"), Where(file=request.file, column=request.date),
                         found=f"{count:,}", allowed=Text(f"至多 {MOST_WEEKS} 周", f"at most {MOST_WEEKS} weeks"),
                         do=Text("检查日期，或只留最近几年", "check the dates, or keep the latest years"))  # fmt: skip
    return _summed(request, dated, start, count, len(rows) - len(dated), rejected)


def _summed(
    request: Request, rows: Sequence[tuple[Any, ...]], start: date, count: int, no_date: int, rejected: int
) -> Flat:
    channels, controls = len(request.spend), len(request.controls)
    table = np.array([[np.nan if value is None else float(value) for value in row[1:]] for row in rows])
    week = np.array([(row[0] - start).days // 7 for row in rows])
    revenue = np.full(count, np.nan)
    known = ~np.isnan(table[:, 0])
    sums, rows_known = (
        np.bincount(week[known], table[known, 0], count),
        np.bincount(week[known], minlength=count),
    )
    revenue[rows_known > 0] = sums[rows_known > 0]
    spend = np.nan_to_num(table[:, 1 : 1 + channels])
    by_week = np.column_stack(
        [np.bincount(week, np.maximum(column, 0.0), count) for column in spend.T]
    ).astype(np.float64)
    beside = np.zeros((count, controls))
    given_rows = np.bincount(week, minlength=count)
    for at, column in enumerate(table[:, 1 + channels :].T):
        told = ~np.isnan(column)
        usual = float(column[told].mean()) if told.any() else 0.0
        beside[:, at] = (np.bincount(week, np.where(told, column, usual), count) / np.maximum(given_rows, 1)
                         + usual * (given_rows == 0))  # fmt: skip
    weeks = tuple(start + timedelta(days=7 * step) for step in range(count))
    return Flat(
        Panel(weeks, revenue, request.spend, by_week, beside), int(np.isnan(table[:, 1 : 1 + channels]).sum()),
        int(np.isnan(table[:, 1 + channels :]).sum()), int((~known).sum()), no_date, int((given_rows == 0).sum()),
        int((spend < 0).sum()), rejected,
    )  # fmt: skip
