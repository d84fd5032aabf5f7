"""Files that overlap: orders that come again, files of one command, the same file twice, repeated lines."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from keguan.app.ingest import ImportOptions
from keguan.app.workspace import Workspace
from received import HEADER, books, counts, facts, findings, kpis, loaded, rows, usual, write

TEA, CUP = ("T100", "龙井茶", 1, "10.00"), ("T200", "茶杯", 1, "5.00")
LINES = (
    "SELECT order_id, product_id, CAST(quantity AS INTEGER) AS quantity, CAST(amount AS DOUBLE) AS amount, "
    "movement, opens_order FROM all_order_lines ORDER BY ALL"
)


def test_a_later_batch_replaces_an_order_whole(tmp_path: Path) -> None:
    first = write(
        tmp_path / "1.csv", HEADER,
        ("1001", "C1", "2024-01-05 10:00:00", "T100", "龙井茶", 2, "10.00"),
        ("1001", "C1", "2024-01-05 10:00:00", "T200", "茶杯", 1, "5.00"),
        ("1002", "C2", "2024-01-06 10:00:00", "T100", "龙井茶", 1, "10.00"),
        ("1003", "C3", "2024-01-07 10:00:00", "T100", "龙井茶", 3, "10.00"),
    )  # fmt: skip
    second = write(
        tmp_path / "2.csv", HEADER,
        ("1001", "C1", "2024-01-05 10:00:00", "T100", "龙井茶", 2, "10.00"),  # the cup is gone: 5.00 less
        ("1002", "C2", "2024-01-06 10:00:00", "T100", "龙井茶", 1, "10.00"),
        ("1002", "C2", "2024-01-06 10:00:00", "T200", "茶杯", 2, "5.00"),  # grew: nothing to report
        ("1004", "C4", "2024-02-01 10:00:00", "T200", "茶杯", 1, "5.00"),
    )  # fmt: skip
    workspace = loaded(tmp_path / "w", [first])
    report = workspace.load(second)
    assert report.replaced == 2
    assert counts(workspace) == [(4, 1, 0, 3, 0), (4, 4, 0, 0, 0)]
    assert findings(workspace)["order_shrunk", None] == (1, Decimal(5))
    found = kpis(workspace)
    assert (found["lines_received"], found["lines_clean"], found["lines_superseded"]) == (8, 5, 3)
    assert (found["orders"], found["customers"], found["gross_revenue"]) == (4, 4, 75)
    opened = rows(
        workspace, "SELECT sum(opens_order) AS n, count(DISTINCT order_id) AS orders FROM all_order_lines"
    )
    assert opened == [{"n": 4, "orders": 4}]
    assert report.files[0].file == "2.csv"


def overlapping(folder: Path, names: tuple[str, str]) -> list[Path]:
    """Two exports that overlap in March: order 1 is split over them, 2 stands in both, 3 repeats a line."""

    def line(order: int, product: tuple[object, ...]) -> tuple[object, ...]:
        return (order, f"C{order}", f"2024-03-{order:02d} 09:00:00", *product)

    earlier = [line(1, TEA), line(2, TEA), line(2, CUP), line(3, TEA), line(3, TEA), line(4, CUP)]
    later = [line(1, CUP), line(2, TEA), line(2, CUP), line(3, TEA), line(3, TEA), line(3, TEA), line(5, CUP)]
    return [write(folder / names[0], HEADER, *earlier), write(folder / names[1], HEADER, *later)]


UNITED = [
    (1, "T100"), (1, "T200"), (2, "T100"), (2, "T200"), (3, "T100"), (3, "T100"), (3, "T100"), (4, "T200"), (5, "T200"),
]  # fmt: skip


@pytest.mark.parametrize("names", [("a.csv", "b.csv"), ("b.csv", "a.csv")])
def test_files_of_one_command_are_united_in_either_order(tmp_path: Path, names: tuple[str, str]) -> None:
    workspace = loaded(tmp_path / "w", overlapping(tmp_path, names))
    found = [(int(row["order_id"]), row["product_id"]) for row in rows(workspace, LINES)]
    assert found == UNITED
    loads = {load["file"]: load for load in books(workspace)}
    # 1 of order 1, both of order 2, two of order 3 are in both files: 4 lines count once
    assert sum(load["superseded"] for load in loads.values()) == 4
    assert sum(load["received"] for load in loads.values()) == 13
    # order 3 has three equal lines: its customer may have wanted three, so they are kept and reported
    assert findings(workspace)["repeated_lines", None] == (2, Decimal(20))
    figures = kpis(workspace)
    assert (figures["gross_revenue"], figures["orders"], figures["lines_repeated"]) == (70, 5, 2)


def test_repeated_lines_can_be_dropped(tmp_path: Path) -> None:
    files = overlapping(tmp_path, ("a.csv", "b.csv"))
    workspace = loaded(tmp_path / "w", files, options=ImportOptions(repeated_lines="drop"))
    found = [(int(row["order_id"]), row["product_id"]) for row in rows(workspace, LINES)]
    assert found == list(dict.fromkeys(UNITED))
    assert (
        sum(load["dropped"] for load in books(workspace)) == 2
    )  # the second tea of a.csv, the third of b.csv
    assert kpis(workspace)["gross_revenue"] == 50


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    files = overlapping(tmp_path, ("a.csv", "b.csv"))
    workspace = loaded(tmp_path / "w", files)
    before = workspace.store.catalog
    copy = tmp_path / "copy of a.csv"
    copy.write_bytes(files[0].read_bytes())
    for again in (files, [files[1]], [copy]):
        report = workspace.load(*again)
        assert report.already_known
        assert report.batch is None
    assert workspace.store.catalog == before
    # beside a new file it is left out, too
    new = write(tmp_path / "c.csv", HEADER, (6, "C6", "2024-04-01 09:00:00", *TEA))
    report = workspace.load(files[0], new)
    assert [file.known_before for file in report.files] == [True, False]
    assert kpis(workspace)["gross_revenue"] == 80


def test_months_one_by_one_in_either_order_give_the_same_tables(tmp_path: Path) -> None:
    header = (*HEADER, "城市", "渠道")
    months = [
        write(tmp_path / "jan.csv", header,
              (1, "C1", "2024-01-05 09:00:00", *TEA, "成都", "官网"), (2, "C2", "2024-01-06 09:00:00", *CUP, "绵阳", "APP")),
        write(tmp_path / "feb.csv", header,
              (2, "C2", "2024-01-06 09:00:00", *CUP, "绵阳", "APP"), (3, "C1", "2024-02-06 09:00:00", *CUP, "乐山", "APP")),
        write(tmp_path / "mar.csv", header,
              (4, "C2", "2024-03-06 09:00:00", "T200", "茶杯", -1, "5.00", "绵阳", "APP")),
    ]  # fmt: skip
    straight = loaded(tmp_path / "a", *([month] for month in months))
    backwards = loaded(tmp_path / "b", *([month] for month in reversed(months)))
    together = loaded(tmp_path / "c", months)
    customers = "SELECT customer_id, city, source FROM customers ORDER BY 1"
    purchases = (  # added up: rows may take others away
        "SELECT customer_id, day, order_day, sum(orders), sum(cancelled), sum(gross), sum(returns), sum(quantity), "
        "sum(opens_month) FROM all_purchases JOIN customers USING (account_no) "
        "GROUP BY customer_id, day, order_day HAVING sum(lines) <> 0 OR sum(cancelled) <> 0 ORDER BY ALL"
    )
    for other in (backwards, together):
        assert rows(straight, LINES) == rows(other, LINES)
        assert rows(straight, customers) == rows(other, customers)
        assert rows(straight, purchases) == rows(other, purchases)
    # the city is that of the latest order, wherever it came in
    assert rows(straight, customers)[0] == {"customer_id": "C1", "city": "乐山", "source": "files"}
    # the cup of January came back in March and took its order with it
    assert kpis(straight)["purchases"] == 2


def test_an_order_whose_status_moved_on_counts_once_in_one_command(tmp_path: Path) -> None:
    header = (*HEADER, "订单状态")
    january = write(tmp_path / "a.csv", header, *(
        (order, f"C{order}", "2024-01-31 09:00:00", *TEA, "已付款") for order in range(1, 5)))  # fmt: skip
    february = write(tmp_path / "b.csv", header, *(
        (order, f"C{order}", "2024-01-31 09:00:00", *TEA, status)
        for order, status in enumerate(("已完成", "已退款", "已完成", "已发货"), 1)))  # fmt: skip
    workspace = loaded(tmp_path / "w", [january, february])
    figures = kpis(workspace)
    assert (figures["orders"], figures["gross_revenue"], figures["returns"]) == (4, 40, 10)
    statuses = rows(workspace, "SELECT order_id, status FROM all_orders ORDER BY 1")
    assert [row["status"] for row in statuses] == ["completed", "refunded", "completed", "shipped"]


def test_sources_do_not_mix(tmp_path: Path) -> None:
    """Two shops that both number their orders and customers from 1."""
    one = write(tmp_path / "one.csv", HEADER, *usual(3, first=1, customer="C1"),
                (7, "C1", "2024-03-09 12:00:00", "P900", "普洱茶", -1, "10.00"))  # fmt: skip
    two = write(tmp_path / "two.csv", HEADER, *usual(2, first=1, customer="C1", day="2024-03-05"),
                (7, "C1", "2024-03-09 12:00:00", "P900", "普洱茶", -1, "10.00"))  # fmt: skip
    workspace = Workspace.init(tmp_path / "w")
    workspace.load(one)
    workspace.load(two, options=ImportOptions(source="tmall"))
    figures = kpis(workspace)
    assert counts(workspace) == [(4, 4, 0, 0, 0), (3, 3, 0, 0, 0)]
    assert (figures["gross_revenue"], figures["returns"], figures["orders"], figures["purchases"]) == (
        50,
        20,
        5,
        3,
    )
    assert figures["customers"] == 2


def test_guests_without_order_numbers_are_known_again_by_what_they_bought(tmp_path: Path) -> None:
    header = ("会员编号", "消费日期", "商品编号", "商品名称", "数量", "单价")
    members = [(f"M{n}", f"2024-03-{n + 1:02d}", *TEA) for n in range(8)]
    tea, cup = ("", "2024-03-05", *TEA), ("", "2024-03-05", *CUP)
    first = write(tmp_path / "1.csv", header, tea, *members)
    second = write(tmp_path / "2.csv", header, cup, tea, *members[:2])  # the tea stands on another row now
    workspace = loaded(tmp_path / "w", [first], [second])
    assert kpis(workspace)["guest_revenue"] == 15
    assert counts(workspace) == [(9, 6, 0, 3, 0), (4, 4, 0, 0, 0)]


def test_a_named_original_order_is_found_under_a_finer_key(tmp_path: Path) -> None:
    """Each number stands for two customers; the return names the number, and means its own customer's order."""
    header = (*HEADER, "原订单号")
    lines = [(n, f"C{n}{side}", f"2024-03-{n:02d} 09:00:00", *TEA, "") for n in range(1, 7) for side in "ab"]
    back = ("T100", "龙井茶", -1, "10.00")
    lines += [(8, "C1a", "2024-03-20 09:00:00", *TEA, ""), (9, "C1a", "2024-03-21 09:00:00", *back, 1)]
    workspace = loaded(tmp_path / "w", [write(tmp_path / "a.csv", header, *lines)])
    found = rows(
        workspace, "SELECT order_id, original_order_id FROM all_order_lines WHERE movement = 'return'"
    )
    assert found == [{"order_id": "9|C1a", "original_order_id": "1|C1a"}]
    assert str(facts(workspace)["C1a"]["last_purchase_on"]) == "2024-03-20"


def test_unpaid_orders_stay_unpaid_on_a_day_of_nothing_else(tmp_path: Path) -> None:
    """A file with nothing but new orders tells nothing of payment; the shop's earlier orders do."""
    header = (*HEADER, "订单状态")
    first = write(tmp_path / "1.csv", header, *((*line, "交易成功") for line in usual(4)))
    unpaid = usual(2, first=1, customer="C1")
    second = write(tmp_path / "2.csv", header, *((*line, "等待买家付款") for line in unpaid))
    workspace = loaded(tmp_path / "w", [first], [second])
    assert kpis(workspace)["orders"] == 4
    # paid the next day: the same orders come again
    workspace.load(write(tmp_path / "3.csv", header, *((*line, "买家已付款") for line in unpaid)))
    assert (kpis(workspace)["orders"], kpis(workspace)["gross_revenue"]) == (6, 60)
