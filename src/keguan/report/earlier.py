"""What a report keeps of the earlier report that it is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from keguan.report.document import Json


@dataclass(frozen=True)
class Previous:
    """What is kept of an earlier report. `claims`: key -> analysis and sentence, in that report's language."""

    document: str
    as_of: date
    claims: Mapping[str, tuple[str, str]]

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Previous:
        """From an earlier manifest of the right shape."""
        claims = {item["key"]: (str(item.get("analysis", "")), item["text"]) for item in manifest["claims"]}
        return cls(manifest["document_id"], date.fromisoformat(manifest["as_of"]), claims)

    @classmethod
    def kept(cls, kept: Mapping[str, Any]) -> Previous:
        """As a manifest keeps it."""
        claims = {key: (str(analysis), str(text)) for key, (analysis, text) in kept["claims"].items()}
        return cls(kept["document_id"], date.fromisoformat(kept["as_of"]), claims)

    def json(self) -> Json:
        """What the manifest of this report keeps of it, so that verifying needs no earlier file."""
        claims = {key: list(said) for key, said in self.claims.items()}
        return {"document_id": self.document, "as_of": self.as_of.isoformat(), "claims": claims}
