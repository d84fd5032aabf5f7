"""The demo shop: same bytes each time, the size and shape it promises, and the faults it plants."""

from __future__ import annotations

import csv
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import fastexcel
import pytest

from keguan.core.errors import UsageError, WorkspaceError
from keguan.demo import STAGES, ShopFiles, write_shop
from keguan.demo.order_rows import ORDER_HEADERS
from keguan.demo.shelves import DEPARTMENTS

Row = dict[str, str]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> ShopFiles:
    return write_shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="module")
def rows(shop: ShopFiles) -> list[Row]:
    text = shop.orders.read_bytes().decode("gb18030")
    return list(csv.DictReader(text.splitlines()))


@pytest.fixture(scope="module")
def customers(shop: ShopFiles) -> list[Row]:
    sheet = fastexcel.read_excel(shop.customers).load_sheet(0, dtypes="string")
    return sheet.to_arrow().to_pylist()


def amount(text: str) -> Decimal | None:
    """A clean money cell; None for one that was damaged on purpose."""
    digits = text.lstrip("-").replace(".", "", 1)
    return Decimal(text) if digits.isascii() and digits.isdigit() else None


def test_same_bytes_in_another_second(tmp_path: Path) -> None:
    first = write_shop(tmp_path / "a", scale=0.02)
    time.sleep(2.1)  # zip archives keep time in steps of two seconds
    second = write_shop(tmp_path / "b", scale=0.02)
    assert first.orders.read_bytes() == second.orders.read_bytes()
    assert first.customers.read_bytes() == second.customers.read_bytes()
    assert not list(tmp_path.rglob("*.part"))


def test_another_seed_is_another_shop(tmp_path: Path) -> None:
    one, two = (write_shop(tmp_path / str(seed), seed=seed, scale=0.02) for seed in (1, 2))
    assert one.orders.read_bytes() != two.orders.read_bytes()


def test_size(shop: ShopFiles, rows: list[Row], customers: list[Row]) -> None:
    assert len(rows) == shop.counts.lines
    assert 145_000 <= len(rows) <= 155_000
    assert len(customers) == shop.counts.customers == 20_000
    assert 0.05 < sum(row["客户类型"] == "企业" for row in customers) / len(customers) < 0.07
    guests = {row["订单编号"] for row in rows if not row["客户编号"].strip() and not row["原订单号"]}
    assert 0.07 < len(guests) / shop.counts.orders < 0.09
    assert len({row["商品编号"] for row in rows}) > 400
    times = sorted(row["下单时间"] for row in rows if row["下单时间"] > "2024-10")
    assert times[0][:10] == "2024-11-01"
    assert max(text for text in times if text < "2026-12")[:10] == "2026-10-31"


def test_headers_and_windows_line_ends(shop: ShopFiles) -> None:
    head = shop.orders.read_bytes().split(b"\r\n", 1)[0].decode("gb18030")
    assert head.split(",") == list(ORDER_HEADERS)


def test_paid_is_quantity_times_price_less_discount(rows: list[Row]) -> None:
    damaged = 0
    for row in rows:
        cells = [amount(row[name]) for name in ("数量", "单价(元)", "优惠金额(元)", "实付金额(元)")]
        clean = [cell for cell in cells if cell is not None]
        if len(clean) < 4 or clean[1] < 0:
            damaged += 1
            continue
        quantity, price, discount, paid = clean
        assert quantity * price - discount == paid, row
    assert 100 < damaged < 200  # odd and broken cells of money or quantity


def test_refunds_point_to_earlier_orders(shop: ShopFiles, rows: list[Row]) -> None:
    bought: dict[tuple[str, str], tuple[str, int, str]] = {}
    for row in rows:
        if not row["原订单号"] and row["数量"].isascii() and row["数量"].isdigit():
            bought[row["订单编号"], row["商品编号"]] = (row["下单时间"], int(row["数量"]), row["客户编号"])
    refunds = [row for row in rows if row["原订单号"]]
    assert len(refunds) == shop.counts.refunds
    for row in refunds:
        ordered_at, pieces, customer = bought[row["原订单号"], row["商品编号"]]
        lag = (time.mktime(_day(row["下单时间"])) - time.mktime(_day(ordered_at))) / 86_400
        assert row["订单状态"] == "退款"
        assert 2.9 < lag < 20.1
        assert 0 < -int(row["数量"]) <= pieces
        assert Decimal(row["实付金额(元)"]) < 0
        assert row["客户编号"] == customer


def _day(text: str) -> time.struct_time:
    return time.strptime(text[:10], "%Y-%m-%d")


def test_planted_faults_are_counted(shop: ShopFiles, rows: list[Row]) -> None:
    seen = Counter(tuple(row.values()) for row in rows)
    assert sum(number - 1 for number in seen.values()) == shop.counts.repeated == 120
    assert sum(row["商品名称"].startswith("测试") for row in rows) == shop.counts.tests == 12
    assert sum(row["商品名称"] == "运费" for row in rows) == shop.counts.postage > 1_000
    gifts = [row for row in rows if amount(row["单价(元)"]) == 0]
    assert len(gifts) == shop.counts.gifts > 100
    broken = [row for row in rows if unusable(row)]
    assert len(broken) == shop.counts.broken == 20


def unusable(row: Row) -> bool:
    """No date of the calendar, no number of pieces, or a price that is none or negative."""
    try:
        time.strptime(row["下单时间"], "%Y-%m-%d %H:%M:%S")
        int(row["数量"])
        return float(row["单价(元)"].lstrip("¥").replace("．", ".")) < 0
    except ValueError:
        return True


def test_customers_have_gaps_with_reasons(customers: list[Row]) -> None:
    persons = [row for row in customers if row["客户类型"] == "个人"]
    reasons = Counter(row["性别"] for row in persons)
    assert {"客户未提供", "未采集", "系统接口异常"} <= set(reasons)
    assert 0.05 < sum(row["性别"] not in ("男", "女") for row in persons) / len(persons) < 0.30
    outage = [row for row in customers if "2025-08-11" <= row["注册时间"][:10] < "2025-08-18"]
    assert sum(row["性别"] == "系统接口异常" for row in outage) > len(outage) / 2


def test_customer_keys_are_unique_and_invented(customers: list[Row], rows: list[Row]) -> None:
    ids = [row["客户编号"] for row in customers]
    phones = [row["手机号"] for row in customers if row["手机号"]]
    assert len(set(ids)) == len(ids)
    assert len(set(phones)) == len(phones)
    assert all(phone.startswith("199-000") for phone in phones)
    assert all(row["邮箱"].endswith("@example.com") for row in customers if row["邮箱"])
    known = {*ids, "TEST01", ""}
    assert all(row["客户编号"].strip() in known for row in rows)


def test_registered_before_the_first_order(customers: list[Row], rows: list[Row]) -> None:
    first: dict[str, str] = {}
    for row in rows:
        if row["下单时间"][:3] == "202" and not unusable(row):
            first.setdefault(row["客户编号"].strip(), row["下单时间"])
    late = [row for row in customers if row["注册时间"] > first.get(row["客户编号"], "9")]
    assert not late


def test_small_shop_has_the_same_shape(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    files = write_shop(tmp_path, scale=0.005, on_progress=lambda stage, done: told.append((stage, done)))
    rows = list(csv.DictReader(files.orders.read_bytes().decode("gb18030").splitlines()))
    assert files.counts.customers == 100
    assert 400 < len(rows) == files.counts.lines < 1_500
    assert sum(unusable(row) for row in rows) == files.counts.broken == 2
    assert {stage for stage, _ in told} == set(STAGES)
    assert [done for _, done in told] == sorted(done for _, done in told)
    assert told[-1][1] == 1.0


def test_smallest_shop(tmp_path: Path) -> None:
    assert write_shop(tmp_path, scale=1e-6).counts.customers == 40


@pytest.mark.parametrize("scale", [0.0, -1.0, 51.0, float("nan")])
def test_scale_out_of_range(tmp_path: Path, scale: float) -> None:
    with pytest.raises(UsageError) as caught:
        write_shop(tmp_path, scale=scale)
    assert "示例商店" in caught.value.paragraph("zh")


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(WorkspaceError) as caught:
        write_shop(tmp_path / "taken", scale=0.005)
    assert "taken" in caught.value.paragraph("en")


def test_each_shelf_has_three_variants() -> None:
    for department in DEPARTMENTS:
        for shelf in department.shelves:
            assert len(shelf[3].split()) == 3, shelf
            assert 0 < shelf[4] < shelf[5]


def test_orders_leave_after_they_are_paid_and_arrive_after_they_left(rows: list[Row]) -> None:
    names = ("付款时间", "发货时间", "签收时间", "订单状态")
    for paid, left, came, state in ([row[name] for name in names] for row in rows):
        if came:
            assert paid < left < came
        if state in ("退款", "已取消", "已付款"):
            assert not left
            assert not came
        elif state == "已发货":
            assert left
            assert not came
