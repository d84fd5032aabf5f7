"""Separators, blanks, fixed width, one column."""

from __future__ import annotations

import pytest

from keguan.core.errors import UsageError


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_separators(mark: str, read) -> None:
    lines = [["id", "name", "note"], ["1", "A", "x"], ["2", "B", ""], ["3", "C", "z"]]
    result = read("\n".join(mark.join(line) for line in lines).encode())
    assert result.shape.separator == mark
    assert result.rows == [(2, "1", "A", "x"), (3, "2", "B", None), (4, "3", "C", "z")]


def test_decimal_comma_does_not_look_like_a_separator(read) -> None:
    result = read(b"artikel;preis\na;1,50\nb;2,25\nc;1.234,56\n")
    assert result.shape.separator == ";"
    assert result.shape.setting("decimal").value == ","
    assert result.cells[2] == ("c", "1.234,56")


def test_quoted_cells_with_separators_and_line_breaks(read) -> None:
    result = read('id,备注\r\n1,"一行\r\n\r\n两行, 逗号"\r\n2,"说""好"""\r\n'.encode())
    assert result.rows == [(2, "1", "一行\r\n\r\n两行, 逗号"), (3, "2", '说"好"')]


def test_blanks(read) -> None:
    result = read(b" id  day      amount\r\n 001 19970101  11.77\r\n 002 19970112   5.00\r\n", name="x.txt")
    assert result.shape.kind == "fixed"
    assert result.rows == [(2, "001", "19970101", "11.77"), (3, "002", "19970112", "5.00")]


def test_blank_separated_row_with_too_many_cells_is_rejected(read) -> None:
    body = b"".join(b"%d 2 3\n" % number for number in range(50))
    result = read(b"a b c\n" + body + b"1 2 3 4\n5 6\n", name="x.txt")
    assert result.rejected == [(52, "1 2 3 4")]
    assert result.rows[-1] == (53, "5", "6", None)


def test_fixed_width_with_blanks_inside_cells(read) -> None:
    lines = [
        "编号   客户名称        城市        金额",
        "00001  王小明          杭州       12.50",
        "00002  John Smith      New York    8.00",
        "00003                  上海      100.00",
        "00004  北京 某某公司   北京        1.00",
    ]
    result = read("\n".join(lines).encode("gb18030"), name="x.txt")
    assert result.shape.kind == "fixed"
    assert result.shape.columns == ("编号", "客户名称", "城市", "金额")
    assert result.cells[1] == ("00002", "John Smith", "New York", "8.00")
    assert result.cells[2] == ("00003", None, "上海", "100.00")


def test_one_column(read) -> None:
    result = read("评论\n很好, 谢谢\n\n送货慢\n一般, 不, 错\n".encode())
    assert result.shape.columns == ("评论",)
    assert result.rows == [(2, "很好, 谢谢"), (4, "送货慢"), (5, "一般, 不, 错")]
    assert not result.shape.setting("separator").sure


def test_given_separator(read) -> None:
    assert read(b"a~b\n1~2\n", separator="~").cells == [("1", "2")]
    assert read(b"a\tb\n1\t2\n", separator="tab").cells == [("1", "2")]
    assert read(b"a  b\n1  2\n", separator="blank").shape.kind == "fixed"
    with pytest.raises(UsageError):
        read(b"a,b\n", separator="<>")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends(end: str, last: bool, read) -> None:
    text = end.join(["a,b", "1,2", "3,4"]) + (end if last else "")
    assert read(text.encode()).rows == [(2, "1", "2"), (3, "3", "4")]


def test_mixed_line_ends(read) -> None:
    assert read(b"a,b\r\n1,2\n3,4\r\n").rows == [(2, "1", "2"), (3, "3", "4")]
