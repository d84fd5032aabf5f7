"""`keguan run`: JSON that is JSON only, CSV, a table; `Workspace.run` gives the same Result."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import keguan as package
from keguan.result import Result
from received import HEADER, loaded, write

Cli = Callable[..., Any]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 customers over four months; every third comes back."""
    folder = tmp_path_factory.mktemp("run")
    lines = [
        (f"{customer}-{month}", f"C{customer}", f"2024-0{month}-{1 + customer % 28:02d} 09:00:00",
         "P1", "茶", 1, f"{10 + customer}.50")
        for customer in range(60)
        for month in range(1, 5)
        if month == 1 + customer % 2 or customer % 3 == 0
    ]  # fmt: skip
    loaded(folder / "w", [write(folder / "orders.csv", HEADER, *lines)])
    return folder / "w"


def test_json_on_standard_output_and_nothing_else(keguan: Cli, workspace: Path) -> None:
    done = keguan(
        "run", "overview", "-w", workspace, "--format", "json", "--as-of", "2024-03-31", language="zh"
    )
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out, parse_float=str)
    assert set(found) == {"analysis", "as_of", "params", "versions", "tables", "claims", "notes"}
    assert (found["analysis"], found["as_of"]) == ("overview", "2024-03-31")
    figures = dict(row[:2] for row in found["tables"]["kpis"]["rows"])
    assert found["tables"]["kpis"]["columns"] == ["metric", "value", "unit"]
    # customers 0..59: one order each by March, and every third one in each of three months
    assert (figures["orders"], figures["customers"]) == (40 + 20 * 3, 60)
    by_hand = sum(10.5 + n for n in range(60) if n % 3) + 3 * sum(10.5 + n for n in range(0, 60, 3))
    assert float(figures["gross_revenue"]) == by_hand
    assert figures["first_order_on"] == "2024-01-01"
    for claim in found["claims"]:
        assert set(claim) == {"id", "text", "values", "n", "strength"}


@pytest.mark.parametrize("name", ["rfm", "cohort", "data_quality"])
def test_every_format_of(cli: Cli, workspace: Path, name: str) -> None:
    document = cli("run", name, "-w", workspace, "--format", "json").json()
    sheets = cli("run", name, "-w", workspace, "--format", "csv")
    headings = [line for line in csv.reader(io.StringIO(sheets.out)) if line and line[0].startswith("# ")]
    assert [line[0][2:] for line in headings] == list(document["tables"])
    for language in ("zh", "en"):
        done = cli("run", name, "-w", workspace, language=language)
        assert (done.code, done.err) == (0, "")
        assert done.out.strip()


def test_parameters_and_environment(cli: Cli, keguan: Cli, workspace: Path) -> None:
    document = cli("run", "rfm", "-w", workspace, "--format", "json", "--param", "method=mean").json()
    assert document["params"]["method"] == "mean"
    done = keguan("run", "rfm", "--format", "json", KEGUAN_WORKSPACE=str(workspace))
    assert done.json()["versions"] == document["versions"]


def test_the_python_door_gives_the_same_result(cli: Cli, workspace: Path) -> None:
    result = package.Workspace(workspace).run("cohort", as_of="2024-03-31", params={})
    assert isinstance(result, Result)
    assert result.as_of == date(2024, 3, 31)
    retention = result.table("retention")
    document = cli("run", "cohort", "-w", workspace, "--as-of", "2024-03-31", "--format", "json").json()
    assert [row["active"] for row in retention] == [
        dict(zip(document["tables"]["retention"]["columns"], row, strict=True))["active"]
        for row in document["tables"]["retention"]["rows"]
    ]
    assert dict(result.versions) == document["versions"]


def test_tables_as_pandas_and_polars(workspace: Path) -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    rows = package.Workspace(workspace).run("cohort").table("retention").rows
    frame = rows.to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame.columns) == rows.column_names
    assert polars.from_arrow(rows).shape == frame.shape


def test_a_result_is_the_same_again(cli: Cli, workspace: Path) -> None:
    first = cli("run", "rfm", "-w", workspace, "--format", "json")
    assert cli("run", "rfm", "-w", workspace, "--format", "json").out == first.out


def test_analyses_are_listed_in_both_languages(cli: Cli) -> None:
    for language in ("zh", "en"):
        done = cli("analyses", language=language)
        assert done.code == 0
        assert "rfm" in done.out
        assert "--param window_months=12" in done.out


def test_init_and_doctor(cli: Cli, tmp_path: Path) -> None:
    for language, word in (("zh", "封面上的公司名称"), ("en", "company name on the cover")):
        place = tmp_path / language
        done = cli(
            "init",
            place,
            "--name",
            "茶店",
            "--currency",
            "cny",
            "--timezone",
            "Europe/London",
            language=language,
        )
        assert done.code == 0
        settings = (place / "keguan.toml").read_text("utf-8")
        assert word in settings
        assert 'currency = "CNY"' in settings
        assert package.Workspace(place).store.config.timezone == "Europe/London"
        again = cli("init", place, "--name", "别的", language=language)
        assert again.code == 0
        assert (place / "keguan.toml").read_text("utf-8") == settings
        doctor = cli("doctor", "-w", place, language=language)
        assert (doctor.code, "✗" in doctor.out) == (0, False)
    (place / "catalog.json").write_text("[]", "utf-8")
    assert cli("doctor", "-w", place, "--dry-run").code == 4
    mended = cli("doctor", "-w", place)
    assert (mended.code, "Mended: catalog.json is damaged" in mended.out) == (0, True)
    for name in ("catalog.json", "catalog.json.copy"):
        (place / name).write_text("[]", "utf-8")
    damaged = cli("doctor", "-w", place)
    assert damaged.code == 4
    assert "✗" in damaged.out
