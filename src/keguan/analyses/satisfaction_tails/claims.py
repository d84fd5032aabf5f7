"""What is said about both tails: sentences bound to cells, and notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY
from keguan.evidence.statistics.corrected import corrected
from keguan.result import Cell, Claim, Note, Result, Table, Test

WIDEST = 0.35  # a 'fifth' larger than this is no tail


BASE = Text("有客户编号的受访者", "respondents with a customer id")


TEXT: Mapping[str, Text] = {
    "tails": Text(
        "最满意的受访者 {most} 位（占 {most_share}），得分均值 {most_mean}；最不满意的 {least} 位（占 {least_share}），"
        "得分均值 {least_mean}（{measure}所用量表，按回答次数向总体均值收缩；n={n}，{base}）。",
        "The most satisfied respondents are {most} ({most_share}) with a mean score of {most_mean}, the least satisfied "
        "{least} ({least_share}) with {least_mean} (scale of {measure}, shrunk by the number of answers; n={n}, {base}).",
    ),
    "trait_more": Text(
        "{trait}「{value}」在最不满意的受访者中占 {least}，显著高于最满意者中的 {most}，相差 {difference}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{least} of the least satisfied respondents have {trait:l} '{value}', significantly higher than the {most} of the "
        "most satisfied, a difference of {difference} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "trait_less": Text(
        "{trait}「{value}」在最不满意的受访者中占 {least}，显著低于最满意者中的 {most}，相差 {difference:-}"
        "（95% 区间 {high:-} 至 {low:-}；n={n}，{base}）。",
        "{least} of the least satisfied respondents have {trait:l} '{value}', significantly lower than the {most} of the "
        "most satisfied, a difference of {difference:-} (95% interval {high:-} to {low:-}; n={n}, {base}).",
    ),
    "complained_more": Text(
        "最不满意的受访者中 {least} 在窗口内投诉过，显著高于最满意者中的 {most}，相差 {difference}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{least} of the least satisfied respondents complained in the window, significantly higher than the {most} of the "
        "most satisfied, a difference of {difference} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "complained_less": Text(
        "最不满意的受访者中 {least} 在窗口内投诉过，显著低于最满意者中的 {most}，相差 {difference:-}"
        "（95% 区间 {high:-} 至 {low:-}；n={n}，{base}）。",
        "{least} of the least satisfied respondents complained in the window, significantly lower than the {most} of the "
        "most satisfied, a difference of {difference:-} (95% interval {high:-} to {low:-}; n={n}, {base}).",
    ),
    "spend_less": Text(
        "最不满意的受访者{trait}为 {least}，显著低于最满意者的 {most}，相差 {difference:-}"
        "（95% 区间 {high:-} 至 {low:-}；n={n}，{base}）。",
        "The least satisfied respondents have {least} {trait:l}, significantly lower than the {most} of the most satisfied, a "
        "difference of {difference:-} (95% interval {high:-} to {low:-}; n={n}, {base}).",
    ),
    "spend_more": Text(
        "最不满意的受访者{trait}为 {least}，显著高于最满意者的 {most}，相差 {difference}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "The least satisfied respondents have {least} {trait:l}, significantly higher than the {most} of the most satisfied, "
        "a difference of {difference} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "alike": Text(
        "最满意与最不满意的受访者在比较过的 {compared} 项上无显著差异（n={n}，{base}）。",
        "The most and the least satisfied respondents show no significant difference in the {compared} traits compared "
        "(n={n}, {base}).",
    ),
}  # fmt: skip


def tail_claims(result: Result, drawn: Mapping[str, Mapping[str, Any]]) -> Iterator[Claim]:
    if not drawn:
        return
    row = result.table("facts").records()[0]
    cells = {}
    for tail in ("most", "least"):
        key = {"scope": "all", "value": "全部", "tail": tail}
        for name, column in ((tail, "customers"), (f"{tail}_share", "share"), (f"{tail}_mean", "mean")):
            cells[name] = Cell("tails", key, column)
    measure = {"measure": (row["scale"], "answer_measure")}
    yield Claim("tails", "satisfaction_tails/tails", cells, row["respondents"], BASE, labels=measure,
                topic="satisfaction_tails", summary=False)  # fmt: skip
    if not result.has("traits"):
        return
    both = sum(int(tail["customers"]) for tail in drawn.values())
    found = [*_trait_claims(result, both), *_mean_claims(result, both)]
    if not found and row["compared"]:
        yield Claim("alike", "satisfaction_tails/alike", {"compared": Cell("facts", {"scale": row["scale"]}, "compared")},
                    both, BASE, strength="tested",
                    test=Test("Newcombe, bootstrap", False, None, None, None, "Benjamini-Hochberg"), summary=False,
                    topic="satisfaction_tails")  # fmt: skip
    yield from found


def _trait_claims(result: Result, both: int) -> Iterator[Claim]:
    sure = [r for r in result.table("traits") if r["q"] is not None and r["q"] <= FALSE_DISCOVERY
            and not r["low"] <= 0 <= r["high"]]  # fmt: skip
    for row in sorted(sure, key=lambda r: (-abs(r["difference"]), r["trait"], r["value"]))[:4]:
        key = {"trait": row["trait"], "value": row["value"]}
        of_trait = [r for r in result.table("traits") if r["trait"] == row["trait"]]
        known = both if row["trait"] == "complained" else sum(r["most_n"] + r["least_n"] for r in of_trait)
        names = ("least", "most", "difference", "low", "high")
        yield Claim(
            f"{'complained' if row['trait'] == 'complained' else 'trait'}_{'more' if row['difference'] > 0 else 'less'}",
            f"satisfaction_tails/trait/{row['trait']}/{row['value']}",
            {name: Cell("traits", key, name) for name in names}, known, BASE, strength="tested",
            test=Test("Newcombe", True, None, row["low"], row["high"], corrected(row["q"])),
            labels={"trait": (row["trait"], "tail_trait"), "value": (row["value"], "tail_value")}, topic="tail_traits",
            certainty=0.8,
        )  # fmt: skip


def _mean_claims(result: Result, both: int) -> Iterator[Claim]:
    for table in ("spend", "habits"):
        for row in result.table(table):
            if row["q"] <= FALSE_DISCOVERY and not row["low"] <= 0 <= row["high"]:
                key = {"trait": row["trait"]}
                names = ("least", "most", "difference", "low", "high")
                yield Claim(
                    "spend_more" if row["difference"] > 0 else "spend_less", f"satisfaction_tails/{table}",
                    {name: Cell(table, key, name) for name in names}, both, BASE, strength="tested",
                    test=Test("customer bootstrap", True, None, float(row["low"]), float(row["high"]),
                              corrected(row["q"])),
                    labels={"trait": (row["trait"], "tail_trait")}, topic="tail_spend", certainty=0.8,
                )  # fmt: skip


def tail_notes(inputs: Inputs, tails: Table, drawn: Mapping[str, Mapping[str, Any]]) -> Iterator[Note]:
    least = inputs.settings.min_n
    wide = [row for row in tails if row["share"] is not None and row["share"] > WIDEST]
    if wide:
        yield Note(
            Text(f"{len(wide)} 端因得分相同者太多，实占超过 35%，不给出均值与比较",
                 f"In {len(wide)} tails ties make the real share exceed 35%: mean and comparison are withheld"),
            "withheld",
        )  # fmt: skip
    if any(row["share"] is None for row in tails):
        yield Note(
            Text(f"受访者少于 {least} 位的商品与地区不分两端",
                 f"Products and regions with fewer than {least} respondents have no tails"),
            "withheld",
        )  # fmt: skip
    if drawn and min(row["customers"] for row in drawn.values()) < least:
        yield Note(
            Text(f"一端不足 {least} 位，不比较两端", f"A tail has fewer than {least} respondents: they are not compared"),
            "withheld",
        )  # fmt: skip
