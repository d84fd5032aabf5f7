"""Which rows of a record file can be used, and why the others cannot.

All texts are SQL over the flat rows `f` of one kind of record. A rule names the column that it found wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keguan.quality.judge import TOTALS
from keguan.schema.tables import ENTITIES

LARGEST = "100000000000"  # money beyond this is no money

# Lowest and highest answer of each scale.
SCALES: Mapping[str, tuple[int, int]] = {"csat5": (1, 5), "nps": (0, 10), "ces7": (1, 7), "binary": (0, 1)}


@dataclass(frozen=True, slots=True)
class Rule:
    """A row for which `broken` holds (SQL) goes to quarantine; `column` is what was found wrong."""

    name: str
    column: str
    broken: str


_OUT_OF_SCALE = " OR ".join(
    f"(scale = '{scale}' AND (score < {low} OR score > {high}))" for scale, (low, high) in SCALES.items()
)
OWN_RULES: Mapping[str, tuple[Rule, ...]] = {
    "feedback": (
        Rule("nothing_said", "text", "score IS NULL AND text IS NULL AND status IS NULL AND topic IS NULL "
             "AND invited_at IS NULL"),
        Rule("out_of_scale", "score", _OUT_OF_SCALE),
        Rule("ends_before_start", "resolved_at", "resolved_at < raised_at"),
    ),
    "campaigns": (Rule("ends_before_start", "ends_on", "ends_on < starts_on"),),
    "subscriptions": (
        Rule("no_customer_id", "customer_key", "customer_key IS NULL"),
        Rule("ends_before_start", "ended_on", "ended_on < started_on"),
    ),
    "benchmarks": (Rule("low_above_high", "low", "low > high"),),
    "contacts": (Rule("no_customer_id", "customer_key", "customer_key IS NULL"),),
    "campaign_members": (Rule("no_customer_id", "customer_key", "customer_key IS NULL"),),
    "consents": (Rule("no_customer_id", "customer_key", "customer_key IS NULL"),),
    "contact_persons": (Rule("no_customer_id", "customer_key", "customer_key IS NULL"),),
}  # fmt: skip

# Cells of these must be readable where they stand; others become empty and are counted.
ESSENTIAL = ("score", "amount", "value", "raised_at", "resolved_at", "due_on", "paid_on", "churned")


def rules_of(kind: str, given: Sequence[str]) -> tuple[Rule, ...]:
    """The rules of a kind of record, in the order in which they are asked. `given`: columns that the file has."""
    entity = ENTITIES[kind]
    required = [item.name for item in entity.fields if item.required]
    essential = [name for name in (*required, *ESSENTIAL) if name in entity.names]
    texts = [item.name for item in entity.fields if item.type == "text" and item.name in given]
    keys = (["customer_key"] if "customer_key" in given else []) + texts[:2]
    money = [item.name for item in entity.fields if item.type == "decimal" and item.name in given]
    totals = " OR ".join(f"lower({name}) IN ({TOTALS})" for name in keys) or "FALSE"
    return (
        Rule("total_row", keys[0] if keys else "", totals),
        *(Rule("unreadable", name, f"failed = '{name}'") for name in dict.fromkeys(essential)),
        *(Rule("missing_required", name, f"{name} IS NULL") for name in required),
        *(Rule("implausible_amount", name, f"abs({name}) >= {LARGEST}") for name in money),
        *OWN_RULES.get(kind, ()),
    )


def judged_columns(rules: Sequence[Rule]) -> str:
    """SQL of two columns: `rule`, the first that a row breaks (NULL: it can be used), and `rule_column`."""
    names = " ".join(f"WHEN {rule.broken} THEN '{rule.name}'" for rule in rules)
    columns = " ".join(f"WHEN {rule.broken} THEN '{rule.column}'" for rule in rules)
    return f"CASE {names} END AS rule, CASE {columns} END AS rule_column"


# Where a file tells neither the scale nor a question of one kind: by the words of the question, else by whether
# so many of its answers exceed 5 that they are no slips.
SCALE_BY_QUESTION = """CASE
  WHEN score IS NULL THEN NULL
  WHEN regexp_matches(lower(coalesce(question, '')), 'nps|推荐|recommend') THEN 'nps'
  WHEN regexp_matches(lower(coalesce(question, '')), '(^|[^a-z])ces([^a-z]|$)|费力|effort|容易') THEN 'ces7'
  WHEN regexp_matches(lower(coalesce(question, '')), 'csat|满意|satisf') THEN 'csat5'
  WHEN avg(CASE WHEN score > 5 THEN 1.0 WHEN score IS NULL THEN NULL ELSE 0.0 END)
       OVER (PARTITION BY survey_id, question) >= 0.05 THEN 'nps'
  ELSE 'csat5' END"""
