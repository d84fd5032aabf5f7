"""Parquet: every value as text; whole floats without '.0', moments with zone in UTC."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import pytest

from keguan.core.errors import InputError
from keguan.sources import ReadOptions, inspect, load


@pytest.fixture
def parquet(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> Path:
    path = tmp_path / "订单[1].parquet"
    target = str(tmp_path / "plain")
    connection.execute(f"""
        COPY (
            SELECT 2103807459595387724 AS "订单号", 13085.0::DOUBLE AS "客户", 0.1::DOUBLE AS "金额",
                   TIMESTAMP '2024-01-02 03:04:05' AS "时间", DATE '2024-01-02' AS "日期",
                   TIMESTAMPTZ '2024-01-02 03:04:05+08' AS "utc", 1.50::DECIMAL(9, 2) AS "价", '' AS "空"
            UNION ALL SELECT 2, NULL, 'nan'::DOUBLE, NULL, NULL, NULL, NULL, ' x '
        ) TO '{target}' (FORMAT parquet)
    """)
    Path(target).rename(path)
    return path


def test_values(parquet: Path, read) -> None:
    result = read(parquet)
    assert result.shape.kind == "parquet"
    assert result.rows == [
        (
            2, "2103807459595387724", "13085", "0.1", "2024-01-02 03:04:05", "2024-01-02",
            "2024-01-01 19:04:05+00", "1.50", None,
        ),
        (3, "2", None, None, None, None, None, None, " x "),
    ]  # fmt: skip


def test_packed(parquet: Path, read) -> None:
    packed = gzip.compress(parquet.read_bytes())
    assert len(read(packed, name="x.parquet.gz").rows) == 2


def test_damaged(parquet: Path, tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(parquet.read_bytes()[:-20])
    with pytest.raises(InputError):
        inspect(tmp_path / "x.parquet", ReadOptions())


def test_a_text_that_is_no_text_is_damage(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Counting values reads none of them: a broken character came up only where it was first used."""
    path = tmp_path / "x.parquet"
    connection.execute(f"""
        COPY (SELECT i AS "订单号", CASE WHEN i % 2 = 0 THEN '武汉市' ELSE '长沙市' END AS "城市" FROM range(400) t(i))
        TO '{path}' (FORMAT parquet, COMPRESSION uncompressed)
    """)
    content = path.read_bytes()
    assert content.count("武汉市".encode()) > 0
    path.write_bytes(content.replace("武汉市".encode(), b"\xff" + "武汉市".encode()[1:]))
    shape = inspect(path, ReadOptions())[0]
    with pytest.raises(InputError) as caught:
        load(connection, shape, "received", scratch=tmp_path)
    assert "x.parquet" in caught.value.paragraph("zh")


@pytest.mark.parametrize("mask", [0x01, 0xFF])
def test_any_byte_may_be_wrong(mask: int, parquet: Path, read) -> None:
    """A damaged file is refused or read whole: nothing is left for a later step to stumble over."""
    content = parquet.read_bytes()
    refused, tried = 0, range(0, len(content), 17)
    for at in tried:
        flipped = content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :]
        try:
            read(flipped, name="x.parquet")
        except InputError:
            refused += 1
    assert refused > len(tried) / 4
