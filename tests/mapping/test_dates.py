from __future__ import annotations

from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keguan.mapping.dates import date_form, has_clock, timestamp_sql

_CONNECTION = duckdb.connect()


def read(cell: str, *forms: str) -> datetime | None:
    sql = timestamp_sql("v", forms)
    row = _CONNECTION.execute(f"SELECT {sql} FROM (SELECT CAST(? AS VARCHAR) AS v)", [cell]).fetchone()
    assert row is not None
    found: datetime | None = row[0]
    return found


def shape(cell: str) -> str:
    return cell.translate(str.maketrans("0123456789０１２３４５６７８９", "9" * 10 + "９" * 10))


@pytest.mark.parametrize(
    ("cell", "forms", "expected"),
    [
        ("2020/3/18", ["iso"], datetime(2020, 3, 18)),
        ("2020-03-18T09:05", ["iso"], datetime(2020, 3, 18, 9, 5)),
        ("2016.4.27 09:05", ["ymd"], datetime(2016, 4, 27, 9, 5)),
        ("19970101", ["yyyymmdd"], datetime(1997, 1, 1)),
        ("20240301143059", ["yyyymmdd_time"], datetime(2024, 3, 1, 14, 30, 59)),
        ("20240301 14:30", ["yyyymmdd_time"], datetime(2024, 3, 1, 14, 30)),
        ("2014-12-06 02", ["ymd_hour"], datetime(2014, 12, 6, 2)),
        ("05/03/2024 9:05", ["dmy"], datetime(2024, 3, 5, 9, 5)),
        ("05/03/2024 9:05", ["mdy"], datetime(2024, 5, 3, 9, 5)),
        ("5.3.24", ["dmy"], datetime(2024, 3, 5)),
        ("5-3-99 23:59:01", ["dmy"], datetime(1999, 3, 5, 23, 59, 1)),
        ("13/3/24", ["mdy"], None),
        ("31/2/2024", ["dmy"], None),
        ("5-Mar-2024", ["day_name"], datetime(2024, 3, 5)),
        ("5th March 2024 10:20", ["day_name"], datetime(2024, 3, 5, 10, 20)),
        ("Mar 5, 2024", ["name_day"], datetime(2024, 3, 5)),
        ("2024年3月5日", ["chinese"], datetime(2024, 3, 5)),
        ("2024年3月5日 14时05分30秒", ["chinese"], datetime(2024, 3, 5, 14, 5, 30)),
        ("2024年03月05日14:05", ["chinese"], datetime(2024, 3, 5, 14, 5)),
        ("1575158400", ["epoch_s"], datetime(2019, 12, 1)),
        ("1575158400123", ["epoch_ms"], datetime(2019, 12, 1, 0, 0, 0, 123000)),
        ("43831.5", ["excel"], datetime(2020, 1, 1, 12)),
        ("2019-10-01 00:00:00 UTC", ["iso", "zoned"], datetime(2019, 10, 1)),
        ("2016-04-27T09:05:00+08:00", ["iso", "zoned"], datetime(2016, 4, 27, 1, 5)),
        ("2016-04-27 09:05:00 -0530", ["iso", "some_zoned"], datetime(2016, 4, 27, 14, 35)),
        ("2016-04-27 09:05", ["iso", "some_zoned"], datetime(2016, 4, 27, 9, 5)),
        ("2024/3/5 下午 2:05", ["iso", "ampm"], datetime(2024, 3, 5, 14, 5)),
        ("3/5/2024 12:05 AM", ["mdy", "ampm"], datetime(2024, 3, 5, 0, 5)),
        ("２０２４－０３－０５", ["iso", "wide"], datetime(2024, 3, 5)),
    ],
)
def test_dates_are_read_as_people_write_them(cell: str, forms: list[str], expected: datetime | None) -> None:
    assert read(cell, *forms) == expected
    if expected is not None:
        known = date_form(shape(cell))
        assert known in (*forms, "day_month")


@pytest.mark.parametrize("cell", ["abc", "2024", "12:30", "1.5", "85123A", "2024-3", "20240301143"])
def test_what_is_no_date_has_no_form(cell: str) -> None:
    assert date_form(shape(cell)) in (None, "excel")


def test_a_day_first_column_never_falls_back_to_month_first() -> None:
    assert read("03/25/2024", "dmy") is None


_WAYS = {
    "iso": ["%Y-%m-%d", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
    "ymd": ["%Y.%m.%d", "%Y.%m.%d %H:%M:%S"],
    "dmy": ["%d/%m/%Y", "%d-%m-%Y %H:%M", "%d.%m.%y %H:%M:%S"],
    "mdy": ["%m/%d/%Y", "%m-%d-%Y %H:%M", "%m/%d/%y"],
    "yyyymmdd": ["%Y%m%d"],
    "yyyymmdd_time": ["%Y%m%d%H%M%S", "%Y%m%d%H%M", "%Y%m%d %H:%M"],
    "chinese": ["%Y年%m月%d日", "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H时%M分"],
    "day_name": ["%d-%b-%Y", "%d %B %Y %H:%M"],
    "name_day": ["%b %d, %Y", "%B %d %Y %H:%M:%S"],
}


@settings(max_examples=120, deadline=None)
@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2068, 12, 31)),
    st.sampled_from([(form, way) for form, ways in _WAYS.items() for way in ways]),
    st.booleans(),
)
def test_every_way_of_writing_reads_back(moment: datetime, chosen: tuple[str, str], bare: bool) -> None:
    form, way = chosen
    written = moment.strftime(way)
    expected = datetime.strptime(written, way)
    if bare and "%y" not in way and form in ("iso", "ymd", "dmy", "mdy", "chinese"):
        head, blank, tail = written.partition(" ")
        head = (
            head.replace("/0", "/")
            .replace("-0", "-")
            .replace(".0", ".")
            .replace("年0", "年")
            .replace("月0", "月")
        )
        written = head + blank + tail
    assert read(written, form) == expected
    assert date_form(shape(written)) in (form, "day_month")
    assert has_clock(shape(written)) == ("%H" in way)


@settings(max_examples=60, deadline=None)
@given(st.datetimes(datetime(2002, 1, 1), datetime(2068, 12, 31)))
def test_seconds_milliseconds_and_serials(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    seconds = int(whole.replace(tzinfo=UTC).timestamp())
    assert read(str(seconds), "epoch_s") == whole
    assert read(str(seconds * 1000), "epoch_ms") == whole
    serial = (whole - datetime(1899, 12, 30)) / timedelta(days=1)
    assert read(f"{serial:.10f}", "excel") == whole
