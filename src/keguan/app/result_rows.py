"""Rows of result tables as Arrow, in the types that the declared units ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from keguan.core.text import rounded
from keguan.engine.arrays import array
from keguan.result import Column

ARROW_TYPES: Mapping[str, pa.DataType] = {
    "text": pa.string(), "label": pa.string(), "month": pa.string(), "count": pa.int64(),
    "number": pa.float64(), "money": pa.decimal128(18, 4), "share": pa.float64(),
    "points": pa.float64(), "ratio": pa.float64(), "days": pa.float64(), "date": pa.date32(),
    "datetime": pa.timestamp("us"),
}  # fmt: skip


def typed(rows: pa.Table, columns: Sequence[Column]) -> pa.Table:
    """The rows in the Arrow types that the declared units ask for."""
    return rows.cast(pa.schema([(column.name, _arrow_type(column, rows)) for column in columns]))


def _arrow_type(column: Column, rows: pa.Table) -> pa.DataType:
    if column.unit_column is not None:
        return pa.string()
    if column.unit in ("text", "label") and pa.types.is_boolean(rows.schema.field(column.name).type):
        return pa.bool_()
    return ARROW_TYPES[column.unit]


def arrow(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> pa.Table:
    """Arrow rows from dictionaries, typed by the declared units."""
    arrays = []
    for column in columns:
        values = [row.get(column.name) for row in rows]
        is_flag = any(isinstance(value, bool) for value in values)
        arrays.append(_array(values, pa.bool_() if is_flag else _plain_type(column)))
    return pa.table(arrays, names=[column.name for column in columns])


def _plain_type(column: Column) -> pa.DataType:
    return pa.string() if column.unit_column is not None else ARROW_TYPES[column.unit]


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_string(kind):
        values = [None if value is None else str(value) for value in values]
    elif pa.types.is_decimal(kind):
        values = [None if value is None else rounded(value, 4) for value in values]
    elif pa.types.is_floating(kind):
        values = [None if value is None else float(value) for value in values]
        values = [None if value != value else value for value in values]  # NaN is no value
    return array(values, kind)
