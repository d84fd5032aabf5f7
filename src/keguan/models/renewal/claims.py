"""Sentences, and the claims that fill them."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text
from keguan.result import Cell, Claim, Result

BASE = Text("有购买的客户", "customers with a purchase")
RUNNING = Text("目前仍在续费的客户", "customers who renew now")
TEXT: Mapping[str, Text] = {
    "outlook": Text(
        "在 {running} 位仍在续费的客户中，预计到 {day} 仍有 {expected} 位续费（{share}；方法：{model}；n={n}，{base}）。",
        "Of {running} customers who renew now {expected} are expected to renew still on {day} ({share}; by {model}; "
        "n={n}, {base}).",
    ),
    "seen": Text(
        "续费周期 {cycle} 天；第 {renewal} 次续费后留存 {survival}（Kaplan-Meier，95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "The cycle is {cycle} days; {survival} have stayed after renewal {renewal} (Kaplan-Meier, 95% interval {low} to "
        "{high}; n={n}, {base}).",
    ),
    "backtest": Text(
        "回测：{day} 时预计 {running} 位续费客户中会留下 {expected} 位，实际 {actual} 位（{model}；固定离开率预计 {constant} 位；"
        "n={n}，当时续费的客户）。",
        "Back-test: on {day} {expected} of {running} renewing customers were expected to stay, and {actual} did ({model}; by "
        "a constant rate {constant}; n={n}, customers who renewed then).",
    ),
}


def renewal_claims(result: Result) -> tuple[Claim, ...]:
    """The outlook, the retention seen, and how the forecast fared."""
    claims = []
    fit = result.table("fit").records()[0]
    outlook = result.table("outlook").records()
    if outlook:
        last = outlook[-1]
        names = ("running", "day", "expected", "share")
        claims.append(
            Claim(
                says="outlook", key="renewal/outlook",
                values={name: Cell("outlook", {"ahead": last["ahead"]}, name) for name in names},
                labels={"model": (last["model"], "renewal_model")}, n=last["running"], base=RUNNING,
                strength="forecast", topic="renewal_outlook", figure="curve",
            )
        )  # fmt: skip
    seen = [row for row in result.table("curve") if row["survival"] is not None]
    if seen:
        key = {"renewal": seen[-1]["renewal"]}
        claims.append(
            Claim(
                says="seen", key="renewal/seen",
                values={
                    "cycle": Cell("fit", {"cycle": fit["cycle"]}, "cycle"),
                    **{name: Cell("curve", key, name) for name in ("renewal", "survival", "low", "high")},
                },
                n=fit["customers"], base=BASE, strength="estimate", topic="renewal_seen", figure="curve",
            )
        )  # fmt: skip
    if len(result.table("backtest").rows):
        names = ("day", "running", "expected", "actual")
        claims.append(
            Claim(
                says="backtest", key="renewal/backtest",
                values={
                    **{name: Cell("backtest", {"model": "sbg"}, name) for name in names},
                    "constant": Cell("backtest", {"model": "constant"}, "expected"),
                },
                labels={"model": ("sbg", "renewal_model")},
                n=result.table("backtest").records()[0]["running"], base=RUNNING, strength="estimate",
                topic="renewal_backtest", summary=False,
            )
        )  # fmt: skip
    return tuple(claims)
