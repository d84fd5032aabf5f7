"""The evidence of one analysis as HTML: readable without JavaScript, opened one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from keguan.render.html.tables import table
from keguan.render.markup import anchor, esc, many, tag
from keguan.report.document import AnalysisEvidence, ClaimEvidence, Document, TableEvidence, ViewEvidence


def evidence(block: AnalysisEvidence, document: Document, queries: dict[str, str]) -> str:
    """Question, parameters and definitions in the open; tables and sentences fold.

    `queries` takes the table under which each SQL text is printed; other tables link to it.
    """
    words = document.words
    facts = [(words["question"], block.question)]
    if block.code:
        facts.append((words["code"], block.code))
    out = tag("h3", esc(block.title)) + _facts(facts)
    if block.params:
        out += tag("h4", esc(words["parameters"])) + _facts(block.params, "params")
    if block.notes:
        notes = many(tag("li", esc(note)) for note in block.notes)
        out += tag("h4", esc(words["definitions"])) + tag("ul", notes, class_="notes")
    out += many(_table(item, document, queries) for item in block.tables)
    out += many(_claim(item, words) for item in block.claims)
    return tag("div", out, class_="evidence", id=anchor(block.id))


def views(block: ViewEvidence, document: Document) -> str:
    """The SQL of the computed views, each folded."""
    kind = tag("span", esc(document.words["view"]), class_="what")
    folded = (
        tag(
            "details",
            tag("summary", kind + tag("code", esc(id))) + tag("pre", tag("code", esc(sql)), class_="sql"),
            class_="proof",
            id=_view_anchor(id),
        )
        for id, sql in block.items
    )
    return tag("div", tag("h3", esc(block.title)) + many(folded), class_="evidence")


def _view_anchor(id: str) -> str:
    return anchor(f"view-{id}")


def _facts(items: Iterable[tuple[str, str]], kind: str = "") -> str:
    rows = many(tag("dt", esc(label)) + tag("dd", esc(fact)) for label, fact in items)
    return tag("dl", rows, class_=f"facts {kind}".strip())


def rows_anchor(ref: str) -> str:
    """Where a section prints the rows of a table."""
    return anchor(f"rows-{ref}")


def _table(item: TableEvidence, document: Document, queries: dict[str, str]) -> str:
    say = document.words
    facts = [(say["rows"], f"{item.n:,}")]
    if item.params:
        facts.append(
            (say["parameters"], ", ".join(f"{name} = {value}" for name, value in item.params.items()))
        )
    if item.versions:
        facts.append((say["versions"], ", ".join(f"{name}: {text}" for name, text in item.versions.items())))
    if item.lineage:
        facts.append((say["lineage"], "; ".join(item.lineage)))
    if item.method:
        facts.append((say["method"], item.method))
    if item.inputs:
        facts.append((say["inputs"], ", ".join(item.inputs)))
    inside = _facts(facts)
    if item.sql:
        inside += tag("h4", esc(say["query"])) + _query(item.sql.strip(), item.ref, queries)
    if item.views:
        links = many(
            tag("a", esc(id), class_="ev", href=f"#{_view_anchor(id)}", data_evidence="") for id in item.views
        )
        inside += tag("h4", esc(say["views"])) + tag("p", links, class_="views")
    if item.sample and item.ref in document.printed_tables:
        link = tag("a", esc(item.title), href=f"#{rows_anchor(item.ref)}", data_rows="")
        inside += tag("h4", esc(say["table"])) + tag("p", link)
    elif item.sample:
        whole = item.sample.printed >= item.n
        inside += tag("h4", esc(say["table" if whole else "sample"])) + table(item.sample, "evidence")
    if item.note:
        inside += tag("p", esc(item.note), class_="below")
    kind = tag("span", esc(say["table"]), class_="what")
    summary = tag("summary", kind + esc(item.title) + tag("span", esc(item.ref), class_="ref"))
    return tag("details", summary + inside, class_="proof", id=anchor(f"evidence-{item.ref}"))


def _query(sql: str, ref: str, queries: dict[str, str]) -> str:
    """The SQL, or a link to the table under which the same stands."""
    first = queries.setdefault(sql, ref)
    if first == ref:
        return tag("pre", tag("code", esc(sql)), class_="sql")
    return _links([first])


def _links(refs: Iterable[str]) -> str:
    """Links to the evidence of tables."""
    links = (
        tag("a", esc(ref), class_="ev", href=f"#{anchor(f'evidence-{ref}')}", data_evidence="")
        for ref in refs
    )
    return tag("p", many(links), class_="views")


def _claim(item: ClaimEvidence, words: Mapping[str, str]) -> str:
    say = words
    claim = item.claim
    says = many(
        tag("span", esc(part.text), data_value=part.value) if part.value else esc(part.text)
        for part in claim.parts
    )
    text = tag("p", tag("span", says, class_="says", data_claim=claim.id, data_place="evidence"))
    values = many(
        tag("dt", esc(value.name))
        + tag("dd", tag("b", esc(value.shown), data_value_of=value.name) + tag("code", esc(value.reference)))
        for value in item.values
    )
    told = (say["kind"], say["key"])  # stand in the line above
    inside = text + _facts((label, fact) for label, fact in item.facts if label not in told)
    if values:
        inside += tag("h4", esc(say["reference"])) + tag("dl", values, class_="facts cells")
        inside += _links(dict.fromkeys(ref for value in item.values for ref in value.tables))
    kind = tag("span", esc(claim.strength_label), class_="what")
    summary = tag("summary", kind + tag("code", esc(claim.id)) + tag("span", esc(claim.key), class_="ref"))
    return tag("details", summary + inside, class_="proof", id=f"claim-{claim.id}")
