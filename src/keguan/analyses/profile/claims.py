"""What is said about who the customers are: sentences bound to cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from keguan.analyses.profile.params import Params
from keguan.core.text import Text
from keguan.evidence.statistics.corrected import corrected
from keguan.marts.profile_traits import MASTER_FAMILIES, OTHER, SET_BY_SPEND
from keguan.result import Cell, Claim, Result, Test
from keguan.schema.vocabulary import UNKNOWN

CUSTOMERS = Text("客户资料与订单中的全部客户", "all customers of the customer file and of orders")
BASES = {
    "all": CUSTOMERS, "person": Text("个人客户，含客户类型待核实的", "persons, those whose kind is to be verified included"),
    "company": Text("企业客户", "companies"),
}  # fmt: skip
SAID_TRAITS, SAID_POWER = 3, 4
DRAWN = (("person", "age"), ("person", "place"))
UNKNOWN_SAID = 0.2  # a trait unknown for a fifth of the customers is said

TEXT: Mapping[str, Text] = {
    "base": Text(
        "客户共 {customers} 位，其中近 {months} 个月有购买的 {buyers} 位，有编号而从未下单的 {without} 位（人均按 0 计入；"
        "n={n}，{base}）。",
        "There are {customers} customers: {buyers} with a purchase in the last {months} months, and {without} who never "
        "ordered (a customer id without an order; they count as spending 0; n={n}, {base}).",
    ),
    "group": Text(
        "{whom}中，按年龄、性别、所在地分组，三项均已知的各组里净销售额最高的是年龄 {age}、{gender}、{place}："
        "{customers} 位，占 {share}，"
        "带来近 {months} 个月净销售额的 {revenue_share}（n={n}，{base}）。",
        "Among {whom}, of the groups by age, gender and place of which all three are known, the one with the largest net "
        "revenue is aged {age}, {gender}, {place}: {customers} customers ({share}) bring {revenue_share} of the net "
        "revenue of the last {months} months (n={n}, {base}).",
    ),
    "industry": Text(
        "企业客户中，行业与规模均已知的各组里净销售额最高的是{industry}、{size}：{customers} 家，占 {share}，带来近 "
        "{months} 个月净销售额的 "
        "{revenue_share}（n={n}，{base}）。",
        "Of the groups of companies by industry and size of which both are known, the one with the largest net revenue is "
        "{industry}, {size}: {customers} companies ({share}) bring {revenue_share} of the net revenue of the last "
        "{months} months (n={n}, {base}).",
    ),
    "higher": Text(
        "{whom}中，{trait}为「{value}」的近 {months} 个月人均消费 {mean}（95% 区间 {low} 至 {high}），显著高于其余的 {rest}"
        "（n={n}，{base}）。",
        "Among {whom}, those whose {trait} is '{value}' spent {mean} each in the last {months} months "
        "(95% interval {low} to {high}), significantly higher than the {rest} of the others (n={n}, {base}).",
    ),
    "lower": Text(
        "{whom}中，{trait}为「{value}」的近 {months} 个月人均消费 {mean}（95% 区间 {low} 至 {high}），显著低于其余的 {rest}"
        "（n={n}，{base}）。",
        "Among {whom}, those whose {trait} is '{value}' spent {mean} each in the last {months} months "
        "(95% interval {low} to {high}), significantly lower than the {rest} of the others (n={n}, {base}).",
    ),
    "power_higher": Text(
        "高购买力的{whom}中，{trait}为「{value}」的占 {share}，是全部购买客户中占比的 {times} 倍（TGI {index}，全部购"
        "买客户为 100），"
        "显著高于其余购买客户（TGI 的 95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "Of {whom} with high purchasing power {share} have {trait} '{value}', {times} times the share among all buyers (TGI "
        "{index}, all buyers are 100), significantly higher than other buyers (95% interval of the TGI {low} to {high}; "
        "n={n}, {base}).",
    ),
    "power_lower": Text(
        "高购买力的{whom}中，{trait}为「{value}」的占 {share}，是全部购买客户中占比的 {times} 倍（TGI {index}，全部购"
        "买客户为 100），"
        "显著低于其余购买客户（TGI 的 95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "Of {whom} with high purchasing power {share} have {trait} '{value}', {times} times the share among all buyers (TGI "
        "{index}, all buyers are 100), significantly lower than other buyers (95% interval of the TGI {low} to {high}; "
        "n={n}, {base}).",
    ),
    "unknown": Text(
        "{whom}中，{trait}待核实的有 {unknown} 位，占 {share}，单列一组，不作推测（n={n}，{base}）。",
        "{trait} is to be verified for {unknown} {whom} ({share}); they are a group of their own and nothing is guessed "
        "(n={n}, {base}).",
    ),
    "dimension": Text(
        "按「{trait}」看，已知的客户有 {known} 位，其中「{value}」占 {share}（n={n}，{base}）。",
        "By '{trait}', known for {known} customers, '{value}' makes {share} (n={n}, {base}).",
    ),
}  # fmt: skip


def profile_claims(result: Result, params: Params, min_n: int) -> tuple[Claim, ...]:
    months = {"months": (str(params.window_months), None), "whom": (_persons(result), "trait_whom")}
    return tuple(
        Claim(**{"labels": months, **made})
        for made in (
            *_base(result, min_n),
            *_largest(result, min_n, "spend", "group", ("age", "gender", "place")),
            *_largest(result, min_n, "companies", "industry", ("industry", "size")),
            *_spend(result, params, months),
            *_power(result, params, months),
            *_unknown(result, months),
            *_dimension(result, months),
        )
    )


def _base(result: Result, min_n: int) -> Iterator[dict[str, Any]]:
    for row in result.table("everybody"):
        if row["customers"] < min_n:
            return
        key = {"base": row["base"]}
        names = {"customers": "customers", "buyers": "buyers", "without": "without_order"}
        yield {
            "says": "base", "key": "profile/base",
            "values": {name: Cell("everybody", key, column) for name, column in names.items()},
            "n": row["customers"], "base": CUSTOMERS, "topic": "customers_known", "summary": False,
        }  # fmt: skip


def _largest(
    result: Result, min_n: int, table: str, says: str, axes: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    """The combination that brings the most, nothing of it unknown or lumped together.

    One that brings no larger share of revenue than it has of the customers is only large: nothing is said.
    """
    rows = result.table(table).records()
    everybody = sum(row["customers"] for row in rows)
    for row in rows:
        if any(row[axis] in (UNKNOWN, OTHER) for axis in axes):
            continue
        if row["customers"] < min_n or row["revenue_share"] is None or row["net_revenue"] <= 0:
            return
        if row["share"] is None or row["revenue_share"] <= row["share"]:
            return
        key = {axis: row[axis] for axis in axes}
        names = (*axes, "customers", "share", "revenue_share")
        yield {
            "says": says, "key": f"profile/{says}",
            "values": {name: Cell(table, key, name) for name in names},
            "n": everybody,
            "base": BASES[_persons(result) if says == "group" else "company"],
            "money": float(row["net_revenue"]), "topic": f"largest_{says}", "certainty": 0.6,
        }  # fmt: skip
        return


def _spend(result: Result, params: Params, months: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The differences in spend that hold after correction, the most money at stake first."""
    found = [
        row
        for row in result.table("traits")
        if row["verdict"] in ("higher", "lower") and row["value"] not in (UNKNOWN, OTHER) and row["rest"]
        and abs(float(row["per_customer"] / row["rest"]) - 1) >= params.min_difference
        and row["trait"] not in (*SET_BY_SPEND, "delivery")  # more orders, more places
    ]  # fmt: skip
    # Of a trait the values that spend more are said, if there are any.
    found.sort(
        key=lambda row: (row["verdict"] == "lower", -_stake(row), row["family"], row["trait"], row["value"])
    )
    said: set[tuple[str, str]] = set()
    for row in found:
        if (row["family"], row["trait"]) in said or len(said) >= SAID_TRAITS:
            continue
        said.add((row["family"], row["trait"]))
        key = {name: row[name] for name in ("family", "trait", "value")}
        names = {"mean": "per_customer", "low": "low", "high": "high", "rest": "rest"}
        yield {
            "says": row["verdict"], "key": f"profile/spend/{row['family']}/{row['trait']}/{row['value']}",
            "values": {name: Cell("traits", key, column) for name, column in names.items()},
            "n": row["customers"], "base": Text("已知该特征且为此取值的客户", "customers known to have this value"),
            "strength": "tested",
            "test": Test("bootstrap, log ratio of means, plain and capped", True, row["p"], float(row["low"]),
                         float(row["high"]), corrected(row["q"])),
            "labels": {**months, **_named(result, row), "value": (row["value"], "trait_value")},
            "certainty": 1 - row["q"],  # who spends more is a trait, no money at stake
            "topic": f"spend_by/{row['trait']}",
            "figure": f"by_{row['trait']}" if (row["family"], row["trait"]) in DRAWN else None,
        }  # fmt: skip


def _persons(result: Result) -> str:
    """Who is no company: persons, or, where no kind is known, simply customers."""
    return "person" if any(row["trait"] == "kind" for row in result.table("gaps")) else "all"


def _named(result: Result, row: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """How a sentence names the trait and the customers it speaks of."""
    whom = {"person": _persons(result), "company": "company", "contact": "company"}.get(row["family"], "all")
    return {"trait": (row["trait"], "trait"), "whom": (whom, "trait_whom")}


def _stake(row: Mapping[str, Any]) -> float:
    return abs(float(row["per_customer"]) - float(row["rest"])) * float(row["customers"])


def _power(result: Result, params: Params, months: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    found = [
        row
        for row in result.table("power")
        if row["verdict"] in ("higher", "lower") and row["value"] not in (UNKNOWN, OTHER)
        and abs(row["index"] / 100 - 1) >= params.min_difference and row["trait"] != "delivery"
    ]  # fmt: skip
    found.sort(
        key=lambda row: (row["q"], -abs(row["index"] - 100), row["family"], row["trait"], row["value"])
    )
    choices = Counter((row["family"], row["trait"]) for row in result.table("power"))
    told = [row for row in found if row["verdict"] == "higher" or choices[row["family"], row["trait"]] > 2]
    for row in told[:SAID_POWER]:  # of two values the smaller share is the other side of the larger
        key = {name: row[name] for name in ("family", "trait", "value")}
        names = {"share": "share", "times": "times", "index": "index", "low": "low", "high": "high"}
        yield {
            "says": f"power_{row['verdict']}", "key": f"profile/power/{row['family']}/{row['trait']}/{row['value']}",
            "values": {name: Cell("power", key, column) for name, column in names.items()},
            "n": row["known"],
            "base": Text("已知该特征的高购买力客户", "customers with high purchasing power of whom it is known"),
            "strength": "tested",
            "test": Test("two proportions; Koopman interval", True, row["p"], row["low"], row["high"], corrected(row["q"])),
            "labels": {**months, **_named(result, row), "value": (row["value"], "trait_value")},
            "certainty": 1 - row["q"], "topic": f"power/{row['trait']}",
        }  # fmt: skip


def _unknown(result: Result, months: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The traits of the customer file with the largest gaps."""
    rows = [
        row
        for row in result.table("gaps")
        if row["family"] in MASTER_FAMILIES and (row["share"] or 0) >= UNKNOWN_SAID
    ]
    for row in sorted(rows, key=lambda row: (-row["share"], row["trait"]))[:2]:
        key = {"family": row["family"], "trait": row["trait"]}
        yield {
            "says": "unknown", "key": f"profile/unknown/{row['family']}/{row['trait']}",
            "values": {"unknown": Cell("gaps", key, "unknown"), "share": Cell("gaps", key, "share")},
            "n": row["customers"], "base": Text("该特征适用的客户", "customers it applies to"),
            "labels": {**months, **_named(result, row)}, "topic": f"unknown/{row['trait']}",
            "summary": False,
        }  # fmt: skip


def _dimension(result: Result, months: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each dimension outside the customer file; the base is who is known, never all customers."""
    for row in result.table("dimensions"):
        if row["dimension"] == "other" or row["largest_share"] is None:
            continue
        key = {name: row[name] for name in ("dimension", "family", "trait")}
        yield {
            "says": "dimension", "key": f"profile/dimension/{row['family']}/{row['trait']}",
            "values": {"known": Cell("dimensions", key, "known"), "value": Cell("dimensions", key, "largest"),
                       "share": Cell("dimensions", key, "largest_share")},
            "n": row["known"], "base": Text("已知这一点的客户", "customers of whom this is known"),
            "labels": {**months, **_named(result, row)}, "topic": f"dimension/{row['trait']}",
            "summary": False,
        }  # fmt: skip
