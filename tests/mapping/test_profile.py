from __future__ import annotations

from decimal import Decimal

import duckdb

from keguan.mapping.privacy import masked
from keguan.mapping.profile import profile, spread
from mapping.staged import stage

COLUMNS = ["订单号", "客户", "编码", "数量", "单价", "金额", "日期", "手机", "备注"]


def rows(count: int) -> list[list[str | None]]:
    return [
        [
            f"A{i // 3:05d}", f"{i % 40}.0", f"k{i % 40}", str(i % 5 + 1), f"{i % 7 + 1}.50",
            f"{(i % 5 + 1) * (i % 7 + 1.5):.2f}", f"{i % 28 + 1}/3/2024", f"138{i % 40:08d}",
            "未采集" if i % 10 == 0 else None,
        ]
        for i in range(count)
    ]  # fmt: skip


def test_a_column_is_described_by_its_cells(connection: duckdb.DuckDBPyConnection) -> None:
    found = {item.name: item for item in profile(connection, "t", stage(connection, COLUMNS, rows(900)))}
    assert found["数量"].number == found["数量"].whole == 1
    assert (found["数量"].minimum, found["数量"].maximum) == (Decimal(1), Decimal(5))
    assert found["单价"].whole == 0
    assert "integral_float" in found["客户"].flags
    assert "phone" in found["手机"].flags
    assert found["日期"].dates == (("day_month", 1.0),)
    evidence = found["日期"].date_order
    assert evidence is not None
    assert evidence.day_first_only > 0
    assert evidence.month_first_only == 0
    assert found["备注"].missing == (("未采集", 90),)
    assert found["备注"].filled == 0.1
    assert not found["订单号"].is_unique


def test_relations_between_columns(connection: duckdb.DuckDBPyConnection) -> None:
    found = profile(connection, "t", stage(connection, COLUMNS, rows(900)))
    assert [item.others for item in found[1].related("same")] == [(2,), (7,)]
    (product,) = found[5].related("product")
    assert product.others == (3, 4)
    assert product.share > 0.99


def test_one_late_row_decides_the_date_order_of_a_large_table(connection: duckdb.DuckDBPyConnection) -> None:
    dates = [[f"{i % 12 + 1:02d}/{i % 11 + 1:02d}/2024"] for i in range(20_000)]
    dates[19_999] = ["01/25/2024"]
    (found,) = profile(connection, "t", stage(connection, ["d"], dates), rows_examined=500)
    assert found.date_order is not None
    assert found.date_order.month_first_only == 1


def test_the_sample_is_spread_and_always_the_same(connection: duckdb.DuckDBPyConnection) -> None:
    stage(connection, ["x"], [[str(i)] for i in range(100_000)])
    sql = (
        f"SELECT count(*), min(source_row), max(source_row), sum(source_row) FROM t {spread(100_000, 5_000)}"
    )
    count, low, high, total = connection.execute(sql).fetchone() or ()
    assert 3_000 < count < 7_000
    assert low < 10_000
    assert high > 90_000
    assert abs(total / count - 50_000) < 5_000
    assert connection.execute(sql).fetchone() == (count, low, high, total)


def test_names_with_quotes_and_an_empty_table(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ['a "b"', "c'd", "source"]
    for given in ([], [["1", None, " "]]):
        found = profile(connection, "t", stage(connection, columns, given))
        assert [item.name for item in found] == columns


def test_personal_cells_are_shown_masked() -> None:
    assert masked("13812345678") == "138****5678"
    assert masked("robert255@smith.net") == "ro***@smith.net"
    assert masked("曾惠") == "曾*"
    assert "Robertson" not in masked("Robertson")
