"""Titles above the table, header or none, names of columns, decimal marks."""

from __future__ import annotations

import pytest

from keguan.core.errors import UsageError
from keguan.sources.heading import names, read_heading
from keguan.sources.shape import fingerprint_of


def test_titles_above_the_header_count_as_rows(read) -> None:
    result = read("店铺订单明细\n导出时间：2024-01-01\n\n订单号,客户,金额\n1,王,2\n3,李,4\n".encode())
    assert result.shape.skip_rows == 3
    assert result.shape.columns == ("订单号", "客户", "金额")
    assert result.rows == [(5, "1", "王", "2"), (6, "3", "李", "4")]


def test_titles_padded_with_separators(read) -> None:
    result = read("订单明细,,,\n,,,\n订单号,客户,金额,日期\n1,王,2,2024-01-01\n".encode())
    assert result.shape.columns == ("订单号", "客户", "金额", "日期")
    assert result.numbers == [4]


def test_titles_are_skipped_by_the_direct_reader_too(read) -> None:
    result = read("订单明细\n订单号,客户,金额\n1,王,2\n3,李,4\n".encode())
    assert result.shape.direct
    assert result.rows == [(3, "1", "王", "2"), (4, "3", "李", "4")]


def test_no_header(read) -> None:
    result = read(b"1,2024-01-01,9.5\n2,2024-01-02,8\n")
    assert not result.shape.header
    assert result.shape.columns == ("column_1", "column_2", "column_3")
    assert result.numbers == [1, 2]


def test_mark_before_headerless_data_is_no_data(read) -> None:
    assert read(b"\xef\xbb\xbf1,2\n3,4\n").rows == [(1, "1", "2"), (2, "3", "4")]
    assert read("1,2\r\n3,4\r\n".encode("utf-16")).rows == [(1, "1", "2"), (2, "3", "4")]


def test_text_only_is_unsure(read) -> None:
    result = read("姓名,城市\n王,杭州\n李,上海\n".encode())
    assert result.shape.header
    assert not result.shape.setting("header").sure
    assert not read("王,杭州\n李,杭州\n王,上海\n".encode()).shape.header


def test_given_header(read) -> None:
    assert read("姓名,城市\n王,杭州\n".encode(), header=False).numbers == [1, 2]
    assert read(b"2019,2020\n1,2\n", header=True).shape.columns == ("2019", "2020")


def test_header_only(read) -> None:
    result = read("订单号,客户,金额\n".encode())
    assert result.shape.header
    assert result.rows == []


def test_header_with_line_break_in_a_cell(read) -> None:
    result = read('"订单\n号","Order\r\nDate"\n1,2024-01-01\n'.encode())
    assert result.shape.columns == ("订单号", "Order Date")
    assert result.shape.received == ("订单\n号", "Order\r\nDate")
    assert result.rows == [(2, "1", "2024-01-01")]


def test_names_are_clean_and_unique() -> None:
    received = ("\ufeff 客户 ID ", "", "客户 ID", "id", "ID", "source_row", "\u3000")
    assert names(received) == ("客户 ID", "column_2", "客户 ID_2", "id", "ID_2", "source_row_2", "column_7")


def test_columns_beyond_the_header(read) -> None:
    result = read(b"a,b\n1,2,3\n4,5,6\n7,8,9\n")
    assert result.shape.columns == ("a", "b", "column_3")
    assert result.rows[0] == (2, "1", "2", "3")


def test_fingerprint_is_that_of_the_headers(read) -> None:
    one = read("订单号,金额\n1,2\n".encode()).shape
    other = read(" 订单号 ,金额\n7,8\n9,10\n".encode("gb18030")).shape
    assert one.fingerprint == other.fingerprint == fingerprint_of("csv", True, ("订单号", "金额"))
    assert read("订单号,数量\n1,2\n".encode()).shape.fingerprint != one.fingerprint


@pytest.mark.parametrize(
    ("numbers", "mark", "sure"),
    [
        (["1.5", "2.25"], ".", True),
        (["1,5", "2,25"], ",", True),
        (["1.234,56", "7"], ",", True),
        (["1,234.56", "7"], ".", True),
        (["¥1,299.00", "¥5.00"], ".", True),
        (["1.234", "5.678"], ".", False),
        (["1.234.567"], ",", True),
        (["1", "2"], ".", True),
    ],
)
def test_decimal(numbers: list[str], mark: str, sure: bool, read) -> None:
    body = "".join(f"x{at};{number}\n" for at, number in enumerate(numbers))
    setting = read(f"name;preis\n{body}".encode()).shape.setting("decimal")
    assert (setting.value, setting.sure) == (mark, sure)


def test_given_settings(read) -> None:
    shape = read(b"a,b\n1,2\n", decimal="comma", date_order="dmy").shape
    assert shape.setting("decimal").value == ","
    assert shape.setting("date_order").value == "dmy"
    with pytest.raises(UsageError):
        read(b"a,b\n1,2\n", decimal="x")


def test_stray_cells_of_one_row_do_not_make_titles_of_the_others() -> None:
    sheet = [
        ("Invoice", "Code", "Item", "Quantity", "Date", "", "", "", "", "", ""),
        ("489566", "82483", "drawer", "", "", "", "", "", "", "", ""),
        ("489566", "22172", "shelf", "2", "2009-12-01", "x", "y", "z", "1,5", "a", "b"),
        ("489566", "22282", "egg house", "4", "2009-12-01", "2024-02-30", "", "", "", "", ""),
    ]
    heading = read_heading(sheet, None)
    assert (heading.skip_rows, heading.header) == (0, True)


def test_a_title_above_a_table_of_one_row() -> None:
    assert (
        read_heading([("订单明细", "", ""), ("订单号", "客户", "金额"), ("1", "王", "")], None).skip_rows == 1
    )


def test_a_short_first_row_of_a_table_without_header_is_data(read) -> None:
    """Only a lone cell above such a table is a title; a sum or a row that was cut is received like any other."""
    below = "".join(f"{n},2024-01-{n:02},王{n},9.5,A,B\n" for n in range(1, 9))
    cut = read(f"7,2024-03-01\n{below}".encode())
    assert (cut.shape.header, cut.shape.skip_rows, cut.numbers[0]) == (False, 0, 1)
    total = read(f",,总计,12345.67,,\n{below}".encode())
    assert (total.shape.skip_rows, len(total.rows)) == (0, 9)
    title = read(f"订单导出\n{below}".encode())
    assert (title.shape.skip_rows, title.numbers[0]) == (1, 2)


def test_a_first_row_cut_after_its_first_cell_is_data(read) -> None:
    """Found by the mutation fuzzer: a lone A0125 above A0126, A0127 … is no title but a row that was cut."""
    below = "".join(f"A01{n},C0{n},2024-08-{n} 17:01:00,4\n" for n in range(10, 28))
    cut = read(f"A0109,,,\n{below}".encode())
    assert (cut.shape.skip_rows, cut.shape.header, cut.numbers[0]) == (0, False, 1)
    title = read(f"2024年问卷,,,\n{below}".encode())
    assert (title.shape.skip_rows, title.numbers[0]) == (1, 2)
