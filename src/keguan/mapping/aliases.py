"""Which canonical column a header means, by the aliases kept in aliases.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from keguan.mapping.headers import Header, comparable

EntityKind = Literal[
    "orders", "customers", "products",
    "events", "feedback", "contacts", "campaigns", "campaign_members", "spend", "costs", "social_metrics", "leads",
    "payments", "targets", "contact_persons", "consents", "subscriptions", "benchmarks", "external_labels",
]  # fmt: skip
# Kinds of files whose rows are stored as they come, one row a row.
RECORD_KINDS: tuple[EntityKind, ...] = tuple(
    kind for kind in get_args(EntityKind) if kind not in ("orders", "customers", "products")
)
TIERS: Mapping[str, int] = {"first": 100, "names": 90, "own": 80, "weak": 60, "parts": 40}


@dataclass(frozen=True, slots=True)
class Match:
    """A header's likeness to a concept. `tier` 100 says it best, 40 only contains the word."""

    concept: str
    tier: int
    rank: int  # place in the alias list: earlier names are preferred


@cache
def _aliases() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    text = files("keguan.mapping").joinpath("aliases.toml").read_text(encoding="utf-8")
    received = tomllib.loads(text)
    return {
        concept: {tier: tuple(comparable(name) for name in names) for tier, names in tiers.items()}
        for concept, tiers in received.items()
    }


@cache
def _all_record_aliases() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(files("keguan.mapping").joinpath("record_aliases.toml").read_text(encoding="utf-8"))


@cache
def _record_aliases(kind: EntityKind) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """The columns of a kind of record with their aliases, and the shared concepts with theirs."""
    own = dict(_all_record_aliases()[kind])
    shared = {concept: _aliases()[concept] for concept in own.pop("shared")}
    return shared | {
        column: {tier: tuple(comparable(name) for name in names) for tier, names in tiers.items()}
        for column, tiers in own.items()
    }


def matches(header: Header, entity: EntityKind) -> tuple[Match, ...]:
    """Concepts that a header may mean in a file of this kind, best first."""
    found = []
    known = _record_aliases(entity) if entity in RECORD_KINDS else _aliases()
    for concept, tiers in known.items():
        best = _best(header, tiers, entity)
        if best is not None:
            found.append(Match(concept, *best))
    return tuple(sorted(found, key=lambda match: (-match.tier, match.rank, match.concept)))


def _best(header: Header, tiers: Mapping[str, tuple[str, ...]], entity: EntityKind) -> tuple[int, int] | None:
    for name, names in (("first", "first"), ("names", "names"), ("own", entity), ("weak", "weak")):
        known = tiers.get(names, ())
        for key in header.keys:
            if key in known:
                return TIERS[name], known.index(key)
    for rank, part in enumerate(tiers.get("parts", ())):
        if any(part in key for key in header.keys):
            return TIERS["parts"], rank
    return None


@cache
def concepts(entity: EntityKind = "orders") -> frozenset[str]:
    """All concepts that have aliases in a file of this kind."""
    return frozenset(_record_aliases(entity) if entity in RECORD_KINDS else _aliases())
