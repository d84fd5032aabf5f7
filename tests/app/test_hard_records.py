"""Files of records that are hard on analyses, as real files through the import: campaigns at once, costs alone, visitors
with very many events, events out of order and twice, sessions across midnight and zones."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from keguan.app.analyse import Session
from keguan.app.workspace import Workspace
from keguan.result import Result
from received import HEADER, books, counts, loaded, rows, write


def run(workspace: Workspace, name: str, as_of: date) -> Result:
    with Session(workspace.store, as_of) as session:
        return session.run(name)


def campaigns_at_once(folder: Path) -> Workspace:
    """M1 and M2 run at once, M3 after them; 40 customers stand on the lists of M1 and M2, 10 of them on that of M3.
    Each ordered twice in that time: once naming M1, once naming M2; and twice without a campaign."""
    ran = write(
        folder / "营销活动.csv", ("活动编号", "活动名称", "开始日期", "结束日期", "费用"),
        ("M1", "唤醒", "2025-03-01", "2025-03-31", 100), ("M2", "新品", "2025-03-15", "2025-04-15", 200),
        ("M3", "清仓", "2025-05-01", "2025-05-10", 50),
    )  # fmt: skip
    lists = write(
        folder / "活动名单.csv", ("活动编号", "客户编号", "组别", "分组时间"),
        *((campaign, f"C{n}", "实验组", "2025-02-28") for n in range(40) for campaign in ("M1", "M2")),
        *(("M3", f"C{n}", "实验组", "2025-04-30") for n in range(10)),
    )  # fmt: skip
    sold = [
        (f"{n}-{place}", f"C{n}", f"{day} 10:00:00", "P1", "茶", 1, 10, campaign)
        for n in range(40)
        for place, (day, campaign) in enumerate(
            (("2024-03-20", ""), ("2025-01-20", ""), ("2025-03-20", "M1"), ("2025-03-21", "M2"))
        )
    ]
    orders = write(folder / "订单.csv", (*HEADER, "活动编号"), *sold)
    return loaded(folder / "w", [ran, lists, orders])


def test_a_customer_in_two_campaigns_at_once_is_told_and_counted_once(tmp_path: Path) -> None:
    workspace = campaigns_at_once(tmp_path)
    assert {load["entity"]: load["clean"] for load in books(workspace)} == {
        "orders": 160, "campaigns": 3, "campaign_members": 90,
    }  # fmt: skip
    result = run(workspace, "promotion", date(2025, 5, 31))
    kinds = {row["kind"]: (row["orders"], row["gross_revenue"]) for row in result.table("kinds").records()}
    assert kinds == {"campaign": (80, 800), "none": (40, 400)}  # each order once
    use = {row["promotion_use"]: row["customers"] for row in result.table("customers").records()}
    assert use == {"only": 0, "sometimes": 40, "never": 0}  # each customer once
    pairs = [(row["campaign"], row["other"], row["customers"]) for row in result.table("overlaps").records()]
    assert pairs == [("M1", "M2", 40)]  # M3 ran after both
    assert any("同时在两个活动中" in note.says.zh for note in result.notes)


def test_what_new_customers_of_two_campaigns_cost_counts_them_once(tmp_path: Path) -> None:
    workspace = campaigns_at_once(tmp_path)
    result = run(workspace, "acquisition_cost", date(2024, 12, 31))
    for table in result.tables:
        if "new_customers" in table.names:
            assert sum(row["new_customers"] or 0 for row in table.records()) <= 40


def test_costs_without_customers_or_orders_are_kept_and_profitability_says_what_is_missing(
    tmp_path: Path,
) -> None:
    costs = write(
        tmp_path / "服务成本.csv", ("日期", "成本类别", "成本金额"),
        *((f"2025-03-{1 + n % 28:02}", ("客服", "物流")[n % 2], "12.5") for n in range(60)),
    )  # fmt: skip
    workspace = loaded(tmp_path / "w", [costs])
    assert counts(workspace) == [(60, 60, 0, 0, 0)]
    kept = rows(workspace, "SELECT sum(amount) AS amount, count(account_no) AS known FROM all_costs")
    assert kept == [{"amount": Decimal(750), "known": 0}]
    result = run(workspace, "profitability", date(2025, 3, 31))
    assert not result.claims
    missing = [note.says.zh for note in result.notes if note.kind == "missing"]
    assert len(missing) == 1
    assert "导入这段时间含成本的订单" in missing[0]


def test_costs_booked_to_nobody_are_shared_out_when_orders_come(tmp_path: Path) -> None:
    """The costs of before are not lost: 750 in all stand in the calculation."""
    costs = write(
        tmp_path / "服务成本.csv", ("日期", "成本类别", "成本金额"),
        *((f"2025-03-{1 + n % 28:02}", "客服", "12.5") for n in range(60)),
    )  # fmt: skip
    sold = write(
        tmp_path / "订单.csv", (*HEADER, "成本"),
        *((n, f"C{n}", "2025-03-10 10:00:00", "P1", "茶", 1, 100, 40) for n in range(40)),
    )  # fmt: skip
    workspace = loaded(tmp_path / "w", [costs], [sold])
    result = run(workspace, "profitability", date(2025, 3, 31))
    steps = {row["step"]: row["amount"] for row in result.table("steps").records()}
    assert steps["allocated"] == -750
    assert steps["profit"] == 4000 - 1600 - 750


EVENT = ("用户ID", "事件", "时间")


def test_events_out_of_order_and_twice_give_the_sessions_of_the_same_events_in_order(tmp_path: Path) -> None:
    start = datetime(2025, 3, 1, 9)
    lines = [
        (
            f"V{n % 5}",
            ("浏览", "加购", "下单")[n % 3],
            (start + timedelta(minutes=7 * n)).strftime("%Y-%m-%d %H:%M:%S"),
        )
        for n in range(200)
    ]
    mixed = [*reversed(lines), *lines[::3]]
    first = loaded(tmp_path / "a", [write(tmp_path / "1" / "埋点.csv", EVENT, *lines)])
    second = loaded(tmp_path / "b", [write(tmp_path / "2" / "埋点.csv", EVENT, *mixed)])
    assert counts(second) == [(len(mixed), 200, 0, 0, len(lines[::3]))]
    sessions = [
        [table.records() for table in run(place, "funnel", date(2025, 3, 31)).tables]
        for place in (first, second)
    ]
    assert sessions[0] == sessions[1]


def test_a_session_across_midnight_and_zones_stands_on_one_local_day(tmp_path: Path) -> None:
    """The same half hour over midnight in Shanghai, written with three offsets."""
    path = write(
        tmp_path / "埋点.csv", EVENT, ("V1", "浏览", "2025-03-01T23:50:00+08:00"), ("V1", "加购", "2025-03-01T16:05:00Z"),
        ("V1", "下单", "2025-03-01T11:15:00-05:00"),
    )  # fmt: skip
    workspace = loaded(tmp_path / "w", [path])
    found = rows(workspace, "SELECT name, occurred_at, day, hour FROM all_events ORDER BY occurred_at")
    assert [tuple(row.values()) for row in found] == [
        ("浏览", datetime(2025, 3, 1, 15, 50), date(2025, 3, 1), 23),
        ("加购", datetime(2025, 3, 1, 16, 5), date(2025, 3, 2), 0),
        ("下单", datetime(2025, 3, 1, 16, 15), date(2025, 3, 2), 0),
    ]


def test_a_visitor_with_a_hundred_thousand_events_is_one_visitor(tmp_path: Path) -> None:
    start = datetime(2025, 3, 1)
    many = (
        ("V1", ("浏览", "加购")[n % 2], (start + timedelta(seconds=20 * n)).strftime("%Y-%m-%d %H:%M:%S"))
        for n in range(100_000)
    )
    others = ((f"W{n}", "浏览", "2025-03-05 10:00:00") for n in range(40))
    workspace = loaded(tmp_path / "w", [write(tmp_path / "埋点.csv", EVENT, *many, *others)])
    assert counts(workspace) == [(100_040, 100_040, 0, 0, 0)]
    held = rows(workspace, "SELECT count(DISTINCT visitor_id) AS visitors, max(day) AS last FROM all_events")
    assert held == [{"visitors": 41, "last": date(2025, 3, 24)}]
    result = run(workspace, "browse", date(2025, 3, 31))
    assert result.tables


def test_answers_on_a_scale_of_a_hundred_among_those_of_five_are_told(tmp_path: Path) -> None:
    """Half of the column in per cent: nothing is averaged over both, nothing vanishes."""
    scores = [5, 4, 3, 95, 80, 60] * 20
    lines = [(f"C{n}", f"2025-03-{1 + n % 28:02}", score, "好") for n, score in enumerate(scores)]
    workspace = Workspace.init(tmp_path / "w")
    report = workspace.load(write(tmp_path / "问卷.csv", ("客户编号", "提交时间", "评分", "意见"), *lines))
    assert any("混用" in doubt.zh for doubt in report.doubts)
    assert counts(workspace) == [(120, 120, 0, 0, 0)]
    assert len(run(workspace, "satisfaction", date(2025, 3, 31)).table("measures").rows) == 0
