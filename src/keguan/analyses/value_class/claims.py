"""What is said about value classes: sentences bound to cells, and notes."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text
from keguan.result import Cell, Change, Claim, Note, Result

BASE = Text("下过单的客户", "customers with an order")
KEY_BASE = Text("此前的关键贡献客户", "key contributors of the window before")
NO_ORDER, STILL = "窗口内无订单", "仍为关键贡献"

TEXT: Mapping[str, Text] = {
    "key": Text(
        "近 {months} 个月净销售额的 {key_share} 来自 {key} 位关键贡献客户，每位 {from_net} 及以上（n={n}，{base}）。",
        "{key} key contributors, each {from_net} or more, bring {key_share} of net revenue of the last {months} months "
        "(n={n}, {base}).",
    ),
    "left": Text(
        "此前 {months} 个月的关键贡献客户中，{customers} 位近 {months} 个月没有购买；他们此前 {months} 个月的净销售额为 "
        "{before}（n={n}，{base}）。",
        "Of the key contributors of the {months} months before, {customers} have no purchase in the last {months} months; "
        "their net revenue before was {before} (n={n}, {base}).",
    ),
    "stayed": Text(
        "此前 {months} 个月的关键贡献客户中，{customers} 位仍是关键贡献客户，其净销售额此前为 {before}，现在为 {now}"
        "（n={n}，{base}）。",
        "Of the key contributors of the {months} months before, {customers} still are; their net revenue was {before} "
        "before and is {now} now (n={n}, {base}).",
    ),
}


def value_claims(result: Result, min_n: int, months: int) -> tuple[Claim, ...]:
    """Key contributors now, and what became of those before."""
    base = sum(row["customers"] for row in result.table("classes"))
    standard = result.table("standard").records()
    if base < min_n or not standard or not standard[0]["key_customers"]:
        return ()
    key = {"window_months": months}
    spoken = {"months": (str(months), None)}
    first = Claim(
        says="key", key="value_class/key",
        values={
            "key": Cell("standard", key, "key_customers"), "from_net": Cell("standard", key, "key_from"),
            "key_share": Cell("standard", key, "key_share"),
        },
        n=base, base=BASE, labels=spoken,
        topic="key_contributors", summary=False, figure="classes", about=("value_class", "高价值"),
    )  # fmt: skip
    return (first, *_kept_claims(result, spoken))


def _kept_claims(result: Result, spoken: Mapping[str, tuple[str, str | None]]) -> list[Claim]:
    """By the standing at the start of the period."""
    if not result.has("kept"):
        return []
    claims = []
    for says, label in (("left", NO_ORDER), ("stayed", STILL)):
        row = result.table("kept").find({"label": label})
        if row is None or not row["customers"]:
            continue
        values = {
            "customers": Cell("kept", {"label": label}, "customers"),
            "before": Cell("kept", {"label": label}, "net_before"),
        }
        if says == "stayed":
            values["now"] = Cell("kept", {"label": label}, "net_now")
        claims.append(
            Claim(
                says=says, key=f"value_class/{says}", values=values, n=row["of_customers"], base=KEY_BASE,
                labels=spoken, money=float(row["net_before"]) if says == "left" else 0.0,
                topic=f"key_contributors_{says}", summary=says == "left", figure="classes",
                about=("lost_best", "A") if says == "left" else ("value_class", "高价值"), worse=says == "left",
                change=Change(("best_customers",), "down") if says == "left" else None,
            )
        )  # fmt: skip
    return claims


def value_notes(result: Result, min_n: int) -> tuple[Note, ...]:
    """What is missing, withheld, or contradicts its own standard."""
    rows = result.table("classes").records()
    if not rows:
        return (Note(Text("没有带客户编号的订单", "There is no order with a customer id"), "missing"),)
    notes = []
    if sum(row["customers"] for row in rows) < min_n:
        says = Text(
            f"客户少于 {min_n} 位，占比与平均值不予给出",
            f"Fewer than {min_n} customers: shares and averages are withheld",
        )
        notes.append(Note(says, "withheld"))
    for row in rows:
        if row["as_standard"] is False:
            says = Text(
                f"{row['label']}：平均客单价 × 平均消费频次不在该类自己的标准之内，汇总与标准矛盾",
                f"{row['label']}: average order value x average purchases lies outside the class's own standard; the "
                "summary contradicts it",
            )
            notes.append(Note(says, "warning"))
    if not result.has("kept"):
        says = Text(
            "历史不足两个窗口，不能看此前的关键贡献客户后来怎样",
            "Less than two windows of history: what became of earlier key contributors is not shown",
        )
        notes.append(Note(says, "missing"))
    return tuple(notes)
