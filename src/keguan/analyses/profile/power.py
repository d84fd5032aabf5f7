"""What customers with high purchasing power have in common: each trait tested against the other buyers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from keguan.analyses.profile.columns import GROUP, POWER
from keguan.analyses.profile.params import Params
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.target_index import target_index
from keguan.marts.profile_traits import SET_BY_SPEND, trait_order
from keguan.result import Table
from keguan.schema.vocabulary import UNKNOWN

MEMBER = {
    "top": ("", "CASE WHEN t.net >= $cut THEN 1 ELSE 0 END"),
    "abc": ("JOIN {view} s ON s.account_no = t.account_no", "CASE WHEN s.label = 'A' THEN 1 ELSE 0 END"),
}  # of the buyers


def members(inputs: Inputs, params: Params) -> tuple[str, str]:
    """The join and the expression that say who is in the group."""
    join, inside = MEMBER[params.power]
    return join.format(view=inputs.segment("abc_class")) if join else "", inside


def power_sql(traits: str, member: tuple[str, str]) -> str:
    """Buyers of the group and the others, by trait and value; traits that spend itself sets are left out."""
    join, inside = member
    left_out = ", ".join(f"'{trait}'" for trait in SET_BY_SPEND)
    return f"""
WITH {traits}
SELECT family, trait, value, CAST(sum(inside) AS BIGINT) AS inside, CAST(sum(1 - inside) AS BIGINT) AS outside
FROM (
  SELECT t.family, t.trait, t.value, {inside} AS inside
  FROM traits t {join}
  WHERE t.net > 0 AND t.trait NOT IN ({left_out})
) labelled
GROUP BY family, trait, value
ORDER BY family, trait, value
"""


def power_table(inputs: Inputs, sql: str, bound: Mapping[str, Any]) -> Table:
    """TGI of every known value among customers with high purchasing power, corrected for all tests."""
    grouped: dict[tuple[str, str], dict[str, tuple[int, int]]] = defaultdict(dict)
    for row in inputs.query(sql, **bound).to_pylist():
        grouped[row["family"], row["trait"]][row["value"]] = int(row["inside"]), int(row["outside"])
    keys = sorted(grouped, key=trait_order)
    rows = [row for key in keys for row in _rows(key, grouped[key], inputs.settings.min_n)]
    tested = [row for row in rows if row["p"] is not None]
    for row, q in zip(tested, benjamini_hochberg([row["p"] for row in tested]), strict=True):
        row["q"] = q
        row["verdict"] = (
            "none" if q > FALSE_DISCOVERY else "higher" if row["share"] > row["rest_share"] else "lower"
        )
    return inputs.computed(
        "power", Text("高购买力客户的共同特征", "Traits of customers with high purchasing power"), POWER,
        ("family", "trait", "value"), rows, method="evidence.statistics.target_index", sql=sql, **bound,
    )  # fmt: skip


def _rows(
    key: tuple[str, str], values: Mapping[str, tuple[int, int]], min_n: int
) -> Iterator[dict[str, Any]]:
    known = {value: counts for value, counts in values.items() if value != UNKNOWN}
    segment, rest = sum(c[0] for c in known.values()), sum(c[1] for c in known.values())
    for value, (inside, outside) in sorted(known.items(), key=lambda item: (-item[1][0], item[0])):
        index = target_index(inside, segment, outside, rest) if min(segment, rest) >= min_n else None
        tested = index is not None and len(known) > 1
        yield {
            "family": key[0], "trait": key[1], "value": value, "inside": inside, "known": segment,
            "share": index.share if index else None, "rest_share": index.rest if index else None,
            "times": index.index / 100 if index else None, "index": index.index if index else None,
            "low": index.low if index else None,
            "high": index.high if index else None, "p": index.p if index and tested else None, "q": None,
            "verdict": "untested",
        }  # fmt: skip


def group_table(inputs: Inputs, params: Params, member: tuple[str, str], bound: Mapping[str, Any]) -> Table:
    """How many the group holds: spend equal to the cut is in, so the real share is printed."""
    join, inside = member
    sql = f"""
SELECT CAST(sum(inside) AS BIGINT) AS customers, CAST(sum(1 - inside) AS BIGINT) AS rest,
       min(CASE WHEN inside = 1 THEN net END) AS from_spend
FROM (
  SELECT t.net, {inside} AS inside
  FROM (SELECT account_no, window_net AS net FROM window_facts) t {join}
  WHERE t.net > 0
) labelled
"""
    row = inputs.query(sql, **bound).to_pylist()[0]
    customers, rest = int(row["customers"] or 0), int(row["rest"] or 0)
    rows = [{"group": params.power, "customers": customers, "rest": rest, "from_spend": row["from_spend"],
             "share": customers / (customers + rest) if customers + rest >= inputs.settings.min_n else None}]  # fmt: skip
    return inputs.computed(
        "group", Text("高购买力客户", "Customers with high purchasing power"), GROUP, ("group",),
        rows if customers else [], method="profile.power.group_table", sql=sql, **bound,
    )  # fmt: skip
