"""Recency by frequency: groups that are not defined by money, so that their money is a finding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keguan.analyses.rfm.classes import FACTS
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.result import Column, Table

ACTIVITY_SQL = f"""
WITH {FACTS}, sides AS (
  SELECT CASE WHEN r <= $cut_r THEN 'R+' ELSE 'R-' END AS recency,
         CASE WHEN f >= $cut_f THEN 'F+' ELSE 'F-' END AS frequency, m
  FROM facts WHERE f > 0
)
SELECT recency, frequency,
       count(*) AS customers,
       sum(m) AS net_revenue,
       CASE WHEN sum(count(*)) OVER () >= $min_n AND sum(sum(m)) OVER () > 0
            THEN CAST(sum(m) AS DOUBLE) / CAST(sum(sum(m)) OVER () AS DOUBLE) END AS revenue_share
FROM sides
GROUP BY recency, frequency
ORDER BY recency, frequency
"""

ACTIVITY_COLUMNS = (
    Column("recency", Text("近度", "Recency"), "text", role="key"),
    Column("frequency", Text("频次", "Frequency"), "text", role="key"),
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
    Column("revenue_share", Text("净销售额占比", "Revenue share"), "share"),
)


SIDES = Text("+ 为达到分界，- 为未达到", "+: reaches the cut, -: does not")


def activity_table(inputs: Inputs, bound: Mapping[str, Any]) -> Table:
    return inputs.table(
        "activity", Text("近度与频次", "Recency by frequency"), ACTIVITY_COLUMNS, ("recency", "frequency"),
        ACTIVITY_SQL, min_n=inputs.settings.min_n, note=SIDES, **bound,
    )  # fmt: skip
