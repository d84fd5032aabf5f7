"""Segments of several results are kept in one writing of the table, as one by one."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from keguan import Workspace
from keguan.app.analyse import Session
from keguan.app.segments import save
from keguan.store.workspace import Store

HEAD = "订单号,客户编号,下单时间,金额,商品"


def shop(folder: Path) -> Store:
    """Sixty customers with one to three orders."""
    lines = [HEAD]
    for account in range(60):
        for order in range(1 + account % 3):
            day = date(2025, 1, 5) + timedelta(days=2 * account + 17 * order)
            lines.append(f"O{account}-{order},C{account},{day} 10:00:00,{10 + account},茶")
    folder.mkdir()
    (folder / "orders.csv").write_text("\n".join(lines) + "\n", "utf-8")
    made = Workspace.init(folder / "w")
    made.load(folder / "orders.csv")
    return Store(made.store.folder)


def rows(store: Store) -> list[tuple[Any, ...]]:
    names = "segmentation, account_no, label, score, as_of, run_id"
    return duckdb.sql(f"SELECT {names} FROM read_parquet({store.files('segments')}) ORDER BY ALL").fetchall()


def test_several_results_are_kept_at_once(tmp_path: Path) -> None:
    one, other = shop(tmp_path / "one"), shop(tmp_path / "other")
    with Session(one) as session:
        results = [session.run(name) for name in ("rfm", "overview", "abc_class", "lifecycle")]
        before = one.catalog.versions.get("segments", -1)
        assert save(one, session, *results) == len(rows(one)) > 120
        after = one.catalog.versions["segments"]
        assert save(one, session, *results) == 0  # these very runs are there
        assert save(one, session) == 0
        assert one.catalog.versions["segments"] == after <= before + 2
    with Session(other) as session:
        for name in ("rfm", "abc_class", "lifecycle"):
            assert save(other, session, session.run(name)) > 0
    assert [row[:5] for row in rows(one)] == [row[:5] for row in rows(other)]


def test_a_new_run_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    store = shop(tmp_path / "one")
    with Session(store) as session:
        save(store, session, session.run("rfm"), session.run("abc_class"))
        kept = rows(store)
        assert save(store, session, session.run("abc_class", {"a_share": 0.5})) == len(kept)
    changed = rows(store)
    assert [row for row in changed if row[0] != "abc_class"] == [row for row in kept if row[0] != "abc_class"]
    assert {row[5] for row in changed if row[0] == "abc_class"}.isdisjoint({row[5] for row in kept})
    assert len(changed) == len(kept)
