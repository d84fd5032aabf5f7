"""What comes after an audience is frozen: files, withdrawn consents, exports, and a process that is killed.

covers: J4
"""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from audience_shop import SEGMENT, arms, made, shop
from keguan.app.audience.handing import hand_out
from keguan.app.audience.listing import audience
from keguan.app.ingest import ImportOptions
from keguan.app.workspace import Workspace
from keguan.core.errors import InputError, KeguanError, UsageError, WorkspaceError
from keguan.store.workspace import Store
from received import books, rows, write

MEMBERS = ("活动编号", "客户编号", "组别", "触达时间")
CAMPAIGNS = ("活动编号", "活动名称", "开始日期", "结束日期", "成本")
CONSENTS = ("客户编号", "用途", "是否同意", "授权时间")
LATER = datetime(2025, 7, 3, 8, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return shop(tmp_path)


def store_of(workspace: Workspace) -> Store:
    return Store(workspace.store.folder)


def lists(workspace: Workspace, number: str, path: Path, **asked: object) -> list[list[str]]:
    hand_out(store_of(workspace), number, path, "zh", at=LATER, **asked)  # type: ignore[arg-type]
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_file_moves_nobody_between_arms_and_is_told_so(workspace: Workspace, tmp_path: Path) -> None:
    """Exposures land; another arm, no arm and a stranger change nothing of what was drawn."""
    number = str(made(workspace).row["audience_id"])
    before = arms(workspace)
    treated = [customer for customer, arm in before.items() if arm == "treatment"]
    held = [customer for customer, arm in before.items() if arm == "control"]
    file = write(
        tmp_path / "活动名单.csv", MEMBERS,
        (number, treated[0], "", "2025-07-02 10:00:00"), (number, treated[1], "对照组", "2025-07-02 10:00:00"),
        (number, held[0], "实验组", "2025-07-02 11:00:00"), (number, held[1], "对照组", ""),
        (number, "C01", "实验组", "2025-07-02 10:00:00"),
    )  # fmt: skip
    report = workspace.load(file)
    assert {**before, "C01": "None"} == arms(workspace)
    found = rows(
        workspace,
        "SELECT arm, assigned_at, exposed_at, source FROM all_campaign_members WHERE exposed_at IS NOT NULL "
        "AND arm IS NOT NULL ORDER BY arm",
    )
    assert [row["arm"] for row in found] == ["control", "treatment", "treatment"]
    assert {str(row["assigned_at"]) for row in found} == {"2025-06-30 15:59:59"}
    assert {row["source"] for row in found} == {"keguan audience"}
    told = [text.en for text in report.doubts]
    assert any("gives 2 customers another arm" in text for text in told), told
    assert any("1 customers of the file are not in it" in text for text in told), told
    findings = rows(
        workspace, "SELECT rule, detail, rows FROM findings WHERE column_name = 'arm' ORDER BY rule"
    )
    assert [(row["rule"], row["detail"], row["rows"]) for row in findings] == [
        ("arm_contradicted", number, 2), ("not_in_audience", number, 1),
    ]  # fmt: skip
    kept = [row for row in books(workspace) if row["entity"] == "campaign_members"]
    assert [(row["source"], row["clean"], row["superseded"]) for row in kept] == [
        ("keguan audience", 29, 4), ("files", 5, 0),
    ]  # fmt: skip


def test_files_of_any_source_find_the_frozen_row(workspace: Workspace, tmp_path: Path) -> None:
    """Costs of the campaign come twice, from two systems: one row, its segment as it was drawn."""
    number = str(made(workspace, campaign="夏季").row["audience_id"])
    for source, cost in (("files", 300), ("erp", 450)):
        file = write(
            tmp_path / f"营销活动-{source}.csv",
            CAMPAIGNS,
            (number, "夏季短信", "2025-07-02", "2025-07-28", cost),
        )
        workspace.load(file, options=ImportOptions(source=source))
    (row,) = rows(workspace, "SELECT * FROM all_campaigns")
    assert (row["cost"], row["segment"], row["name"], str(row["starts_on"])) == (
        450,
        SEGMENT,
        "夏季短信",
        "2025-07-02",
    )
    (record,) = rows(workspace, "SELECT * FROM all_audiences")
    assert str(record["starts_on"]) == "2025-07-01"  # what was frozen stays


def test_the_source_of_audiences_is_nobody_elses(workspace: Workspace, tmp_path: Path) -> None:
    file = write(tmp_path / "活动名单.csv", MEMBERS, ("A", "C01", "", ""))
    with pytest.raises(UsageError, match="other than 'keguan audience'"):
        workspace.load(file, options=ImportOptions(source="keguan audience"))


def test_the_list_holds_the_treatment_arm_and_few_columns(workspace: Workspace, tmp_path: Path) -> None:
    number = str(made(workspace).row["audience_id"])
    found = lists(workspace, number, tmp_path / "名单.csv")
    assert found[0] == ["客户编号", "手机号", "活动编号"]
    treated = {customer for customer, arm in arms(workspace).items() if arm == "treatment"}
    assert {row[0] for row in found[1:]} == treated
    assert all(
        row[1].startswith("+861390000") and row[2] == number for row in found[1:]
    )  # no apostrophe: tools dial it
    named = lists(workspace, number, tmp_path / "名单2.csv", names=True)
    assert named[0][3] == "客户名称"
    assert (tmp_path / "名单.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_workbook_and_the_record_of_each_file(workspace: Workspace, tmp_path: Path) -> None:
    number = str(made(workspace, channel="email").row["audience_id"])
    book = tmp_path / "list.xlsx"
    done = hand_out(store_of(workspace), number, book, "en", at=LATER)
    with ZipFile(book) as inside:
        texts = (
            inside.read("xl/sharedStrings.xml").decode()
            if "xl/sharedStrings.xml" in inside.namelist()
            else ""
        )
        texts += inside.read("xl/worksheets/sheet1.xml").decode()
    assert "@example.com" in texts
    assert "<f>" not in texts
    hand_out(store_of(workspace), number, tmp_path / "list.csv", "en", at=LATER.replace(hour=9))
    records = audience(store_of(workspace), number).table("exports").records()
    assert [(row["file_form"], row["customers"]) for row in records] == [
        ("xlsx", 28),
        ("csv", 28),
    ]  # 38, a quarter held out
    assert records[0]["sha256"] == done.sha256 == hashlib.sha256(book.read_bytes()).hexdigest()


def test_formulas_in_names_stay_texts(workspace: Workspace, tmp_path: Path) -> None:
    workspace.load(
        write(tmp_path / "客户.csv", ("客户编号", "客户名称"), *((f"C{n:02d}", "=1+1") for n in range(1, 41)))
    )
    number = str(made(workspace).row["audience_id"])
    found = lists(workspace, number, tmp_path / "名单.csv", names=True)
    assert {row[3] for row in found[1:]} == {"'=1+1"}


def test_who_withdraws_is_left_out_of_the_next_file_and_stays_in_the_arm(
    workspace: Workspace, tmp_path: Path
) -> None:
    """trap: consent withdrawn after the export. The refusal is dated after the last order."""
    number = str(made(workspace).row["audience_id"])
    before = arms(workspace)
    gone = [customer for customer, arm in before.items() if arm == "treatment"][:2]
    first = lists(workspace, number, tmp_path / "1.csv")
    workspace.load(
        write(tmp_path / "授权2.csv", CONSENTS, *((c, "短信", "否", "2025-07-02 10:00:00") for c in gone))
    )
    second = lists(workspace, number, tmp_path / "2.csv")
    assert {row[0] for row in first} - {row[0] for row in second} == set(gone)
    assert arms(workspace) == before
    told = audience(store_of(workspace), number).table("exports").records()
    assert sorted((row["customers"], row["withdrawn"]) for row in told) == [(23, 2), (25, 0)]
    new = made(workspace, seed="9", overlap=True)
    assert '"refused": 4' in str(new.row["excluded"])


def test_no_file_without_reason(workspace: Workspace, tmp_path: Path) -> None:
    number = str(made(workspace).row["audience_id"])
    store = store_of(workspace)
    with pytest.raises(UsageError, match="no such audience"):
        hand_out(store, "A0", tmp_path / "x.csv", "en")
    with pytest.raises(UsageError, match="not supported"):
        hand_out(store, number, tmp_path / "x.txt", "en")
    with pytest.raises(UsageError, match="over"):
        hand_out(store, number, tmp_path / "x.csv", "en", as_of=date(2025, 8, 1))
    with pytest.raises(WorkspaceError, match="cannot be written"):
        hand_out(store, number, tmp_path / "missing" / "x.csv", "en")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(WorkspaceError, match="cannot be written"):
        hand_out(store, number, tmp_path / "folder.csv", "en")
    everybody = [(f"C{n:02d}", "免打扰", "是", "2025-07-02 10:00:00") for n in range(1, 41)]
    workspace.load(write(tmp_path / "授权2.csv", CONSENTS, *everybody))
    with pytest.raises(InputError, match="any more"):
        hand_out(store_of(workspace), number, tmp_path / "x.csv", "en")
    assert not rows(workspace, "SELECT * FROM all_audience_exports")
    assert not list(tmp_path.glob("*x.*"))


SCRIPT = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from keguan.app.workspace import Workspace
from keguan.store import catalog, delta
from audience_shop import made
calls, last = [0], int(sys.argv[2])
whole = delta.commit
def commit(*given, **named):
    calls[0] += 1
    if calls[0] > last:
        os.kill(os.getpid(), 9)
    return whole(*given, **named)
delta.commit = commit
if last == 99:
    catalog.replace = lambda *_: os.kill(os.getpid(), 9)
made(Workspace(Path(sys.argv[1])))
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL exists on POSIX only")
@pytest.mark.parametrize("steps", [0, 1, 2, 3, 99])
def test_killed_between_steps_nothing_is_half_there(workspace: Workspace, steps: int) -> None:
    """Before the first table, between any two, and with all tables written but the catalog."""
    folder, tests = workspace.store.folder, Path(__file__).parents[1]
    before = Store(folder).catalog
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder), str(steps), str(tests)], check=False, capture_output=True
    )
    assert done.returncode == -9, done.stderr
    assert Store(folder).catalog == before
    for table in ("audiences", "campaigns", "campaign_members"):
        assert not rows(workspace, f"SELECT * FROM all_{table}")
    again = made(workspace)
    assert again.fresh
    assert len(arms(workspace)) == again.row["treated"] + again.row["held_out"] == 33
    books(workspace)


def test_a_failure_takes_its_files_away(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = workspace.store.folder
    before = sorted(path for path in (folder / "tables").rglob("*.parquet"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("keguan.store.delta.commit", full)
    with pytest.raises((KeguanError, OSError)):
        made(workspace)
    assert sorted(path for path in (folder / "tables").rglob("*.parquet")) == before
