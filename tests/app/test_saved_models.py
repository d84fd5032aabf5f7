"""Models' predictions are kept when they are said and judged when their days have come, through the whole product.

The shop sells 10 orders a month, so that only the baseline forecasts: what a year ago brought. covers: I5
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from keguan.app import saved_models
from keguan.app.analyse import Session
from keguan.app.model_listing import models
from keguan.app.workspace import Workspace
from keguan.core.errors import WorkspaceError
from keguan.result import Forecast
from keguan.store.workspace import Store

Keguan = Callable[..., Any]
ORDERS = 10
HEAD = "order_id,customer_id,order_date,product_id,quantity,unit_price,amount"


def month(year: int, number: int, price: int) -> list[str]:
    """Ten orders of ten customers on the first ten days, and one of the first customer on the last day of sales."""
    days = [*range(1, ORDERS), 28]
    return [
        f"{year}{number:02d}{place:02d},C{place},{year}-{number:02d}-{day:02d},P1,1,{price},{price}"
        for place, day in enumerate(days, start=1)
    ]


def written(folder: Path, name: str, lines: list[str]) -> Path:
    path = folder / name
    path.write_text("\n".join([HEAD, *lines]) + "\n", "utf-8")
    return path


def first_year() -> list[str]:
    """January 2024 to February 2025; March 2024 sold at 30 apiece, all other months at 20."""
    months = [(2024, n) for n in range(1, 13)] + [(2025, 1), (2025, 2)]
    return [line for year, n in months for line in month(year, n, 30 if (year, n) == (2024, 3) else 20)]


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    """A workspace that knows of everything up to 28 February 2025."""
    workspace = Workspace.init(tmp_path / "workspace")
    workspace.load(written(tmp_path, "first.csv", first_year()))
    return workspace


def kept(workspace: Workspace, table: str) -> list[dict[str, Any]]:
    """Committed rows of a table."""
    files = Store(workspace.store.folder).files(table)
    return duckdb.sql(f"SELECT * FROM read_parquet({files})").to_arrow_table().to_pylist() if files else []


def test_the_next_report_shows_how_the_last_predictions_fared(
    shop: Workspace, keguan: Keguan, tmp_path: Path
) -> None:
    """covers: I5. March was forecast at a year ago: 300. It brought 440, in eleven orders."""
    folder = shop.store.folder
    shop.run("trend")
    before = Store(folder).catalog.versions["predictions"]
    assert shop.run("forecast_ledger").tables == ()  # nothing was said before today
    late = [*month(2025, 3, 40), "20250399,C11,2025-03-31,P1,1,40,40"]
    shop.load(written(tmp_path, "march.csv", late))
    report = tmp_path / "out"
    recipe = tmp_path / "care.toml"
    recipe.write_text(RECIPE, "utf-8")
    done = keguan("report", "-w", folder, "-o", report, "--recipe", recipe)
    assert done.code == 0, done.err
    result = shop.run("forecast_ledger")
    rows = {row["quantity"]: row for row in result.table("latest")}
    assert {name: (row["predicted"], row["actual"]) for name, row in rows.items()} == {
        "revenue": (Decimal(300), Decimal(440)),
        "orders": (10, 11),
        "customers": (10, 11),
        "new_customers": (0, 1),
    }
    assert rows["revenue"]["base_day"] == date(2025, 2, 28)
    assert rows["revenue"]["baseline"] == 300
    assert (rows["revenue"]["from_day"], rows["revenue"]["due_day"]) == (date(2025, 3, 1), date(2025, 3, 31))
    verified = keguan("verify", report / "report.html", "-w", folder)
    assert verified.code == 0, verified.out
    manifest = json.loads((report / "report.json").read_text("utf-8"))
    said = [item["text"] for item in manifest["claims"] if item["key"].startswith("forecast_ledger/fared")]
    wanted = "Net revenue from 2025-03-01 to 2025-03-31: 300.00 predicted as of 2025-02-28 (interval 300.00 to 300.00), 440.00"
    assert any(text.startswith(wanted) and "outside the interval (n=1" in text for text in said)
    assert manifest["versions"]["predictions"] == before  # what that report said itself came after
    assert Store(folder).catalog.versions["predictions"] > before
    assert "predictions" not in manifest["analyses"]["overview"]["versions"]


RECIPE = """
name = "care"
title = {zh = "复盘", en = "Review"}
[[sections]]
id = "all"
title = {zh = "全部", en = "All"}
analyses = ["overview", "trend", "forecast_ledger"]
"""


def test_the_same_run_is_kept_once_and_another_beside_it(shop: Workspace) -> None:
    """covers: I5."""
    shop.run("trend")
    shop.run("trend")
    assert len(kept(shop, "model_runs")) == 1
    assert len(kept(shop, "predictions")) == 12  # four series, three months
    shop.run("trend", params={"horizon": 1})
    runs = kept(shop, "model_runs")
    assert [row["run_no"] for row in sorted(runs, key=lambda row: row["run_no"])] == [1, 2]
    assert len(kept(shop, "predictions")) == 16
    row = next(row for row in runs if row["run_no"] == 2)
    assert json.loads(row["parameters"])["horizon"] == "1"
    assert json.loads(row["data_versions"])["order_lines"] == shop.store.catalog.versions["order_lines"]


def test_what_was_said_first_of_some_days_counts(shop: Workspace, tmp_path: Path) -> None:
    """A second run of the same day that says otherwise changes nothing."""
    with Session(shop.store) as session:
        said = session.run("trend")
        assert said.foresight is not None
        other = said.pinned(as_of=date(2025, 2, 28), params={"x": 1}, versions=said.versions, code="other")
        doubled = tuple(
            Forecast(item.quantity, item.from_day, item.due_day, 2 * item.predicted)
            for item in said.foresight.forecasts
        )
        saved_models.save(shop.store, session, [said])
        again = replace(other, foresight=replace(said.foresight, forecasts=doubled))
        assert saved_models.save(shop.store, session, [again]) == 1
    shop.load(written(tmp_path, "march.csv", [*month(2025, 3, 40), "x,C1,2025-03-31,P1,1,40,40"]))
    rows = {row["quantity"]: row for row in shop.run("forecast_ledger").table("latest")}
    assert rows["revenue"]["predicted"] == 300
    assert rows["revenue"]["judged"] == 1


def test_a_forecast_made_afterwards_is_kept_as_such_and_never_judged(shop: Workspace) -> None:
    """covers: I5. As of the end of November the workspace knew of December and January already."""
    shop.run("trend", as_of="2024-11-30", params={"period": "week"})
    rows = kept(shop, "predictions")
    assert rows
    assert {row["afterwards"] for row in rows} == {True}
    run = kept(shop, "model_runs")[0]
    assert (run["base_day"], run["known_until"]) == (date(2024, 11, 30), date(2025, 2, 28))
    assert abs((run["made_at"].replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds()) < 600
    result = shop.run("forecast_ledger")
    assert len(result.table("fared").rows) == 0
    assert "not judged" in " ".join(note.says.en for note in result.notes)


@pytest.mark.parametrize(
    ("known_until", "late"),
    [(date(2025, 2, 28), False), (date(2025, 3, 15), False), (date(2025, 3, 16), True), (date(2025, 5, 1), True)],
)  # fmt: skip
def test_half_of_the_days_must_still_be_to_come(known_until: date, late: bool) -> None:
    """Of the 31 days of March 15 were known, or 16."""
    march = Forecast("revenue", date(2025, 3, 1), date(2025, 3, 31), 300)
    assert saved_models.afterwards(march, known_until) is late


def test_nothing_due_yet_says_when(shop: Workspace, tmp_path: Path) -> None:
    shop.run("trend")
    shop.load(written(tmp_path, "march.csv", month(2025, 3, 40)[:3]))
    result = shop.run("forecast_ledger")
    assert len(result.table("latest").rows) == 0
    assert "2025-03-31" in result.notes[0].says.en


def test_a_workspace_that_cannot_be_written_is_read_all_the_same(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(shop.store) as session:
        said = session.run("trend")
        monkeypatch.setattr(saved_models, "LOCK_SECONDS", 0.05)
        with shop.store.writing():  # another writer holds the lock
            told = saved_models.save_quietly(Store(shop.store.folder), session, [said])
    assert isinstance(told, WorkspaceError)
    assert kept(shop, "model_runs") == []


def test_a_read_only_workspace_says_so_and_prints(shop: Workspace, keguan: Keguan, tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    shutil.copytree(shop.store.folder, folder)
    lock = folder / ".lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()  # refused like a folder that cannot be written, also for root
    done = keguan("run", "trend", "-w", folder, "--format", "json")
    assert done.code == 0, done.err
    assert done.json()["tables"]["forecast"]["rows"]
    assert "Traceback" not in done.err
    assert not (folder / "tables" / "predictions").exists()


def test_models_are_listed_with_their_back_test_and_their_fate(
    shop: Workspace, keguan: Keguan, tmp_path: Path
) -> None:
    """covers: I5."""
    folder = shop.store.folder
    empty = keguan("models", "-w", folder)
    assert empty.code == 0
    assert "No run of a model is kept yet" in empty.out
    shop.run("trend")
    shop.load(written(tmp_path, "march.csv", [*month(2025, 3, 40), "x,C1,2025-03-31,P1,1,40,40"]))
    table = keguan("models", "-w", folder, "--format", "json").json()["tables"]["models"]
    row = dict(zip(table["columns"], table["rows"][0], strict=True))
    assert (row["model"], row["as_of"], row["known_until"]) == ("trend", "2025-02-28", "2025-02-28")
    assert (row["method"], row["used"], row["predictions"]) == ("seasonal_naive", "baseline", 12)
    # Ten customers came and no new one, as said; orders and revenue were others.
    assert (row["judged"], row["checked"], row["held"], row["next_due"]) == (4, 4, 2, "2025-04-30")
    assert "horizon=3" in row["parameters"]
    assert "order_lines=" in row["versions"]
    for language, said in (("zh", "净销"), ("en", "Seasonal")):
        assert said in keguan("models", "-w", folder, language=language).out
    assert keguan("models", "-w", folder, "--format", "csv").out.startswith("# models\nrun_no,")


def test_the_listing_keeps_apart_runs_of_one_day(shop: Workspace) -> None:
    shop.run("trend")
    shop.run("trend", params={"horizon": 1})
    result, _ = models(Store(shop.store.folder))
    assert [(row["run_no"], row["predictions"]) for row in result.table("models")] == [(2, 4), (1, 12)]
