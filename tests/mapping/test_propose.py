from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from keguan.core.errors import InputError, QuestionError, UsageError
from mapping.staged import fitted, flat

ORDERS = ["订单编号", "会员ID", "实付金额", "下单时间"]


def orders(count: int = 40, date: str = "2024-03-{:02d} 14:05:00") -> list[list[str | None]]:
    return [[f"A{i}", f"u{i % 7}", f"{i}.5", date.format(i % 28 + 1)] for i in range(count)]


def test_a_chinese_order_file(connection: duckdb.DuckDBPyConnection) -> None:
    columns = [
        "\u3000订单编号 ",
        "买家会员名",
        "实付金额（万元）",
        "下单时间",
        "商品名称",
        "数　量",
        "收货人姓名",
    ]
    rows = [
        [f"\t10{i}", f"u{i % 7}", f"{i}.5", f"2024年3月{i % 28 + 1}日 14:05", f"货{i % 4}", "２", "张三"]
        for i in range(40)
    ]
    fit = fitted(connection, columns, rows)
    mapping = fit.proposal.accepted()
    first = flat(connection, mapping)[1]
    assert first["order_number"] == "101"
    assert (first["customer_key"], mapping.customer_key_type) == ("u1", "nickname")
    assert (first["amount"], first["quantity"], first["currency"]) == (Decimal(15_000), Decimal(2), "CNY")
    assert first["ordered_at"].isoformat() == "2024-03-02T14:05:00"
    assert first["product_id"] == first["product_name"] == "货1"
    assert "个人信息" in next(item.reason.zh for item in mapping.ignored if item.column == "收货人姓名")


def test_a_spark_of_dirt_does_not_change_what_a_column_is(connection: duckdb.DuckDBPyConnection) -> None:
    rows = orders(200)
    rows[7][2], rows[8][3], rows[9][1] = "坏", "昨天", "散客"
    lines = flat(connection, fitted(connection, ORDERS, rows).proposal.accepted())
    assert (lines[7]["failed"], lines[7]["failed_found"]) == ("amount", "坏")
    assert (lines[8]["failed"], lines[8]["failed_found"]) == ("ordered_at", "昨天")
    assert (lines[9]["customer_key"], lines[9]["missing_reason"]) == (None, "customer_key=散客")
    assert sum(line["failed"] is not None for line in lines) == 2


def test_two_customer_columns_are_asked_about(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ["订单号", "用户ID", "会员编号", "金额", "日期"]
    rows = [[f"A{i}", f"u{i % 7}", f"m{i % 5}", "1.5", f"2024-03-{i % 28 + 1:02d}"] for i in range(40)]
    with pytest.raises(QuestionError) as raised:
        fitted(connection, columns, rows).proposal.accepted()
    assert set(raised.value.options) == {'--map customer_id="用户ID"', '--map customer_id="会员编号"'}
    fit = fitted(connection, columns, rows, map=(("customer_id", "会员编号"),))
    rule = fit.proposal.accepted().rule("customer_key")
    assert rule is not None
    assert rule.sources == ("会员编号",)


def test_one_to_one_ids_need_no_question(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ["订单号", "用户ID", "会员编号", "金额", "日期"]
    rows = [[f"A{i}", f"u{i % 30}", f"m{i % 30}", "1.5", "2024-03-05"] for i in range(90)]
    line = flat(connection, fitted(connection, columns, rows).proposal.accepted())[0]
    assert (line["customer_key"], line["other_key"], line["other_key_type"]) == ("u0", "m0", "other")


def test_masked_ids_are_never_customers(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ["单号", "手机号", "实付", "时间"]
    rows = [[f"A{i}", f"138****{i:04d}", f"¥{i},000.00", f"1709{i:06d}"] for i in range(60)]
    fit = fitted(connection, columns, rows)
    line = flat(connection, fit.proposal.accepted())[5]
    assert line["customer_key"] is None
    assert line["phone"] is None
    assert (line["amount"], line["currency"], line["is_utc"]) == (Decimal(5000), "CNY", True)
    assert any("脱敏" in doubt.text.zh for doubt in fit.proposal.doubts)


def test_a_few_masked_nicknames_become_guests(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ["订单号", "买家昵称", "实付金额", "订单日期", "订单时间", "订单状态"]
    rows = [
        [f"A{i}", "t***8" if i == 0 else f"n{i % 5}", "20", "20240305", f"{i % 24:02d}:05", "交易成功"]
        for i in range(60)
    ]
    lines = flat(connection, fitted(connection, columns, rows).proposal.accepted())
    assert (lines[0]["customer_key"], lines[0]["missing_reason"]) == (None, "customer_key=masked")
    assert lines[1]["ordered_at"].isoformat() == "2024-03-05T01:05:00"
    assert lines[1]["has_time"]
    assert lines[1]["status"] == "completed"


def test_an_order_file_without_a_time_says_what_is_missing(connection: duckdb.DuckDBPyConnection) -> None:
    rows = [row[:3] for row in orders()]
    with pytest.raises(InputError) as raised:
        fitted(connection, ORDERS[:3], rows).proposal.accepted()
    assert "ordered_at" in raised.value.paragraph("zh")
    assert "--map ordered_at=COLUMN" in raised.value.paragraph("en")


def test_hints_name_columns_and_leave_them_out(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ["a", "b", "c", "d"]
    hinted = (("order_id", "a"), ("customer_id", "B"), ("amount", "c"), ("ordered_at", "d"))
    lines = flat(connection, fitted(connection, columns, orders(), map=hinted).proposal.accepted())
    assert (lines[3]["order_number"], lines[3]["customer_key"], lines[3]["amount"]) == (
        "A3",
        "u3",
        Decimal("3.5"),
    )
    without = fitted(connection, ORDERS, orders(), map=(("customer_id", ""),)).proposal.accepted()
    assert without.rule("customer_key") is None
    with pytest.raises(UsageError, match="no column"):
        fitted(connection, ORDERS, orders(), map=(("amount", "x"),))
    with pytest.raises(UsageError, match="Unknown canonical"):
        fitted(connection, ORDERS, orders(), map=(("turnover", "a"),))


@pytest.mark.parametrize(("order", "expected"), [("day", "2024-02-01"), ("month", "2024-01-02")])
def test_day_or_month_first_is_asked_when_no_row_decides(
    connection: duckdb.DuckDBPyConnection, order: str, expected: str
) -> None:
    rows = [[f"A{i}", f"u{i % 7}", "1.5", f"{i % 12 + 1}/{i % 11 + 2}/2024"] for i in range(40)]
    with pytest.raises(QuestionError) as raised:
        fitted(connection, ORDERS, rows).proposal.accepted()
    assert raised.value.options == ("--date-order day", "--date-order month")
    lines = flat(connection, fitted(connection, ORDERS, rows, date_order=order).proposal.accepted())
    assert lines[0]["ordered_at"].date().isoformat() == expected


def test_another_date_column_decides(connection: duckdb.DuckDBPyConnection) -> None:
    columns = [*ORDERS, "发货日期"]
    rows = [[f"A{i}", f"u{i % 7}", "1.5", f"{i % 9 + 1}/2/2024", f"{i % 28 + 1}/2/2024"] for i in range(40)]
    lines = flat(connection, fitted(connection, columns, rows).proposal.accepted())
    assert lines[3]["ordered_at"].date().isoformat() == "2024-02-04"


def test_contradicting_dates_are_asked_about(connection: duckdb.DuckDBPyConnection) -> None:
    rows = [[f"A{i}", "u", "1", f"{25 if i % 2 else 3}/{3 if i % 2 else 25}/2024"] for i in range(40)]
    with pytest.raises(QuestionError, match="mixes"):
        fitted(connection, ORDERS, rows).proposal.accepted()


def test_a_list_of_customers_with_a_total_is_no_order_file(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ["会员编号", "姓名", "性别", "注册时间", "消费金额", "手机", "信用等级", "账期"]
    rows = [[f"m{i}", "张三", "男", "2024-03-05", "5.5", f"1381234{i:04d}", "A", "30"] for i in range(50)]
    mapping = fitted(connection, columns, rows).proposal.accepted()
    line = flat(connection, mapping)[0]
    assert mapping.entity == "customers"
    assert (line["customer_id"], line["name"], line["settlement_cycle_days"]) == ("m0", "张三", 30)
    assert line["phone"] == "13812340000"


def test_a_product_file(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ["商品编码", "商品名称", "一级类目", "二级类目", "三级类目", "成本价", "吊牌价", "上市日期"]
    rows = [[f"p{i}", f"货{i}", "食品", "零食", "坚果", "3.5", "9.9", "2024-03-05"] for i in range(30)]
    mapping = fitted(connection, columns, rows).proposal.accepted()
    line = flat(connection, mapping)[0]
    assert mapping.entity == "products"
    assert (line["product_id"], line["category"]) == ("p0", "食品 / 零食 / 坚果")
    assert (line["unit_cost"], line["list_price"]) == (Decimal("3.5"), Decimal("9.9"))


def test_headerless_columns_are_recognised_by_arithmetic(connection: duckdb.DuckDBPyConnection) -> None:
    columns = [f"column_{i + 1}" for i in range(6)]
    rows = [
        [
            f"N{i // 2}", f"K{i // 2 % 30:02d}", f"2024-03-{i // 2 % 28 + 1:02d}", str(i % 5 + 2), f"{i % 7 + 1.25}",
            f"{(i % 5 + 2) * (i % 7 + 1.25):.2f}",
        ]
        for i in range(400)
    ]  # fmt: skip
    mapping = fitted(connection, columns, rows).proposal.accepted()
    used = {rule.target: rule.sources[0] for rule in mapping.columns}
    assert used == {
        "order_number": "column_1", "customer_key": "column_2", "ordered_at": "column_3",
        "quantity": "column_4", "unit_price": "column_5", "amount": "column_6",
    }  # fmt: skip


def test_excel_text_marks_and_float_ids_are_undone(connection: duckdb.DuckDBPyConnection) -> None:
    rows = [[f'="00{i}"', f"{i}.0", "1", "2024-03-05"] for i in range(30)]
    line = flat(connection, fitted(connection, ORDERS, rows).proposal.accepted())[3]
    assert (line["order_number"], line["customer_key"]) == ("003", "3")
    rows[5][1] = "A5"
    line = flat(connection, fitted(connection, ORDERS, rows).proposal.accepted())[3]
    assert line["customer_key"] == "3.0"


def test_a_customer_file_is_not_asked_about_order_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    """A question whose answer changes nothing would be asked for ever."""
    columns = ["客户编号", "姓名", "订单号", "订单 Id"]
    rows = [[f"K{i}", f"王{i}", f"A{i}", f"B{i}"] for i in range(30)]
    proposal = fitted(connection, columns, rows).proposal
    assert proposal.questions == ()
    assert proposal.accepted().entity == "customers"
