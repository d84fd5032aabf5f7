"""Lists by owner and branch; who refused is left out and counted; the table of customers with exactly its columns."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from keguan.analysis import Settings
from keguan.app.analyse import Session
from keguan.app.customer_lists import Choice, members, tagged
from keguan.app.exporting import CUSTOMER_HEADERS, export_customers
from keguan.core.errors import UsageError
from received import HEADER, loaded, write
from shop import Shop

AS_OF = date(2025, 6, 30)
HEADERS_ZH = (
    "客户ID | 客户名称 | 所属行业 | 企业规模(营收) | 区域 | 最近购买时间 | 消费金额(近6个月) | RFM分层 | "
    "标签(行业/行为/需求) | 责任人"
)


def staffed() -> Shop:
    shop = Shop()
    for account in range(1, 41):
        shop.buy(account, date(2025, 1, 1 + account % 28), 10 * account)
        shop.customers.append(
            {
                "customer_id": f"C{account}", "account_no": account, "name": f"甲{account}",
                "owner": "张三" if account <= 10 else "李四", "branch": "华东" if account % 2 else "华南",
            }
        )  # fmt: skip
    return shop


def word(shop: Shop, account: int, purpose: str, granted: bool, day: int = 1) -> None:
    shop.add(
        "consents", account_no=account, purpose=purpose, granted=granted, given_at=datetime(2025, 2, day, 9)
    )


@pytest.fixture
def session(tmp_path: Path) -> Callable[[Shop], Session]:
    def opened(shop: Shop) -> Session:
        return cast(Session, SimpleNamespace(inputs=shop.inputs(tmp_path, AS_OF, Settings())))

    return opened


def listed(session: Session, **choice: Any) -> tuple[set[int], int]:
    relation = session.inputs.relation("abc_class")
    assert relation is not None
    found = members(session, relation, Choice(**choice))
    return {row["account_no"] for row in found.rows.to_pylist()}, found.refused


def test_lists_by_owner_and_branch(session: Callable[[Shop], Session]) -> None:
    """covers: D10"""
    opened = session(staffed())
    assert listed(opened) == (set(range(1, 41)), 0)
    assert listed(opened, owner="张三") == (set(range(1, 11)), 0)
    assert listed(opened, owner="张三", branch="华东") == ({1, 3, 5, 7, 9}, 0)
    relation = opened.inputs.relation("abc_class")
    assert relation is not None
    assert {"owner", "branch"} <= set(members(opened, relation, Choice()).rows.column_names)


def test_who_refused_is_left_out_and_counted(session: Callable[[Shop], Session]) -> None:
    """covers: D10 M3; the last word on a purpose counts; other purposes are asked for by name."""
    shop = staffed()
    word(shop, 1, "profiling", False)
    word(shop, 2, "profiling", False, 1)
    word(shop, 2, "profiling", True, 2)
    word(shop, 3, "analysis", True, 1)
    word(shop, 3, "analysis", False, 2)
    word(shop, 4, "sms", False)
    word(shop, 5, "email", False)
    opened = session(shop)
    assert listed(opened, owner="张三") == (set(range(1, 11)) - {1, 3}, 2)
    assert listed(opened, owner="张三", purpose="SMS") == (set(range(1, 11)) - {1, 3, 4}, 3)
    assert listed(opened, owner="李四") == (set(range(11, 41)), 0)


def test_an_unknown_owner_lists_the_owners(session: Callable[[Shop], Session]) -> None:
    with pytest.raises(UsageError) as error:
        listed(session(staffed()), owner="王五")
    assert "李四, 张三" in error.value.paragraph("zh")


def test_every_known_customer_with_tags(session: Callable[[Shop], Session]) -> None:
    """covers: D8"""
    shop = staffed()
    shop.customers.append(
        {"customer_id": "C99", "account_no": 99, "industry_code": "C14", "size_revenue": "大型"}
    )
    shop.buy(50, date(2024, 12, 29), 7)  # over six months ago, and not in the customer list
    word(shop, 40, "profiling", False)
    found = tagged(session(shop), Choice())
    rows = {row["customer_id"]: row for row in found.rows.to_pylist()}
    assert (len(found.rows), found.refused) == (41, 1)
    assert (rows["C99"]["industry_code"], rows["C99"]["spent"], rows["C99"]["rfm"]) == ("C14", 0, None)
    assert (rows["C7"]["spent"], rows["C7"]["owner"], rows["C7"]["last_purchase_on"]) == (
        70,
        "张三",
        date(2025, 1, 8),
    )
    assert rows[None]["spent"] == 0


def test_the_table_of_customers_has_exactly_its_columns() -> None:
    assert [text.zh for text in CUSTOMER_HEADERS] == HEADERS_ZH.split(" | ")


def test_the_file(tmp_path: Path) -> None:
    lines = [
        (f"N{n}", f"C{n % 7}", f"2025-01-{n + 1:02d} 09:00:00", "P1", "茶", 1, "10.00") for n in range(20)
    ]
    workspace = loaded(tmp_path / "w", [write(tmp_path / "orders.csv", HEADER, *lines)])
    for language, label in (("zh", "待核实 / "), ("en", "To be verified / ")):
        out = tmp_path / f"{language}.csv"
        done = export_customers(workspace.store, Choice(), None, out, cast(Any, language))
        assert (done.customers, done.refused) == (7, 0)
        with out.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = list(csv.reader(file))
        assert header == [text.in_(cast(Any, language)) for text in CUSTOMER_HEADERS]
        assert all(row[8].startswith(label) for row in rows)
