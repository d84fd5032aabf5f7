"""The customer's segments now and at the last quarter ends, each as it was then."""

from __future__ import annotations

from datetime import date, timedelta

from keguan.analysis import Inputs
from keguan.core.period import add_months, month_start
from keguan.core.text import Text
from keguan.marts.segmentations import SEGMENTATIONS
from keguan.result import Column, Table

SHOWN = ("rfm", "abc_class", "lifecycle")
SEGMENTS = (
    Column("as_of", Text("截至", "As of"), "date", role="key"),
    *(
        Column(name, title, "label", vocabulary=SEGMENTATIONS[name].vocabulary)
        for name, title in (
            ("rfm", Text("RFM 分层", "RFM segment")),
            ("abc_class", Text("ABC 分类", "ABC class")),
            ("lifecycle", Text("生命周期状态", "Lifecycle state")),
        )
    ),
)


def quarter_ends(as_of: date, count: int, fiscal_start: int) -> list[date]:
    """The last days of the `count` quarters that ended before the as-of date, the latest first."""
    start = month_start(as_of)
    while (start.month - fiscal_start) % 3:
        start = add_months(start, -1)
    return [add_months(start, -3 * number) - timedelta(days=1) for number in range(count)]


def segments_table(inputs: Inputs, account: int, first: date | None, history: int) -> Table:
    """A row for each day from the first order on. A segment at a day knows nothing of later days."""
    days = [inputs.as_of, *quarter_ends(inputs.as_of, history, inputs.settings.fiscal_year_start)]
    parts = []
    for day in [item for item in days if first is not None and item >= first]:
        labels = ", ".join(f"{name}.label AS {name}" for name in SHOWN)
        joins = " ".join(
            f"LEFT JOIN {inputs.segment(name, day)} {name} ON {name}.account_no = one.account_no"
            for name in SHOWN
        )
        parts.append(
            f"SELECT DATE '{day.isoformat()}' AS as_of, {labels} "
            f"FROM (SELECT CAST($account AS INTEGER) AS account_no) one {joins}"
        )
    title = Text("分群的变化", "Segments over time")
    if not parts:
        return inputs.computed("segments", title, SEGMENTS, ("as_of",), [], method="customer_360.segments")
    sql = f"SELECT as_of, {', '.join(SHOWN)} FROM ({' UNION ALL '.join(parts)}) s ORDER BY as_of DESC"
    return inputs.table("segments", title, SEGMENTS, ("as_of",), sql, account=account)
