"""Sessions of visitors against sessions made by hand in plain Python."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from keguan.app.inputs import PinnedInputs
from shop import Shop

AS_OF = date(2025, 6, 30)
START = datetime(2025, 6, 1, 12)

SESSIONS = "SELECT * FROM event_sessions ORDER BY visitor_id, first_moment"
STEPS = """
SELECT t.session_no, n.name, b.name AS before
FROM session_steps t
JOIN event_names n ON n.name_no = t.moment & 63
LEFT JOIN event_names b ON b.name_no = t.before & 63
ORDER BY t.session_no, t.moment
"""


def sessions(inputs: PinnedInputs, minutes: int = 30) -> list[dict[str, Any]]:
    return inputs.query(SESSIONS, session_minutes=minutes).to_pylist()


def steps(inputs: PinnedInputs, minutes: int = 30) -> list[dict[str, Any]]:
    return inputs.query(STEPS, session_minutes=minutes).to_pylist()


def shop_of(*events: tuple[str, str | None, float, str]) -> Shop:
    """Events of (visitor, session, minute, name)."""
    shop = Shop()
    for visitor, session, minute, name in events:
        shop.add(
            "events",
            visitor_id=visitor,
            session_id=session,
            occurred_at=START + timedelta(minutes=minute),
            name=name,
        )
    return shop


def test_thirty_minutes_of_inactivity_end_a_session(tmp_path: Path) -> None:
    """covers: E5"""
    shop = shop_of(("v", None, 0, "a"), ("v", None, 30, "b"), ("v", None, 60.02, "c"), ("w", None, 10, "a"))
    inputs = shop.inputs(tmp_path, AS_OF)
    assert [(row["visitor_id"], row["events"]) for row in sessions(inputs)] == [("v", 2), ("v", 1), ("w", 1)]
    assert [row["events"] for row in sessions(inputs, minutes=31)] == [3, 1]
    assert [row["events"] for row in sessions(inputs, minutes=5)] == [1, 1, 1, 1]


def test_a_given_session_holds_whatever_its_pauses(tmp_path: Path) -> None:
    shop = shop_of(("v", "s1", 0, "a"), ("v", "s1", 600, "b"), ("w", "s1", 1, "a"), ("v", None, 2, "c"))
    found = sessions(shop.inputs(tmp_path, AS_OF))
    assert [(row["visitor_id"], row["events"]) for row in found] == [("v", 2), ("v", 1), ("w", 1)]


def test_a_session_across_midnight_is_one_on_its_first_local_day(tmp_path: Path) -> None:
    """15:50 UTC is ten to midnight in Shanghai: the local day changes within the session, the UTC day does not."""
    shop = Shop()
    for minute, day in ((50, 1), (70, 2)):
        moment = datetime(2025, 6, 1, 15) + timedelta(minutes=minute)
        shop.add("events", visitor_id="v", occurred_at=moment, day=date(2025, 6, day), name="a")
    (row,) = sessions(shop.inputs(tmp_path, AS_OF))
    assert (row["day"], row["events"]) == (date(2025, 6, 1), 2)


def test_repeated_events_and_their_order_do_not_matter(tmp_path: Path) -> None:
    events = [
        ("v", "s", 0.0, "a"),
        ("v", "s", 1.0, "b"),
        ("v", "s", 1.0, "b"),
        ("v", "s", 2.0, "b"),
        ("v", "s", 0.0, "a"),
    ]
    expected = [("a", None), ("b", "a"), ("b", "b")]
    for number, order in enumerate((events, events[::-1], events[2:] + events[:2])):
        folder = tmp_path / str(number)
        folder.mkdir()
        found = steps(shop_of(*order).inputs(folder, AS_OF))
        assert [(row["name"], row["before"]) for row in found] == expected


def test_events_after_the_day_do_not_count(tmp_path: Path) -> None:
    shop = shop_of(("v", "s", 0, "a"), ("v", "s", 60 * 24 * 40, "b"))
    inputs = shop.inputs(tmp_path, AS_OF)
    assert [row["events"] for row in sessions(inputs)] == [1]
    later = inputs.at(date(2025, 5, 1))
    assert sessions(later) == []
    assert [row["events"] for row in sessions(inputs)] == [1]


def test_device_and_source_are_those_of_the_first_event_that_tells_them(tmp_path: Path) -> None:
    shop = Shop()
    for minute, device, source in ((2, "app", "mail"), (0, None, None), (1, "web", None), (3, "app", "ads")):
        shop.add("events", visitor_id="v", session_id="s", occurred_at=START + timedelta(minutes=minute), name="a",
                 device=device, traffic_source=source)  # fmt: skip
    (row,) = sessions(shop.inputs(tmp_path, AS_OF))
    assert (row["device"], row["traffic_source"]) == ("web", "mail")


def by_hand(rows: list[dict[str, Any]], minutes: int) -> list[list[str]]:
    """Names of each session, visitors and sessions in no particular order."""
    groups: dict[tuple[str, str], list[tuple[datetime, str]]] = defaultdict(list)
    loose: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for row in rows:
        event = (row["occurred_at"], row["name"])
        if row["session_id"]:
            groups[row["visitor_id"], row["session_id"]].append(event)
        else:
            loose[row["visitor_id"]].append(event)
    found = list(groups.values())
    for events in loose.values():
        events.sort()
        current = [events[0]]
        for before, event in pairwise(events):
            if event[0] - before[0] > timedelta(minutes=minutes):
                found.append(current)
                current = []
            current.append(event)
        found.append(current)
    return [[name for _, name in sorted(set(events))] for events in found]


def test_any_events_give_the_sessions_made_by_hand(tmp_path: Path) -> None:
    rng = random.Random(2)
    events = [
        (
            f"v{rng.randrange(12)}",
            rng.choice([None, None, "s1", "s2"]),
            rng.randrange(3000) / 2,
            rng.choice("abc"),
        )
        for _ in range(900)
    ]
    shop = shop_of(*events)
    found: dict[int, list[str]] = defaultdict(list)
    for row in steps(shop.inputs(tmp_path, AS_OF)):
        found[row["session_no"]].append(row["name"])
    # names of the same moment follow their numbers, so sessions are compared as counts of names
    assert sorted(map(sorted, found.values())) == sorted(map(sorted, by_hand(shop.records["events"], 30)))


def test_a_visitor_with_a_hundred_thousand_events(tmp_path: Path) -> None:
    shop = Shop()
    for number in range(100_000):
        moment = START + timedelta(seconds=20 * (number // 2) + (3600 if number >= 50_000 else 0))
        shop.add(
            "events", visitor_id="v", occurred_at=moment, day=date(2025, 6, 1), name=("a", "b")[number % 2]
        )
    inputs = shop.inputs(tmp_path, AS_OF)
    assert [row["events"] for row in sessions(inputs)] == [50_000, 50_000]
    assert len(steps(inputs)) == 100_000


def test_more_names_than_have_a_number_of_their_own(tmp_path: Path) -> None:
    shop = shop_of(
        *(("v", "s", minute, f"name{minute:03d}") for minute in range(80)), ("v", "s", 90, "purchase")
    )
    inputs = shop.inputs(tmp_path, AS_OF)
    names = inputs.query("SELECT name_no, name FROM event_names ORDER BY name_no").to_pylist()
    assert names[0] == {"name_no": 1, "name": "purchase"}  # a usual step, however rare
    assert [row["events"] for row in sessions(inputs)] == [81]
