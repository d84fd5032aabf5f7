"""Second purchases by channel of the first order, and since when a channel changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from keguan.analyses.cohort.columns import CHANGE_COLUMNS, SECOND_COLUMNS
from keguan.analyses.cohort.params import ALL, MOST_CHANNELS, OTHER, Params
from keguan.analyses.cohort.retention import rated
from keguan.analysis import Inputs
from keguan.core.period import month_end, month_name
from keguan.core.text import Text
from keguan.evidence.statistics.rate_change import RateChange, rate_changes
from keguan.marts.cohorts import SECOND_SQL
from keguan.result import Note, Table

MOST_DAYS = 3650


def second_purchases(
    inputs: Inputs, params: Params, notes: list[Note], first_used: int
) -> tuple[Table, Table, dict[str, float]]:
    """second_purchase, second_purchase_change, and per channel the money a lost second purchase is worth."""
    bounds: dict[str, Any] = {
        "observed_until": _observed_until(inputs.as_of, params.within_days),
        "within_days": params.within_days,
    }
    found = inputs.query(SECOND_SQL, **bounds).to_pylist()
    series = _by_channel(found, inputs.settings.min_n)
    least = inputs.settings.min_n
    rows = [
        {"channel": channel, "cohort": month_name(cohort), **_repeat_row(row, least)}
        for channel, months in series.items()
        for cohort, row in sorted(months.items())
    ]
    note = Text(
        f"首单后 {params.within_days} 天内又下单（当天第二单也算）；只含已观察满 {params.within_days} 天的队列",
        f"A further order within {params.within_days} days of the first (a second one on the same day counts); only "
        f"cohorts observed for {params.within_days} full days",
    )
    second = inputs.computed(
        "second_purchase", Text("首单渠道与二购率", "Second purchase by channel of the first order"),
        SECOND_COLUMNS, ("channel", "cohort"), rows, method="cohort.second", sql=SECOND_SQL, note=note, **bounds,
    )  # fmt: skip
    changes = _changes(series, least, first_used)
    if rows and not changes:
        text = Text(
            "二购率：队列太少或太小，不检验变化",
            "Second purchase: too few or too small cohorts to test for changes",
        )
        notes.append(Note(text, "withheld"))
    table = inputs.computed(
        "second_purchase_change", Text("二购率从何时变化", "Since when the second-purchase rate changed"),
        CHANGE_COLUMNS, ("channel",), changes, method="rate_changes: change_point, newcombe, benjamini_hochberg",
        inputs=("second_purchase",),
    )  # fmt: skip
    return second, table, {channel: _worth(months) for channel, months in series.items()}


def _observed_until(as_of: date, days: int) -> date:
    """The last day of the last month all of whose customers have been observed for `days` days."""
    day = as_of - timedelta(days=min(max(days, 1), MOST_DAYS))
    return day if day == month_end(day) else day.replace(day=1) - timedelta(days=1)


def _by_channel(found: Sequence[Mapping[str, Any]], least: int) -> dict[str, dict[int, dict[str, Any]]]:
    """Channel -> cohort -> figures. Small channels are one 其他; without channels everything is 全部."""
    sizes: dict[str, int] = defaultdict(int)
    for row in found:
        sizes[row["channel"]] += row["customers"]
    large = sorted((name for name in sizes if sizes[name] >= least), key=lambda name: (-sizes[name], name))
    kept = set(large[:MOST_CHANNELS])
    single = len(sizes) < 2
    series: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
    for row in found:
        channel = ALL if single else row["channel"] if row["channel"] in kept else OTHER
        into = series[channel].setdefault(row["cohort_no"], defaultdict(int))
        for name in ("customers", "repeated", "net_revenue", "repeated_revenue"):
            into[name] += row[name]
    return {channel: series[channel] for channel in sorted(series)}


def _repeat_row(row: Mapping[str, Any], least: int) -> dict[str, Any]:
    share = rated(row["repeated"], row["customers"], least)
    return {"customers": row["customers"], "repeated": share.pop("active"), **share}


def _changes(
    series: Mapping[str, Mapping[int, Mapping[str, Any]]], least: int, first_used: int
) -> list[dict[str, Any]]:
    """The strongest change of each channel's rate, corrected for all channels."""
    used = {
        name: [cohort for cohort in sorted(months) if cohort >= first_used] for name, months in series.items()
    }
    counts = {
        name: (
            [series[name][cohort]["repeated"] for cohort in cohorts],
            [series[name][cohort]["customers"] for cohort in cohorts],
        )
        for name, cohorts in used.items()
    }
    return [
        {
            "channel": name, "since": month_name(used[name][change.index]),
            "customers_before": change.before_n, "rate_before": change.before,
            "customers_after": change.after_n, "rate_after": change.after,
            "difference": change.difference, "low": change.low, "high": change.high,
            "p": change.p, "q": change.q, "verdict": _word(change),
        }
        for name, change in rate_changes(counts, least).items()
    ]  # fmt: skip


def _word(change: RateChange) -> str:
    if not change.sure:
        return "无显著变化"
    return "显著增加" if change.difference > 0 else "显著减少"


def _worth(months: Mapping[int, Mapping[str, Any]]) -> float:
    """Net revenue of a customer with a second purchase less that of one without."""
    with_second = sum(row["repeated"] for row in months.values())
    without = sum(row["customers"] for row in months.values()) - with_second
    money = float(sum(row["repeated_revenue"] for row in months.values()))
    rest = float(sum(row["net_revenue"] for row in months.values())) - money
    return money / with_second - rest / without if with_second and without else 0.0
