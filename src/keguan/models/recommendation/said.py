"""Sentences and notes of recommendations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from keguan.core.text import Text
from keguan.result import Cell, Claim, Note, Result, Test

TEXT: Mapping[str, Text] = {
    "now": Text(
        "{kind}：{customers} 位客户共 {listed} 条建议。回看 {then}：有该类建议且其后 {days} 天内有购买的客户中，"
        "建议的 {share} 被购买（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{kind}: {listed} recommendations for {customers} customers. Looking back to {then}: of what was recommended to "
        "customers who bought within {days} days, {share} was bought (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "works": Text(
        "{kind}：{customers} 位客户共 {listed} 条建议。回看 {then}：有该类建议且其后 {days} 天内有购买的客户中，建议的 {share} "
        "被购买，高于同样条数按简单规则（列最常买的）的 {plain}；每客户之差的 95% 区间 {lead_low} 至 {lead_high}"
        "（n={n}，{base}）。",
        "{kind}: {listed} recommendations for {customers} customers. Looking back to {then}: of what was recommended to "
        "customers who bought within {days} days, {share} was bought, higher than {plain} of as many things by the "
        "plain rule (what is bought most); 95% interval of the difference per customer {lead_low} to {lead_high} "
        "(n={n}, {base}).",
    ),
    "unproven": Text(
        "{kind}：{customers} 位客户共 {listed} 条建议。回看 {then}：有该类建议且其后 {days} 天内有购买的客户中，建议的 {share} "
        "被购买，同样条数按简单规则（列最常买的）为 {plain}；每客户之差的 95% 区间 {lead_low} 至 {lead_high}，未证实胜过简单规则"
        "（n={n}，{base}）。",
        "{kind}: {listed} recommendations for {customers} customers. Looking back to {then}: of what was recommended to "
        "customers who bought within {days} days, {share} was bought, and {plain} of as many things by the plain "
        "rule (what is bought most); 95% interval of the difference per customer {lead_low} to {lead_high}: not "
        "shown to beat the plain rule (n={n}, {base}).",
    ),
    "replaced": Text(
        "{kind}的规则：建议的 {share} 被购买，同样条数按简单规则（列最常买的）为 {plain}；每客户之差的 95% 区间 {lead_low} 至 "
        "{lead_high}，因此改用简单规则（n={n}，{base}）。",
        "Rule of '{kind}': {share} of what was recommended was bought, and {plain} of as many things by the plain "
        "rule (what is bought most); 95% interval of the difference per customer {lead_low} to {lead_high}: the "
        "plain rule is used instead (n={n}, {base}).",
    ),
    "pair": Text(
        "例如账户 {account} 买过「{because}」：买过它的 {because_customers} 位客户中 {together} 位也买过「{product}」，"
        "提升度 {lift}，故推荐（n={n}，{base}）。",
        "For example account {account} bought '{because}': of {because_customers} customers who did, {together} also bought "
        "'{product}' (lift {lift}), which is recommended (n={n}, {base}).",
    ),
    "often": Text(
        "例如账户 {account} 有 {times} 天买过「{product}」（间隔中位数 {own_gap} 天，距上次 {since} 天），"
        "为其常买商品（n={n}，{base}）。",
        "For example account {account} bought '{product}' on {times} days (median gap {own_gap} days, the last {since} days "
        "ago), one of those the customer buys on the largest number of days (n={n}, {base}).",
    ),
    "popular": Text(
        "例如账户 {account} 没有买过「{product}」，近 30 天它有 {recent} 个购买人天，故推荐（n={n}，{base}）。",
        "For example account {account} has not bought '{product}', which had {recent} customer days of purchase in 30 days, and "
        "is recommended (n={n}, {base}).",
    ),
    "rhythm": Text(
        "例如账户 {account} 有 {times} 天买过「{product}」，间隔中位数 {own_gap} 天，距上次已 {since} 天，"
        "故建议补货（n={n}，{base}）。",
        "For example account {account} bought '{product}' on {times} days, the median gap is {own_gap} days and the last was "
        "{since} days ago: replenish (n={n}, {base}).",
    ),
}  # fmt: skip
TESTED = Text(
    "当时有该类建议且其后有购买的客户", "customers with such a recommendation then who bought after"
)
NOW = ("customers", "listed", "then", "days", "share", "low", "high")
COMPARED = ("share", "plain", "lead_low", "lead_high")

_PAIR = ("pair", ("because", "because_customers", "together", "lift"), "because_customers",
         Text("近 12 个月买过前者的客户", "customers who bought the first within 12 months"))  # fmt: skip
# Kind -> sentence, its figures, the figure that is n, what n counts.
REASONS: Mapping[str, tuple[str, tuple[str, ...], str, Text]] = {
    "replenish": ("rhythm", ("times", "own_gap", "since"), "times",
                  Text("该客户购买该商品的天数", "days on which the customer bought the product")),
    "complement": _PAIR,
    "cross_sell": _PAIR,
    "popular": ("popular", ("recent",), "recent", Text("近 30 天的购买人天", "customer days of purchase in 30 days")),
}  # fmt: skip


def claims(result: Result) -> Iterator[Claim]:
    """How often each kind was bought beside the plain rule, which rules were given up, and one example of each kind with
    its reasons."""
    rules = {row["kind"]: row for row in result.table("rules") if row["share"] is not None}
    for row in result.table("kinds"):
        rule = rules.get(row["kind"])
        if rule and rule["used"] == "used":
            says = "works" if rule["lead_low"] > 0 else "unproven"
            yield _compared(
                rule, says, f"recommendation/{row['kind']}", ("customers", "listed", "then", "days")
            )
        elif row["share"] is not None:
            yield Claim(
                "now", f"recommendation/{row['kind']}", {name: Cell("kinds", {"kind": row["kind"]}, name) for name in NOW},
                row["tested"], TESTED, strength="estimate", labels={"kind": (row["kind"], "recommendation_kind")},
                certainty=0.5, topic=f"recommend/{row['kind']}", summary=False,
            )  # fmt: skip
    for kind, rule in rules.items():
        if rule["used"] == "baseline":
            yield _compared(rule, "replaced", f"recommendation/rule/{kind}", ())
    yield from _examples(result)


def _compared(rule: Mapping[str, Any], says: str, key: str, now: Sequence[str]) -> Claim:
    """A rule beside the plain one; `now`: what the sentence takes from the kind as it is listed."""
    at = {"kind": rule["kind"]}
    cells = {name: Cell("kinds", at, name) for name in now} | {
        name: Cell("rules", at, name) for name in COMPARED
    }
    return Claim(
        says, key, cells, rule["tested"], TESTED, strength="tested",
        test=Test("paired difference over customers", says == "works", None, rule["lead_low"], rule["lead_high"]),
        labels={"kind": (rule["kind"], "recommendation_kind")}, certainty=0.5, topic=key, summary=False,
    )  # fmt: skip


def _examples(result: Result) -> Iterator[Claim]:
    told: set[str] = set()
    for row in result.table("list"):
        if row["kind"] in told:
            continue
        told.add(row["kind"])
        at = {"account": row["account"], "place": row["place"]}
        says, names, n, base = REASONS[row["kind"]]
        rule = result.table("rules").find({"kind": row["kind"]})
        if says == "rhythm" and rule and rule["used"] == "baseline":
            says = "often"
        yield Claim(
            says, f"recommendation/example/{row['kind']}",
            {name: Cell("list", at, name) for name in ("account", "product", *names)}, row[n], base,
            strength="recommendation", topic=f"recommend_example/{row['kind']}", summary=False,
        )  # fmt: skip


def notes(result: Result, least: int, rules: Mapping[str, int], *, consents: bool) -> Iterator[Note]:
    """What could not be judged, what was left out, which rule is used."""
    short = [row["kind"] for row in result.table("kinds") if row["share"] is None]
    if short:
        yield Note(
            Text(f"有 {len(short)} 类建议回看的客户少于 {least} 位，命中率不予列出",
                 f"For {len(short)} kinds of recommendation fewer than {least} customers stand under the look back: no share is "
                 f"given"), "withheld")  # fmt: skip
    if not rules["rhythm"]:
        yield Note(
            Text("回看中按本人间隔到期的补货不如本人买得最多的商品，因此补货改按购买天数列出",
                 "Looking back, replenishment by the own gap did worse than what the customer bought most: it is listed by days "
                 "of purchase instead"), "warning")  # fmt: skip
    if not rules["crossed"]:
        yield Note(
            Text("回看中交叉销售不如近 30 天最多人买而本人未买的商品，因此改列后者",
                 "Looking back, cross-selling did worse than what sold most in 30 days and the customer had not bought: the "
                 "latter is listed instead"), "warning")  # fmt: skip
    if not consents:
        yield Note(
            Text("没有授权同意记录，未按同意筛选：导入 consents 后拒绝者不再列出",
                 "There are no consents and nobody is left out for want of one: import consents to leave out who refused"),
            "missing")  # fmt: skip
