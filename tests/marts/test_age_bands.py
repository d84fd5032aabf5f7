"""Age bands from a parameter text, and ages in completed years."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from keguan.marts.age_bands import age_bands, age_sql, band_sql
from shop import Shop


def labels(text: str) -> list[str]:
    return [band.label for band in age_bands(text)]


def test_bands_are_read_and_the_ages_below_are_a_band_of_their_own() -> None:
    """covers: C1"""
    assert labels("18-23,24-28,29-35,36+") == ["<18", "18-23", "24-28", "29-35", "36+"]
    assert labels("0-17, 18+") == ["0-17", "18+"]
    three = labels("3-year")
    assert three[:3] == ["<18", "18-20", "21-23"]
    assert three[-2:] == ["63-65", "66+"]


@pytest.mark.parametrize(
    "text", ["", "18", "23-18", "18-25,24-30", "36+,18-35", "18-23;24-28", "0-year", "１８-23"]
)
def test_what_is_no_list_of_bands_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        age_bands(text)


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(2001, 6, 20), "24-28"),  # 24 today
        (date(2001, 6, 21), "18-23"),  # 24 tomorrow
        (date(2008, 2, 29), "<18"),
        (date(1900, 1, 1), "待核实"),
        (date(2026, 1, 1), "待核实"),
        (None, "待核实"),
    ],
)
def test_an_age_is_that_of_the_as_of_date(born: date | None, band: str, tmp_path: Path) -> None:
    """covers: C1"""
    inputs = Shop().inputs(tmp_path, date(2025, 6, 20))
    value = "CAST(NULL AS DATE)" if born is None else f"DATE '{born}'"
    sql = f"SELECT {band_sql('years', age_bands('18-23,24-28,29-35,36+'))} AS band " + \
          f"FROM (SELECT {age_sql(value)} AS years) t"  # fmt: skip
    assert inputs.query(sql, today=20250620).to_pylist() == [{"band": band}]
