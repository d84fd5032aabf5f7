"""Sentences and notes about seasons and festivals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from keguan.analyses.seasonality.days import Days
from keguan.analysis import Inputs
from keguan.core.period import month_end, month_index, month_name
from keguan.core.text import Text
from keguan.evidence.statistics.corrected import corrected
from keguan.result import Cell, Claim, Note, Result, Test


def season_claims(result: Result) -> Iterator[Claim]:
    """Months, weeks and festivals that stand out."""
    test = result.table("tests").find({"kind": "month"}) or {}
    months = [row for row in result.table("month_index") if row["verdict"] != "plain"]
    if test["verdict"] == "none" and not months:
        yield Claim(
            "no_season", "seasonality/no_season", {"years": Cell("tests", {"kind": "month"}, "years")}, n=test["periods"],
            base=Text("完整月份", "complete months"), strength="tested", test=Test("Friedman", False, test["p"]), summary=False,
            topic="season",
        )  # fmt: skip
    if months:
        best = max(months, key=lambda row: (abs(math.log(row["index"])), row["place"]))
        yield _index_claim(best, test)
    for row in result.table("festivals"):
        if row["verdict"] != "plain" and row["year"] == max(
            r["year"] for r in result.table("festivals") if r["festival"] == row["festival"]
        ):
            yield _festival_claim(row)


def _index_claim(row: Mapping[str, Any], test: Mapping[str, Any]) -> Claim:
    key = {"place": row["place"]}
    says = "month_above" if row["verdict"] == "above" else "month_below"
    return Claim(
        says, f"seasonality/month/{row['place']}", {name: Cell("month_index", key, name) for name in ("place",
        "index", "low", "high")},
        n=test["periods"], base=Text("完整月份", "complete months"), strength="tested",
        test=Test("additive model of years and months, t", True, None, row["low"], row["high"], corrected(row["q"])),
        certainty=1 - row["q"], topic="season", figure="month_index",
    )  # fmt: skip


def _festival_claim(row: Mapping[str, Any]) -> Claim:
    key = {"festival": row["festival"], "year": row["year"]}
    says = f"festival_{row['verdict']}" + ("_year" if row["change"] is not None else "")
    names = [
        "first",
        "last",
        "net_revenue",
        "index",
        "low",
        "high",
        *(["change"] if row["change"] is not None else []),
    ]
    return Claim(
        says, f"seasonality/festival/{row['festival']}/{row['year']}", {name: Cell("festivals", key, name) for name in names},
        n=row["orders"], base=Text("节日期间的订单", "orders of the festival"), strength="tested",
        test=Test("Welch on logarithms of days", True, None, row["low"], row["high"], corrected(row["q"])),
        labels={"festival": (row["festival"], "festival")},
        money=abs(row["index"] - 1) / row["index"] * float(row["net_revenue"]),
        certainty=1 - row["q"], topic=f"festival/{row['festival']}",
    )  # fmt: skip


def season_notes(inputs: Inputs, months: Sequence[Any], days: Days) -> Iterator[Note]:
    """What is left out or missing."""
    if len(months) < 24:
        yield Note(
            Text(f"完整月份 {len(months)} 个，不足 24 个，季节指数不予给出", f"{len(months)} complete months, "
                                                           f"fewer than 24: no index is given"),
            "withheld")  # fmt: skip
    if inputs.as_of != month_end(inputs.as_of):
        yield Note(
            Text(
                f"{month_name(month_index(inputs.as_of))} 未结束，不参与比较",
                f"{month_name(month_index(inputs.as_of))} is unfinished and left out",
            )
        )
