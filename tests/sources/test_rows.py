"""No row vanishes: too long, too short, broken, blank; both readers agree."""

from __future__ import annotations

import csv
import dataclasses
import gzip
import io
import tempfile
import zipfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from keguan.sources import ReadOptions, inspect, load


def test_rows_too_long_and_too_short(read) -> None:
    result = read(b"a,b,c\n1,2,3\n1,2,3,4\n5,6\n7,8,9\n1,2,3,\n")
    assert result.rows == [(2, "1", "2", "3"), (4, "5", "6", None), (5, "7", "8", "9"), (6, "1", "2", "3")]
    assert result.rejected == [(3, "1,2,3,4")]
    assert any("1 rows have fewer cells" in note.en for note in result.loaded.notes)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("above", ["", "店铺订单明细\n"])
def test_rows_of_another_width_far_into_a_file(end: str, above: str, tmp_path: Path) -> None:
    """The engine's reader, with such rows set aside, and the tolerant one agree on rows and numbers."""
    lines = [f"{number},客户{number},9.5" for number in range(60_000)]
    for at in range(20_000, 60_000, 1_700):
        lines[at : at + 3] = ["1,2,3,4", '5,"6, 7"', "8,9,10,,"]
    path = tmp_path / "x.csv"
    text = above + "\n".join(["单号,客户,金额", *lines, "1,2"])
    path.write_text(text.replace("\n", end), encoding="utf-8", newline="")
    (shape,) = inspect(path, ReadOptions())
    assert shape.direct
    with duckdb.connect() as connection:
        direct = load(connection, shape, "direct", scratch=tmp_path)
        tolerant = load(connection, dataclasses.replace(shape, direct=False), "tolerant", scratch=tmp_path)
        assert (direct.rows, direct.rejected, direct.notes) == (59_977, 24, tolerant.notes)
        for one, other in (("direct", "tolerant"), ("tolerant", "direct")):
            for kind in ("", "_rejected"):
                query = f"SELECT * FROM {one}{kind} EXCEPT ALL SELECT * FROM {other}{kind}"
                assert connection.execute(query).fetchall() == []


def test_reason_of_a_rejected_row(read, connection) -> None:
    read(b"a,b\n1,2\n1,2,3\n4,5\n")
    assert connection.execute("SELECT reason_zh, reason_en FROM received_rejected").fetchall() == [
        ("这一行有 3 个单元格，而表只有 2 列", "the row has 3 cells, the table has 2 columns")
    ]


def test_broken_quoting_loses_one_line_only(read) -> None:
    result = read(b'a,b,c\n1,"x"y,3\n4,"nail 5,6\n7,8,9\n10,"ok, fine",12\n13,14,15\n')
    assert result.rejected == [(2, '1,"x"y,3'), (3, '4,"nail 5,6')]
    assert result.rows == [(4, "7", "8", "9"), (5, "10", "ok, fine", "12"), (6, "13", "14", "15")]


def test_a_row_too_long_with_a_break_in_a_cell_is_one_row_also_when_its_tail_is_as_wide_as_the_table(
    read,
) -> None:
    result = read(b'no,item,price\n1,tea,2\n2,cup,3,"crlf\r\nbreak",x,y\n3,pot,4\n')
    assert [row[1] for row in result.rows] == ["1", "3"]
    assert result.rejected == [(3, '2,cup,3,"crlf\r\nbreak",x,y')]


def test_two_stray_quotes_do_not_swallow_what_is_between(read) -> None:
    result = read(b'a,b,c\n1,"x,3\n4,5,6\n7,8,9\n10,11",12\n13,14,15\n')
    assert result.rejected == [(2, '1,"x,3')]
    assert [row[0] for row in result.rows] == [3, 4, 5, 6]


def test_last_line_cut(read) -> None:
    assert read(b"a,b,c\n1,2,3\n4,5").rows[-1] == (3, "4", "5", None)
    result = read(b'a,b,c\n1,2,3\n4,"5')
    assert result.rejected == [(3, '4,"5')]


def test_blank_lines_count_but_hold_no_row(read) -> None:
    result = read(b"a,b\n\n1,2\n   \n3,4\n\n")
    assert result.rows == [(3, "1", "2"), (5, "3", "4")]
    assert read(b"\r\na,b\r\n1,2\r\n").rows == [(3, "1", "2")]


def test_row_of_empty_cells_stays(read) -> None:
    assert read(b"a,b\n1,2\n,\n3,4\n").rows[1] == (3, None, None)


def test_blanks_around_cells(read) -> None:
    assert read(b"a,b,c\n 1, x ,3 \n").cells == [(" 1", " x ", "3 ")]
    # Around quoted cells they are no content; the same whether or not another line is broken.
    assert read(b'a,b,c\n1, "x, y" ,3\n4,5,6\n').cells[0] == ("1", "x, y", "3")
    assert read(b'a,b,c\n1, "x, y" ,3\n4,5,6\n\n7,8,9\n').cells[0] == ("1", "x, y", "3")


def test_total_line_is_data(read) -> None:
    assert read("单号,金额\n1,5\n合计,5\n".encode()).cells[-1] == ("合计", "5")


def test_nothing_is_read_as_null_but_the_empty_cell(read) -> None:
    assert read(b'a,b,c,d\nNULL,NA,"",\n1,2,3,4\n').cells[0] == ("NULL", "NA", None, None)


def test_ids_wrapped_for_spreadsheets_stay_as_they_are(read) -> None:
    assert read(b'a,b\n="00123",1\n\t4,2\n').cells == [('="00123"', "1"), ("\t4", "2")]


def test_first_line_that_names_the_separator(read) -> None:
    result = read(b"sep=;\r\nid;preis\r\n1;2,50\r\n2;3,75\r\n")
    assert (result.shape.separator, result.shape.columns) == (";", ("id", "preis"))
    assert result.rows == [(3, "1", "2,50"), (4, "2", "3,75")]


@pytest.mark.parametrize("header", ["ORCID", "PAR1", "BZhandle", "PK", "MZ", "{id}", "[id]"])
def test_header_that_starts_like_another_kind_of_file(header: str, read) -> None:
    assert read(f"{header},b\n1,2\n".encode()).shape.columns == (header, "b")


def test_a_cell_longer_than_the_engine_takes(read) -> None:
    long = "x" * 900_000
    assert read(f"a,b\n1,{long}\n2,y\n".encode()).cells == [("1", long), ("2", "y")]


def test_first_rows(connection, tmp_path: Path) -> None:
    for content in (b"a,b\n1,2\n3,4\n5,6\n", b"a,b\n1,2\n\n3,4\n5,6\n"):
        path = tmp_path / "x.csv"
        path.write_bytes(content)
        (shape,) = inspect(path, ReadOptions())
        assert load(connection, shape, "t", scratch=tmp_path, first_rows=2).rows == 2


def test_containers_read_the_same(read, tmp_path: Path) -> None:
    content = "订单号,金额\n1,2\n3,4\n".encode("gb18030")
    plain = read(content)
    assert read(gzip.compress(content), name="x.csv.gz").rows == plain.rows
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("说明/readme.md", b"x")
        archive.writestr("订单/一月.csv", content)
        archive.writestr("__MACOSX/._一月.csv", b"\0")
        archive.writestr("订单/二月.csv", b"a,b\n7,8\n")
    first = read(packed.getvalue(), name="x.zip")
    assert (first.shape.container, first.shape.member) == ("zip", "订单/一月.csv")
    assert first.rows == plain.rows
    assert read(packed.getvalue(), name="x.zip", table=1).cells == [("7", "8")]


def test_archive_of_a_chinese_windows(read) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("orders.csv", b"a,b\n1,2\n")
    same_length = "订单12.csv".encode("gbk")
    content = packed.getvalue().replace(b"orders.csv", same_length)
    result = read(content, name="x.zip")
    assert result.cells == [("1", "2")]
    assert result.shape.member == "订单12.csv"


@pytest.mark.parametrize("name", ["订单[1].csv", "it's.csv", "a*b.csv", "数据 2024.csv"])
def test_difficult_file_names(name: str, read) -> None:
    assert read(b"a,b\n1,2\n", name=name).cells == [("1", "2")]


def test_difficult_column_names(read) -> None:
    result = read(b'"a ""x""",it\'s,a;b\n1,2,3\n')
    assert result.shape.columns == ('a "x"', "it's", "a;b")
    assert result.cells == [("1", "2", "3")]


CELL = st.text(st.sampled_from('ab1 客户,;"\n\r\t|.é'), max_size=6)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8), st.sampled_from(["\n", "\r\n"])
)
def test_what_is_written_is_read(rows: list[list[str]], end: str) -> None:
    """Cells of any content come back as they were written, each row under its number."""
    out = io.StringIO()
    csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([["k1", "k2", "k3"], *rows])
    expected = [(number, *(cell or None for cell in row)) for number, row in enumerate(rows, start=2)]
    assert _read_both(out.getvalue().encode()) == [expected]


@settings(max_examples=150, deadline=None)
@example([',, "', '"'])  # a quote behind a blank opens no cell
@given(st.lists(st.text(st.sampled_from('a1 ,"客'), max_size=9), min_size=1, max_size=8))
def test_no_line_vanishes(lines: list[str]) -> None:
    """Whatever is in the lines: each is in a row, rejected, or blank; and both readers agree."""
    content = "\n".join(["k1,k2,k3", *lines])
    readings = _read_both(content.encode(), count_only=True)
    filled = sum(bool(line.strip()) for line in lines)
    assert len(readings) == 1
    assert all(rows <= filled for rows in readings)


def _read_both(content: bytes, *, count_only: bool = False) -> list[object]:
    """What the direct reader and the tolerant one read, once if they agree."""
    results: list[object] = []
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / "x.csv"
        path.write_bytes(content)
        (shape,) = inspect(path, ReadOptions(separator=",", header=True, encoding="utf-8"))
        for each in (shape, dataclasses.replace(shape, direct=False)):
            loaded = load(connection, each, "t", scratch=Path(folder))
            rows = connection.execute("SELECT * FROM t ORDER BY source_row").fetchall()
            result: object = loaded.rows + loaded.rejected if count_only else rows
            if result not in results:
                results.append(result)
    return results


@pytest.mark.parametrize("letter", ["x", "长"])
def test_a_long_row_of_another_width_is_kept_whole(letter: str, read) -> None:
    """The engine cuts the text of a rejected row off at 10,000 bytes, within a character too."""
    lines = [f"{number},客户{number},9.5" for number in range(60)]
    lines[20], lines[30] = f"1,{letter * 20_000},3,4", f"1,{letter * 20_000}"
    result = read("\n".join(["单号,客户,金额", *lines]).encode())
    assert result.rejected == [(22, lines[20])]
    assert result.cells[29] == ("1", letter * 20_000, None)
    assert len(result.rows) == 59


@pytest.mark.parametrize(
    ("lines", "numbers"),
    [
        ("a,b\r1,2\r3,4\r5,6\n7,8\r", [2, 3, 4, 5]),  # carriage returns, one line feed among them
        ("a,b\n1,2\n3,4\r5,6\n7,8\n", [2, 3, 4, 5]),  # line feeds, one carriage return
        ("a,b\r\n1,2\r\r\n3,4\n", [2, 3]),
        ("a,b\n\r1,2\n\r3,4\n5,6\n7,8\n", [2, 3, 4, 5]),  # the wrong way round
    ],
)
def test_rows_end_at_carriage_returns_too(lines: str, numbers: list[int], read) -> None:
    result = read(lines.encode())
    assert result.numbers == numbers
    assert result.rejected == []


def test_a_carriage_return_inside_a_row_does_not_make_two(read) -> None:
    result = read(b"a,b,c\n1,2,3\n4,5\r6,7,8\n9,10,11\n")
    assert result.rejected == [(3, "4,5\r6,7,8")]
    assert result.numbers == [2, 4]


def test_titles_with_carriage_returns_do_not_shift_the_table(read) -> None:
    """Where the table starts is counted by the same records as the rows that follow."""
    table = "单号,客户,金额\r\n" + "".join(f"{n},王{n},{n}.5\r\n" for n in range(1, 9))
    result = read(f"导出\r\n2024-03-08\r制表\r\n\r\n{table}".encode())
    assert result.shape.columns == ("单号", "客户", "金额")
    assert [row[1] for row in result.rows] == [str(n) for n in range(1, 9)]


def test_a_stray_quote_in_a_table_of_one_column_swallows_no_lines(read) -> None:
    lines = [f"很好 {n}" for n in range(80)]
    lone = read("\n".join(["评论", *lines[:20], '"', *lines[20:60], '"', *lines[60:]]).encode())
    assert len(lone.rows) + len(lone.rejected) == 82
    far = read("\n".join(["评论", *lines[:5], '"断', *lines[5:75], '完"', *lines[75:]]).encode())
    assert len(far.rows) + len(far.rejected) == 82
    kept = read('评论\n一\n"两行\n的评论"\n三\n'.encode())  # a cell of some lines is one row
    assert [row[1] for row in kept.rows] == ["一", "两行\n的评论", "三"]


def test_the_tail_of_a_cell_with_a_break_is_no_record_of_its_own(read) -> None:
    """It has as many cells as the table by chance, but closes a quote that it did not open."""
    good = "".join(f"a{n},b,c\n" for n in range(5))
    result = read(f'x,y,z\n{good}猫,狗,鸟,"一\n二",d,e\n{good}'.encode())
    assert len(result.rows) == 10
    assert [number for number, _ in result.rejected] == [7]


def test_rows_glued_to_a_title_by_carriage_returns_are_rows(read) -> None:
    """Found by the mutation fuzzer: of 制表, header and a row on one line, the row was above the table and gone."""
    below = "".join(f"C{n:03},短信,是,2024-03-{n:02} 22:54:00\n" for n in range(2, 25))
    result = read(
        f"订单导出\n制表: 张三\r客户编号,用途,是否同意,授权时间\rC001,短信,是,2024-03-01 22:54:00\n{below}".encode()
    )
    assert (result.shape.header, result.shape.skip_rows) == (True, 2)
    assert result.rows[0][:2] == (4, "C001")
    assert (len(result.rows), result.rejected) == (24, [])
