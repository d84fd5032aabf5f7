"""What kind of company this is, in the words in which ranges name theirs."""

from __future__ import annotations

from collections.abc import Sequence

from keguan.analysis import Inputs
from keguan.core.text import Text, same
from keguan.schema.vocabulary import BUSINESS_KIND

# Whom the company sells to, by the kind of most customers.
_SELLS_TO = {
    "company": ("b2b", "企业", "公司", "company"),
    "person": ("b2c", "个人", "消费者", "零售", "person", "consumer"),
}
_SAID = {
    "b2b": Text("面向企业客户", "selling to companies"),
    "b2c": Text("面向个人客户", "selling to persons"),
}
KINDS_SQL = """
SELECT lower(kind) AS kind, count(DISTINCT account_no) AS customers FROM customers
WHERE kind IS NOT NULL GROUP BY lower(kind) ORDER BY customers DESC, kind
"""


def own_population(inputs: Inputs, chosen: str) -> tuple[str, ...]:
    """Words for this company: those chosen, else from the customers' kind and the kind of business."""
    if chosen.strip() and chosen.strip().casefold() != "auto":
        return tuple(word.strip().casefold() for word in chosen.replace("，", ",").split(",") if word.strip())
    words: list[str] = []
    kinds = inputs.query(KINDS_SQL).to_pylist()
    if kinds:
        words += _SELLS_TO.get(kinds[0]["kind"], (kinds[0]["kind"],))
    decided = inputs.result("business_kind").table("decision").records()[0]["kind"]
    if decided in BUSINESS_KIND:
        words += [BUSINESS_KIND[decided].zh, BUSINESS_KIND[decided].en.casefold(), decided]
    return tuple(words)


def described(words: Sequence[str]) -> Text:
    """What kind of company the words say, for a reader; words that were chosen read as they are."""
    found = [text for word, text in _SAID.items() if word in words]
    found += [text for text in BUSINESS_KIND.values() if text.zh in words]
    if not found:
        found = [same(word) for word in words]
    return Text("、".join(text.zh for text in found), ", ".join(text.en for text in found))


def fits(population: str | None, own: Sequence[str]) -> bool:
    """Whether a range is meant for this company: for everybody, or for a kind that one of its words names."""
    text = (population or "").strip().casefold()
    return not text or text in ("全部", "all", "*") or any(word in text for word in own)
