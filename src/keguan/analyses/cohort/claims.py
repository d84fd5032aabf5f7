"""Sentences of the cohort analysis and the cells that they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from keguan.analyses.cohort.params import ALL, TOLD, Params
from keguan.core.text import Text
from keguan.evidence.statistics.corrected import corrected
from keguan.result import Cell, Change, Claim, Table, Test

OBSERVED = Text("已观察满期的新客户", "new customers observed for all these days")
OBSERVED_CHANNEL = Text(
    "该渠道已观察满期的新客户", "new customers of the channel observed for all these days"
)
# Customers of one channel of the first order, or of a shop that has one channel only.
WHOSE = {
    "": Text("首单渠道为「{channel}」的", " whose first order came through {channel}"),
    "_all": Text("", ""),
}
# Difference and interval; of what fell they are told by their size, the signs turned.
ROSE = ("{difference}", "{low}", "{high}")
FELL = ("{difference:-}", "{high:-}", "{low:-}")
TEXT = {
    "retention": Text(
        "首单后第 {month} 个月，{rate} 的客户再次下单（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "In month {month} after the first order, {rate} of customers place an order again (95% interval {low} to "
        "{high}; n={n}, {base}).",
    ),
    "lifetime": Text(
        "首单之后 {months} 个月带来的净销售额，是首单当月的 {ratio} 倍；连同首月，每位客户累计 {per_customer}"
        "（n={n}，{base}）。",
        "In the {months} months after it, customers bring {ratio} times the net revenue of the month of their first "
        "order; with that month {per_customer} per customer (n={n}, {base}).",
    ),
    **{
        f"second_{says}{whose}": Text(
            f"自 {{since}} 起，{of.zh}新客户 {{days}} 天内再次下单的比例由 {{before}} 显著{zh}到 {{after}}"
            f"（相差 {by[0]}，95% 区间 {by[1]} 至 {by[2]}；n={{n}}，{{base}}）。",
            f"Since {{since}}, new customers{of.en} place a further order within {{days}} days significantly {less}: the "
            f"rate {says} from {{before}} to {{after}} ({by[0]}, 95% interval {by[1]} to {by[2]}; n={{n}}, "
            "{base}).",
        )
        for says, zh, less, by in (("fell", "下降", "less", FELL), ("rose", "上升", "more", ROSE))
        for whose, of in WHOSE.items()
    },
}


def curve_claims(curve: Table) -> Iterator[Claim]:
    for row in curve:
        if row["month_index"] not in TOLD or row["rate"] is None:
            continue
        key = {"month_index": row["month_index"]}
        names = {"month": "month_index", "rate": "rate", "low": "low", "high": "high"}
        yield Claim(
            says="retention",
            key=f"cohort/retention/{row['month_index']}",
            values={name: Cell("curve", key, column) for name, column in names.items()},
            n=row["customers"], base=Text("已观察到该月的新客户", "new customers observed through that month"),
            strength="estimate",
            topic="retention", figure="retention_curve",
        )  # fmt: skip


def lifetime_claims(lifetime: Table) -> Iterator[Claim]:
    row = next((row for row in lifetime if row["months"] == 12 and row["ratio"] is not None), None)
    if row is None:
        return
    yield Claim(
        says="lifetime",
        key="cohort/lifetime/12",
        values={
            name: Cell("lifetime", {"months": 12}, name) for name in ("months", "ratio", "per_customer")
        },
        n=row["customers"], base=Text("已观察满 12 个月的新客户", "new customers observed for 12 months"),
        topic="lifetime", figure="retention_curve",
    )  # fmt: skip


def change_claims(changes: Table, params: Params, worth: Mapping[str, float]) -> Iterator[Claim]:
    for row in changes:
        if row["verdict"] not in ("显著增加", "显著减少"):
            continue
        key = {"channel": row["channel"]}
        names = {
            "since": "since", "before": "rate_before", "after": "rate_after",
            "difference": "difference", "low": "low", "high": "high",
        }  # fmt: skip
        says = "second_rose" if row["difference"] > 0 else "second_fell"
        whole = row["channel"] == ALL
        customers = abs(row["difference"]) * row["customers_after"]
        yield Claim(
            says=f"{says}_all" if whole else says,
            key=f"cohort/{says}/{row['channel']}",
            values={name: Cell("second_purchase_change", key, column) for name, column in names.items()},
            n=row["customers_before"] + row["customers_after"],
            base=OBSERVED if whole else OBSERVED_CHANNEL,
            strength="tested",
            test=Test("change point, permutation of months", True, row["p"], row["low"], row["high"],
                      corrected(row["q"])),
            labels={"channel": (row["channel"], "unknown"), "days": (str(params.within_days), None)},
            money=customers * max(worth.get(row["channel"], 0.0), 0.0),
            certainty=1 - row["q"],
            topic=f"second_purchase/{row['channel']}", figure="second_purchase",
            about=("lifecycle_stage", "转化"), worse=row["difference"] < 0,
            change=Change(
                ("second_purchase", *(() if whole else ("channel", row["channel"]))),
                "up" if row["difference"] > 0 else "down",
                Text("变化点前后的首单月份", "months of the first order before and after the change point"),
            ),
        )  # fmt: skip
