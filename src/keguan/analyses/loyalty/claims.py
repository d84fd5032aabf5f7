"""What is said about loyalty: sentences bound to cells, and notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY
from keguan.evidence.statistics.corrected import corrected
from keguan.evidence.statistics.sample_mean import SampleMean
from keguan.marts.loyalty import ATTITUDES
from keguan.result import Cell, Change, Claim, Note, Result, Test

TEXT: Mapping[str, Text] = {
    "level": Text(
        "忠诚度指数均值为 {index}（基准 {baseline_day} 为 {baseline}；95% 区间 {low} 至 {high}；n={n}，{base}）。"
        "指数为各分项在基准期中的百分位的加权平均，只作描述。",
        "The mean loyalty index is {index} ({baseline} at the baseline of {baseline_day}; 95% interval {low} to {high}; n={n}, "
        "{base}). The index is the weighted mean of percentiles in the baseline and describes, no more.",
    ),
    "rose": Text(
        "{component}比基准 {baseline_day} 显著更高：由 {before} 到 {now}，相差 {difference}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{component} is significantly higher than at the baseline of {baseline_day}: {before} then, {now} now, a difference "
        "of {difference} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "fell": Text(
        "{component}比基准 {baseline_day} 显著更低：由 {before} 到 {now}，相差 {difference:-}"
        "（95% 区间 {high:-} 至 {low:-}；n={n}，{base}）。",
        "{component} is significantly lower than at the baseline of {baseline_day}: {before} then, {now} now, a difference "
        "of {difference:-} (95% interval {high:-} to {low:-}; n={n}, {base}).",
    ),
    "steady": Text(
        "{component}与基准 {baseline_day} 相比无显著变化：{before} 与 {now}（相差的 95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{component} shows no significant change from the baseline of {baseline_day}: {before} and {now} (95% interval of "
        "the difference {low} to {high}; n={n}, {base}).",
    ),
    "matrix": Text(
        "态度高、复购高的 {loyal} 位（{loyal_share}）；态度高、复购低的 {latent} 位（{latent_share}）；态度低、复购高的 "
        "{spurious} 位（{spurious_share}），他们近 {months} 个月的净销售额为 {money}（n={n}，{base}）。",
        "Attitude and repeat purchase both high: {loyal} ({loyal_share}); attitude alone: {latent} ({latent_share}); repeat "
        "purchase alone: {spurious} ({spurious_share}), with net revenue of {money} in the last {months} months "
        "(n={n}, {base}).",
    ),
}  # fmt: skip


BASE = Text("至少有三个分项、其中一个为态度的客户", "customers with three components, one of them attitude")


def loyalty_claims(result: Result, day: date, as_of: date) -> Iterator[Claim]:
    baseline = {"baseline_day": Cell("trend", {"day": day}, "day")}
    now = result.table("trend").find({"day": as_of})
    if now is None or now["index"] is None:
        return
    values = {name: Cell("trend", {"day": as_of}, name) for name in ("index", "low", "high")}
    yield Claim(
        "level", "loyalty/level", values | baseline | {"baseline": Cell("trend", {"day": day}, "index")},
        now["customers"], BASE, strength="estimate", topic="loyalty", figure="trend", summary=False,
    )  # fmt: skip
    if as_of != day:
        yield from _changes(result, baseline)
    if result.has("matrix") and result.table("matrix").records()[0]["share"] is not None:
        yield _matrix(result, now["customers"])


def _changes(result: Result, baseline: Mapping[str, Cell]) -> Iterator[Claim]:
    for row in result.table("components"):
        if row["q"] is None:
            continue
        passed = row["q"] <= FALSE_DISCOVERY and not row["low"] <= 0 <= row["high"]
        if not passed and row["component"] != "index":
            continue
        says = ("rose" if row["difference"] > 0 else "fell") if passed else "steady"
        names = ["before", "now", "low", "high", *(["difference"] if passed else [])]
        yield Claim(
            says, f"loyalty/change/{row['component']}",
            {name: Cell("components", {"component": row["component"]}, name) for name in names} | dict(baseline),
            row["n"], BASE, strength="tested",
            test=Test("Welch", passed, None, row["low"], row["high"], corrected(row["q"])),
            labels={"component": (row["component"], "loyalty_component")}, topic="loyalty_change",
            figure="trend", summary=passed, certainty=1 - row["q"],
            change=Change(("loyalty", row["component"]), "up" if row["difference"] > 0 else "down") if passed else None,
            worse=passed and row["difference"] < 0,
        )  # fmt: skip


def _matrix(result: Result, n: int) -> Claim:
    values: dict[str, Cell] = {}
    for name in ("loyal", "latent", "spurious"):
        values[name] = Cell("matrix", {"quadrant": name}, "customers")
        values[f"{name}_share"] = Cell("matrix", {"quadrant": name}, "share")
    values["months"] = Cell("matrix", {"quadrant": "spurious"}, "months")
    values["money"] = Cell("matrix", {"quadrant": "spurious"}, "net_revenue")
    money = float(next(row["net_revenue"] for row in result.table("matrix") if row["quadrant"] == "spurious"))
    return Claim("matrix", "loyalty/matrix", values, n, BASE, money=max(money, 0.0), topic="loyalty_matrix",
                 figure="matrix", certainty=0.8)  # fmt: skip


def loyalty_notes(inputs: Inputs, result: Result, day: date, now: Mapping[str, SampleMean]) -> Iterator[Note]:
    yield Note(
        Text(f"忠诚度的基准为 {day}：第一个有足够客户的季度末，按当日所知计算",
             f"The baseline of loyalty is {day}, the first quarter end with enough customers, as known then")
    )  # fmt: skip
    if not now:
        least = inputs.settings.min_n
        yield Note(
            Text(f"目前有指数的客户少于 {least} 位，均值不予给出", f"Fewer than {least} customers have an index now: withheld"),
            "withheld",
        )  # fmt: skip
    elif not any(name in now for name in ATTITUDES if name != "satisfaction"):
        yield Note(
            Text(
                "没有问到信任与继续意愿，态度只看满意",
                "Neither trust nor going on was asked for: attitude is satisfaction",
            ),
        )
    if now and not result.has("matrix"):
        renewals = Text(
            "疑似自动续费，续费不是忠诚，不作态度与复购的对照",
            "Purchases look like automatic renewals, which are no loyalty: no matrix",
        )
        nothing = Text("没有购买记录，不作态度与复购的对照", "Without purchases there is no matrix")
        yield Note(renewals, "info") if inputs.has("purchases") else Note(nothing, "missing")
