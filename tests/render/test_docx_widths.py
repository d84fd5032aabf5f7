"""Widths of a table's columns in Word, and wide tables in parts."""

from __future__ import annotations

from keguan.render.docx.widths import measure, parts
from keguan.report.document import Row, TableBlock, TableColumn

WIDTH = 480.0  # points between the margins
SIZES = (9.0, 7.5)


def block(columns: int, cell: str = "1,234,567.89", key: str = "2026-10") -> TableBlock:
    names = ["key", *(f"c{number}" for number in range(1, columns))]
    shown = (key, *[cell] * (columns - 1))
    row = Row("k", shown, shown)
    return TableBlock(
        "a.t",
        "a",
        "t",
        "t",
        tuple(
            TableColumn(
                name, name, "text" if name == "key" else "money", "key" if name == "key" else "measure"
            )
            for name in names
        ),
        ("key",),
        (row,),
        1,
    )


def test_chinese_letters_are_twice_as_wide() -> None:
    assert measure("客户") == 2
    assert 1 < measure("12") < 1.2


def test_a_table_that_fits_is_one_part_in_the_larger_type() -> None:
    (part,) = parts(block(5), WIDTH, SIZES)
    assert not part.small
    assert part.again == 0
    assert abs(sum(part.widths) - WIDTH) < 1


def test_a_small_table_is_not_drawn_out_to_the_page() -> None:
    (part,) = parts(block(2), WIDTH, SIZES)
    assert sum(part.widths) < WIDTH / 2


def test_more_columns_take_the_smaller_type() -> None:
    (part,) = parts(block(8), WIDTH, SIZES)
    assert part.small
    assert sum(part.widths) <= WIDTH + 0.01


def test_a_wide_table_is_cut_into_even_parts_each_with_its_key() -> None:
    cut = parts(block(21), WIDTH, SIZES)
    assert len(cut) > 1
    assert all(part.columns[0] == 0 for part in cut)
    assert [part.again for part in cut] == [0, *[1] * (len(cut) - 1)]
    assert sorted(place for part in cut for place in part.columns[1:]) == list(range(1, 21))
    assert all(sum(part.widths) <= WIDTH + 0.01 for part in cut)
    sizes = [len(part.columns) for part in cut]
    assert max(sizes) - min(sizes) <= 3


def test_a_name_of_three_hundred_letters_does_not_take_the_page() -> None:
    (part,) = parts(block(5, key="x" * 300), WIDTH, SIZES)
    assert part.widths[0] < WIDTH / 2
    assert sum(part.widths) <= WIDTH + 0.01


def test_a_single_column_wider_than_the_page_is_as_wide_as_the_page() -> None:
    cut = parts(block(2, cell="9" * 400, key="k" * 400), WIDTH, SIZES)
    assert all(sum(part.widths) <= WIDTH + 0.01 for part in cut)
