"""Paths by hand and against plain Python: transitions, loops, exits, sources."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest

from event_logs import rees46, retentioneering
from keguan.analyses.path import ANALYSIS, Params, run
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.core.errors import UsageError
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 30)
START = datetime(2025, 6, 2, 9)


def found(shop: Shop, folder: Path, as_of: date = AS_OF, min_n: int = 1, **params: Any) -> Result:
    folder.mkdir(parents=True, exist_ok=True)
    result = run(shop.inputs(folder, as_of, Settings(min_n=min_n)), Params(**params))
    for claim in result.claims:
        assert faults(result, ANALYSIS, claim) == (), claim.key
    return result


def visit(
    shop: Shop, visitor: str, at: datetime, *names: str, session: str | None = None, **more: Any
) -> None:
    """A session with a minute between its events."""
    for minute, name in enumerate(names):
        shop.add("events", visitor_id=visitor, session_id=session, occurred_at=at + timedelta(minutes=minute),
                 name=name, **more)  # fmt: skip


def transitions(result: Result) -> dict[tuple[str, str], int]:
    return {(row["from_name"], row["to_name"]): row["times"] for row in result.table("transitions")}


def test_a_case_by_hand(tmp_path: Path) -> None:
    """covers: E5"""
    shop = Shop()
    visit(shop, "a", START, "home", "item", "item", "home", "purchase")
    visit(shop, "b", START, "home", "item")
    visit(shop, "c", START, "item")
    result = found(shop, tmp_path)
    assert transitions(result) == {
        ("(开始)", "home"): 2, ("(开始)", "item"): 1, ("home", "item"): 2, ("item", "item"): 1, ("item", "home"): 1,
        ("home", "purchase"): 1, ("item", "(结束)"): 2, ("purchase", "(结束)"): 1,
    }  # fmt: skip
    shares = {(row["from_name"], row["to_name"]): row["share"] for row in result.table("transitions")}
    assert shares["home", "item"] == pytest.approx(2 / 3, abs=1e-6)
    assert {row["path"]: row["sessions"] for row in result.table("paths")} == {
        "home → item → home → purchase": 1, "home → item": 1, "item": 1,
    }  # fmt: skip
    loops = {row["name"]: (row["sessions"], row["came_back"]) for row in result.table("loops")}
    assert loops == {"home": (2, 1), "item": (3, 0), "purchase": (1, 0)}
    exits = {
        row["name"]: (row["sessions"], row["of"])
        for row in result.table("exits")
        if row["dimension"] == "全部"
    }
    assert exits == {"item": (2, 2)}


def random_visits(seed: int = 3) -> Shop:
    shop, rng = Shop(), random.Random(seed)
    for number in range(300):
        names = [
            rng.choice(["home", "view", "view", "cart", "purchase"]) for _ in range(rng.randrange(1, 12))
        ]
        visit(shop, f"v{rng.randrange(70)}", START + timedelta(minutes=number * 97), *names, session=f"s{number}",
              device=rng.choice(["web", "app"]), traffic_source=rng.choice(["ads", "mail", None]))  # fmt: skip
    rng.shuffle(shop.records["events"])
    shop.records["events"] += shop.records["events"][:50]
    return shop


def sessions(shop: Shop) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, dict[tuple[datetime, str], dict[str, Any]]] = defaultdict(dict)
    for row in shop.records["events"]:
        groups[row["session_id"]][row["occurred_at"], row["name"]] = row
    return {name: [rows[key] for key in sorted(rows)] for name, rows in groups.items()}


def test_the_same_matrix_paths_and_loops_in_plain_python(tmp_path: Path) -> None:
    """covers: E5. Events shuffled and some sent twice."""
    shop = random_visits()
    result = found(shop, tmp_path, length=3, top=1000)
    pairs, paths, came_back, with_it = (
        Counter[tuple[str, str]](),
        Counter[str](),
        Counter[str](),
        Counter[str](),
    )
    for rows in sessions(shop).values():
        names = [row["name"] for row in rows]
        pairs.update(pairwise(["(开始)", *names, "(结束)"]))
        steps = [name for name, _ in groupby(names)]
        paths[" → ".join(steps[:3]) + (" → …" if len(steps) > 3 else "")] += 1
        with_it.update(set(steps))
        came_back.update(name for name, times in Counter(steps).items() if times > 1)
    assert transitions(result) == pairs
    assert {row["path"]: row["sessions"] for row in result.table("paths")} == paths
    for row in result.table("loops"):
        assert (row["sessions"], row["came_back"]) == (with_it[row["name"]], came_back[row["name"]])


def test_attribution_in_plain_python(tmp_path: Path) -> None:
    """First, last and even shares over the visits since the conversion before, within the window."""
    shop = random_visits(8)
    result = found(shop, tmp_path, lookback_days=3)
    visits: dict[str, list[tuple[datetime, str, bool]]] = defaultdict(list)
    for rows in sessions(shop).values():
        source = rows[0]["traffic_source"] or "待核实"
        visits[rows[0]["visitor_id"]].append(
            (rows[0]["occurred_at"], source, any(r["name"] == "purchase" for r in rows))
        )
    first, last, even = Counter[str](), Counter[str](), defaultdict[str, float](float)
    for mine in visits.values():
        journey: list[tuple[datetime, str]] = []
        for at, source, converts in sorted(mine):
            journey.append((at, source))
            if converts:
                touches = [name for when, name in journey if at - when <= timedelta(days=3)]
                first[touches[0]] += 1
                last[touches[-1]] += 1
                for name in touches:
                    even[name] += 1 / len(touches)
                journey = []
    for row in result.table("attribution"):
        assert row["first_touch"] == first[row["source"]]
        assert row["last_touch"] == last[row["source"]]
        assert row["linear"] == pytest.approx(even[row["source"]], abs=0.001)
    assert sum(row["last_touch"] for row in result.table("attribution")) == sum(last.values())
    assert all(claim.strength == "fact" for claim in result.claims if claim.says == "attribution")


def test_where_a_segment_leaves_is_tested_against_the_others(tmp_path: Path) -> None:
    """covers: E5. On phones two thirds of the visits end at the payment page, elsewhere a tenth."""
    shop, rng = Shop(), random.Random(5)
    for number in range(400):
        device = ("phone", "desk")[number % 2]
        stuck = rng.random() < (0.66 if device == "phone" else 0.1)
        visit(shop, f"v{number}", START + timedelta(minutes=number), "home", *(["payment"] if stuck else ["view"]),
              device=device)  # fmt: skip
    visit(shop, "buyer", START, "home", "purchase", device="desk")
    result = found(shop, tmp_path, min_n=30)
    said = [claim for claim in result.claims if claim.says == "exit_higher"]
    assert {claim.key for claim in said} == {"path/exit/device/phone/payment", "path/exit/device/desk/view"}
    row = result.table("exits").find({"dimension": "device", "value": "phone", "name": "payment"})
    assert row is not None
    assert row["share"] - row["rest_share"] == pytest.approx(row["difference"], abs=1e-6)
    assert row["difference_low"] > 0.4


def test_the_matrix_of_a_published_log_adds_up(tmp_path: Path, data_sets: Path) -> None:
    if not (data_sets / "retentioneering_ecom").is_dir():
        pytest.skip("no retentioneering_ecom")
    result = found(retentioneering(data_sets), tmp_path, date(2024, 6, 30), min_n=30)
    pairs = transitions(result)
    assert sum(count for (start, _), count in pairs.items() if start == "(开始)") == 3605
    assert sum(count for (_, end), count in pairs.items() if end == "(结束)") == 3605
    assert sum(count for (_, end), count in pairs.items() if end == "purchase") == 470
    assert sum(row["last_touch"] for row in result.table("attribution")) == 470
    assert any("只有一个来源" in note.says.zh for note in result.notes)


def test_three_hours_and_no_sources(tmp_path: Path, data_sets: Path) -> None:
    if not (data_sets / "rees46_events").is_dir():
        pytest.skip("no rees46_events")
    result = found(rees46(data_sets), tmp_path, date(2019, 10, 2), min_n=30)
    assert not result.has("attribution")
    assert not result.has("touchpoints")
    assert any("retention" in note.says.en for note in result.notes)


def test_one_event_without_a_goal(tmp_path: Path) -> None:
    shop = Shop()
    visit(shop, "a", START, "help")
    result = found(shop, tmp_path, min_n=30)
    assert transitions(result) == {("(开始)", "help"): 1, ("help", "(结束)"): 1}
    assert result.claims == ()
    assert not result.has("exits")
    assert {note.kind for note in result.notes} == {"withheld", "missing"}


def test_a_goal_and_a_length_are_checked(tmp_path: Path) -> None:
    shop = random_visits()
    assert found(shop, tmp_path / "1", goal="cart|view").has("exits")
    with pytest.raises(UsageError):
        found(shop, tmp_path / "2", goal="sale")
    with pytest.raises(UsageError):
        found(shop, tmp_path / "3", length=11)
