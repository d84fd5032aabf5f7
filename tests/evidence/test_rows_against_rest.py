"""Rows of groups against all other groups: shares, the rest, corrected verdicts."""

from __future__ import annotations

import pytest
from scipy.stats import chi2_contingency, false_discovery_control

from keguan.evidence.statistics.rows_against_rest import UNTESTED, group_shares, judge, judge_against
from keguan.evidence.statistics.wilson import wilson

GROUPS = [
    {"name": "a", "hits": 60, "n": 100},
    {"name": "b", "hits": 90, "n": 300},
    {"name": "c", "hits": 31, "n": 100},
    {"name": "few", "hits": 9, "n": 10},
]


def test_each_group_is_held_against_all_others() -> None:
    """An independent computation: scipy's test of two proportions and its correction."""
    rows = {row["name"]: row for row in group_shares(GROUPS, "hits", "n", 30)}
    ends = wilson(60, 100)
    assert ends is not None
    assert (rows["a"]["share"], rows["a"]["low"], rows["a"]["high"]) == (0.6, ends.low, ends.high)
    assert rows["a"]["rest"] == pytest.approx(130 / 410)
    tables = [[[60, 130], [40, 280]], [[90, 100], [210, 110]], [[31, 159], [69, 251]]]
    p = [chi2_contingency(table, correction=False).pvalue for table in tables]
    expected = false_discovery_control(p)
    assert [rows[name]["q"] for name in "abc"] == pytest.approx(list(expected))
    assert [rows[name]["verdict"] for name in "abc"] == ["above", "below", "plain"]


def test_a_small_group_has_no_share_but_counts_among_the_others() -> None:
    row = group_shares(GROUPS, "hits", "n", 30)[-1]
    assert row == {"name": "few", "hits": 9, "n": 10, "verdict": UNTESTED}


def test_a_group_without_enough_others_is_not_tested() -> None:
    rows = group_shares([{"hits": 40, "n": 100}, {"hits": 5, "n": 10}], "hits", "n", 30)
    assert rows[0]["share"] == 0.4
    assert "rest" not in rows[0]
    assert rows[0]["verdict"] == UNTESTED


def test_rows_are_changed_in_place_by_the_column_named() -> None:
    rows: list[dict[str, object]] = [
        {"in_time": 0.9, "kept": 90, "arrived": 100},
        {"in_time": None, "kept": 1, "arrived": 2},
    ]
    judge_against(rows, "kept", "arrived", (300, 500), 30, share="in_time")
    assert rows[0]["rest"] == pytest.approx(210 / 400)
    assert rows[0]["verdict"] == "above"
    assert rows[1] == {"in_time": None, "kept": 1, "arrived": 2}


def test_nothing_to_judge() -> None:
    judge([])
    assert group_shares([], "hits", "n", 30) == []
