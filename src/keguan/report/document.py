"""The report as data: sections of blocks in one language, in no format.

Every renderer (HTML now; PDF, Word, PowerPoint and Excel later) reads a `Document`. Texts are already in the
reader's language; figures keep their typed values beside the characters that a reader sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

from keguan.core.text import Language, Scalar, Unit
from keguan.result import Figure, Role, Strength

Json = dict[str, Any]
Place = Literal["body", "summary", "changes", "evidence"]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a sentence; `value` names the claim's value that it prints, None for fixed words."""

    text: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section (one per analysis); `evidence` is the id of its entry in the appendix."""

    text: str
    id: str = ""
    evidence: str | None = None
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Fixed words: a purpose, an explanation. Carries no figure."""

    text: str


@dataclass(frozen=True, slots=True)
class ClaimBlock:
    """One proved sentence. `money` is the money at stake in the document's currency, None when unknown.

    `so_what`: in the summary, what the strategy matrix advises for the customers spoken of; '' for none. It is
    advice and no evidence: it carries no figure, and renderers set it apart under `words['so_what']`.
    """

    id: str
    key: str
    analysis: str
    parts: tuple[Span, ...]
    strength: Strength
    strength_label: str
    n: int | None
    base: str
    money: float | None = None
    test: str = ""
    figure: str | None = None
    place: Place = "body"
    so_what: str = ""

    @property
    def text(self) -> str:
        """The whole sentence."""
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column as a reader sees it; `note` is its footnote (the definition used)."""

    name: str
    label: str
    unit: Unit
    role: Role
    unit_word: str = ""
    note: str | None = None
    unit_column: str | None = None  # a column that names the unit of each row

    @property
    def numeric(self) -> bool:
        """Whether its cells are set to the right."""
        return self.unit not in {"text", "label", "date", "datetime", "month"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the key that its cells are cited by, typed values, and what is printed."""

    key: str
    values: tuple[Scalar, ...]
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table with all its rows, of which the page shows `printed`. `ref` is `analysis.table`."""

    ref: str
    analysis: str
    id: str
    title: str
    columns: tuple[TableColumn, ...]
    key: tuple[str, ...]
    rows: tuple[Row, ...]
    printed: int
    note: str | None = None

    def records(self) -> Iterator[dict[str, Scalar]]:
        """Rows by column name."""
        names = [column.name for column in self.columns]
        for row in self.rows:
            yield dict(zip(names, row.values, strict=True))

    @property
    def page(self) -> tuple[Row, ...]:
        """The rows that are printed."""
        return self.rows[: self.printed]

    def column(self, name: str) -> TableColumn:
        """One column; KeyError if the table does not have it."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.ref}: {name}")

    def index(self, name: str) -> int:
        """Position of a column."""
        return self.columns.index(self.column(name))


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """A chart, declared, with every row of its table. `ref` is `analysis.figure`. `table_here`: the table
    is printed beside this figure (a table is printed once in a document)."""

    ref: str
    figure: Figure
    title: str
    table: TableBlock
    note: str | None = None
    table_here: bool = True


@dataclass(frozen=True, slots=True)
class NoteBlock:
    """A warning, a withheld figure or a remark."""

    kind: Literal["info", "warning", "withheld", "missing"]
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """One headline figure: the cell it shows, and its change with the words that say against what."""

    label: str
    cell: str
    shown: str
    unit: str = ""
    full: str = ""
    change_cell: str | None = None
    change_shown: str = ""
    change_label: str = ""
    direction: Literal["up", "down", "flat"] = "flat"


@dataclass(frozen=True, slots=True)
class KpiCards:
    """A row of headline figures."""

    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Short facts by label: data versions, number of files."""

    title: str
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Comment:
    """A person's opinion. Never evidence, and looks different."""

    author: str
    text: str
    on: date | None = None
    about: str | None = None

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> Comment:
        """As a manifest and the workspace keep it. KeyError, TypeError or ValueError when it is none."""
        on = date.fromisoformat(item["on"]) if item.get("on") else None
        return cls(str(item["author"]), str(item["text"]), on, item.get("about"))

    def json(self) -> Json:
        """What a manifest and the workspace keep of it."""
        on = self.on.isoformat() if self.on else None
        return {"author": self.author, "text": self.text, "on": on, "about": self.about}


@dataclass(frozen=True, slots=True)
class Missing:
    """A section that the data do not allow: what it would answer and what to import."""

    id: str
    title: str
    answers: str
    data: str
    command: str


@dataclass(frozen=True, slots=True)
class TableEvidence:
    """How a table came about: its SQL or function, parameters, versions, lineage and first rows."""

    id: str
    ref: str
    title: str
    n: int
    sql: str | None
    method: str | None
    params: Mapping[str, str]
    versions: Mapping[str, str]
    lineage: tuple[str, ...]
    inputs: tuple[str, ...]
    sample: TableBlock | None
    note: str | None = None
    views: tuple[str, ...] = ()  # ids of the computed views that the SQL names


@dataclass(frozen=True, slots=True)
class ValueEvidence:
    """Where one figure of a sentence stands."""

    name: str
    shown: str
    reference: str
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimEvidence:
    """A sentence with the cells under it."""

    claim: ClaimBlock
    values: tuple[ValueEvidence, ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AnalysisEvidence:
    """All evidence of one analysis: question, parameters, code version, tables, sentences."""

    id: str
    analysis: str
    title: str
    question: str
    params: tuple[tuple[str, str], ...]
    code: str
    tables: tuple[TableEvidence, ...]
    claims: tuple[ClaimEvidence, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ViewEvidence:
    """The SQL of the computed views that queries of the document name, by id."""

    title: str
    items: tuple[tuple[str, str], ...]


Block = (
    Heading
    | Paragraph
    | ClaimBlock
    | TableBlock
    | FigureBlock
    | NoteBlock
    | KpiCards
    | Facts
    | Comment
    | Missing
    | AnalysisEvidence
    | ViewEvidence
)


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the report."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    number: str = ""
    lead: str = ""
    kind: Literal["summary", "body", "missing", "appendix"] = "body"


@dataclass(frozen=True)
class Document:
    """A whole report in one language. `cover` lists label and fact; `manifest` is what report.json holds.

    `advice` and `framework` are the strategy matrix in this language: words to start from, no evidence.
    """

    title: str
    subtitle: str
    language: Language
    currency: str
    as_of: date
    generated: str
    cover: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    manifest: Json = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    advice: Mapping[tuple[str, str], str] = field(default_factory=dict)
    framework: tuple[tuple[str, ...], ...] = ()

    def blocks(self) -> Iterator[Block]:
        """All blocks in order."""
        for section in self.sections:
            yield from section.blocks

    def on_paper(self) -> dict[str, str]:
        """Elements of the manifest that a form on paper shows: all but rows that a section prints already."""
        return {
            name: text
            for name, text in self.manifest.get("items", {}).items()
            if not (
                name.startswith("cell:")
                and name.endswith("@evidence")
                and name.removeprefix("cell:").partition("[")[0] in self.printed_tables
            )
        }

    @cached_property
    def printed_tables(self) -> frozenset[str]:
        """Tables that a section prints. On paper the appendix does not print their first rows again."""
        printed = {block.ref for block in self.blocks() if isinstance(block, TableBlock)}
        return frozenset(
            printed | {block.table.ref for block in self.blocks() if isinstance(block, FigureBlock)}
        )
