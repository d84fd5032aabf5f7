"""The use case 'budget' on a flat table: its Result, in the shape of every analysis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from keguan.app.budget.reading import Flat, read
from keguan.app.budget.request import Request
from keguan.app.checking import checked
from keguan.app.result_rows import arrow
from keguan.core.text import Text
from keguan.models.budget import ANALYSIS
from keguan.models.budget.story import told
from keguan.result import Column, Note, Result, Table


def budget(request: Request) -> Result:
    """UsageError, InputError as `read` says."""
    flat = read(request)
    result = told(flat.panel, request.wishes, _make)
    params = {
        "date": request.date, "revenue": request.revenue, "spend": ", ".join(request.spend),
        "control": ", ".join(request.controls) or None, "total": request.total, "seed": request.seed,
        "min": _listed(request.least), "max": _listed(request.most),
    }  # fmt: skip
    return checked(replace(result, notes=(*_notes(flat), *result.notes), params=params), ANALYSIS)


def _listed(limits: Mapping[str, float]) -> str | None:
    return ", ".join(f"{name}={value:g}" for name, value in limits.items()) or None


def _make(
    id: str, title: Text, columns: Sequence[Column], key: tuple[str, ...], rows: Sequence[Mapping[str, Any]]
) -> Table:
    return Table(id, title, tuple(columns), arrow(rows, columns), key, method=f"models.budget.story.{id}")


def _notes(flat: Flat) -> Iterator[Note]:
    first, last = flat.panel.weeks[0], flat.panel.weeks[-1]
    yield Note(Text(f"按周计算，{len(flat.panel)} 周，第一周从 {first} 起，最后一周从 {last} 起",
                    f"By weeks: {len(flat.panel)} of them, the first from {first}, the last from {last}"))  # fmt: skip
    told = (
        (flat.rejected, Text("行分不清单元格，没有计入", "rows could not be taken apart and are left out")),
        (flat.no_date, Text("行没有日期，没有计入", "rows have no date and are left out")),
        (flat.no_revenue, Text("行没有收入，不用来学习", "rows have no revenue and are not learned from")),
        (
            flat.gaps,
            Text(
                "周没有任何一行，按没有投放、收入未知处理",
                "weeks have no row: taken as no spend and unknown revenue",
            ),
        ),
        (flat.blank_spend, Text("个投放单元格是空的，按 0 计", "cells of spend are empty, taken as 0")),
        (
            flat.blank_control,
            Text("个控制变量单元格是空的，按其平均计", "cells of controls are empty, taken as their mean"),
        ),
        (flat.negative, Text("个投放单元格是负数，按 0 计", "cells of spend are negative, taken as 0")),
    )
    for count, text in told:
        if count:
            yield Note(Text(f"{count:,} {text.zh}", f"{count:,} {text.en}"), "warning")
