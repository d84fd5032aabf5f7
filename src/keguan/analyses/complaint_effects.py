"""What do unsolved complaints precede: do those customers come back less than others who were alike?

Method: each customer once, from the first complaint of the window; whether it was solved is judged at a landmark some
days later, and purchases count from there. Customers without a complaint stand on the same days. Like is compared
with like: strata of recency and frequency on the day raised, pooled by Mantel-Haenszel (Sato's variance), three
comparisons corrected (Benjamini-Hochberg); time to the next purchase by Kaplan-Meier. An association: who complains,
and whose complaint is solved, was not drawn by lot.

Source: Anderson, Cain and Gelber (1983); Mantel and Haenszel (1959); Sato (1989); Kaplan and Meier (1958).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from keguan.analysis import Analysis, Inputs, param
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.corrected import corrected
from keguan.evidence.statistics.kaplan_meier import Step, kaplan_meier, survival_at
from keguan.evidence.statistics.risk_difference import Stratum, risk_difference
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.after_complaints import LEFT_OUT, STRATA, TIMES
from keguan.marts.change_columns import Q
from keguan.result import Cell, Claim, Column, Figure, Note, Result, Table, Test

GROUPS = ("unsolved", "solved", "none")
PAIRS = (("unsolved", "solved"), ("unsolved", "none"), ("solved", "none"))
GRID = 10
LONGEST = 180


@dataclass(frozen=True)
class Params:
    """When a complaint counts as solved, and how long customers are followed."""

    window_months: int = param(24, "统计窗口（月）", "window, months")
    landmark_days: int = param(
        30, "提出多少天后判断是否解决", "days after which a complaint is judged solved or not"
    )
    horizon_days: int = param(90, "此后观察多少天", "days of observation from then on")


TEXT: Mapping[str, Text] = {
    "below": Text(
        "{first}此后 {days} 天内再次购买的占 {risk}，显著低于此前购买近度与频次相同的{second}的 {other}，相差 {difference:-}"
        "（95% 区间 {high:-} 至 {low:-}；n={n}，{base}）。这是关联，没有随机对照，不说明原因。",
        "{risk} of {first:l} bought again within the next {days} days, significantly lower than {other} of {second:l} with the "
        "same recency and frequency before, a difference of {difference:-} (95% interval {high:-} to {low:-}; n={n}, {base}). "
        "An association without a control group, not a cause.",
    ),
    "above": Text(
        "{first}此后 {days} 天内再次购买的占 {risk}，显著高于此前购买近度与频次相同的{second}的 {other}，相差 {difference}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。这是关联，没有随机对照，不说明原因。",
        "{risk} of {first:l} bought again within the next {days} days, significantly higher than {other} of {second:l} with the "
        "same recency and frequency before, a difference of {difference} (95% interval {low} to {high}; n={n}, {base}). "
        "An association without a control group, not a cause.",
    ),
    "same": Text(
        "{first}此后 {days} 天内再次购买的占 {risk}，此前购买近度与频次相同的{second}为 {other}，无显著差异"
        "（相差的 95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{risk} of {first:l} and {other} of {second:l} with the same recency and frequency before bought again within the next "
        "{days} days, no significant difference (95% interval {low} to {high}; n={n}, {base}).",
    ),
}  # fmt: skip

WILSON = Text("Wilson 95% 区间，未作匹配", "Wilson 95% interval, not matched")


def group_columns(days: int) -> tuple[Column, ...]:
    """One row a group, as it is."""
    return (
        Column(
            "complaint_group", Text("客户", "Customers"), "label", role="key", vocabulary="complaint_group"
        ),
        Column("days", Text("天数", "Days"), "count"),
        Column("customers", Text("客户数", "Number"), "count"),
        Column("bought", Text(f"{days} 天内再次购买", f"Bought within {days} days"), "count"),
        Column("rate", Text("复购率", "Rate"), "share"),
        Column("low", Text("区间下限", "Interval from"), "share", role="low", note=WILSON),
        Column("high", Text("区间上限", "Interval to"), "share", role="high"),
        Column("lost", Text(f"{days} 天内未再购买", f"Not back within {days} days"), "share"),
    )


COMPARED_COLUMNS = (
    Column("first", Text("客户", "Customers"), "label", role="key", vocabulary="complaint_group"),
    Column("second", Text("与之相比", "Compared with"), "label", role="key", vocabulary="complaint_group"),
    Column("n", Text("人数", "Number"), "count"),
    Column("other_n", Text("相比者人数", "Number compared with"), "count"),
    Column("risk", Text("复购率（匹配后）", "Rate, matched"), "share",
           note=Text("按提出日的购买近度与频次分层，Mantel-Haenszel 权重",
                     "by recency and frequency on the day raised, Mantel-Haenszel weights")),
    Column("other", Text("相比者复购率（匹配后）", "Rate compared with, matched"), "share"),
    Column("difference", Text("相差", "Difference"), "points"),
    Column("low", Text("区间下限", "Interval from"), "points", role="low",
           note=Text("Sato 方差 95% 区间", "95% interval, variance by Sato")),
    Column("high", Text("区间上限", "Interval to"), "points", role="high"),
    Column("p", Text("p 值", "p"), "number", 4),
    Q,
)  # fmt: skip
STRATA_COLUMNS = (
    Column("recency_band", Text("最近购买", "Last purchase"), "label", role="key", vocabulary="recency_band"),
    Column("frequency_band", Text("购买频次", "Frequency"), "label", role="key", vocabulary="frequency_band"),
    Column("complaint_group", Text("客户", "Customers"), "label", role="key", vocabulary="complaint_group"),
    Column("customers", Text("客户数", "Number"), "count"),
    Column("bought", Text("再次购买", "Bought again"), "count"),
)
CURVE_COLUMNS = (
    Column("complaint_group", Text("客户", "Customers"), "label", role="key", vocabulary="complaint_group"),
    Column("day", Text("判断后天数", "Days since judged"), "count", role="key"),
    Column("waiting", Text("仍在观察", "Still observed"), "count"),
    Column("bought", Text("累计再次购买", "Bought again by then"), "share",
           note=Text("Kaplan-Meier 估计，未作匹配", "Kaplan-Meier, not matched")),
    Column("low", Text("区间下限", "Interval from"), "share", role="low"),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
)  # fmt: skip


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: compared, groups, strata, curve."""
    bound: dict[str, Any] = {
        "since": window_start(inputs.as_of, params.window_months),
        "until": inputs.as_of - timedelta(days=params.landmark_days + params.horizon_days),
        "landmark": params.landmark_days,
    }
    followed = {**bound, "horizon": params.horizon_days}
    strata = inputs.table(
        "strata", Text("各层的复购", "Repurchase by stratum"), STRATA_COLUMNS,
        ("recency_band", "frequency_band", "complaint_group"), STRATA, **followed,
    )  # fmt: skip
    rows = strata.records()
    tables = (
        compared_table(inputs, rows),
        group_table(inputs, rows, params.horizon_days),
        replace(strata, appendix=True),
        curve_table(inputs, bound),
    )
    left = inputs.query(LEFT_OUT, **bound).to_pylist()[0]
    result = Result("complaint_effects", tables, _figures(tables))
    return replace(
        result, claims=tuple(_claims(result)), notes=tuple(_notes(inputs, result, left)),
    )  # fmt: skip


def group_table(inputs: Inputs, strata: Sequence[Mapping[str, Any]], days: int) -> Table:
    """Rates as they are, before any matching."""
    rows = []
    for name in GROUPS:
        own = [row for row in strata if row["complaint_group"] == name]
        size, bought = sum(row["customers"] for row in own), sum(row["bought"] for row in own)
        ends = wilson(bought, size) if size >= max(inputs.settings.min_n, 1) else None
        rows.append(
            {
                "complaint_group": name, "days": days, "customers": size, "bought": bought,
                "rate": bought / size if ends else None, "low": ends.low if ends else None,
                "high": ends.high if ends else None, "lost": 1 - bought / size if ends else None,
            }
        )  # fmt: skip
    return inputs.computed(
        "groups", Text("投诉后的复购（未匹配）", "Repurchase after a complaint, not matched"), group_columns(days),
        ("complaint_group",), rows if any(row["customers"] for row in rows) else [],
        method="evidence.statistics.wilson", inputs=("strata",),
    )  # fmt: skip


def compared_table(inputs: Inputs, strata: Sequence[Mapping[str, Any]]) -> Table:
    """Each pair of groups among customers alike; a pair with fewer than `min_n` on a side is withheld."""
    cells = {(r["recency_band"], r["frequency_band"], r["complaint_group"]): r for r in strata}
    bands = sorted({key[:2] for key in cells})
    rows: list[dict[str, Any]] = []
    for first, second in PAIRS:
        paired = [
            Stratum(*_counts(cells.get((*band, first))), *_counts(cells.get((*band, second))))
            for band in bands
        ]
        found = risk_difference(paired)
        if found is None or min(found.n, found.other_n) < inputs.settings.min_n:
            continue
        rows.append(
            {
                "first": first, "second": second, "n": found.n, "other_n": found.other_n, "risk": found.risk,
                "other": found.other_risk, "difference": found.difference, "low": found.low, "high": found.high,
                "p": found.p,
            }
        )  # fmt: skip
    for row, q in zip(rows, benjamini_hochberg([row["p"] for row in rows]), strict=True):
        row["q"] = q
    return inputs.computed(
        "compared", Text("投诉后的复购（同近度同频次相比）", "Repurchase after a complaint, customers alike"),
        COMPARED_COLUMNS, ("first", "second"), rows, method="evidence.statistics.risk_difference", inputs=("strata",),
    )  # fmt: skip


def _counts(row: Mapping[str, Any] | None) -> tuple[int, int]:
    return (int(row["bought"]), int(row["customers"])) if row else (0, 0)


def curve_table(inputs: Inputs, bound: Mapping[str, Any]) -> Table:
    """Share back by days since the landmark, as far as `min_n` of a group are observed."""
    times: dict[str, list[tuple[float, int, int]]] = {}
    for row in inputs.query(TIMES, **bound).to_pylist():
        times.setdefault(row["complaint_group"], []).append(
            (float(row["days"]), int(row["bought"]), int(row["still_open"]))
        )
    rows = [
        {"complaint_group": name, **point}
        for name in GROUPS
        for point in _points(kaplan_meier(times.get(name, [])), inputs.settings.min_n)
    ]
    return inputs.computed(
        "curve", Text("投诉判断后多久再次购买", "Time to the next purchase"), CURVE_COLUMNS, ("complaint_group", "day"),
        rows, method="evidence.statistics.kaplan_meier", sql=TIMES, **bound,
    )  # fmt: skip


def _points(steps: Sequence[Step], min_n: int) -> Iterator[dict[str, Any]]:
    watched = [step for step in steps if step.at_risk >= min_n]
    longest = min(int(watched[-1].time), LONGEST) if watched else -1
    for day in range(0, longest + 1, GRID):
        held = survival_at(steps, day)
        yield {
            "day": day, "waiting": next((s.at_risk for s in watched if s.time >= day), 0),
            "bought": 1 - held.survival if held else 0.0, "low": 1 - held.high if held else 0.0,
            "high": 1 - held.low if held else 0.0,
        }  # fmt: skip


def _claims(result: Result) -> Iterator[Claim]:
    for row in result.table("compared"):
        passed = row["q"] <= FALSE_DISCOVERY and not row["low"] <= 0 <= row["high"]
        says = ("below" if row["difference"] < 0 else "above") if passed else "same"
        key = {"first": row["first"], "second": row["second"]}
        names = ["risk", "other", "low", "high", *(["difference"] if passed else [])]
        yield Claim(
            says, f"complaint_effects/{row['first']}/{row['second']}",
            {"days": Cell("groups", {"complaint_group": row["first"]}, "days"),
             **{name: Cell("compared", key, name) for name in names}},
            row["n"] + row["other_n"],
            Text("此前有购买、能在同层找到对照的客户", "customers with a purchase before and others alike"),
            strength="tested",
            test=Test("Mantel-Haenszel", passed, row["p"], row["low"], row["high"], corrected(row["q"])),
            labels={name: (row[name], "complaint_group") for name in ("first", "second")}, topic="after_complaints",
            summary=passed and row["first"] == "unsolved", figure="curve", certainty=1 - row["q"],
            worse=passed and row["difference"] < 0,
        )  # fmt: skip


def _notes(inputs: Inputs, result: Result, left: Mapping[str, Any]) -> Iterator[Note]:
    least = inputs.settings.min_n
    if not left["complained"]:
        yield Note(
            Text("没有带客户编号、观察期已满的投诉，看不出投诉之后的购买",
                 "No complaint with a customer id has been observed long enough to see what was bought after it"),
            "missing",
        )  # fmt: skip
        return
    if left["unknown"]:
        yield Note(
            Text(f"{left['unknown']} 位客户的投诉已解决但没有解决时间，未计入",
                 f"{left['unknown']} customers whose complaint was solved at an unknown time are left out"),
            "warning",
        )  # fmt: skip
    if len(result.table("compared").rows) < len(PAIRS):
        yield Note(
            Text(f"每组至少 {least} 位可比的客户才作比较，其余不给出",
                 f"Only groups with {least} comparable customers each are compared"),
            "withheld",
        )  # fmt: skip


def _figures(tables: Sequence[Table]) -> tuple[Figure, ...]:
    filled = {table.id for table in tables if len(table.rows)}
    if "curve" not in filled:
        return ()
    return (
        Figure("curve", "line", Text("判断是否解决之后多少天内再次购买（累计占比）",
                                     "Share who bought again, by days since the complaint was judged"),
               "curve", "day", ("bought",), series="complaint_group"),
    )  # fmt: skip


ANALYSIS = Analysis(
    name="complaint_effects",
    title=Text("投诉之后", "After a complaint"),
    question=Text(
        "投诉没有解决的客户，之后比情况相同的客户更少回来吗？",
        "Do customers whose complaint is not solved come back less than others who were alike?",
    ),
    section="service",
    params=Params,
    run=run,
    text=TEXT,
    reads=("feedback", "purchases"),
    needs=("feedback", "orders"),
    order=60,
)
