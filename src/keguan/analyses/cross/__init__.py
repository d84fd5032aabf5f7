"""Which two facts of customers go together: of high-value customers, how many buy this category, read that page, complained?

Method: for any two facts, of the customers for whom both are known, the share with one value among those with the other, against
all others. Per cell the adjusted standardised residual (Haberman 1973); all cells of all pairs corrected together by
Benjamini-Hochberg; differences with Newcombe's interval. A pair of facts with one value a customer also has its chi-square.
Without parameters all pairs are searched. Nothing here is a cause.

Source: Haberman (1973); Newcombe (1998); Benjamini and Hochberg (1995); Cochran (1954).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from keguan.analyses.cross.columns import CELL_COLUMNS, FACT_COLUMNS, PAIR_COLUMNS, TEXT
from keguan.analyses.cross.facts import LABELS, NAMES, Fact, available, counts_sql
from keguan.analysis import Analysis, Inputs, param
from keguan.core.period import span_ending
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.contingency import dependence, large_enough, residual
from keguan.evidence.statistics.corrected import corrected
from keguan.evidence.statistics.newcombe import newcombe
from keguan.evidence.statistics.two_proportions import two_sided
from keguan.evidence.statistics.wilson import wilson
from keguan.result import Cell, Claim, Note, Result, Table, Test

SAID, LISTED = 6, 60
ANY = ""
SAME = {("rfm", "lifecycle")}  # both are made of the days since the last purchase: no finding
Counts = Mapping[tuple[int, str, int, str], int]


@dataclass(frozen=True)
class Params:
    """Parameters of the analysis."""

    fact: str = param(ANY, "第一个事实，留空为全部", "the first fact, empty for all", (ANY, *NAMES))
    by: str = param(ANY, "第二个事实，留空为全部", "the second fact, empty for all", (ANY, *NAMES))
    months: int = param(12, "行为看近几个月", "behaviour of how many latest months")
    most: int = param(
        12,
        "每个事实取客户最多的几个值",
        "how many values of a fact, those of the largest number of customers",
    )
    least_points: float = param(
        0.03, "相差多少才列为差异（0.03 = 3 个百分点）", "least difference of shares (0.03 = 3 points)"
    )


def run(inputs: Inputs, params: Params) -> Result:
    """Tables facts, pairs, differences, cells (of the chosen, else the strongest pair)."""
    if not inputs.has_values("purchases", "account_no"):
        return Result(
            "cross", notes=(Note(Text("没有带客户编号的订单", "No orders with customer ids"), "missing"),)
        )
    facts = available(inputs, inputs.segment)
    chosen = {name for name in (params.fact, params.by) if name}
    missing = sorted(chosen - {fact.name for fact in facts})
    if missing:
        names = "、".join(LABELS[name].zh if name in LABELS else name for name in missing)
        english = ", ".join(LABELS[name].en if name in LABELS else name for name in missing)
        note = Note(Text(f"没有这些数据：{names}", f"There are no such data: {english}"), "missing")
        return Result("cross", notes=(note,))
    since = span_ending(inputs.as_of, params.months).first
    sql = counts_sql(facts, params.most)
    counts: Counts = {
        (row["fact_a"], row["a"], row["fact_b"], row["b"]): row["customers"]
        for row in inputs.query(sql, since=since).to_pylist()
    }
    known = {NAMES.index(fact.name): fact for fact in facts}
    cells = [cell for cell in _cells(counts, known, inputs.settings.min_n) if _wanted(cell, chosen)]
    _judge(cells, params.least_points)
    cells.sort(
        key=lambda c: (
            c["verdict"] not in ("above", "below"),
            -abs(c["together"] - c["expected"]),
            c["fact_a"],
            c["a"],
            c["fact_b"],
            c["b"],
        )
    )
    pairs = _pairs(cells, known, draw=len(chosen) == 2)
    bound: dict[str, Any] = {"since": since}
    tables = (
        _fact_table(inputs, facts, counts, sql, bound),
        inputs.computed("pairs", Text("哪些事实有关联", "Pairs of facts"), PAIR_COLUMNS, ("fact_a", "fact_b"), pairs[:500],
                        method="contingency.dependence, benjamini_hochberg", sql=sql, **bound),
        inputs.computed("differences", Text("成立的差异", "Differences that hold"), CELL_COLUMNS, ("fact_a", "a", "fact_b", "b"),
                        [c for c in cells if c["verdict"] in ("above", "below")][:LISTED],
                        method="contingency.residual, newcombe, benjamini_hochberg", sql=sql, **bound),
        _cell_table(inputs, cells, pairs, sql, bound),
    )  # fmt: skip
    result = Result("cross", tables=tuple(replace(t, appendix=t.id in ("facts", "pairs")) for t in tables))
    return replace(result, claims=tuple(_claims(result, known)), notes=tuple(_notes(inputs, cells, facts)))


def _wanted(cell: Mapping[str, Any], chosen: set[str]) -> bool:
    return chosen <= {cell["fact_a"], cell["fact_b"]}


def _cells(counts: Counts, known: Mapping[int, Fact], least: int) -> list[dict[str, Any]]:
    """Every pair of values with its shares: of those with the first, and of all others for whom both are known."""
    values: dict[tuple[int, int], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for fact_a, a, fact_b, b in counts:
        held = values[fact_a, fact_b]
        held[0].add(a)
        held[1].add(b)
    cells = []
    for (fact_a, fact_b), (firsts, seconds) in sorted(values.items()):
        if (known[fact_a].name, known[fact_b].name) in SAME:
            continue
        total = counts.get((fact_a, "*", fact_b, "*"), 0)
        for a in sorted(firsts - {"*"}):
            row = counts.get((fact_a, a, fact_b, "*"), 0)
            for b in sorted(seconds - {"*"}):
                column = counts.get((fact_a, "*", fact_b, b), 0)
                together = counts.get((fact_a, a, fact_b, b), 0)
                cells.append(_cell(known[fact_a], a, known[fact_b], b, together, row, column, total, least))
    return cells


def _cell(
    first: Fact, a: str, second: Fact, b: str, together: int, row: int, column: int, total: int, least: int
) -> dict[str, Any]:
    out: dict[str, Any] = {
        "fact_a": first.name, "a": a, "fact_b": second.name, "b": b, "together": together, "customers": row,
        "others": total - row,
        "expected": row * column / total if total else 0.0, "verdict": "untested", "p": None, "column": column,
    }  # fmt: skip
    ends = wilson(together, row) if row >= least else None
    if ends:
        out |= {"share": together / row, "low": ends.low, "high": ends.high}
    if not ends or total - row < least or not large_enough(row, column, total):
        return out
    z = residual(together, row, column, total)
    apart = newcombe(together, row, column - together, total - row)
    assert apart is not None
    return out | {
        "rest": (column - together) / (total - row), "difference": together / row - (column - together) / (total - row),
        "difference_low": apart.low, "difference_high": apart.high, "residual": z, "p": two_sided(z),
    }  # fmt: skip


def _judge(cells: Sequence[dict[str, Any]], least_points: float) -> None:
    tested = [cell for cell in cells if cell["p"] is not None]
    for cell, q in zip(tested, benjamini_hochberg([cell["p"] for cell in tested]), strict=True):
        sure = q <= FALSE_DISCOVERY and not cell["difference_low"] <= 0 <= cell["difference_high"]
        material = abs(cell["difference"]) >= least_points
        side = "above" if cell["difference"] > 0 else "below"
        cell |= {"q": q, "verdict": side if sure and material else "plain"}


def _pairs(
    cells: Sequence[Mapping[str, Any]], known: Mapping[int, Fact], *, draw: bool
) -> list[dict[str, Any]]:
    """One row a pair of facts: the one with the largest number of differences first."""
    held: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for cell in cells:
        held[cell["fact_a"], cell["fact_b"]].append(cell)
    single = {fact.name for fact in known.values() if fact.single}
    rows: list[dict[str, Any]] = []
    for (first, second), own in held.items():
        tested = [cell for cell in own if cell["p"] is not None]
        row: dict[str, Any] = {
            "fact_a": first, "fact_b": second, "customers": max(cell["customers"] + cell["others"] for cell in own),
            "tested": len(tested), "found": sum(cell["verdict"] in ("above", "below") for cell in tested),
        }  # fmt: skip
        if {first, second} <= single and tested:
            found = dependence(_grid(own), draw=draw)
            if found:
                row |= {
                    "statistic": found.statistic,
                    "freedom": found.freedom,
                    "p": found.p,
                    "drawn": found.drawn,
                }
        rows.append(row)
    rows.sort(key=lambda row: (-row["found"], row["fact_a"], row["fact_b"]))
    return rows


def _grid(cells: Sequence[Mapping[str, Any]]) -> list[list[int]]:
    firsts, seconds = sorted({cell["a"] for cell in cells}), sorted({cell["b"] for cell in cells})
    at = {(cell["a"], cell["b"]): cell["together"] for cell in cells}
    return [[at.get((a, b), 0) for b in seconds] for a in firsts]


def _fact_table(
    inputs: Inputs, facts: Sequence[Fact], counts: Counts, sql: str, bound: Mapping[str, Any]
) -> Table:
    values: dict[str, set[str]] = defaultdict(set)
    for fact_a, a, fact_b, b in counts:
        values[NAMES[fact_a]].add(a)
        values[NAMES[fact_b]].add(b)
    rows = [
        {
            "fact": fact.name, "values": len(values[fact.name] - {"*"}), "single": "one" if fact.single else "more",
            "base": fact.base,
        }
        for fact in facts
    ]  # fmt: skip
    return inputs.computed(
        "facts", Text("可交叉的事实", "Facts that can be "
                                "crossed"), FACT_COLUMNS, ("fact",), rows, method="cross.facts", sql=sql, **bound
    )  # fmt: skip


def _cell_table(
    inputs: Inputs, cells: Sequence[Mapping[str, Any]], pairs: Sequence[Mapping[str, Any]], sql: str, bound: Mapping[str, Any]
) -> Table:  # fmt: skip
    """All cells of the strongest pair (or of the two that were named)."""
    first = pairs[0] if pairs else None
    rows = [c for c in cells if first and (c["fact_a"], c["fact_b"]) == (first["fact_a"], first["fact_b"])]
    rows.sort(key=lambda cell: (cell["a"], cell["b"]))
    title = Text("交叉表", "Cross table")
    if first:
        a, b = LABELS[first["fact_a"]], LABELS[first["fact_b"]]
        title = Text(f"交叉表：{a.zh} × {b.zh}", f"Cross table: {a.en} by {b.en}")
    return inputs.computed(
        "cells", title, CELL_COLUMNS, ("fact_a", "a", "fact_b", "b"), rows, method="contingency.residual, "
                                                            "newcombe, benjamini_hochberg",
        sql=sql, note=Text("占比以有前一值、且两项都有记录的客户为基数", "shares are of customers with the first "
                                                    "value for whom both facts are known"),
        **bound,
    )  # fmt: skip


def _claims(result: Result, known: Mapping[int, Fact]) -> Iterator[Claim]:
    """The largest difference of each pair of facts, those between a purchase and something else first."""
    bought = {fact.name for fact in known.values() if fact.bought}
    said: set[tuple[str, str]] = set()
    rows = sorted(result.table("differences"), key=lambda row: {row["fact_a"], row["fact_b"]} <= bought)
    for row in rows:
        pair = (row["fact_a"], row["fact_b"])
        if pair in said or len(said) >= SAID:
            continue
        said.add(pair)
        key = {name: row[name] for name in ("fact_a", "a", "fact_b", "b")}
        names = {"share": "share", "low": "low", "high": "high", "rest": "rest", "together": "together"}
        yield Claim(
            row["verdict"], f"cross/{row['fact_a']}/{row['a']}/{row['fact_b']}/{row['b']}",
            {name: Cell("differences", key, column) for name, column in names.items()},
            n=row["customers"], base=Text("有前一值且两项都有记录的客户", "customers with the first value for "
                                                            "whom both are known"),
            strength="tested",
            test=Test("adjusted residual; "
                      "Newcombe", True, None, row["difference_low"], row["difference_high"], corrected(row["q"])),
            labels={
                "fact_a": (row["fact_a"], "customer_fact"), "a": (row["a"], "fact_value"),
                "fact_b": (row["fact_b"], "customer_fact"), "b": (row["b"], "fact_value"),
            },
            certainty=1 - row["q"], topic=f"cross/{row['fact_a']}/{row['fact_b']}", summary=not set(pair) <= bought,
        )  # fmt: skip


def _notes(inputs: Inputs, cells: Sequence[Mapping[str, Any]], facts: Sequence[Fact]) -> Iterator[Note]:
    yield Note(
        Text("关联不是原因；购买多的客户在各类目、渠道、促销中都更容易出现，所以两项都来自购买的差异不进摘要",
             "What goes together is no cause; customers who buy much appear in more categories, channels and "
             "promotions, so differences between "
             "two facts of purchases stay out of the summary"))  # fmt: skip
    if not any(cell["p"] is not None for cell in cells):
        least = inputs.settings.min_n
        yield Note(
            Text(f"没有一对事实的客户足够比较（每边至少 {least} 位）", f"No pair of facts has enough customers "
                                                   f"({least} on each side)"), "withheld")  # fmt: skip
    if {fact.name for fact in facts}.isdisjoint({"page", "event", "feedback", "contact"}):
        yield Note(
            Text("没有互动数据：导入行为事件、反馈或触达后，可看交易与互动的交叉",
                 "No interactions: import events, feedback or contacts to cross them with purchases"), "missing")  # fmt: skip


ANALYSIS = Analysis(
    name="cross",
    title=Text("交叉分析", "Cross analysis"),
    question=Text(
        "哪两类事实在客户身上有关联：哪些客户买什么、看什么、反馈什么？",
        "Which two facts of customers go together: who buys what, reads what, says what?",
    ),
    section="behaviour",
    params=Params,
    run=run,
    text=TEXT,
    reads=(
        "purchases",
        "customer_facts",
        "orders",
        "order_lines",
        "products",
        "customers",
        "events",
        "feedback",
        "contacts",
    ),
    uses=("rfm", "lifecycle"),
    order=60,
)
