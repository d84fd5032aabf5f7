"""Sessions that imports keep are those that all events together would give, and analyses read them only where they fit."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan.app.analyse import Session
from keguan.app.doctor import examine
from keguan.app.ingest import event_marts
from keguan.app.workspace import Workspace
from keguan.core.text import Text
from keguan.marts import stored_sessions
from keguan.result import Column
from keguan.store.workspace import Store
from received import HEADER as ORDERS
from received import LATE, books, usual, write

HEADER = ("事件ID", "用户ID", "会话ID", "事件", "时间", "平台", "流量来源", "品牌")
NAMES = ("首页", "搜索", "商品详情", "加入购物车", "支付成功", "客服", "帮助")
START = datetime(2025, 3, 1, 22)

Row = tuple[Any, ...]

# What is kept, under what names sessions by: their numbers say nothing.
SESSIONS = (
    "SELECT s.visitor_id, s.session_key, s.account_no, s.day, s.events, s.properties, s.first_moment, s.last_moment, s.seen, "
    "s.device, s.traffic_source, w.opening, w.steps, w.again "
    "FROM event_sessions s JOIN session_ways w ON w.session_no = s.session_no"
)
WITHIN = (
    "SELECT s.visitor_id, s.session_key, n.name_no, n.visits, n.waited "
    "FROM session_names n JOIN event_sessions s ON s.session_no = n.session_no"
)
PATHS = "SELECT from_no, to_no, times FROM event_transitions"
ORDER = (
    "SELECT visitor_id, session_key, row_number() OVER (PARTITION BY visitor_no ORDER BY session_no) AS place "
    "FROM event_sessions"
)
EVERYTHING = (SESSIONS, WITHIN, PATHS, ORDER)


def answers(folder: Path, *, kept: bool, monkeypatch: pytest.MonkeyPatch, day: date = LATE) -> list[Any]:
    """What the views hold, read from the kept tables or computed from the events; fails when it was the other."""
    with monkeypatch.context() as patched, Session(Store(folder), day) as session:
        if not kept:
            patched.setattr("keguan.app.journey_views.FITS", "SELECT 0 AS fits")
        found = [session.inputs.query(sql, session_minutes=30).to_pylist() for sql in EVERYTHING]
        assert kept == is_kept(session)
    return [sorted(map(repr, rows)) for rows in found]


def is_kept(session: Session) -> bool:
    """Whether sessions are read from the kept table."""
    columns = (Column("n", Text("数", "Number"), "count", role="key"),)
    told = session.inputs.table(
        "t",
        Text("表", "Table"),
        columns,
        ["n"],
        "SELECT count(*) AS n FROM event_sessions",
        session_minutes=30,
    )
    return "FROM all_event_sessions" in told.views["event_sessions"]


def check(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kept tables against the same made from all committed events at once."""
    folder = workspace.store.folder
    kept = answers(folder, kept=True, monkeypatch=monkeypatch)
    assert kept == answers(folder, kept=False, monkeypatch=monkeypatch)
    assert all(kept)


def events(seed: int, count: int = 500) -> list[Row]:
    """Few visitors, sessions told and untold, over midnights, moments that repeat. Names are far apart in number with an
    even seed; with an odd one they change places as more come."""
    rng = random.Random(seed)
    weights = (9, 8, 7, 5, 3, 2, 1) if seed % 2 else (300, 150, 60, 25, 10, 4, 0)
    rows: list[Row] = []
    for number in range(count):
        moment = START + timedelta(minutes=3 * number + rng.choice([0, 0, -200, 45]))
        rows.append(
            (
                f"E{number:05d}", f"V{rng.randrange(15)}", rng.choice(["", "S1", f"S{number // 60}"]),
                rng.choices(NAMES, weights)[0], str(moment), rng.choice(["APP", "网页", ""]),
                rng.choice(["广告", "邮件", ""]), rng.choice(["甲", "乙"]),
            )
        )  # fmt: skip
    return rows


def batches(seed: int, rows: Sequence[Row], parts: int = 4) -> list[list[Row]]:
    """The events in some exports, out of order; later ones bring earlier events again, some of them changed."""
    rng = random.Random(seed)
    size = len(rows) // parts
    made = [list(rows[place * size : (place + 1) * size]) for place in range(parts)]
    for place in range(1, parts):
        for row in rng.sample(made[place - 1], 12):
            changed = list(row)
            if rng.random() < 0.5:
                changed[rng.choice([1, 3])] = rng.choice([f"V{rng.randrange(18)}", "首页"])
            made[place].append(tuple(changed))
        rng.shuffle(made[place])
    return made


@pytest.mark.parametrize("seed", range(4))
def test_sessions_brought_up_to_date_equal_sessions_made_anew(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """covers: E5"""
    if seed > 1:
        monkeypatch.setattr(event_marts, "MOST_FILES", 2)  # written as one file on the way
    workspace = Workspace.init(tmp_path / "w")
    anew: list[int] = []
    make = event_marts.make

    def counted(*given: Any) -> Any:
        anew.append(1)
        return make(*given)

    monkeypatch.setattr(event_marts, "make", counted)
    for number, rows in enumerate(batches(seed, events(seed))):
        workspace.load(write(tmp_path / f"{number}.csv", HEADER, *rows))
        books(workspace)
        check(workspace, monkeypatch)
    if seed % 2 == 0:
        assert len(anew) == 1  # later batches only touched their visitors


def test_events_without_ids_join_the_sessions_of_their_visitors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second file continues a session of the first, before and after it, and repeats an event of it."""
    header = ("用户ID", "事件", "时间")
    first = [
        ("V1", "首页", "2025-03-01 23:50"),
        ("V1", "首页", "2025-03-02 00:05"),
        ("V2", "首页", "2025-03-01 10:00"),
    ]
    then = [
        ("V1", "首页", "2025-03-02 00:05"),
        ("V1", "搜索", "2025-03-02 00:20"),
        ("V1", "搜索", "2025-03-01 23:30"),
    ]
    workspace = Workspace.init(tmp_path / "w")
    for number, rows in enumerate((first, then)):
        workspace.load(write(tmp_path / f"{number}.csv", header, *rows))
        check(workspace, monkeypatch)
    with Session(Store(tmp_path / "w"), LATE) as session:
        found = session.inputs.query(
            "SELECT visitor_id, day, events FROM event_sessions ORDER BY day, visitor_id", session_minutes=30
        ).to_pylist()
    assert [(row["day"], row["events"]) for row in found] == [(date(2025, 3, 1), 4), (date(2025, 3, 1), 1)]


def test_an_earlier_day_cuts_through_a_session_and_is_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """covers: E5"""
    header = ("用户ID", "事件", "时间")
    rows = [
        ("V1", "首页", "2025-03-01 23:50"),
        ("V1", "支付成功", "2025-03-02 00:05"),
        ("V2", "首页", "2025-03-01 10:00"),
    ]
    workspace = Workspace.init(tmp_path / "w")
    workspace.load(write(tmp_path / "1.csv", header, *rows))
    with Session(Store(tmp_path / "w"), LATE) as session:
        counts = {
            day: [
                row["n"]
                for row in session.inputs.at(day).query(
                    "SELECT sum(events) AS n FROM event_sessions GROUP BY visitor_id ORDER BY n", session_minutes=30
                ).to_pylist()
            ]
            for day in (date(2025, 3, 2), date(2025, 3, 1), LATE)
        }  # fmt: skip
        assert is_kept(session)
    assert counts == {date(2025, 3, 2): [1, 2], date(2025, 3, 1): [1, 1], LATE: [1, 2]}
    with Session(Store(tmp_path / "w"), date(2025, 3, 1)) as session:
        assert not is_kept(session)


def test_other_minutes_of_inactivity_are_computed_and_change_all_views(tmp_path: Path) -> None:
    header = ("用户ID", "事件", "时间")
    rows = [
        ("V1", "首页", "2025-03-01 10:00"),
        ("V1", "搜索", "2025-03-01 10:20"),
        ("V1", "首页", "2025-03-01 10:45"),
    ]
    Workspace.init(tmp_path / "w").load(write(tmp_path / "1.csv", header, *rows))
    sql = (
        "SELECT CAST(sum(times) AS BIGINT) AS n, max(times) AS most FROM event_transitions WHERE from_no = 0"
    )
    with Session(Store(tmp_path / "w"), LATE) as session:
        found = [
            session.inputs.query(sql, session_minutes=minutes).to_pylist()[0]["n"]
            for minutes in (30, 22, 10, 22, 30)
        ]
    assert found == [1, 2, 3, 2, 1]


def test_sessions_by_an_older_definition_are_not_read_and_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace.init(tmp_path / "w")
    parts = batches(1, events(1))
    with monkeypatch.context() as older:
        sql = stored_sessions.BUILD_SESSIONS.replace(stored_sessions.DEFINITION, "older")
        older.setattr(event_marts, "BUILD_SESSIONS", sql)
        workspace.load(write(tmp_path / "0.csv", HEADER, *parts[0]))
    with Session(Store(tmp_path / "w"), LATE) as session:
        assert not is_kept(session)
    told = " ".join(finding.what.en for finding in examine(tmp_path / "w"))
    assert "The marts were written by an earlier version: made again" in told
    check(Workspace(tmp_path / "w"), monkeypatch)


def test_lost_names_of_sessions_are_made_again_with_their_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace.init(tmp_path / "w")
    for number, rows in enumerate(batches(2, events(2))):
        workspace.load(write(tmp_path / f"{number}.csv", HEADER, *rows))
    for file in Store(tmp_path / "w").files("session_names"):
        Path(file).unlink()
    told = " ".join(finding.what.en for finding in examine(tmp_path / "w"))
    assert "session_names, which is made from others: made again" in told
    check(Workspace(tmp_path / "w"), monkeypatch)


def test_more_names_than_have_a_number_in_several_exports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = ("用户ID", "会话ID", "事件", "时间")
    rng = random.Random(5)
    workspace = Workspace.init(tmp_path / "w")
    for number in range(3):
        rows = [
            (
                f"V{rng.randrange(6)}", f"S{number}", f"动作{rng.randrange(40 * (number + 1)):03d}",
                f"2025-03-0{number + 1} 10:{n % 60:02d}",
            )
            for n in range(200)
        ]  # fmt: skip
        workspace.load(write(tmp_path / f"{number}.csv", header, *rows))
        check(workspace, monkeypatch)


def test_orders_after_events_leave_the_sessions_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace.init(tmp_path / "w")
    workspace.load(write(tmp_path / "0.csv", HEADER, *batches(0, events(0))[0]))
    before = Store(tmp_path / "w").catalog.versions["event_sessions"]
    workspace.load(write(tmp_path / "orders.csv", ORDERS, *usual(20)))
    assert Store(tmp_path / "w").catalog.versions["event_sessions"] == before
    check(workspace, monkeypatch)
