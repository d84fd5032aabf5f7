"""What is said about migration: sentences bound to cells, and notes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from keguan.analyses.migration.usual import FEWEST_PERIODS
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY
from keguan.evidence.statistics.corrected import corrected
from keguan.result import Cell, Change, Claim, Note, Result, Test
from keguan.schema.terms.segmentation import NEW, VANISHED

MATERIAL = 0.01  # a point: a smaller difference of shares is not worth a sentence
NO_ORDER = "窗口内无订单"  # the class whose money now is nothing by its definition
MOST = 3  # moves told apart in sentences
BOTH = Text(
    "期初仍在购买、两个日期都有类别的客户", "customers still buying at the start and placed at both dates"
)
CHANGED = Text("期初仍在购买且换了类别的客户", "customers still buying at the start who changed class")
AT_START = Text("期初该类客户", "customers of the class at the start")

TEXT: Mapping[str, Text] = {
    "moved": Text(
        "{then} 到 {now}，{changed} 位客户换了类别，占 {share}；可比的此前期数不足，未与平常相比（n={n}，{base}）。",
        "Between {then} and {now} {changed} customers changed class, {share}; too few comparable periods before to "
        "tell what is usual (n={n}, {base}).",
    ),
    "moved_usual": Text(
        "{then} 到 {now}，{changed} 位客户换了类别，占 {share}；此前 {periods} 期平均 {usual}，95% 预测区间 {low} 至 {high}，"
        "与平常相比无显著差别（n={n}，{base}）。",
        "Between {then} and {now} {changed} customers changed class, {share}; the mean of the {periods} periods before is "
        "{usual} (95% prediction {low} to {high}): no significant difference from the usual (n={n}, {base}).",
    ),
    "moved_more": Text(
        "{then} 到 {now}，{changed} 位客户换了类别，占 {share}，高于此前 {periods} 期的平均 {usual}（95% 预测区间 {low} 至 "
        "{high}；n={n}，{base}）。",
        "Between {then} and {now} {changed} customers changed class, {share}, higher than the mean of the {periods} periods "
        "before, {usual} (95% prediction {low} to {high}; n={n}, {base}).",
    ),
    "moved_less": Text(
        "{then} 到 {now}，{changed} 位客户换了类别，占 {share}，低于此前 {periods} 期的平均 {usual}（95% 预测区间 {low} 至 "
        "{high}；n={n}，{base}）。",
        "Between {then} and {now} {changed} customers changed class, {share}, lower than the mean of the {periods} periods "
        "before, {usual} (95% prediction {low} to {high}; n={n}, {base}).",
    ),
    "cell_more": Text(
        "期初的{before}客户中 {customers} 位变为{now}，占 {share}，高于此前 {periods} 期的平均 {usual}（95% 预测区间 {low} 至 "
        "{high}；n={n}，{base}）。",
        "Of those who were {before} {customers} became {now}, {share}, higher than the mean of the {periods} periods "
        "before, {usual} (95% prediction {low} to {high}; n={n}, {base}).",
    ),
    "cell_less": Text(
        "期初的{before}客户中 {customers} 位变为{now}，占 {share}，低于此前 {periods} 期的平均 {usual}（95% 预测区间 {low} 至 "
        "{high}；n={n}，{base}）。",
        "Of those who were {before} {customers} became {now}, {share}, lower than the mean of the {periods} periods "
        "before, {usual} (95% prediction {low} to {high}; n={n}, {base}).",
    ),
    "money": Text(
        "由{before}变为{now}的客户有 {customers} 位，其净销售额由 {net_then} 变为 {net_now}（各为到该日期的 {months} 个月；"
        "n={n}，{base}）。",
        "{customers} customers went from {before} to {now}; their net revenue went from {net_then} to {net_now} (of the "
        "{months} months to each date; n={n}, {base}).",
    ),
    "money_gone": Text(
        "期初的{before}客户中 {customers} 位近 {months} 个月不再有购买；他们在到期初为止的 {months} 个月里贡献净销售额 {net_then}"
        "（n={n}，{base}）。",
        "Of those who were {before} {customers} have not bought in the last {months} months; in the {months} months to the "
        "first date they had brought {net_then} of net revenue (n={n}, {base}).",
    ),
    "causes": Text(
        "换类别的客户中，{cut} 位只因分界移动，{returns} 位因期初之后的退货，其余因自身的购买变化（n={n}，{base}）。",
        "Of those who changed class {cut} did so only because a cut moved and {returns} because of returns after the first "
        "date; the rest by their own purchases (n={n}, {base}).",
    ),
}


def migration_claims(result: Result, min_n: int, vocabulary: str | None) -> tuple[Claim, ...]:
    """Movement as a whole against the usual, single moves that stand out, the money that moved, the causes."""
    period = result.table("period").records()
    if not period or period[0]["placed"] < min_n:
        return ()
    row = period[0]
    return (
        _whole(row),
        *_cells(result, row["segmentation"], vocabulary),
        *_money(result, row, vocabulary),
        *_causes(result, row),
    )


def _whole(row: Mapping[str, Any]) -> Claim:
    key = {"segmentation": row["segmentation"]}
    names = ["then", "now", "changed", "share"]
    tested = row["p"] is not None
    if tested:
        names += ["periods", "usual", "low", "high"]
    passed = tested and row["p"] <= FALSE_DISCOVERY
    says = "moved" if not tested else "moved_usual" if not passed else _direction(row, "moved")
    return Claim(
        says=says, key="migration/moved", values={name: Cell("period", key, name) for name in names},
        n=row["placed"], base=BOTH, strength="tested" if tested else "fact",
        test=Test("t prediction interval", passed, row["p"], row["low"], row["high"]) if tested else None,
        topic="migration", certainty=1 - row["p"] if tested else 0.5, summary=passed, figure="matrix",
        change=Change(("moved",), "up" if row["share"] > row["usual"] else "down") if passed else None,
    )  # fmt: skip


def _direction(row: Mapping[str, Any], says: str) -> str:
    return f"{says}_more" if row["share"] > row["usual"] else f"{says}_less"


def _labels(row: Mapping[str, Any], vocabulary: str | None) -> dict[str, tuple[str, str | None]]:
    return {"before": (row["before"], vocabulary), "now": (row["now"], vocabulary)}


def _cells(result: Result, segmentation: str, vocabulary: str | None) -> list[Claim]:
    """Moves that stand out at false discovery rate 5 %, largest money first."""
    found = [
        row
        for row in result.table("tested")
        if row["q"] <= FALSE_DISCOVERY
        and not row["low"] <= row["share"] <= row["high"]
        and abs(row["share"] - row["usual"]) >= MATERIAL
    ]
    found.sort(key=lambda row: (-abs(row["moved"]), row["before"], row["now"]))
    claims = []
    for row in found[:MOST]:
        key = {"before": row["before"], "now": row["now"]}
        names = ("customers", "share", "periods", "usual", "low", "high")
        claims.append(
            Claim(
                says=_direction(row, "cell"), key=f"migration/cell/{row['before']}/{row['now']}",
                values={name: Cell("tested", key, name) for name in names},
                n=row["of_customers"], base=AT_START, strength="tested",
                test=Test("t prediction interval", True, row["p"], row["low"], row["high"], corrected(row["q"])),
                labels=_labels(row, vocabulary), money=abs(float(row["moved"])), certainty=1 - row["q"],
                topic=f"migration_{row['before']}_{row['now']}", figure="matrix", about=(segmentation, row["now"]),
                change=Change(("moved", row["before"], row["now"]), "up" if row["share"] > row["usual"] else "down"),
            )
        )  # fmt: skip
    return claims


def _money(result: Result, period: Mapping[str, Any], vocabulary: str | None) -> list[Claim]:
    """The two moves with the most money. Money is part of what defines the classes, so they are no finding."""
    moves = [
        row
        for row in result.table("matrix")
        if row["before"] not in (NEW, row["now"]) and row["now"] != VANISHED and row["moved"]
    ]
    moves.sort(key=lambda row: (-abs(row["moved"]), row["before"], row["now"]))
    sizes = {row["label"]: row["then"] for row in result.table("flows")}
    return [
        Claim(
            says="money_gone" if row["now"] == NO_ORDER else "money", key=f"migration/money/{row['before']}/{row['now']}",
            values={
                **{
                    name: Cell("matrix", {"before": row["before"], "now": row["now"]}, name)
                    for name in ("customers", "net_then", *(() if row["now"] == NO_ORDER else ("net_now",)))
                },
                "months": Cell("period", {"segmentation": period["segmentation"]}, "window_months"),
            },
            n=sizes[row["before"]], base=AT_START, labels=_labels(row, vocabulary), money=abs(float(row["moved"])),
            topic=f"migration_money_{row['before']}_{row['now']}", summary=False, figure="matrix",
            about=(period["segmentation"], row["now"]),
        )
        for row in moves[:2]
    ]  # fmt: skip


def _causes(result: Result, period: Mapping[str, Any]) -> list[Claim]:
    if not result.has("causes") or not period["changed"] or not len(result.table("causes").rows):
        return []
    return [
        Claim(
            says="causes", key="migration/causes",
            values={name: Cell("causes", {"cause": name}, "customers") for name in ("cut", "returns")},
            n=period["changed"], base=CHANGED, topic="migration_causes", summary=False, figure="matrix",
        )
    ]  # fmt: skip


def too_short(then: date, first: date | None) -> Note:
    """There was nobody at the first date."""
    if first is None:
        return Note(Text("没有带客户编号的订单", "There is no order with a customer id"), "missing")
    says = Text(
        f"数据始于 {first}，晚于期初 {then}，不能比较两个日期",
        f"The data begin on {first}, after the first date {then}: two dates cannot be compared",
    )
    return Note(says, "missing")


def migration_notes(result: Result, min_n: int) -> tuple[Note, ...]:
    """What could not be compared or attributed."""
    period = result.table("period").records()
    if not period:
        says = Text("两个日期都没有分出类别的客户", "Nobody is placed at either date")
        return (Note(says, "missing"),)
    notes = []
    if not result.has("causes"):
        says = Text(
            "只有 RFM 分层能把迁移归因于 R、F、M、退货或分界移动；其他分群只给出迁移矩阵",
            "Only for RFM can moves be attributed to R, F, M, returns or a moved cut; other segmentations have the "
            "matrix alone",
        )
        notes.append(Note(says, "info"))
    if period[0]["placed"] < min_n:
        says = Text(
            f"两个日期都有类别的客户少于 {min_n} 位，占比不予给出",
            f"Fewer than {min_n} customers are placed at both dates: shares are withheld",
        )
        notes.append(Note(says, "withheld"))
    elif period[0]["p"] is None:
        says = Text(
            f"窗口完整的此前期数为 {period[0]['periods']}，少于 {FEWEST_PERIODS}，无法判断迁移是否异常",
            f"{period[0]['periods']} periods before have a whole window, fewer than {FEWEST_PERIODS}: what is "
            f"unusual cannot be told",
        )
        notes.append(Note(says, "withheld"))
    return tuple(notes)
