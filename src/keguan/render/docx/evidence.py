"""The evidence of one analysis: question, parameters, definitions, each table with its query, each sentence
with the cells under it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from keguan.render.docx.tables import table, values
from keguan.render.docx.wml import TAB
from keguan.render.docx.word import Word
from keguan.report.document import AnalysisEvidence, ClaimEvidence, TableEvidence, ViewEvidence


def evidence(word: Word, block: AnalysisEvidence, queries: Queries) -> str:
    """All evidence of one analysis."""
    out = word.p("Keguan Evidence", word.anchor(block.id, word.r(block.title)))
    about = [(word.word("question"), block.question)]
    if block.code:
        about.append((word.word("code"), block.code))
    out += facts(word, about)
    if block.params:
        out += _part(word, "parameters") + facts(word, block.params)
    if block.notes:
        out += _part(word, "definitions")
        out += "".join(word.p("Keguan Source", word.r(note)) for note in block.notes)
    out += "".join(_table(word, item, queries) for item in block.tables)
    return out + "".join(_claim(word, item) for item in block.claims)


def views(word: Word, block: ViewEvidence) -> str:
    """The SQL of the computed views."""
    out = word.p("Keguan Evidence", word.r(block.title))
    for id, sql in block.items:
        title = word.r(f"{word.word('view')}  ", "Keguan Muted") + word.anchor(f"view-{id}", word.r(id))
        out += word.p("Keguan Evidence Item", title) + _code(word, sql)
    return out


def _part(word: Word, name: str) -> str:
    return word.p("Keguan Evidence Part", word.r(word.word(name)))


def facts(word: Word, items: Iterable[tuple[str, str]]) -> str:
    """Labels and facts, one a line."""
    return "".join(
        word.p("Keguan Fact", word.r(label, "Keguan Label") + TAB + word.r(fact)) for label, fact in items
    )


def _code(word: Word, sql: str) -> str:
    """A query as it was run, line by line in one paragraph."""
    lines = sql.strip("\n").rstrip()
    return word.p("Keguan Code", word.r(lines))


@dataclass
class Queries:
    """Queries that were printed: one text of SQL stands once, its other tables point to the first."""

    first: dict[str, str] = field(default_factory=dict)

    def xml(self, word: Word, item: TableEvidence) -> str:
        """The query of a table, or where it stands."""
        if not item.sql:
            return ""
        first = self.first.setdefault(item.sql, item.ref)
        if first == item.ref:
            return _part(word, "query") + _code(word, item.sql)
        label = word.r(f"{word.word('query')}{word.colon}", "Keguan Label")
        return word.p("Keguan Evidence Facts", label + word.link(f"evidence-{first}", first))


def _table(word: Word, item: TableEvidence, queries: Queries) -> str:
    kind = word.r(f"{word.word('table')}  ", "Keguan Muted")
    title = word.anchor(
        f"evidence-{item.ref}", kind + word.r(item.title) + word.r(f"  {item.ref}", "Keguan Faint")
    )
    out = word.p("Keguan Evidence Item", title) + _line(word, _table_facts(word, item))
    out += queries.xml(word, item)
    if item.views:
        links = word.r("  ").join(word.link(f"view-{id}", id) for id in item.views)
        out += word.p(
            "Keguan Evidence Facts", word.r(f"{word.word('views')}{word.colon}", "Keguan Label") + links
        )
    if item.sample and item.ref not in word.document.printed_tables:
        whole = item.sample.printed >= item.n
        out += _part(word, "table" if whole else "sample")
        out += table(word, item.sample, "evidence", small=True) + word.p("Keguan Gap", "")
    if item.note:
        out += word.p("Keguan Source", word.r(item.note))
    return out


def _line(word: Word, items: Iterable[tuple[str, str]]) -> str:
    """Labels and facts one after the other."""
    inside = word.r("  ·  ", "Keguan Faint").join(
        word.r(f"{label}{word.colon}", "Keguan Label") + word.r(fact) for label, fact in items
    )
    return word.p("Keguan Evidence Facts", inside)


def _table_facts(word: Word, item: TableEvidence) -> list[tuple[str, str]]:
    say = word.word
    told = (
        ("rows", f"{item.n:,}"),
        ("parameters", ", ".join(f"{name} = {value}" for name, value in item.params.items())),
        ("versions", ", ".join(f"{name}: {text}" for name, text in item.versions.items())),
        ("lineage", "; ".join(item.lineage)),
        ("method", item.method or ""),
        ("inputs", ", ".join(item.inputs)),
    )
    return [(say(name), fact) for name, fact in told if fact]


def _claim(word: Word, item: ClaimEvidence) -> str:
    claim = item.claim
    title = word.r(f"{claim.strength_label}  ", "Keguan Muted") + word.r(claim.id)
    title = word.anchor(f"claim-{claim.id}", title + word.r(f"  {claim.key}", "Keguan Faint"))
    says = word.p("Keguan Finding", "".join(word.r(part.text) for part in claim.parts))
    out = word.p("Keguan Evidence Item", title) + word.control(word.names.claim(claim), says)
    out += _line(word, item.facts) if item.facts else ""
    return out + (values(word, item) + word.p("Keguan Gap", "") if item.values else "")
