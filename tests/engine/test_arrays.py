"""Columns made here equal those that pyarrow makes, and pandas stays where it is."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from keguan.engine.arrays import array

KINDS: dict[str, tuple[pa.DataType, some.SearchStrategy[Any]]] = {
    "text": (pa.string(), some.text(alphabet=some.characters(exclude_categories=["Cs"]), max_size=8)),
    "int32": (pa.int32(), some.integers(-(2**31), 2**31 - 1)),
    "int64": (pa.int64(), some.integers(-(2**63), 2**63 - 1)),
    "double": (pa.float64(), some.floats(allow_nan=False)),
    "bool": (pa.bool_(), some.booleans()),
    "decimal": (
        pa.decimal128(18, 4),
        some.integers(-(10**18) + 1, 10**18 - 1).map(lambda n: Decimal(n).scaleb(-4)),
    ),
    "date": (pa.date32(), some.dates()),
    "time": (pa.timestamp("us"), some.datetimes()),
}


@pytest.mark.parametrize("name", KINDS)
@settings(deadline=None)  # the first draw of texts builds the tables of characters
@given(data=some.data())
def test_a_column_equals_that_of_pyarrow(name: str, data: some.DataObject) -> None:
    kind, values = KINDS[name]
    column = data.draw(some.lists(some.none() | values, max_size=20))
    made = array(column, kind)
    made.validate(full=True)
    assert made.equals(pa.array(column, kind))


def test_zoned_times_are_stored_in_utc() -> None:
    moment = datetime.fromisoformat("2024-03-01T08:00:00+08:00")
    assert array([moment], pa.timestamp("us")).to_pylist() == [datetime(2024, 3, 1)]


def test_another_type_is_refused() -> None:
    with pytest.raises(TypeError):
        array([date(2024, 1, 1)], pa.date64())


def test_pandas_is_not_loaded() -> None:
    code = (
        "import sys, pyarrow as pa; from keguan.engine.arrays import array; "
        "array([1, None], pa.int64()); assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
