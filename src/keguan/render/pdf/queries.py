"""The queries of a document: each text of SQL has one number and is printed once; tables and sentences name it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from keguan.render.pdf.packed import packed
from keguan.render.pdf.sheet import Sheet
from keguan.render.pdf.tables import Node
from keguan.report.document import AnalysisEvidence, Document, Section, TableEvidence


@dataclass
class Queries:
    """Numbers the queries of `document` in the order of its evidence, from 1."""

    document: Document
    tables: dict[str, TableEvidence] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)  # by the text of SQL
    used: dict[int, list[TableEvidence]] = field(default_factory=dict)
    printed: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        for item in _tables(self.document.blocks()):
            self.tables[item.ref] = item
            if item.sql:
                number = self.numbers.setdefault(item.sql.strip(), len(self.numbers) + 1)
                self.used.setdefault(number, []).append(item)

    def targets(self) -> set[str]:
        """Labels of the queries."""
        return {label(number) for number in self.used}

    def of(self, *refs: str) -> tuple[int, ...]:
        """Numbers of the queries that tables rest on: their own, and those of the tables they were computed from."""
        found: dict[int, None] = {}
        left, seen = list(refs), set(refs)
        while left:
            item = self.tables.get(left.pop(0))
            if item is None:
                continue
            if item.sql:
                found[self.numbers[item.sql.strip()]] = None
            new = [ref for ref in item.inputs if ref not in seen]
            left += new
            seen.update(new)
        return tuple(found)

    def links(self, sheet: Sheet, *refs: str) -> list[Node]:
        """The numbers as links."""
        return [
            {"text": sheet.plain(f"SQL {number}"), "to": sheet.link(label(number))}
            for number in self.of(*refs)
        ]

    def node(self, section: Section, sheet: Sheet) -> Node | None:
        """The queries of a section's evidence that no section printed before, None without any."""
        refs = [item.ref for item in _tables(section.blocks)]
        new = sorted({number for ref in refs for number in self.of(ref)} - self.printed)
        if not new:
            return None
        self.printed.update(new)
        title = sheet.plain(self.document.words["queries"])
        items = [self._query(number, sheet) for number in new]
        return {"kind": "queries", "parts": [{"title": title, "items": items}]}

    def _query(self, number: int, sheet: Sheet) -> Node:
        """One query: its number, the tables that it gave, what it reads, its text."""
        words, plain = self.document.words, sheet.plain
        users = self.used[number]
        first = users[0]
        assert first.sql is not None
        name = plain(f"SQL {number}")
        refs = [plain(item.ref) for item in users]
        views = list(dict.fromkeys(id for item in users for id in item.views))
        read = [name for name in _read(first) if name not in views]
        node: Node = {"id": label(number), "name": name, "tables": refs, "read": None, "views": None}
        if read:
            node["read"] = [plain(words["inputs"]), plain(", ".join(read))]
        if views:
            node["views"] = linked_views(views, words["views"], sheet)
        node["sql"] = sheet.code(packed(first.sql))
        return node


def label(number: int) -> str:
    """The label of a query's text."""
    return f"sql-{number}"


def linked_views(views: list[str], title: str, sheet: Sheet) -> Node:
    """Views that a query names, as links to their SQL."""
    said = sheet.plain(title)
    return {
        "title": said,
        "links": [{"text": sheet.plain(id), "to": sheet.link(f"view-{id}")} for id in views],
    }


def _tables(blocks: Iterator[object] | tuple[object, ...]) -> Iterator[TableEvidence]:
    for block in blocks:
        if isinstance(block, AnalysisEvidence):
            yield from block.tables


def _read(item: TableEvidence) -> list[str]:
    """Names of the tables read, without their columns, which the SQL names."""
    return [read.partition(" (")[0] for read in item.lineage]
