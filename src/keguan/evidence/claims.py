"""Stable names of claims: what is said (key), and said from what (parameters, versions, code)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Protocol

from keguan.core.text import Scalar


class Context(Protocol):
    """The part of a Result that a claim's id is made of."""

    @property
    def as_of(self) -> date | None: ...
    @property
    def params(self) -> Mapping[str, Scalar]: ...
    @property
    def versions(self) -> Mapping[str, int]: ...
    @property
    def code(self) -> str: ...


class Keyed(Protocol):
    """Anything with a stable key."""

    @property
    def key(self) -> str: ...


def claim_id(result: Context, claim: Keyed) -> str:
    """Ten hex digits: the same for the same sentence from the same parameters, versions and code."""
    made_of = [
        claim.key,
        str(result.as_of),
        {name: str(value) for name, value in result.params.items()},
        dict(result.versions),
        result.code,
    ]
    text = json.dumps(made_of, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:10]
