"""The Markov removal effect, worked on paper."""

from __future__ import annotations

import pytest

from keguan.evidence.statistics.removal_effect import MOST_STATES, removal_effects


def test_three_channels_worked_by_hand() -> None:
    """Four paths: A B C -> converts; A -> lost; B -> converts; C A -> lost.

    Transitions: start -> A 2, B 1, C 1; A -> B 1, lost 2; B -> C 1, converts 1; C -> converts 1, A 1.
    Shares: start A 1/2, B 1/4, C 1/4; A: B 1/3, lost 2/3; B: C 1/2, converts 1/2; C: converts 1/2, A 1/2.
    With x the chance to convert: xA = xB / 3, xB = 1/2 + xC / 2, xC = 1/2 + xA / 2
      xC = 1/2 + xB / 6, so xB = 3/4 + xB / 12, xB = 9/11, xC = 7/11, xA = 3/11;
      start: 3/22 + 9/44 + 7/44 = 22/44 = 1/2.
    Without A: xB = 1/2 + xC / 2, xC = 1/2, xB = 3/4; start = 3/16 + 1/8 = 5/16: removal effect 1 - 5/8 = 3/8.
    Without B: xA = 0, xC = 1/2; start = 1/8: removal effect 3/4.
    Without C: xB = 1/2, xA = 1/6; start = 1/12 + 1/8 = 5/24: removal effect 1 - 5/12 = 7/12.
    Sum 9/24 + 18/24 + 14/24 = 41/24: parts 9/41, 18/41, 14/41.
    """
    transitions = [
        ("start", "A", 2), ("start", "B", 1), ("start", "C", 1), ("A", "B", 1), ("A", "lost", 2), ("B", "C", 1),
        ("B", "yes", 1), ("C", "yes", 1), ("C", "A", 1),
    ]  # fmt: skip
    found = removal_effects(transitions, "start", "yes", "lost")
    assert found is not None
    assert found.chance == pytest.approx(1 / 2)
    assert found.effects == pytest.approx({"A": 3 / 8, "B": 3 / 4, "C": 7 / 12})
    assert found.parts == pytest.approx({"A": 9 / 41, "B": 18 / 41, "C": 14 / 41})


def test_a_touch_that_repeats_is_no_help_of_its_own() -> None:
    """Ways from a channel to itself change neither the chance nor the removal effects."""
    once = [
        ("start", "A", 4),
        ("start", "B", 4),
        ("A", "yes", 2),
        ("A", "no", 2),
        ("B", "yes", 1),
        ("B", "no", 3),
    ]
    plain = removal_effects(once, "start", "yes", "no")
    again = removal_effects([*once, ("A", "A", 7)], "start", "yes", "no")
    assert plain is not None
    assert again is not None
    assert again.chance == pytest.approx(plain.chance)
    assert again.parts == pytest.approx({"A": 2 / 3, "B": 1 / 3})


def test_nothing_converts() -> None:
    assert removal_effects([("start", "A", 3), ("A", "no", 3)], "start", "yes", "no") is None
    assert removal_effects([], "start", "yes", "no") is None


def test_too_many_channels_are_refused() -> None:
    many = [("start", f"C{number}", 1) for number in range(MOST_STATES + 1)]
    with pytest.raises(ValueError, match="at most"):
        removal_effects(many, "start", "yes", "no")
