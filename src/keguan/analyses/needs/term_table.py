"""Table of key terms: the commonest, and those that set a group of texts apart from the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from keguan.analyses.needs.findings import Found
from keguan.analyses.needs.reading import groups
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.log_odds import log_odds
from keguan.evidence.statistics.two_proportions import two_sided
from keguan.result import Column, Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COMMONEST = 30
LISTED = 10  # terms a group
VALUES = 8  # values of a dimension, the commonest
LEAST_TEXTS = 5  # a term in fewer texts is not shown: it could tell of a person
COMPARED = ("kind", "product", "segment")

TERM_COLUMNS = (
    Column("dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="needs_dimension"),
    Column("value", Text("取值", "Value"), "label", role="key", vocabulary="needs_value"),
    Column("rank", Text("次序", "Rank"), "count", role="key"),
    Column("term", Text("词语", "Term"), "text"),
    Column("texts", Text("文本数", "Texts"), "count"),
    Column("n", Text("该组文本", "Texts of the group"), "count"),
    Column("share", Text("占比", "Share"), "share"),
    Column("rest_share", Text("其余占比", "Share elsewhere"), "share"),
    Column(
        "log_odds", Text("对数优势比", "Log-odds ratio"), "number", 3,
        note=Text("以全部文本为先验 (Monroe 等 2008)", "with all texts as prior (Monroe et al. 2008)"),
    ),
    Column("q", Text("校正后 p", "Corrected p"), "number", 4),
)  # fmt: skip


def term_table(inputs: Inputs, found: Found) -> Table:
    """The commonest terms of all texts, and for positive and negative texts, kinds, products and segments those that
    are oftener there than in the other texts, after correction."""
    rows = list(_commonest(found))
    compared = [row for name, masks in _compared_groups(found) for row in _against_rest(found, name, masks)]
    for row, q in zip(compared, benjamini_hochberg([row["p"] for row in compared]), strict=True):
        row["q"] = q
    rows += _listed(compared)
    return inputs.computed(
        "terms", Text("关键词语", "Key terms"), TERM_COLUMNS, ("dimension", "value", "rank"), rows,
        method="evidence.statistics.log_odds", sql=found.plan.sql, **found.plan.bound,
        note=Text(
            f"按含有该词的文本计数，少于 {LEAST_TEXTS} 条的不列；人名与数字不计",
            f"counted by texts with the term, none in fewer than {LEAST_TEXTS}; names of persons and numbers are left out",
        ),
    )  # fmt: skip


def _commonest(found: Found) -> Iterator[dict[str, Any]]:
    texts = found.terms.texts
    order = sorted(range(len(found.terms.shown)), key=lambda t: (-int(texts[t]), found.terms.shown[t]))
    for rank, term in enumerate(order[:COMMONEST], start=1):
        if texts[term] < LEAST_TEXTS:
            return
        yield {
            "dimension": "all", "value": "all", "rank": rank, "term": found.terms.shown[term],
            "texts": int(texts[term]), "n": found.base,
            "share": int(texts[term]) / found.base if found.base >= found.min_n else None,
        }  # fmt: skip


def _compared_groups(found: Found) -> Iterator[tuple[str, dict[str, NDArray[np.bool_]]]]:
    polarity = found.judged.polarity
    yield "sentiment", {
        "positive": found.counted & (polarity == 1), "negative": found.counted & (polarity == -1)
    }  # fmt: skip
    for name in COMPARED:
        yield name, groups(found.read, name)


def _against_rest(
    found: Found, dimension: str, masks: dict[str, NDArray[np.bool_]]
) -> Iterator[dict[str, Any]]:
    import numpy as np

    every = sum(masks.values(), np.zeros(len(found.read), dtype=bool))
    largest = sorted(masks, key=lambda name: (-int(masks[name].sum()), name))[:VALUES]
    whole = _texts(found, every)
    for value in largest:
        n, rest = int(masks[value].sum()), int((every & ~masks[value]).sum())
        if min(n, rest) < found.min_n:
            continue
        inside = _texts(found, masks[value])
        odds = log_odds(inside, whole - inside)
        for term in np.flatnonzero((inside >= LEAST_TEXTS) & (odds.z > 0)).tolist():
            yield {
                "dimension": dimension, "value": value, "term": found.terms.shown[term],
                "texts": int(inside[term]), "n": n, "share": int(inside[term]) / n,
                "rest_share": int(whole[term] - inside[term]) / rest,
                "log_odds": float(odds.difference[term]), "z": round(float(odds.z[term]), 9),
                "p": two_sided(float(odds.z[term])),
            }  # fmt: skip


def _texts(found: Found, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """In how many of these texts each term is."""
    import numpy as np

    of_text = np.repeat(mask, np.diff(found.terms.starts))
    return np.bincount(found.terms.numbers[of_text], minlength=len(found.terms.shown))[
        : len(found.terms.shown)
    ]


def _listed(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The terms that hold after correction, strongest first, at most `LISTED` a group."""
    ranks: dict[tuple[str, str], int] = {}
    for row in sorted(rows, key=lambda row: (row["dimension"], row["value"], -row["z"], row["term"])):
        group = (row["dimension"], row["value"])
        if row["q"] <= FALSE_DISCOVERY and ranks.get(group, 0) < LISTED:
            ranks[group] = ranks.get(group, 0) + 1
            yield {**row, "rank": ranks[group]}
