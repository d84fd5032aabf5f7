"""`keguan import` as a person uses it: what it prints, mappings that are reused and edited, questions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keguan.app.workspace import Workspace
from keguan.mapping import toml
from received import HEADER, books, kpis, rows, usual, write

Cli = Callable[..., Any]
COLUMNS = (*HEADER, "来源", "备注渠道")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace `w` in a folder of its own."""
    Workspace.init(tmp_path / "w")
    return tmp_path


def month(folder: Path, name: str, first: int) -> Path:
    return write(folder / name, COLUMNS, *((*line, "官网", "APP") for line in usual(5, first=first)))


def channels(folder: Path) -> dict[str, str]:
    found = rows(Workspace(folder / "w"), "SELECT order_id, channel FROM all_orders ORDER BY 1")
    return {row["order_id"]: row["channel"] for row in found}


def test_a_mapping_is_saved_reused_edited_and_overruled(cli: Cli, folder: Path) -> None:
    w = ("-w", folder / "w")
    first = cli("import", month(folder, "jan.csv", 100), *w)
    assert first.code == 0
    assert "jan.csv: 5 rows received, 5 clean, 0 quarantined, 0 superseded, 0 dropped" in first.out
    path = folder / "w" / "mappings" / "jan.toml"
    mapping = toml.load(path)
    assert mapping.rule("channel").sources == ("来源",)

    # by hand: the channel stands in the other column
    path.write_text(path.read_text("utf-8").replace('"来源"', '"备注渠道"'), "utf-8")
    dry = cli("import", month(folder, "feb.csv", 200), *w, "--dry-run")
    assert (dry.code, dry.err) == (0, "")
    assert "A mapping saved earlier is used" in dry.out
    assert "Nothing was written" in dry.out
    assert cli("import", folder / "feb.csv", *w).code == 0
    # --map overrules the saved one and takes its place
    assert cli("import", month(folder, "mar.csv", 300), *w, "--map", "channel=来源").code == 0
    assert cli("import", month(folder, "apr.csv", 400), *w).code == 0
    found = channels(folder)
    assert [found[number] for number in ("100", "200", "300", "400")] == ["官网", "APP", "官网", "官网"]
    assert [item.name for item in path.parent.iterdir()] == ["jan.toml"]
    # left out
    assert cli("import", month(folder, "may.csv", 500), *w, "--map", "channel=").code == 0
    assert channels(folder)["500"] is None
    books(Workspace(folder / "w"))


def test_a_mapping_edited_wrongly_is_named(cli: Cli, folder: Path) -> None:
    w = ("-w", folder / "w")
    cli("import", month(folder, "jan.csv", 100), *w)
    path = folder / "w" / "mappings" / "jan.toml"
    good = path.read_text("utf-8")
    for old, new, named in (
        ('entity = "orders"', 'entity = "order"', ("entity", "order", "orders")),
        ("[columns.channel]", "[columns.chanel]", ("columns.chanel", "channel")),
        ('"来源"', '"来源地"', ("来源地",)),
        ("[columns.channel]", "[columns.channel", ("jan.toml",)),
    ):
        path.write_text(good.replace(old, new), "utf-8")
        for language in ("zh", "en"):
            done = cli("import", month(folder, "feb.csv", 200), *w, language=language)
            assert done.code == 4, done.err
            for word in named:
                assert word in done.err, done.err
    path.write_text(good, "utf-8")
    assert cli("import", folder / "feb.csv", *w).code == 0


def test_day_first_or_month_first_is_a_question(cli: Cli, folder: Path) -> None:
    def file(name: str, first: int) -> Path:
        lines = [
            (*line[:2], f"0{1 + n % 9}/03/2024", *line[3:]) for n, line in enumerate(usual(9, first=first))
        ]
        return write(folder / name, HEADER, *lines)

    w = ("-w", folder / "w")
    for language, words in (("zh", "无法判断日在前还是月在前"), ("en", "day-first or month-first")):
        done = cli("import", file("a.csv", 100), *w, language=language)
        assert done.code == 3
        assert words in done.err
        assert "--date-order day" in done.err
        assert "--date-order month" in done.err
    assert Workspace(folder / "w").store.catalog.batch == 0
    assert not list((folder / "w" / "mappings").iterdir())
    assert cli("import", folder / "a.csv", *w, "--date-order", "day").code == 0
    # the answer is kept: the next file of this shape does not ask
    assert cli("import", file("b.csv", 200), *w).code == 0
    found = kpis(Workspace(folder / "w"))
    assert (str(found["first_order_on"]), str(found["last_order_on"])) == ("2024-03-01", "2024-03-09")
    # and a file that contradicts it is a question again
    lines = [(*line[:2], f"03/{13 + n}/2024", *line[3:]) for n, line in enumerate(usual(9, first=300))]
    done = cli("import", write(folder / "c.csv", HEADER, *lines), *w)
    assert done.code == 3
    assert "--date-order month" in done.err or "columns.ordered_at.forms" in done.err
    assert cli("import", folder / "c.csv", *w, "--date-order", "month").code == 0


def numbered(folder: Path, name: str, customers: int, header: tuple[str, ...] = HEADER) -> Path:
    """Ten order numbers; each stands for `customers` customers."""
    lines = [
        (f"N{n}", f"C{n}{c}", "2024-03-01 09:00:00", "P1", "茶", 1, "10.00", "官网")[: len(header)]
        for n in range(10) for c in range(customers)
    ]  # fmt: skip
    return write(folder / name, header, *lines)


@pytest.mark.parametrize("header", [HEADER, (*HEADER, "渠道")], ids=["same shape", "another shape"])
def test_an_order_key_that_proves_too_coarse_is_a_question(
    cli: Cli, folder: Path, header: tuple[str, ...]
) -> None:
    w = ("-w", folder / "w")
    assert cli("import", numbered(folder, "a.csv", 1), *w).code == 0
    done = cli("import", numbered(folder, "b.csv", 2, header), *w)
    assert done.code == 3
    assert "--order-key number+customer" in done.err
    assert "10" in done.err
    assert cli("import", folder / "b.csv", *w, "--order-key", "number").code == 0
    assert kpis(Workspace(folder / "w"))["orders"] == 10


def test_a_finer_order_key_of_the_source_holds_for_every_shape(cli: Cli, folder: Path) -> None:
    """The second file alone could be told apart by number; its orders must still be known again."""
    w = ("-w", folder / "w")
    assert cli("import", numbered(folder, "a.csv", 2), *w).code == 0
    again = cli("import", numbered(folder, "b.csv", 1, (*HEADER, "渠道")), *w)
    assert again.code == 0
    assert "10 orders came again" in again.out
    found = kpis(Workspace(folder / "w"))
    assert (found["orders"], found["gross_revenue"]) == (20, 200)


def test_two_columns_for_the_customer_are_a_question(cli: Cli, folder: Path) -> None:
    header = ("订单号", "客户编号", "会员编号", *HEADER[2:])
    lines = [(n, f"C{n % 3}", f"M{n % 4}", *line[2:]) for n, line in enumerate(usual(12))]
    path = write(folder / "a.csv", header, *lines)
    done = cli("import", path, "-w", folder / "w")
    assert done.code == 3
    assert '--map customer_id="会员编号"' in done.err
    assert cli("import", path, "-w", folder / "w", "--map", "customer_id=会员编号").code == 0
    assert kpis(Workspace(folder / "w"))["customers"] == 4


def test_dry_run_writes_nothing_and_masks_persons(cli: Cli, tmp_path: Path) -> None:
    header = (*HEADER, "客户名称", "手机号")
    path = write(tmp_path / "a.csv", header, *((*line, "欧阳建国", "13812345678") for line in usual(3)))
    for language in ("zh", "en"):
        done = cli("import", path, "-w", tmp_path / "none", "--dry-run", language=language)
        assert done.code == 0
        assert "订单号" in done.out
        assert "13812345678" not in done.out
        assert "欧阳建国" not in done.out
    assert not (tmp_path / "none").exists()


def test_a_dry_run_shows_files_of_records_and_the_questions_of_a_questionnaire(
    cli: Cli, tmp_path: Path
) -> None:
    """Every kind of file can be looked at; what customers wrote is masked as persons are."""
    survey = write(
        tmp_path / "问卷.csv",
        ("客户编号", "总体满意度", "物流评分", "推荐意愿(0-10)", "意见"),
        ("C1", 4, 2, 9, "快递员张师傅很好"),
        ("C2", 5, 3, 10, ""),
    )
    costs = write(tmp_path / "服务成本.csv", ("日期", "客户编号", "成本金额"), ("2025-03-02", "C1", "12.5"))
    for language, word in (("zh", "客户反馈"), ("en", "Feedback")):
        done = cli("import", survey, costs, "-w", tmp_path / "none", "--dry-run", language=language)
        assert done.code == 0
        assert word in done.out
        for told in ("物流评分", "csat5", "nps", "12.5"):
            assert told in done.out
        assert "张师傅" not in done.out
    assert not (tmp_path / "none").exists()


def test_a_folder_a_glob_and_the_data_quality_report(cli: Cli, folder: Path) -> None:
    month(folder / "files", "jan.csv", 100)
    month(folder / "files" / "more", "feb.csv", 200)
    w = ("-w", folder / "w")
    assert cli("import", folder / "files", *w).code == 0
    assert cli("import", str(folder / "files" / "*.csv"), *w).out.count("no change") == 1
    for language, word in (("zh", "质量"), ("en", "quality")):
        done = cli("quality", *w, language=language)
        assert done.code == 0
        assert word.lower() in done.out.lower()
    assert len(cli("quality", *w, "--format", "json").json()["tables"]["loads"]["rows"]) == 2


def test_quarantined_rows_do_not_fail_an_import(cli: Cli, folder: Path) -> None:
    lines = [*usual(9), (1, "C1", "2024-03-01", "P1", "茶", 1, "-1")]
    done = cli("import", write(folder / "a.csv", HEADER, *lines), "-w", folder / "w", language="zh")
    assert (done.code, done.err) == (0, "")
    assert "a.csv: 收到 10 行, 可用 9, 隔离 1, 被替换 0, 去掉 0" in done.out
