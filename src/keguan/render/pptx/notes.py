"""The notes under a slide: where its sentences and figures come from."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.render.pptx.plan import Cards, Chart, Claims, Grid, Slide
from keguan.report.document import (
    AnalysisEvidence,
    ClaimBlock,
    ClaimEvidence,
    Document,
    TableBlock,
    TableEvidence,
)


@dataclass(frozen=True)
class Notes:
    """Evidence of a document by claim and by table."""

    document: Document
    claims: dict[str, ClaimEvidence]
    tables: dict[str, TableEvidence]

    @classmethod
    def of(cls, document: Document) -> Notes:
        """The evidence that the appendix holds."""
        blocks = [block for block in document.blocks() if isinstance(block, AnalysisEvidence)]
        claims = {item.claim.id: item for block in blocks for item in block.claims}
        tables = {item.ref: item for block in blocks for item in block.tables}
        return cls(document, claims, tables)

    def under(self, slide: Slide) -> list[str]:
        """Paragraphs for one slide; none for a slide that claims nothing."""
        out: list[str] = []
        refs: list[str] = []
        for claim in claims_of(slide):
            out += self._claim(claim)
            refs += self._tables_of(claim)
        refs = [block.ref for block in tables_of(slide)] + refs
        for ref in dict.fromkeys(refs):
            out += self._table(ref)
        return out

    def _tables_of(self, claim: ClaimBlock) -> list[str]:
        found = self.claims.get(claim.id)
        return [ref for value in found.values for ref in value.tables] if found else []

    def _claim(self, claim: ClaimBlock) -> list[str]:
        word, colon = self.document.words, self._colon
        lines = [f"{word['evidence']} {claim.id}{colon}{claim.text}"]
        found = self.claims.get(claim.id)
        if found:
            lines += [f"{label}{colon}{fact}" for label, fact in found.facts]
            lines += [f"{value.shown}{colon}{value.reference}" for value in found.values]
        return [*lines, ""]

    def _table(self, ref: str) -> list[str]:
        found = self.tables.get(ref)
        if found is None:
            return []
        word, colon = self.document.words, self._colon
        lines = [f"{word['table']} {found.ref}{colon}{found.title}", f"{word['rows']}{colon}{found.n:,}"]
        if found.versions:
            versions = ", ".join(f"{name} {text}" for name, text in found.versions.items())
            lines.append(f"{word['versions']}{colon}{versions}")
        if found.params:
            params = ", ".join(f"{name} = {value}" for name, value in found.params.items())
            lines.append(f"{word['parameters']}{colon}{params}")
        if found.method:
            lines.append(f"{word['method']}{colon}{found.method}")
        if found.inputs:
            lines.append(f"{word['inputs']}{colon}{', '.join(found.inputs)}")
        if found.sql:
            lines.append(f"{word['query']}{colon}")
            lines += found.sql.strip().splitlines()
        return [*lines, ""]

    @property
    def _colon(self) -> str:
        return "：" if self.document.language == "zh" else ": "


def claims_of(slide: Slide) -> list[ClaimBlock]:
    """The sentences on a slide."""
    head = [slide.title] if isinstance(slide.title, ClaimBlock) else []
    rest = slide.claims if isinstance(slide, (Claims, Cards, Chart)) else ()
    return [*head, *rest]


def tables_of(slide: Slide) -> list[TableBlock]:
    """The tables that a slide shows or draws."""
    if isinstance(slide, (Grid, Claims)):
        return [part.table for part in slide.parts]
    return [slide.figure.table] if isinstance(slide, Chart) and slide.figure else []
