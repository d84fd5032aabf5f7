"""Arrow columns from Python values.

pyarrow's own `array` loads pandas, where it is installed, to see whether it was given a pandas object: a second
of CPU and 60 MB for each process that makes one column. The buffers of a column are simple enough to write.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any

import pyarrow as pa

_EPOCH = date(1970, 1, 1)
_EPOCH_AT = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)


def array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """The values as a column of one of the types of canonical tables; None is null.

    TypeError for another type; OverflowError or struct.error for a value that does not fit.
    """
    buffers = [pa.py_buffer(_bits([value is not None for value in values]))]
    if pa.types.is_string(kind):
        texts = [b"" if value is None else value.encode() for value in values]
        offsets = accumulate((len(text) for text in texts), initial=0)
        buffers += [pa.py_buffer(struct.pack(f"<{len(texts) + 1}i", *offsets)), pa.py_buffer(b"".join(texts))]
    elif pa.types.is_boolean(kind):
        buffers.append(pa.py_buffer(_bits([bool(value) for value in values])))
    elif pa.types.is_decimal128(kind):
        scaled = [0 if value is None else int(value.scaleb(kind.scale)) for value in values]
        buffers.append(
            pa.py_buffer(b"".join(number.to_bytes(16, "little", signed=True) for number in scaled))
        )
    else:
        form, number = _FIXED[_name(kind)]
        numbers = [0 if value is None else number(value) for value in values]
        buffers.append(pa.py_buffer(struct.pack(f"<{len(values)}{form}", *numbers)))
    return pa.Array.from_buffers(kind, len(values), buffers)


def _name(kind: pa.DataType) -> str:
    name = str(kind)
    if name not in _FIXED:
        raise TypeError(f"no column of type {name}")
    return name


def _microseconds(value: datetime) -> int:
    if value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    return (value - _EPOCH_AT) // _MICROSECOND


_FIXED: dict[str, tuple[str, Any]] = {
    "int32": ("i", int),
    "int64": ("q", int),
    "double": ("d", float),
    "date32[day]": ("i", lambda value: (value - _EPOCH).days),
    "timestamp[us]": ("q", _microseconds),
}


def _bits(flags: Sequence[bool]) -> bytes:
    """One bit each, the first in the lowest place."""
    number = int("".join("1" if flag else "0" for flag in reversed(flags)) or "0", 2)
    return number.to_bytes((len(flags) + 7) // 8, "little")


def records(table: pa.Table) -> Iterator[dict[str, Any]]:
    """The rows of a large answer as dictionaries, a few thousand of them at a time: all at once they would take
    a hundred times the memory of the columns."""
    for batch in table.to_batches(max_chunksize=4096):
        yield from batch.to_pylist()
