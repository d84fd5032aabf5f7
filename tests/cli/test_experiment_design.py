"""`keguan experiment design`: units, days and smallest differences.

covers: J7
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Cli = Callable[..., Any]


def sizes(cli: Cli, *options: str) -> dict[str, Any]:
    """The row that was asked for."""
    done = cli("experiment", "design", *options, "--format", "json")
    assert done.code == 0, done.err
    found = done.json()["tables"]["sizes"]
    rows = [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]
    (asked,) = (row for row in rows if row["asked"])
    return asked


def test_units_of_the_reference(cli: Cli) -> None:
    row = sizes(cli, "--rate", "0.1", "--difference", "0.01")
    assert row["exact"] == pytest.approx(14744.104836925611, rel=1e-6)
    assert (row["control_units"], row["arm_units"], row["units"], row["days"]) == (14745, 14745, 29490, None)
    assert row["relative"] == 0.1
    mean = sizes(cli, "--deviation", "20", "--difference", "2")
    assert mean["exact"] == pytest.approx(1570.7330430520037, rel=1e-6)
    unequal = sizes(cli, "--deviation", "20", "--difference", "2", "--ratio", "2")
    assert unequal["exact"] == pytest.approx(1177.969661105143, rel=1e-6)
    assert unequal["arm_units"] == 2356


def test_the_smallest_difference_of_the_units_there_are(cli: Cli) -> None:
    row = sizes(cli, "--deviation", "1", "--units", "10000")
    assert row["difference"] == pytest.approx(0.056035, rel=1e-4)
    assert (row["control_units"], row["units"]) == (5000, 10000)
    again = sizes(cli, "--rate", "0.1", "--units", "29488")
    assert again["difference"] == pytest.approx(0.01, abs=1e-5)


def test_days_are_whole_weeks_and_clusters_cost_units(cli: Cli) -> None:
    row = sizes(cli, "--rate", "0.1", "--difference", "0.01", "--daily", "3000")
    assert row["days"] == 14  # 29,490 in 9.83 days
    clustered = sizes(cli, "--rate", "0.1", "--difference", "0.01", "--cluster-size", "20", "--icc", "0.05")
    assert clustered["exact"] == pytest.approx(1.95 * 14744.104836925611, rel=1e-6)
    assert clustered["clusters"] == -(-clustered["units"] // 20)


def test_more_arms_ask_for_more_units(cli: Cli) -> None:
    """At .05 / 2 the two-sided quantile is 2.2414 for 1.95996."""
    row = sizes(cli, "--rate", "0.1", "--difference", "0.01", "--arms", "2")
    assert row["exact"] == pytest.approx(
        14744.1048 * ((2.241403 + 0.841621) / (1.959964 + 0.841621)) ** 2, rel=1e-4
    )
    assert row["units"] == 3 * row["control_units"]


def test_sentences_in_both_languages(cli: Cli) -> None:
    options = ("experiment", "design", "--rate", "0.1", "--difference", "0.01", "--daily", "200")
    assert "29,490" in cli(*options, language="zh").out
    english = cli(*options, language="en").out
    assert "it takes 154 days" in english
    assert "More than 56 days" in english


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--rate", "0.1"),
        ("--rate", "0.1", "--deviation", "2", "--difference", "1"),
        ("--rate", "0.1", "--difference", "0.95"),
        ("--rate", "0.1", "--difference", "0"),
        ("--rate", "1.2", "--difference", "0.1"),
        ("--rate", "0.1", "--difference", "0.01", "--power", "1"),
        ("--rate", "0.1", "--difference", "0.01", "--ratio", "0"),
        ("--rate", "0.1", "--difference", "0.01", "--arms", "0"),
        ("--rate", "0.1", "--difference", "0.01", "--icc", "1.5"),
        ("--rate", "0.1", "--difference", "0.01", "--daily", "0"),
        ("--rate", "nan", "--difference", "0.01"),
        ("--deviation", "2", "--difference", "inf"),
    ],
)
def test_what_is_refused(cli: Cli, options: tuple[str, ...]) -> None:
    for language in ("zh", "en"):
        done = cli("experiment", "design", *options, language=language)
        assert done.code == 2
        assert "--" in done.err
        assert "Traceback" not in done.err


def test_too_few_units_find_nothing(cli: Cli) -> None:
    assert "too few" in cli("experiment", "design", "--rate", "0.1", "--units", "3", language="en").out
