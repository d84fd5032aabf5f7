"""Where do new customers come from: leads by source and stage, what converts, how soon they order, who is like the best?

Method: conversion of leads of new customers that were watched for so many days, within those days (Wilson), by source, industry,
size, region and industry x size x source, each against all others, corrected together by Benjamini-Hochberg. Time to the first
order by Kaplan-Meier from the lead and from the registration. Look-alikes: traits that A-class customers have significantly more
frequently; an open lead's score is the sum of ln(TGI / 100) of those that match. It ranks by likeness and predicts nothing.

Source: Wilson (1927); Kaplan and Meier (1958); Benjamini and Hochberg (1995).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from keguan.analyses.acquisition.columns import (
    CONVERSION_COLUMNS,
    LOOKALIKE_COLUMNS,
    STAGE_COLUMNS,
    TEXT,
    TOTAL_COLUMNS,
    TRAIT_COLUMNS,
    WAIT_COLUMNS,
)
from keguan.analyses.acquisition.sql import (
    CONVERSION_SQL,
    STAGE_SQL,
    TRAITS,
    WAIT_SQL,
    leads_like_best_sql,
    prospects_sql,
    score,
    traits_sql,
)
from keguan.analysis import Analysis, Inputs, param
from keguan.core.text import Text
from keguan.evidence.statistics.corrected import corrected
from keguan.evidence.statistics.kaplan_meier import kaplan_meier, survival_at
from keguan.evidence.statistics.rows_against_rest import judge
from keguan.evidence.statistics.two_proportions import two_proportions
from keguan.evidence.statistics.wilson import wilson
from keguan.result import Cell, Claim, Figure, Note, Relation, Result, Table, Test

SAID, MOST_TRAITS = 3, 12
GRID, LONGEST = 7, 364


@dataclass(frozen=True)
class Params:
    """Parameters of the analysis."""

    days: int = param(90, "线索在多少天内算转化", "a lead converts within how many days")
    most: int = param(12, "逐个列出几个来源", "how many sources by name")


def run(inputs: Inputs, params: Params) -> Result:
    """Tables total, stages, conversion, wait, traits, lookalikes; relation acquisition_lookalike."""
    with_leads = inputs.has("leads")
    registered = inputs.has_values("customers", "registered_at")
    if not with_leads and not registered:
        text = Text("没有线索，客户也没有注册时间：导入线索（来源、阶段、行业、规模）或含注册时间的客户表",
                    "No leads and no registration times: import leads (source, stage, industry, size) or "
                    "customers with their registration")  # fmt: skip
        return Result("acquisition", notes=(Note(text, "missing"),))
    tables: list[Table] = []
    if with_leads:
        tables += _leads(inputs, params)
    tables.append(_wait(inputs))
    relations: tuple[Relation, ...] = ()
    if inputs.has("customers"):
        traits, found = _traits(inputs)
        tables.append(traits)
        if found:
            relations = _prospects(inputs, found)
            if with_leads:
                tables.append(_lookalikes(inputs, found))
    tables = [replace(table, appendix=table.id in ("total", "wait")) for table in tables]
    result = Result("acquisition", tables=tuple(tables))
    return replace(
        result, figures=_figures(result), claims=tuple(_claims(result, params)), relations=relations,
        notes=tuple(_notes(inputs, result, params)),
    )  # fmt: skip


def _leads(inputs: Inputs, params: Params) -> list[Table]:
    found = inputs.query(CONVERSION_SQL, days=params.days).to_pylist()
    whole = [row for row in found if row["dimension"] == "source"]
    leads, converted = sum(row["leads"] for row in whole), sum(row["converted"] for row in whole)
    ends = wilson(converted, leads) if leads >= inputs.settings.min_n else None
    total = {
        "days": params.days, "leads": leads, "converted": converted, "share": converted / leads if ends else None,
        "low": ends.low if ends else None, "high": ends.high if ends else None,
    }  # fmt: skip
    return [
        inputs.computed("total", Text("线索转化", "Conversion of leads"), TOTAL_COLUMNS, ("days",), [total], method="wilson",
                        sql=CONVERSION_SQL, days=params.days),
        inputs.table("stages", Text("线索来源与阶段", "Leads by source and stage"), STAGE_COLUMNS, ("source", "stage"), STAGE_SQL,
                     most=params.most),
        inputs.computed("conversion", Text("哪些线索转化得多", "What converts"), CONVERSION_COLUMNS, ("dimension", "value"),
                        _conversion(found, leads, converted, inputs.settings.min_n), sql=CONVERSION_SQL,
                        method="wilson, two_proportions, benjamini_hochberg", days=params.days),
    ]  # fmt: skip


def _conversion(
    found: Sequence[Mapping[str, Any]], leads: int, converted: int, least: int
) -> list[dict[str, Any]]:
    """Each value against all other leads; small ones are added up in no rate and shown with their counts."""
    rows: list[dict[str, Any]] = []
    tested = []
    for item in found:
        row: dict[str, Any] = {**item, "verdict": "untested"}
        n, x = item["leads"], item["converted"]
        ends = wilson(x, n) if n >= least else None
        if ends:
            row |= {"share": x / n, "low": ends.low, "high": ends.high}
        if ends and leads - n >= least:
            row["rest"] = (converted - x) / (leads - n)
            tested.append((row, two_proportions(x, n, converted - x, leads - n)))
        if ends or item["dimension"] != "together":
            rows.append(row)
    judge(tested)
    rows.sort(
        key=lambda row: (
            row["verdict"] not in ("above", "below"),
            row["dimension"],
            -row["leads"],
            row["value"],
        )
    )
    return rows[:500]


def _wait(inputs: Inputs) -> Table:
    counts: dict[str, list[tuple[float, int, int]]] = defaultdict(list)
    for cell in inputs.query(WAIT_SQL).to_pylist():
        counts[cell["origin"]].append((float(cell["days"]), cell["ordered"], cell["still_open"]))
    rows = []
    for origin, cells in sorted(counts.items()):
        steps = kaplan_meier(cells)
        customers = steps[0].at_risk if steps else 0
        if customers < inputs.settings.min_n:
            continue
        last = min(LONGEST, -(-int(max(time for time, _, _ in cells)) // GRID) * GRID)
        for day in range(0, last + 1, GRID):
            held = survival_at(steps, day)
            share = (1 - held.survival, 1 - held.high, 1 - held.low) if held else (0.0, 0.0, 0.0)
            rows.append(
                {
                    "origin": origin,
                    "day": day,
                    "share": share[0],
                    "low": share[1],
                    "high": share[2],
                    "customers": customers,
                }
            )
    return inputs.computed(
        "wait", Text("多久下首单", "How long until the first order"), WAIT_COLUMNS, ("origin", "day"), rows,
        method="evidence.statistics.kaplan_meier", sql=WAIT_SQL,
    )  # fmt: skip


def _traits(inputs: Inputs) -> tuple[Table, list[dict[str, Any]]]:
    """Traits of A-class customers against all others, and those that they have significantly more frequently."""
    sql = traits_sql(inputs.segment("abc_class"))
    found = inputs.query(sql).to_pylist()
    sizes: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for item in found:
        n, best = sizes[item["trait"]]
        sizes[item["trait"]] = n + item["customers"], best + item["best"]
    least, tested, rows = inputs.settings.min_n, [], []
    for item in found:
        n, best = sizes[item["trait"]]
        row: dict[str, Any] = {**item, "verdict": "untested"}
        if best >= least and n - best >= least and item["customers"] >= least:
            others = item["customers"] - item["best"]
            row |= {
                "share": item["best"] / best, "rest": others / (n - best),
                "tgi": item["best"] / best / (item["customers"] / n) * 100,
            }  # fmt: skip
            tested.append((row, two_proportions(item["best"], best, others, n - best)))
        rows.append(row)
    judge(tested)
    rows.sort(key=lambda row: (row["verdict"] != "above", -(row.get("tgi") or 0), row["trait"], row["value"]))
    high = [row for row in rows if row["verdict"] == "above"][:MOST_TRAITS]
    for row in high:
        row["weight"] = round(math.log(row["tgi"] / 100), 4)
    table = inputs.computed(
        "traits", Text("A 类客户的特征", "Traits of A-class customers"), TRAIT_COLUMNS, ("trait", "value"), rows[:60],
        method="two_proportions, benjamini_hochberg", sql=sql,
    )  # fmt: skip
    return table, high


def _lookalikes(inputs: Inputs, traits: Sequence[Mapping[str, Any]]) -> Table:
    points, number, values = score(traits, {trait: trait for trait in TRAITS})
    return inputs.table(
        "lookalikes", Text("与 A 类客户相似的在途线索", "Open leads that look like A-class "
                                             "customers"), LOOKALIKE_COLUMNS, ("lead_id",),
        leads_like_best_sql(points, number), **values,
    )  # fmt: skip


def _prospects(inputs: Inputs, traits: Sequence[Mapping[str, Any]]) -> tuple[Relation, ...]:
    points, number, values = score(traits, {trait: f"c.{column}" for trait, column in TRAITS.items()})
    sql = prospects_sql(points, number)
    if not len(inputs.query(f"SELECT account_no FROM ({sql}) r LIMIT 1", **values)):
        return ()
    title = Text(
        "与 A 类客户相似、尚未下单的客户", "Customers without an order who look like A-class customers"
    )
    return (Relation("acquisition_lookalike", title, sql, values, vocabulary="lookalike"),)


def _figures(result: Result) -> tuple[Figure, ...]:
    if not len(result.table("wait").rows):
        return ()
    title = Text("多久下首单（累计占比）", "Share with a first order, by days")
    return (Figure("wait", "line", title, "wait", "day", ("share",), series="origin"),)


def _claims(result: Result, params: Params) -> Iterator[Claim]:
    if result.has("total"):
        row = result.table("total").records()[0]
        base = Text(
            f"观察满 {params.days} 天的新客线索", f"leads of new customers watched for {params.days} days"
        )
        if row["share"] is not None:
            yield Claim(
                "conversion", "acquisition/conversion",
                {name: Cell("total", {"days": row["days"]}, name) for name in ("days", "share", "converted", "low", "high")},
                n=row["leads"], base=base, strength="estimate", certainty=0.8, topic="lead_conversion",
            )  # fmt: skip
        sure = [row for row in result.table("conversion") if row["verdict"] in ("above", "below")]
        sure.sort(
            key=lambda row: (
                row["dimension"] == "together",
                -abs(row["share"] - row["rest"]) * row["leads"],
                row["value"],
            )
        )
        for row in sure[:SAID]:
            key = {"dimension": row["dimension"], "value": row["value"]}
            yield Claim(
                row["verdict"], f"acquisition/conversion/{row['dimension']}/{row['value']}",
                {name: Cell("conversion", key, name) for name in ("share", "low", "high", "rest")}, n=row["leads"], base=base,
                strength="tested", test=Test("two proportions", True, None, row["low"], row["high"], corrected(row["q"])),
                labels={"dimension": (row["dimension"], "lead_dimension"), "value": (row["value"], "industry")},
                certainty=1 - row["q"], topic=f"lead_conversion/{row['dimension']}",
            )  # fmt: skip
    yield from _wait_claims(result)
    for row in (
        [row for row in result.table("traits") if row["verdict"] == "above"][:SAID]
        if result.has("traits")
        else []
    ):
        key = {"trait": row["trait"], "value": row["value"]}
        yield Claim(
            "trait", f"acquisition/trait/{row['trait']}/{row['value']}",
            {name: Cell("traits", key, name) for name in ("share", "rest", "tgi")}, n=row["customers"],
            base=Text("有此特征的下单客户", "customers with an order and this trait"), strength="tested",
            test=Test("two proportions", True, None, corrected=corrected(row["q"])),
            labels={"trait": (row["trait"], "lead_dimension"), "value": (row["value"], "industry")}, certainty=1 - row["q"],
            topic=f"best_trait/{row['trait']}",
        )  # fmt: skip


def _wait_claims(result: Result) -> Iterator[Claim]:
    for origin in ("lead", "registered"):
        row = result.table("wait").find({"origin": origin, "day": 28})
        if row is not None:
            key = {"origin": origin, "day": 28}
            yield Claim(
                "wait", f"acquisition/wait/{origin}", {name: Cell("wait", key, name) for name in ("day", "share", "low", "high")},
                n=row["customers"], base=Text("当时尚未下单的客户", "customers without an order at that "
                                                           "time"), strength="estimate",
                labels={"origin": (origin, "wait_origin")}, certainty=0.6, topic="first_order_wait", figure="wait", summary=False,
            )  # fmt: skip


def _notes(inputs: Inputs, result: Result, params: Params) -> Iterator[Note]:
    least = inputs.settings.min_n
    if not result.has("total"):
        yield Note(
            Text("没有线索，只看注册到首单：导入线索（来源、阶段、行业、规模）后可看转化",
                 "No leads, only the time from registration: import leads (source, stage, industry, size) to see "
                 "what converts"), "missing")  # fmt: skip
    elif result.table("total").records()[0]["share"] is None:
        yield Note(
            Text(f"观察满 {params.days} 天的新客线索少于 {least} 条，转化率不予给出",
                 f"Fewer than {least} leads of new customers were watched for {params.days} days: conversion is "
                 f"withheld"), "withheld")  # fmt: skip
    if result.has("lookalikes"):
        yield Note(
            Text("相似得分只按 A 类客户多见的特征排序，不是转化概率，也未经检验能否带来更多成交",
                 "The score ranks by traits frequent among A-class customers; it is no probability and was not "
                 "shown to bring more business"))  # fmt: skip


ANALYSIS = Analysis(
    name="acquisition",
    title=Text("获客与线索", "Acquisition and leads"),
    question=Text(
        "新客户从哪里来，哪些线索转化，多久下首单，谁像最好的客户？",
        "Where do new customers come from, which leads convert, how soon do they order, and who looks like the best customers?",
    ),
    section="behaviour",
    params=Params,
    run=run,
    text=TEXT,
    reads=("leads", "customers", "customer_facts", "purchases"),
    uses=("abc_class",),
    order=55,
    needs=(),
)
