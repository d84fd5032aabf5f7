"""The months after the first files of the demo shop."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from keguan.app.demonstrating import live_on
from keguan.core.errors import UsageError
from keguan.demo import Contacted, write_next_month
from keguan.demo.answered import QUIET_DAYS, came_back
from keguan.demo.later import MOST_MONTHS, book_after, month
from keguan.demo.next_month import file_names, months_written

SCALE = 0.05


def rows(path: Path, encoding: str = "gb18030") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(encoding), newline="")))


def campaign(customers: tuple[str, ...]) -> Contacted:
    return Contacted("A1", "唤回", "sms", date(2026, 11, 1), date(2026, 11, 30), customers)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months; everybody was contacted in the first."""
    folder = tmp_path_factory.mktemp("months")
    told = campaign(tuple(f"KH{number:07d}" for number in range(1, 1_001)))
    for _ in range(2):
        write_next_month(folder, [told], scale=SCALE)
    return folder


def test_months_follow_each_other() -> None:
    assert [month(number).name for number in (1, 2, 3)] == ["2026-11", "2026-12", "2027-01"]
    assert month(2).first == month(1).last + 1


@pytest.mark.parametrize("name", ["2026-11", "2026-12"])
def test_orders_are_of_the_month_and_returns_name_an_earlier_order(files: Path, name: str) -> None:
    lines = rows(files / file_names(name)[1])
    days = [line["下单时间"][:7] for line in lines if line["下单时间"][:4] == "2026"]
    assert Counter(days).most_common(1)[0][0] == name
    assert sum(day != name for day in days) <= 2  # cells that were spoilt on purpose
    back = [line for line in lines if line["原订单号"]]
    assert back
    assert all(line["原订单号"] < line["下单时间"].replace("-", "")[:8] + "999999" for line in back)
    assert any(line["原订单号"][:6] < name.replace("-", "") for line in back)  # bought the month before


def test_new_customers_have_numbers_of_their_own(files: Path) -> None:
    book = book_after(2, [], 618, SCALE)
    numbers = book.profiles.customer_id.tolist()
    assert len(set(numbers)) == len(numbers)
    assert (book.people.first_day >= month(1).first).sum() > 20


def test_only_who_had_gone_quiet_comes_back_because_of_a_campaign() -> None:
    book = book_after(0, [], 618, SCALE)
    told = campaign(tuple(book.profiles.customer_id.tolist()))
    customer, day = came_back(book, told, 618)
    last = book.orders.day[book.last_order(customer, told.first - 1)]
    assert 10 < len(customer) < 200
    assert (last < told.first - QUIET_DAYS).all()
    assert ((day >= told.first) & (day <= told.last)).all()
    again, _ = came_back(book, told, 618)
    assert np.array_equal(customer, again)


def test_contacts_and_costs_are_those_of_the_campaign(files: Path) -> None:
    contacts = rows(files / file_names("2026-11")[2])
    assert {line["活动编号"] for line in contacts} == {"A1"}
    assert len({line["客户编号"] for line in contacts}) == 1_000
    (cost,) = rows(files / file_names("2026-11")[3], "utf-8-sig")
    assert float(cost["费用"]) >= 1_000 * 0.05
    assert not (files / file_names("2026-12")[2]).exists()  # nobody was contacted then


def test_it_ends_after_a_year(tmp_path: Path) -> None:
    for number in range(1, MOST_MONTHS + 1):
        (tmp_path / file_names(month(number).name)[1]).touch()
    assert months_written(tmp_path) == MOST_MONTHS
    with pytest.raises(UsageError, match="2027-10"):
        write_next_month(tmp_path, [], scale=SCALE)


def test_without_a_demo_shop_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="keguan demo"):
        live_on(tmp_path)
    (tmp_path / "files").mkdir()
    (tmp_path / "workspace").mkdir()
    (tmp_path / "demo.toml").write_text("scale = 'much'\n")
    with pytest.raises(UsageError, match="seed"):
        live_on(tmp_path)


def test_days_are_counted_from_the_end_of_the_first_files() -> None:
    from keguan.demo.season import CLOSES, date_of

    assert date_of(month(1).first) == CLOSES + timedelta(days=1)
