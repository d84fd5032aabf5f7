"""`keguan budget FILE`: weekly and daily tables, and what is no history, in one paragraph.

covers: J9
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]


def rows(weeks: int = 110) -> list[list[object]]:
    rng = random.Random(2)
    made: list[list[object]] = []
    for week in range(weeks):
        tv, search = rng.choice((0, 0, 200, 500)), rng.choice((0, 100, 300))
        revenue = 5000 + 4 * week + 2000 * tv / (tv + 200) + rng.gauss(0, 150)
        made.append(
            [date(2023, 1, 2) + timedelta(days=7 * week), round(revenue, 2), tv, search, rng.randrange(9)]
        )
    return made


def write(path: Path, lines: Sequence[Sequence[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("week", "revenue", "tv", "search", "rain"), *lines])
    return path


def asked(cli: Cli, path: Path, *options: str) -> Any:
    return cli(
        "budget",
        path,
        "--date",
        "week",
        "--revenue",
        "revenue",
        "--spend",
        "tv",
        "--spend",
        "search",
        *options,
    )


def table(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = document["tables"][name]
    return [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]


def test_curves_and_splits_of_a_table(cli: Cli, tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", rows())
    done = asked(cli, path, "--control", "rain", "--total", "300", "--min", "search=40", "--max", "tv=200", "--format", "json",
                 "--lang", "en")  # fmt: skip
    assert done.code == 0, done.err
    document = done.json()
    channels = {row["channel"]: row for row in table(document, "channels")}
    assert channels["tv"]["marginal_low"] > 0
    split = {row["channel"]: row for row in table(document, "split")}
    assert split["search"]["best"] >= 40
    assert split["tv"]["best"] <= 200
    assert {row["channel"] for row in table(document, "sensitivity")} == {"tv", "search"}
    curves = [claim["text"] for claim in document["claims"] if "unseen" not in claim["text"]]
    assert curves
    assert all(text.startswith("A correlation, not a cause") for text in curves)


def test_rows_in_another_order_and_days_give_the_same_weeks(cli: Cli, tmp_path: Path) -> None:
    lines = rows()
    one = asked(cli, write(tmp_path / "one.csv", lines), "--format", "json").json()
    days = [
        [
            line[0] + timedelta(days=day),
            line[1] if day == 0 else 0,
            line[2] if day == 3 else "",
            line[3] if day == 1 else 0,
            0,
        ]  # type: ignore[operator]
        for line in lines
        for day in range(7)
    ]
    random.Random(1).shuffle(days)
    other = asked(cli, write(tmp_path / "two.csv", days), "--format", "json").json()
    for name in ("fit", "channels", "splits"):
        assert other["tables"][name]["rows"] == one["tables"][name]["rows"]


def test_gaps_blanks_and_negative_spend_are_said(cli: Cli, tmp_path: Path) -> None:
    lines = rows()
    del lines[40]
    lines[3][2], lines[4][3], lines[5][1] = "", -20, ""
    done = asked(cli, write(tmp_path / "t.csv", lines), "--format", "json", "--lang", "zh")
    assert done.code == 0, done.err
    notes = " ".join(done.json()["notes"])
    for words in ("1 行没有收入", "1 周没有任何一行", "1 个投放单元格是空的", "1 个投放单元格是负数"):
        assert words in notes


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--spend", "nobody"), "没有这一列"),
        (("--spend", "tv"), "用了两次"),
        (("--control", "week"), "用了两次"),
        (("--total", "-5"), "总预算有误"),
        (("--min", "tv"), "写法有误"),
        (("--min", "radio=5"), "不是投放列"),
        (("--min", "tv=9", "--max", "tv=5"), "下限高于上限"),
        (("--min", "tv=90", "--total", "50"), "下限之和超过总额"),
        (("--seed", "-1"), "随机种子有误"),
    ],
)
def test_options_that_do_not_fit(cli: Cli, tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    done = asked(cli, write(tmp_path / "t.csv", rows(60)), *options, "--lang", "zh")
    assert done.code in (2, 4)
    assert words in done.err
    assert len(done.err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [(0, "someday", "应是日期"), (1, "a lot", "应是数字"), (2, "张三", "应是数字")],
)
def test_cells_that_cannot_be_read_are_not_quoted(
    cli: Cli, tmp_path: Path, column: int, value: str, words: str
) -> None:
    lines = rows(60)
    lines[7][column] = value
    done = asked(cli, write(tmp_path / "t.csv", lines), "--lang", "zh")
    assert done.code == 4
    assert words in done.err
    assert value not in done.err


def test_months_are_too_coarse_and_one_day_is_no_history(cli: Cli, tmp_path: Path) -> None:
    months = [[date(2023 + month // 12, month % 12 + 1, 1), 100, 5, 6, 0] for month in range(24)]
    done = asked(cli, write(tmp_path / "m.csv", months), "--lang", "zh")
    assert done.code == 4
    assert "不是每周或每天" in done.err
    done = asked(cli, write(tmp_path / "d.csv", rows(1)), "--lang", "zh")
    assert done.code == 4
    assert "没有足够的日期" in done.err


@pytest.mark.slow
def test_robyn(cli: Cli, data_sets: Path) -> None:
    """208 weeks of five channels: with rivals' sales as a control spend explains unseen weeks, and no other split is proven."""
    path = data_sets / "robyn_mmm" / "dt_simulated_weekly.csv"
    spend = [
        part for name in ("tv_S", "ooh_S", "print_S", "search_S", "facebook_S") for part in ("--spend", name)
    ]
    done = cli(
        "budget",
        path,
        "--date",
        "DATE",
        "--revenue",
        "revenue",
        *spend,
        "--control",
        "competitor_sales_B",
        "--format",
        "json",
    )
    assert done.code == 0, done.err
    document = done.json()
    fit = {row["fit"]: row for row in table(document, "fit")}
    assert fit["with_media"]["weeks"] == 208
    assert fit["with_media"]["gain_low"] > 0
    assert not any(row["proven"] for row in table(document, "splits"))
    assert all(row["best"] <= row["highest"] * 1.0001 for row in table(document, "split"))
