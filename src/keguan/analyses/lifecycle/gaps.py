"""How long a silence is unusual: gap models by number of purchases, and first to second purchase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.gamma_poisson import GapCell, GapModel, fit_gaps
from keguan.evidence.statistics.kaplan_meier import Step
from keguan.result import Column, Table

SHARES = {"dormant": 0.8, "risk": 0.9, "lost": 0.975}

FROM_PURCHASE_DAYS = (
    2,
    3,
    4,
    5,
    7,
    11,
    21,
)  # customers with 5-6, 7-10, 11-20, 21+ purchase days share a model

UNKNOWN_DAYS = 365.0

PURCHASE_DAYS = """
purchase_days AS (
  SELECT account_no, order_day AS day
  FROM purchases
  WHERE account_no IS NOT NULL
  GROUP BY account_no, order_day
  HAVING sum(orders) - sum(cancelled) > 0
)"""

# Every gap of every customer with what was known when it began: closed gaps so far and the days they took.
# Days are binned on a square-root scale, so that the number of cells does not grow with the customers.
GAP_CELLS_SQL = f"""
WITH {PURCHASE_DAYS}, steps AS (
  SELECT day,
         row_number() OVER (PARTITION BY account_no ORDER BY day) AS purchase_days,
         min(day) OVER (PARTITION BY account_no) AS first_day,
         lead(day) OVER (PARTITION BY account_no ORDER BY day) AS next_day
  FROM purchase_days
), gaps AS (
  SELECT purchase_days,
         least(purchase_days, $deepest) AS level,
         date_diff('day', first_day, day) AS days,
         date_diff('day', day, coalesce(next_day, $as_of)) AS silence,
         CASE WHEN next_day IS NULL THEN 0 ELSE 1 END AS closed
  FROM steps
)
SELECT level,
       closed,
       count(*) AS customers,
       avg(CAST(purchase_days - 1 AS DOUBLE)) AS gaps,
       avg(CAST(days AS DOUBLE)) AS days,
       avg(CAST(silence AS DOUBLE)) AS silence
FROM gaps
WHERE purchase_days >= 2
GROUP BY level, closed,
         CAST(floor(2 * sqrt(CAST(days AS DOUBLE))) AS INTEGER),
         CAST(floor(2 * sqrt(CAST(silence AS DOUBLE))) AS INTEGER)
"""

FIRST_GAPS_SQL = f"""
WITH {PURCHASE_DAYS}, firsts AS (
  SELECT account_no, min(day) AS first_day FROM purchase_days GROUP BY account_no
), seconds AS (
  SELECT f.account_no, f.first_day, min(d.day) AS second_day
  FROM firsts f
  LEFT JOIN purchase_days d ON d.account_no = f.account_no AND d.day > f.first_day
  GROUP BY f.account_no, f.first_day
)
SELECT date_diff('day', first_day, coalesce(second_day, $as_of)) AS days,
       sum(CASE WHEN second_day IS NULL THEN 0 ELSE 1 END) AS returned,
       sum(CASE WHEN second_day IS NULL THEN 1 ELSE 0 END) AS still_open
FROM seconds
GROUP BY date_diff('day', first_day, coalesce(second_day, $as_of))
"""

_FLAGGED = Text(
    "在历史长度内还会回来的客户中，沉默超过该天数的分别占 20%、10%、2.5%",
    "of those who come back within the length of the history 20%, 10% and 2.5% are silent for longer",
)

THRESHOLD_COLUMNS = (
    Column("purchase_days", Text("购买天数", "Purchase days"), "text", role="key"),
    Column("gaps", Text("已完成间隔", "Closed gaps"), "count"),
    Column(
        "typical_days", Text("典型历史（天）", "Typical history (days)"), "days",
        note=Text("首次到最近购买的平均天数", "mean days from first to last purchase"),
    ),
    Column("dormant_after", Text("沉默超过（天）", "Dormant after (days)"), "days", note=_FLAGGED),
    Column("risk_after", Text("风险超过（天）", "At risk after (days)"), "days"),
    Column("lost_after", Text("流失超过（天）", "Lost after (days)"), "days"),
    Column(
        "method", Text("方法", "Method"), "label", vocabulary="lifecycle_method",
        note=Text(
            "每位客户用自己的历史计算，此处按典型历史列示", "each customer has own limits; shown for a typical history"
        ),
    ),
    Column("shape", Text("形状参数", "Shape"), "number", 3),
    Column("rate", Text("速率参数（天）", "Rate (days)"), "number", 2),
    Column(
        "gone", Text("不再回来的比例", "Never back"), "share",
        note=Text("每次购买之后，模型估计", "after a purchase, as estimated by the model"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """Customers with `low` to `high` purchase days, who share a gap model."""

    low: int
    high: int
    gaps: int
    typical_gaps: float
    typical_days: float
    model: GapModel | None


def first_limits(steps: Sequence[Step], min_n: int) -> dict[str, float] | None:
    """Kaplan-Meier percentiles of the time to the second purchase among those who come back as far as the
    curve is watched by `min_n` customers; None when fewer than `min_n` came back."""
    watched = [step for step in steps if step.at_risk >= min_n]
    if sum(step.events for step in watched) < min_n:
        return None
    back = 1 - watched[-1].survival
    return {
        name: float(next(s.time for s in watched if 1 - s.survival >= share * back - 1e-12))
        for name, share in SHARES.items()
    }


def first_median(steps: Sequence[Step], min_n: int) -> float | None:
    """Median days to the second purchase among those who came back; None when fewer than `min_n` did."""
    total = sum(step.events for step in steps)
    upto = 0
    for step in steps:
        upto += step.events
        if total >= min_n and upto * 2 >= total:
            return step.time
    return None


def gap_levels(inputs: Inputs) -> list[Level]:
    """A gap model for each group of customers with as many purchases; groups with fewer closed gaps than
    `min_n` join the next lower one."""
    rows = inputs.query(GAP_CELLS_SQL, deepest=FROM_PURCHASE_DAYS[-1]).to_pylist()
    lows = FROM_PURCHASE_DAYS
    groups: list[tuple[int, list[dict[str, Any]]]] = []
    for place, low in enumerate(lows):
        high = lows[place + 1] if place + 1 < len(lows) else 10**9
        cells = [row for row in rows if low <= int(row["level"]) < high]
        if groups and _closed(cells) < inputs.settings.min_n:
            groups[-1][1].extend(cells)
        else:
            groups.append((low, cells))
    if len(groups) > 1 and _closed(groups[0][1]) < inputs.settings.min_n:
        groups[1] = (groups[0][0], groups[0][1] + groups[1][1])
        groups = groups[1:]
    return [
        _level(low, groups[i + 1][0] - 1 if i + 1 < len(groups) else 10**9, cells, inputs.settings.min_n)
        for i, (low, cells) in enumerate(groups)
    ]


def _closed(cells: Sequence[Mapping[str, Any]]) -> int:
    return sum(int(cell["customers"]) for cell in cells if cell["closed"])


def _level(low: int, high: int, cells: Sequence[Mapping[str, Any]], min_n: int) -> Level:
    total = sum(int(cell["customers"]) for cell in cells)
    model = None
    if _closed(cells) >= min_n:
        model = fit_gaps(
            [
                GapCell(c["gaps"], c["days"], c["silence"], bool(c["closed"]), int(c["customers"]))
                for c in cells
            ]
        )
    return Level(
        low, high, _closed(cells),
        sum(c["gaps"] * c["customers"] for c in cells) / total if total else 0.0,
        sum(c["days"] * c["customers"] for c in cells) / total if total else 0.0,
        model,
    )  # fmt: skip


def threshold_table(
    inputs: Inputs,
    levels: Sequence[Level],
    first: Mapping[str, float] | None,
    steps: Sequence[Step],
    horizon: int,
) -> Table:
    rows: list[dict[str, Any]] = []
    if steps:
        limits = first or dict.fromkeys(SHARES, UNKNOWN_DAYS)
        rows.append(
            {
                "purchase_days": "1",
                "gaps": sum(step.events for step in steps),
                "typical_days": 0.0,
                **{f"{name}_after": limits[name] for name in SHARES},
                "method": "kaplan_meier" if first else "unknown",
            }
        )
    for level in levels:
        if level.gaps == 0 and level.model is None and level.typical_days == 0:
            continue
        rows.append(_threshold_row(level, horizon))
    return inputs.computed(
        "thresholds", Text("沉默多久算异常", "How long a silence is unusual"), THRESHOLD_COLUMNS,
        ("purchase_days",), rows, method="evidence.statistics.gamma_poisson", sql=GAP_CELLS_SQL,
        deepest=FROM_PURCHASE_DAYS[-1],
    )  # fmt: skip


def _threshold_row(level: Level, horizon: int) -> dict[str, Any]:
    name = f"{level.low}+" if level.high >= 10**9 else f"{level.low}–{level.high}"
    row: dict[str, Any] = {
        "purchase_days": str(level.low) if level.low == level.high else name,
        "gaps": level.gaps,
        "typical_days": level.typical_days,
        "method": "gamma_poisson" if level.model else "unknown",
    }
    for key, share in SHARES.items():
        row[f"{key}_after"] = (
            level.model.silence(level.typical_gaps, level.typical_days, share, horizon)
            if level.model
            else UNKNOWN_DAYS
        )
    if level.model:
        row |= {"shape": level.model.shape, "rate": level.model.rate, "gone": level.model.gone}
    return row
