"""What a report keeps of the earlier report that it is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from keguan.core.text import Language
from keguan.report.document import Json
from keguan.result import Result

OWN = "changes"  # the analysis of the comparison itself: its sentences speak of two reports and are not compared


@dataclass(frozen=True)
class Previous:
    """What is kept of an earlier report.

    `claims`: key -> analysis and sentence of those that it printed, when it was written in the language of this
    report. `keys`: analysis -> key -> whether it may stand in a summary, of all that it ran, printed or not: which
    sentences a recipe prints is no change of the business.
    """

    document: str
    as_of: date
    claims: Mapping[str, tuple[str, str]]
    keys: Mapping[str, Mapping[str, bool]]
    language: str

    @classmethod
    def of(cls, manifest: Mapping[str, Any], language: Language) -> Previous:
        """From an earlier manifest of the right shape, for a report in `language`."""
        printed = manifest["claims"] if manifest.get("language") == language else ()
        claims = {item["key"]: (str(item.get("analysis", "")), item["text"]) for item in printed}
        return cls(
            manifest["document_id"],
            date.fromisoformat(manifest["as_of"]),
            claims,
            manifest.get("keys", {}),
            str(manifest.get("language", "")),
        )

    @classmethod
    def kept(cls, kept: Mapping[str, Any]) -> Previous:
        """As a manifest keeps it."""
        claims = {key: (str(analysis), str(text)) for key, (analysis, text) in kept["claims"].items()}
        as_of = date.fromisoformat(kept["as_of"])
        return cls(kept["document_id"], as_of, claims, kept.get("keys", {}), str(kept.get("language", "")))

    def json(self) -> Json:
        """What the manifest of this report keeps of it, so that verifying needs no earlier file."""
        return {
            "document_id": self.document,
            "as_of": self.as_of.isoformat(),
            "claims": {key: list(said) for key, said in self.claims.items()},
            "keys": {name: dict(keys) for name, keys in self.keys.items()},
            "language": self.language,
        }

    def known(self, results: Mapping[str, Result]) -> frozenset[str]:
        """Keys of sentences that are no news: what the earlier report drew, and what it could not draw because it
        did not run the analysis."""
        drawn = {key for name, keys in self.keys.items() if name != OWN for key in keys}
        unknown = set(results) - set(self.keys) - {OWN}
        apart = {claim.key for name in unknown for claim in results[name].claims}
        return frozenset(drawn | apart)


def claim_keys(results: Mapping[str, Result]) -> dict[str, dict[str, bool]]:
    """Analysis -> key of each of its claims -> whether it may stand in a summary."""
    return {
        name: {claim.key: claim.summary for claim in result.claims}
        for name, result in sorted(results.items())
    }
