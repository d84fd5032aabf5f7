"""Where high begins in R, F and M, by each method, and whether a cut had to move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor
from typing import Any

from keguan.analyses.rfm.classes import FACTS
from keguan.analyses.rfm.params import Params
from keguan.core.text import rounded

DIMENSIONS = ("R", "F", "M")

_LEVELS = {"R": "r", "F": "f", "M": "m"}
_COUNTED = ", ".join(
    f"{column}_levels AS (SELECT CAST({column} AS DOUBLE) AS value, count(*) AS customers FROM active GROUP BY {column})"
    for column in _LEVELS.values()
)
_RANKED = "\n  UNION ALL".join(
    f"""
  SELECT '{dimension}' AS dimension, value, customers,
         sum(customers) OVER (ORDER BY value ROWS UNBOUNDED PRECEDING) AS upto,
         sum(customers) OVER () AS total, min(value) OVER () AS lowest, max(value) OVER () AS highest
  FROM {column}_levels"""
    for dimension, column in _LEVELS.items()
)

# Each dimension's distinct values with their rank, for quantiles that are the same on every engine.
RANKED = f"""
WITH {FACTS}, active AS (
  SELECT * FROM facts WHERE f > 0
), {_COUNTED}, ranked AS ({_RANKED}
)"""

QUANTILES_SQL = f"""{RANKED}
SELECT dimension,
       CAST(max(total) AS BIGINT) AS customers,
       max(lowest) AS lowest,
       max(highest) AS highest,
       min(CASE WHEN value > lowest THEN value END) AS after_lowest,
       max(CASE WHEN value < highest THEN value END) AS before_highest,
       (min(CASE WHEN upto * 2 >= total THEN value END)
        + min(CASE WHEN upto * 2 > total THEN value END)) / 2 AS median,
       sum(value * customers) / max(total) AS mean,
       min(CASE WHEN upto * 4 >= total THEN value END) AS p25,
       min(CASE WHEN upto * 5 >= total * 2 THEN value END) AS p40,
       min(CASE WHEN upto * 5 >= total * 3 THEN value END) AS p60,
       min(CASE WHEN upto * 4 >= total * 3 THEN value END) AS p75,
       min(CASE WHEN upto * 5 >= total * 4 THEN value END) AS p80
FROM ranked
GROUP BY dimension
"""


@dataclass(frozen=True, slots=True)
class Cut:
    """Where high begins in one dimension, and whether it had to move."""

    value: int | Decimal
    moved: bool = False


def has_own_cuts(params: Params) -> bool:
    return params.own_r > 0 or params.own_f > 0 or params.own_m > 0


def cuts_by(facts: Mapping[str, Mapping[str, Any]], method: str, params: Params) -> dict[str, Cut]:
    """The cut of each dimension by one method, as whole days, whole purchases and money."""
    own = {"R": params.own_r, "F": params.own_f, "M": params.own_m}
    if not facts:
        return {name: Cut(0) for name in DIMENSIONS}
    if method == "own":
        middle = cuts_by(facts, "median", params)
        return {n: Cut(_whole(n, float(own[n]))) if own[n] > 0 else middle[n] for n in DIMENSIONS}
    return {name: placed(name, facts[name], _level(name, facts[name], method)) for name in DIMENSIONS}


def _level(name: str, facts: Mapping[str, Any], method: str) -> float:
    """The raw cut. A quintile score of 4 begins at the 60th percentile; of recency, where less is better,
    it ends at the 40th."""
    column = {"quintile": "p40" if name == "R" else "p60"}.get(method, method)
    return float(facts[column])


def placed(name: str, facts: Mapping[str, Any], level: float) -> Cut:
    """A cut at the worst observed value would put everybody high: it moves to the next distinct value."""
    if name == "R":
        worst, following, beyond = float(facts["highest"]), facts["before_highest"], level >= facts["highest"]
    else:
        worst, following, beyond = float(facts["lowest"]), facts["after_lowest"], level <= facts["lowest"]
    if not beyond:
        return Cut(_whole(name, level))
    if name == "F" and worst < 2:
        return Cut(2 if following is None else max(2, _whole("F", float(following))), True)
    return Cut(_whole(name, worst), False) if following is None else Cut(_whole(name, float(following)), True)


def _whole(name: str, value: float) -> int | Decimal:
    """Days and purchases are whole numbers: 56.5 days cut like 56, 2.5 purchases like 3."""
    if name == "M":
        return rounded(round(value, 6), 4)
    return floor(value + 1e-9) if name == "R" else ceil(value - 1e-9)
