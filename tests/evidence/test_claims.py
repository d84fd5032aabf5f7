"""A claim's id: the same for the same sentence from the same parameters, versions and code; else another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keguan.core.text import Scalar
from keguan.evidence.claims import claim_id


@dataclass(frozen=True)
class Said:
    key: str = "rfm/top_class/重要价值"


@dataclass(frozen=True)
class Run:
    as_of: date | None = date(2011, 12, 9)
    params: Mapping[str, Scalar] = field(default_factory=lambda: {"window_months": 12, "cut": "median"})
    versions: Mapping[str, int] = field(default_factory=lambda: {"orders": 3, "order_lines": 4})
    code: str = "0.1.0"


def test_ids_already_printed_in_reports_stay_valid() -> None:
    # a change of this figure breaks the links of every report written before
    assert claim_id(Run(), Said()) == "4df5e4271a"


def test_ten_hex_digits() -> None:
    assert re.fullmatch("[0-9a-f]{10}", claim_id(Run(), Said()))


def test_the_order_of_names_does_not_matter() -> None:
    turned = Run(params={"cut": "median", "window_months": 12}, versions={"order_lines": 4, "orders": 3})
    assert claim_id(turned, Said()) == claim_id(Run(), Said())


@pytest.mark.parametrize(
    "other",
    [
        Run(as_of=date(2011, 12, 8)),
        Run(as_of=None),
        Run(params={"window_months": 13, "cut": "median"}),
        Run(params={"window_months": 12, "cut": "mean"}),
        Run(params={"window_months": 12}),
        Run(params={}),
        Run(versions={"orders": 4, "order_lines": 3}),  # the numbers swapped
        Run(versions={"orders": 3}),
        Run(code="0.1.1"),
    ],
)
def test_whatever_it_is_said_from_changes_the_id(other: Run) -> None:
    assert claim_id(other, Said()) != claim_id(Run(), Said())


def test_another_sentence_has_another_id() -> None:
    assert claim_id(Run(), Said("rfm/top_class/重要发展")) != claim_id(Run(), Said())


def test_a_name_cannot_pass_for_a_value() -> None:
    one, two = Run(params={"a": "b", "c": "d"}), Run(params={"a": "b, c: d"})
    assert claim_id(one, Said()) != claim_id(two, Said())


def test_dates_and_decimals_are_parameters_too() -> None:
    run = Run(params={"from": date(2011, 1, 1), "cut": Decimal("0.70"), "none": None, "on": True})
    assert claim_id(run, Said()) == claim_id(replace(run), Said())


@given(st.dictionaries(st.text(min_size=1), st.integers(), min_size=1), st.randoms(use_true_random=False))
def test_any_order_any_names(params: dict[str, int], random: object) -> None:
    names = list(params)
    random.shuffle(names)
    turned = {name: params[name] for name in names}
    assert claim_id(Run(params=turned), Said()) == claim_id(Run(params=params), Said())
    grown = {**params, names[0]: params[names[0]] + 1}
    assert claim_id(Run(params=grown), Said()) != claim_id(Run(params=params), Said())
