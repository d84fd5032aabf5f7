"""The books, and what stands in the lines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from keguan.analyses.data_quality import Params, run
from keguan.analysis import Settings
from keguan.app.inputs import PinnedInputs
from keguan.engine.duckdb_engine import DuckDBEngine
from keguan.result import Result
from keguan.schema.tables import FINDINGS, LOADS, QUARANTINE, Entity
from shop import Shop, write

AS_OF = date(2025, 12, 31)


def quality(shop: Shop, folder: Path, **books: list[dict[str, Any]]) -> Result:
    engine = DuckDBEngine([folder])
    shop.register(engine, folder)
    entity: Entity
    for entity in (LOADS, QUARANTINE, FINDINGS):
        engine.register(entity, [str(write(entity, books.get(entity.name, []), folder))])
    return run(PinnedInputs(engine, AS_OF, Settings()), Params())


LOAD = {"load_id": 1, "source": "files", "file": "/home/shop/orders.csv", "entity": "orders", "received": 100,
        "clean": 90, "quarantined": 6, "superseded": 3, "dropped": 1, "first_day": date(2025, 1, 1),
        "last_day": date(2025, 2, 1)}  # fmt: skip


def test_rows_add_up_and_paths_stay_private(tmp_path: Path) -> None:
    second = {
        **LOAD,
        "load_id": 2,
        "received": 50,
        "clean": 50,
        "quarantined": 0,
        "superseded": 0,
        "dropped": 0,
    }
    result = quality(Shop(), tmp_path, loads=[LOAD, second])
    row = result.table("rows").find({"entity": "orders"})
    assert row is not None
    assert (row["files"], row["received"], row["clean"], row["quarantined"]) == (2, 150, 140, 6)
    assert {item["file"] for item in result.table("loads")} == {"orders.csv"}
    assert not [note for note in result.notes if note.kind == "warning"]


def test_books_that_do_not_balance_are_said(tmp_path: Path) -> None:
    result = quality(Shop(), tmp_path, loads=[{**LOAD, "clean": 80}])
    assert [note.kind for note in result.notes] == ["warning"]


def test_money_in_the_lines_by_hand(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, date(2025, 3, 1), 60)
    shop.buy(None, date(2025, 3, 1), 40)
    shop.buy(1, date(2025, 3, 2), 100)
    shop.lines[-1]["imputed"] = "unit_price"
    shop.lines[-2]["is_repeated"] = True
    shop.give_back(7, date(2025, 3, 3), 20)  # never bought: no match
    result = quality(shop, tmp_path)
    rows = {row["rule"]: row for row in result.table("lines")}
    assert (rows["no_customer"]["lines"], rows["no_customer"]["share"]) == (1, 0.2)  # 40 of 200
    assert (rows["imputed"]["amount"], rows["imputed"]["share"]) == (100, 0.5)
    assert rows["repeated_lines"]["amount"] == 40
    assert (rows["unmatched_returns"]["amount"], rows["unmatched_returns"]["returns_share"]) == (20, 1.0)


def test_missing_columns_and_quarantine_without_personal_values(tmp_path: Path) -> None:
    findings = [
        {"load_id": 1, "rule": "missing_to_verify", "column_name": "region", "rows": 5, "base": 100},
        {"load_id": 1, "rule": "missing_reason", "column_name": "region", "detail": "客户未提供", "rows": 3},
        {"load_id": 1, "rule": "doubt", "detail": "日期按年月日读\nDates read as year-month-day"},
    ]
    held = [{"load_id": 1, "source_row": 3, "entity": "orders", "rule": "negative_price", "found": "张三",
             "amount": Decimal(-12), "raw": "张三"}]  # fmt: skip
    result = quality(Shop(), tmp_path, findings=findings, quarantine=held)
    row = result.table("findings").find({"rule": "missing_to_verify", "column_name": "region", "detail": ""})
    assert row is not None
    assert row["share"] == 0.05  # exactly 5 % is 'to be verified'
    assert {claim.says for claim in result.claims} == {"to_verify", "quarantine"}
    assert "Dates read as year-month-day" in [note.says.en for note in result.notes]
    assert "张三" not in str([table.records() for table in result.tables])


def test_empty(tmp_path: Path) -> None:
    result = quality(Shop(), tmp_path)
    assert not result.claims
    assert [note.kind for note in result.notes] == ["missing"]


def test_little_money_in_quarantine_is_in_the_table_only(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, date(2025, 3, 1), 10_000)  # a sentence from 10 up: 0.1 % of gross revenue
    held = [
        {"load_id": 1, "source_row": row, "entity": "orders", "rule": rule, "amount": amount, "raw": ""}
        for row, (rule, amount) in enumerate([("negative_price", Decimal(-9)), ("no_time", Decimal(11))])
    ]
    result = quality(shop, tmp_path, quarantine=held)
    assert len(result.table("quarantine").rows) == 2
    told = [claim.labels["rule"][0] for claim in result.claims if claim.says == "quarantine"]
    assert told == ["quarantine_no_time"]
