"""What is said about coming back: sentences bound to cells, and notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keguan.analyses.repurchase.cohorts import Cohort
from keguan.analyses.repurchase.timing import GRID
from keguan.analysis import Inputs
from keguan.core.period import month_name
from keguan.core.text import Text
from keguan.evidence.statistics.kaplan_meier import Step, time_when
from keguan.result import Cell, Change, Claim, Note, Result, Table, Test

ALPHA = 0.05  # level of the test of change
NEW = Text("首次购买的客户", "first-time buyers")

TEXT: Mapping[str, Text] = {
    "window": Text(
        "近 {months} 个月（{since} 起）有购买的客户中，{repeaters} 位购买了两次及以上，复购率 {rate}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "Of the customers with a purchase in the last {months} months (since {since}), {repeaters} bought twice or more: "
        "a repurchase rate of {rate} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "first_time": Text(
        "{period} 首次购买的客户中，{returned} 位在 {days} 天内再次购买，占 {rate}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "Of those who first bought in {period}, {returned} bought again within {days} days: {rate} "
        "(95% interval {low} to {high}; n={n}, {base}).",
    ),
    "rose": Text(
        "首次购买后 {days} 天内的复购率由 {before_period} 的 {before} 提升至 {period} 的 {rate}，相差 {difference}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "The rate of a second purchase within {days} days is higher: {before} for {before_period}, {rate} for "
        "{period}, a difference of {difference} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "fell": Text(
        "首次购买后 {days} 天内的复购率由 {before_period} 的 {before} 下滑至 {period} 的 {rate}，相差 {difference:-}"
        "（95% 区间 {high:-} 至 {low:-}；n={n}，{base}）。",
        "The rate of a second purchase within {days} days is lower: {before} for {before_period}, {rate} for "
        "{period}, a difference of {difference:-} (95% interval {high:-} to {low:-}; n={n}, {base}).",
    ),
    "steady": Text(
        "首次购买后 {days} 天内的复购率，{before_period} 为 {before}，{period} 为 {rate}；两者之差的 95% 区间 "
        "{low} 至 {high} 包含 0，数据不足以判断有变化（n={n}，{base}）。",
        "The rate of a second purchase within {days} days was {before} for {before_period} and {rate} for "
        "{period}; the 95% interval of the difference, {low} to {high}, includes 0: the data do not show a "
        "change (n={n}, {base}).",
    ),
    "half": Text(
        "首次购买后 {day} 天内，{share} 的客户再次购买（Kaplan-Meier 估计，尚未观察满的客户按已观察的天数计入；"
        "95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "Within {day} days of the first purchase {share} buy again (Kaplan-Meier estimate, customers count for as "
        "long as they are observed; 95% interval {low} to {high}; n={n}, {base}).",
    ),
}


def repurchase_claims(result: Result, value: float, steps: Sequence[Step], min_n: int) -> tuple[Claim, ...]:
    return (
        *_window_claims(result, min_n),
        *_change_claims(result, value, min_n),
        *_half_claims(result, steps),
    )


def _window_claims(result: Result, min_n: int) -> list[Claim]:
    row = result.table("window").records()[0]
    if row["customers"] < min_n:
        return []
    key = {"months": row["months"]}
    return [
        Claim(
            says="window", key="repurchase/window",
            values={
                "months": Cell("window", key, "months"),
                "since": Cell("window", key, "since"), "repeaters": Cell("window", key, "returned"),
                "rate": Cell("window", key, "rate"), "low": Cell("window", key, "low"),
                "high": Cell("window", key, "high"),
            },
            n=row["customers"], base=Text("这段时间有购买的客户", "customers with a purchase in that time"),
            strength="estimate", topic="repurchase_rate", certainty=0.9, figure="first_time",
        )
    ]  # fmt: skip


def _change_claims(result: Result, value: float, min_n: int) -> list[Claim]:
    recent = result.table("periods").find({"period": "recent"})
    if recent is None or recent["rate"] is None:
        return []
    values: dict[str, Any] = {
        "days": Cell("periods", {"period": "recent"}, "days"),
        "period": Cell("periods", {"period": "recent"}, "months"),
        "rate": Cell("periods", {"period": "recent"}, "rate"),
    }
    change = result.table("change").find({"period": "recent"})
    first = Claim(
        says="first_time", key="repurchase/first_time",
        values={
            **values, "returned": Cell("periods", {"period": "recent"}, "returned"),
            "low": Cell("periods", {"period": "recent"}, "low"),
            "high": Cell("periods", {"period": "recent"}, "high"),
        },
        n=recent["customers"], base=NEW, strength="estimate", topic="second_purchase", figure="first_time",
        money=recent["returned"] * value, certainty=0.9,
    )  # fmt: skip
    if change is None:
        return [first]
    before = result.table("periods").find({"period": "before"})
    assert before is not None
    passed = change["p"] <= ALPHA and (change["low"] > 0 or change["high"] < 0)
    says = "steady" if not passed else "rose" if change["difference"] > 0 else "fell"
    values |= {
        "before_period": Cell("periods", {"period": "before"}, "months"),
        "before": Cell("periods", {"period": "before"}, "rate"),
        "low": Cell("change", {"period": "recent"}, "low"),
        "high": Cell("change", {"period": "recent"}, "high"),
    }
    if passed:
        values["difference"] = Cell("change", {"period": "recent"}, "difference")
    compared = Claim(
        says=says, key="repurchase/change", values=values, n=recent["customers"] + before["customers"], base=NEW,
        strength="tested",
        test=Test(
            "Newcombe", passed, change["p"], change["low"], change["high"],
        ),
        money=abs(change["difference"]) * recent["customers"] * value if passed else 0.0,
        certainty=1 - change["p"], topic="second_purchase_change", summary=passed, figure="first_time",
        about=("lifecycle_stage", "转化"), worse=passed and change["difference"] < 0,
        change=Change(
            ("second_purchase",), "up" if change["difference"] > 0 else "down",
            Text("首次购买的最近三个月对一年前", "first purchases of the recent months against those a year before"),
        ) if passed else None,
    )  # fmt: skip
    return [compared]  # it says the recent rate too


def _half_claims(result: Result, steps: Sequence[Step]) -> list[Claim]:
    """When half, a quarter or a tenth of first-time buyers are back: the largest share reached."""
    days = {row["day"] for row in result.table("time_to_second")}
    for share in (0.5, 0.25, 0.1):
        reached = time_when(steps, share)
        day = None if reached is None else -(-int(reached) // GRID) * GRID
        if day is not None and day in days:
            key = {"day": day}
            return [
                Claim(
                    says="half", key="repurchase/half",
                    values={
                        "day": Cell("time_to_second", key, "day"),
                        "share": Cell("time_to_second", key, "returned"),
                        "low": Cell("time_to_second", key, "low"),
                        "high": Cell("time_to_second", key, "high"),
                    },
                    n=steps[0].at_risk, base=NEW, strength="estimate", topic="time_to_second", summary=False,
                    figure="time_to_second",
                )
            ]  # fmt: skip
    return []


def repurchase_notes(inputs: Inputs, tables: Sequence[Table], cohorts: Sequence[Cohort]) -> tuple[Note, ...]:
    min_n, notes = inputs.settings.min_n, []
    buyers = tables[0].records()[0]["customers"]
    if buyers < min_n:
        notes.append(
            Note(
                Text(
                    f"所选月份内有购买的客户 {buyers} 位，少于 {min_n} 位，复购率不予给出",
                    f"{buyers} buyers in the months looked at, fewer than {min_n}: the repurchase rate is withheld",
                ),
                "withheld",
            )
        )
    small = [r["cohort"] for r in tables[1] if r["customers"] < min_n]
    if small:
        notes.append(
            Note(
                Text(
                    f"{len(small)} 个首购月份的客户少于 {min_n} 位，其复购率不予给出",
                    f"Months with fewer than {min_n} first-time buyers: {len(small)}; their rates are withheld",
                ),
                "withheld",
            )
        )
    if cohorts:
        first = month_name(min(c.month for c in cohorts))
        notes.append(
            Note(
                Text(
                    f"数据始于 {first}，更早购买过的客户在该月会被当作首购，比较时不含该月",
                    f"The data begin in {first}: earlier customers look new in that month, which is left out "
                    "of comparisons",
                )
            )
        )
    else:
        notes.append(
            Note(
                Text("没有观察满的首购月份", "No month of first purchases has been observed long enough"),
                "missing",
            )
        )
    return tuple(notes)
