"""Lists of campaigns that are hard on experiments, as real files through the import to the analyses.

covers: J5, J7
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from keguan.app.analyse import Session
from keguan.app.workspace import Workspace
from keguan.result import Result
from keguan.store.workspace import Store
from received import HEADER, books, rows, write

ARMS = ("活动编号", "客户编号", "组别", "分组时间")
SENDINGS = ("活动编号", "客户编号", "发送时间", "点击时间")
CAMPAIGNS = ("活动编号", "活动名称", "开始日期", "结束日期", "成本")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A hundred customers, each with an order in May; C0 to C29 ordered on 12 June, too."""
    orders = [(n, f"C{n}", "2025-05-01 12:00:00", "P1", "茶", 1, 10) for n in range(100)]
    orders += [(1000 + n, f"C{n}", "2025-06-12 12:00:00", "P1", "茶", 1, 10) for n in range(30)]
    orders.append((5000, "C0", "2025-07-31 12:00:00", "P1", "茶", 1, 10))
    made = Workspace.init(tmp_path / "w")
    made.load(write(tmp_path / "订单.csv", HEADER, *orders))
    return made


def listed(folder: Path, name: str, *members: tuple[int, str]) -> Path:
    return write(
        folder / f"活动名单-{name}.csv", ARMS, *(("K1", f"C{n}", arm, "2025-05-31") for n, arm in members)
    )


def halves(folder: Path) -> Path:
    """Even customers are treated, odd ones held out."""
    return listed(folder, "全部", *((n, "对照组" if n % 2 else "短信") for n in range(100)))


def result(workspace: Workspace, name: str = "experiments", as_of: date = date(2025, 7, 31)) -> Result:
    with Session(Store(workspace.store.folder), as_of) as session:
        return session.run(name)


def campaign(found: Result) -> dict[str, Any]:
    (row,) = found.table("campaigns").records()
    return row


def findings(workspace: Workspace) -> list[tuple[str, int]]:
    sql = "SELECT rule, CAST(sum(rows) AS INTEGER) AS n FROM findings WHERE column_name = 'arm' GROUP BY rule ORDER BY rule"
    return [(row["rule"], row["n"]) for row in rows(workspace, sql)]


def test_members_of_two_arms_get_none_and_are_told(workspace: Workspace, tmp_path: Path) -> None:
    """C2 and C4 stand in both lists of one import: neither row is believed, and the report says that they are left out."""
    report = workspace.load(
        halves(tmp_path), listed(tmp_path, "对照", (2, "对照组"), (4, "Control"), (5, "控制组"))
    )
    assert [text.en for text in report.doubts if "two arms" in text.en] == [
        "campaign K1: 2 customers stand in two arms and get none; correct the list and import it again"
    ]
    assert findings(workspace) == [("two_arms", 2)]
    books(workspace)
    found = result(workspace)
    row = campaign(found)
    assert (row["members"], row["control"], row["left_out"]) == (98, 50, 2)
    assert any("2 members have no arm or stand in two" in note.says.en for note in found.notes)


def test_an_export_of_sendings_loses_no_arm(workspace: Workspace, tmp_path: Path) -> None:
    """What a tool tells of those it sent to has no arms: they stay as they were assigned, and so does the day."""
    workspace.load(halves(tmp_path))
    sent = [
        ("K1", f"C{n}", "2025-06-10 10:00:00", "2025-06-11 09:00:00" if n < 10 else "")
        for n in range(0, 100, 2)
    ]
    workspace.load(write(tmp_path / "活动名单-发送.csv", SENDINGS, *sent))
    books(workspace)
    row = campaign(result(workspace))
    assert (row["members"], row["control"], row["left_out"], row["first_day"]) == (
        100,
        50,
        0,
        date(2025, 5, 31),
    )
    (told,) = [arm for arm in result(workspace).table("arms") if arm["arm"] == "短信"]
    assert told["reached"] == 50
    assert (
        rows(workspace, "SELECT count(*) AS n FROM all_campaign_members WHERE clicked_on IS NOT NULL")[0]["n"]
        == 5
    )
    assert findings(workspace) == []


def test_an_arm_that_a_later_file_changes_stands_and_is_told(workspace: Workspace, tmp_path: Path) -> None:
    workspace.load(halves(tmp_path))
    report = workspace.load(listed(tmp_path, "改正", (0, "对照组"), (1, "对照组"), (2, "短信")))
    assert [text.zh for text in report.doubts] == ["活动 K1：1 位客户的组别与先前导入的不同，按新的组别"]
    assert (campaign(result(workspace))["control"], findings(workspace)) == (51, [("arm_changed", 1)])


def test_a_contaminated_control_and_orders_before_exposure_are_counted(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Three of the control were sent the message; of those treated fifteen ordered on 12 June, before it came."""
    workspace.load(halves(tmp_path), write(
        tmp_path / "营销活动.csv", CAMPAIGNS, ("K1", "六月短信", "2025-06-01", "2025-06-20", "")))  # fmt: skip
    sent = [("K1", f"C{n}", "2025-06-15 10:00:00", "") for n in (*range(0, 100, 2), 1, 3, 5)]
    workspace.load(write(tmp_path / "活动名单-发送.csv", SENDINGS, *sent))
    found = result(workspace)
    row = campaign(found)
    assert (row["control_reached"], row["early"], row["members"], row["control"]) == (3, 15, 100, 50)
    notes = " ".join(note.says.en for note in found.notes)
    assert "3 members of control arms were reached" in notes
    assert "15 members ordered before they were reached" in notes
    told = " ".join(note.says.en for note in result(workspace, "campaign").notes)
    assert "3 members of control arms were contacted" in told
    assert "No cost" in told


def test_a_campaign_without_a_day_is_kept_apart_and_its_list_still_counts(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Its row waits in the quarantine with its reason; the days are those of the list."""
    campaigns = write(
        tmp_path / "营销活动.csv",
        CAMPAIGNS,
        ("K1", "六月短信", "", "", ""),
        ("K2", "别的", "2025-07-01", "", 5),
    )
    workspace.load(halves(tmp_path), campaigns)
    books(workspace)
    kept = rows(workspace, "SELECT rule, entity FROM quarantine")
    assert [row["entity"] for row in kept] == ["campaigns"], kept
    row = campaign(result(workspace))
    assert (row["name"], row["first_day"], row["members"]) == ("K1", date(2025, 5, 31), 100)
