"""Sentences, and the claims that fill them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from keguan.core.text import Text
from keguan.result import Cell, Claim, Result, Test

BASE = Text("有购买的客户", "customers with a purchase")
TOLD_APART = 0.2  # standard deviations from which a difference outside the groups' own facts is said
MOST_FINDINGS = 4
TEXT: Mapping[str, Text] = {
    "natural": Text(
        "客户按{facts}分为 {k} 群，比没有分群的参照样本更紧密（间隙 {gap}，标准误 {error}），换一半客户"
        "重做的一致程度（调整兰德指数）为 {stability}：{kind}（n={n}，{base}）。",
        "By {facts} customers form {k} groups, closer than reference samples "
        "without clusters (gap {gap}, standard error {error}); groups made of other halves agree with an adjusted Rand "
        "index of {stability}: {kind} (n={n}, {base}).",
    ),
    "constructed": Text(
        "{kind}：按{facts}，客户没有自然的分界（间隙 {gap}，标准误 {error}，稳定性 {stability}），为便于使用而分为 {k} 群"
        "（n={n}，{base}）。",
        "{kind}: by {facts} customers have no natural borders (gap {gap}, standard error {error}, stability {stability}) and are "
        "divided into {k} groups for use (n={n}, {base}).",
    ),
    "group": Text(
        "{label}（{trait}）：{customers} 位客户，占 {share}，净消费 {net_revenue}，占 {revenue_share}（n={n}，{base}）。",
        "{label} ({trait}): {customers} customers, {share} of all, with net spend of {net_revenue}, {revenue_share} of "
        "the total (n={n}, {base}).",
    ),
    "group_category": Text(
        "{label}（{trait}{category}）：{customers} 位客户，占 {share}，净消费 {net_revenue}，占 {revenue_share}；"
        "{of_category} 平均占其购买行的 {inside}，其余客户为 {rest}（n={n}，{base}）。",
        "{label} ({trait} {category}): {customers} customers, {share} of all, with net spend of {net_revenue}, "
        "{revenue_share} of the total; on average {inside} of the lines they buy are {of_category}, {rest} of those of other "
        "customers (n={n}, {base}).",
    ),
    "above": Text(
        "{label}（{trait}）的{fact}（几何平均）为 {inside}，显著高于其余客户的 {rest}（q = {q}；n={n}，{base}）。",
        "{fact} of {label} ({trait}; geometric mean): {inside}, significantly higher than {rest} of other "
        "customers (q = {q}; n={n}, {base}).",
    ),
    "above_category": Text(
        "{label}（{trait}{category}）的{fact}（几何平均）为 {inside}，显著高于其余客户的 {rest}（q = {q}；n={n}，{base}）。",
        "{fact} of {label} ({trait} {category}; geometric mean): {inside}, significantly higher than {rest} of other "
        "customers (q = {q}; n={n}, {base}).",
    ),
    "below": Text(
        "{label}（{trait}）的{fact}（几何平均）为 {inside}，显著低于其余客户的 {rest}（q = {q}；n={n}，{base}）。",
        "{fact} of {label} ({trait}; geometric mean): {inside}, significantly lower than {rest} of other "
        "customers (q = {q}; n={n}, {base}).",
    ),
    "below_category": Text(
        "{label}（{trait}{category}）的{fact}（几何平均）为 {inside}，显著低于其余客户的 {rest}（q = {q}；n={n}，{base}）。",
        "{fact} of {label} ({trait} {category}; geometric mean): {inside}, significantly lower than {rest} of other "
        "customers (q = {q}; n={n}, {base}).",
    ),
    "kept": Text(
        "与 {day} 相比，{share} 的客户仍在同一群（95% 区间 {low} 至 {high}；若群与客户无关，随机为 {chance}；n={n}，"
        "两日均在样本中的客户）。",
        "Since {day} {share} of customers have stayed in their group (95% interval {low} to {high}; {chance} by chance; "
        "n={n}, customers of the sample on both days).",
    ),
}


def cluster_claims(result: Result) -> tuple[Claim, ...]:
    """The kind of groups, each group, what they differ in beside what made them, and how many stay."""
    verdict = next(iter(result.table("verdict")))
    key = {"kind": verdict["kind"]}
    groups = {row["label"]: row for row in result.table("groups")}
    return (
        Claim(
            says=verdict["kind"], key="clusters/kind",
            values={name: Cell("verdict", key, name) for name in ("k", "gap", "error", "stability")},
            labels={"kind": (verdict["kind"], "cluster_kind"), "facts": (verdict["facts"], "cluster_facts")},
            n=verdict["customers"], base=BASE, strength="estimate", topic="clusters", summary=False,
        ),
        *(_group(row, verdict["customers"]) for row in groups.values()),
        *_findings(result, groups, verdict["customers"]),
        *_kept(result),
    )  # fmt: skip


def _named(row: Mapping[str, Any]) -> dict[str, tuple[str, str | None]]:
    return {
        "label": (row["label"], "cluster"),
        "trait": (row["trait"], "cluster_trait"),
        "category": (row["category"] or "", None),
    }


def _group(row: Mapping[str, Any], n: int) -> Claim:
    label = row["label"]
    cells = {
        name: Cell("groups", {"label": label}, name)
        for name in ("customers", "share", "net_revenue", "revenue_share")
    }
    labels = _named(row)
    if row["category"]:
        key = {"label": label, "fact": "share", "category": row["category"]}
        cells |= {name: Cell("contrasts", key, name) for name in ("inside", "rest")}
        labels |= {"of_category": (row["category"], None)}
    return Claim(
        says="group_category" if row["category"] else "group", key=f"clusters/group/{label}", values=cells,
        labels=labels, n=n, base=BASE, topic=f"cluster_{label}", summary=False, about=("clusters", label),
    )  # fmt: skip


def _findings(result: Result, groups: Mapping[str, Mapping[str, Any]], n: int) -> Iterator[Claim]:
    """The largest differences in facts that did not make the groups."""
    rows = [
        row
        for row in result.table("contrasts")
        if not row["defining"] and row["verdict"] in ("above", "below") and abs(row["distance"]) >= TOLD_APART
    ]
    rows.sort(key=lambda row: (-abs(row["distance"]), row["label"], row["fact"]))
    for row in rows[:MOST_FINDINGS]:
        key = {"label": row["label"], "fact": row["fact"], "category": row["category"]}
        yield Claim(
            says=f"{row['verdict']}_category" if groups[row["label"]]["category"] else row["verdict"],
            key=f"clusters/fact/{row['label']}/{row['fact']}",
            values={name: Cell("contrasts", key, name) for name in ("inside", "rest", "q")},
            labels={**_named(groups[row["label"]]), "fact": (row["fact"], "cluster_fact")},
            n=n, base=BASE, strength="tested",
            test=Test("Welch", True, p=row["q"], corrected="Benjamini-Hochberg"),
            topic="cluster_facts", about=("clusters", row["label"]),
        )  # fmt: skip


def _kept(result: Result) -> Iterator[Claim]:
    for row in result.table("kept"):
        if row["share"] is not None:
            key = {"day": row["day"]}
            names = ("day", "share", "low", "high", "chance")
            yield Claim(
                says="kept", key="clusters/kept", values={name: Cell("kept", key, name) for name in names},
                n=row["customers"], base=BASE, strength="estimate", topic="clusters_kept", summary=False,
            )  # fmt: skip
