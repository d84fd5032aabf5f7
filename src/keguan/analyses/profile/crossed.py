"""Who the customers are at one look: by kind; persons by age, gender and place; companies by industry and size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keguan.analyses.profile.columns import BASE, COMPANIES, SPEND
from keguan.analyses.profile.params import Params
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.marts.profile_traits import OTHER, known_sql
from keguan.result import Table
from keguan.schema.vocabulary import UNKNOWN

MEASURES = """
       count(*) AS customers,
       CAST(sum(is_buyer) AS BIGINT) AS buyers,
       sum(net) AS net_revenue"""

# Shares of the rows shown; below $min_n customers there are none.
SHARED = """
       CASE WHEN sum(customers) OVER () >= $min_n
            THEN CAST(customers AS DOUBLE) / sum(customers) OVER () END AS share,
       buyers, net_revenue,
       CASE WHEN sum(customers) OVER () >= $min_n AND sum(net_revenue) OVER () > 0
            THEN CAST(net_revenue AS DOUBLE) / CAST(sum(net_revenue) OVER () AS DOUBLE) END AS revenue_share,
       CASE WHEN customers >= $min_n
            THEN CAST(CAST(net_revenue AS DOUBLE) / customers AS DECIMAL(18, 4)) END AS per_customer"""


def base_table(inputs: Inputs, params: Params, bound: Mapping[str, Any]) -> Table:
    """All customers by kind, those without an order counted."""
    sql = f"""
WITH {known_sql(params.bands)}, counted AS (
  SELECT kind, CAST(sum(1 - has_ordered) AS BIGINT) AS without_order,{MEASURES}
  FROM known GROUP BY kind
)
SELECT kind, customers, without_order,{SHARED}
FROM counted
ORDER BY CASE WHEN kind = '{UNKNOWN}' THEN 1 ELSE 0 END, customers DESC, kind
"""
    return inputs.table("base", Text("客户构成", "Customers by kind"), BASE, ("kind",), sql, **bound)


def spend_table(inputs: Inputs, params: Params, bound: Mapping[str, Any]) -> Table:
    """Persons by age band, gender and place; small combinations are one row, so that nobody can be read off."""
    sql = f"""
WITH {known_sql(params.bands)}, persons AS (
  SELECT * FROM known WHERE kind <> 'company'
), places AS (
  SELECT place, row_number() OVER (ORDER BY count(*) DESC, place) AS size_no
  FROM persons WHERE place <> '{UNKNOWN}' GROUP BY place
), counted AS (
  SELECT p.age, p.gender,
         CASE WHEN p.place = '{UNKNOWN}' OR s.size_no <= $regions THEN p.place ELSE '{OTHER}' END AS place,
         {MEASURES}
  FROM persons p LEFT JOIN places s ON s.place = p.place
  GROUP BY p.age, p.gender,
           CASE WHEN p.place = '{UNKNOWN}' OR s.size_no <= $regions THEN p.place ELSE '{OTHER}' END
), {_folded(("age", "gender", "place"))}
"""
    title = Text("年龄、性别、所在地与消费", "Spend by age, gender and place")
    return inputs.table(
        "spend", title, SPEND, ("age", "gender", "place"), sql, note=_folded_note(params), **bound
    )


def companies_table(inputs: Inputs, params: Params, bound: Mapping[str, Any]) -> Table:
    """Companies by section of GB/T 4754 and size (staff, else revenue)."""
    size = f"CASE WHEN size_staff <> '{UNKNOWN}' THEN size_staff ELSE size_revenue END"
    sql = f"""
WITH {known_sql(params.bands)}, counted AS (
  SELECT industry, {size} AS size,{MEASURES}
  FROM known WHERE kind = 'company'
  GROUP BY industry, {size}
), {_folded(("industry", "size"))}
"""
    title = Text("企业客户的行业与规模", "Companies by industry and size")
    return inputs.table(
        "companies", title, COMPANIES, ("industry", "size"), sql, note=_folded_note(params), **bound
    )


def _folded(axes: tuple[str, ...]) -> str:
    keys = ", ".join(axes)
    small = ",\n         ".join(
        f"CASE WHEN customers < $min_cell THEN '{OTHER}' ELSE {axis} END AS {axis}" for axis in axes
    )
    return f"""named AS (
  SELECT {small}, customers, buyers, net_revenue FROM counted
), summed AS (
  SELECT {keys}, CAST(sum(customers) AS BIGINT) AS customers, CAST(sum(buyers) AS BIGINT) AS buyers,
         sum(net_revenue) AS net_revenue
  FROM named GROUP BY {keys}
)
SELECT {keys}, customers,{SHARED}
FROM summed
ORDER BY net_revenue DESC, {keys}"""


def _folded_note(params: Params) -> Text:
    return Text(
        f"少于 {params.min_cell} 位客户的组合合并为「其他」一行；各行相加为全部",
        f"combinations of fewer than {params.min_cell} customers are one row, 'other'; the rows add up to all",
    )
