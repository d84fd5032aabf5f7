"""The blocks of a section: for each analysis its sentences, its figures, its tables, its notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from keguan.analysis import Analysis
from keguan.core.period import window_start
from keguan.core.text import Scalar
from keguan.report.cards import number_cards
from keguan.report.document import (
    Block,
    ClaimBlock,
    FigureBlock,
    Heading,
    KpiCards,
    Missing,
    NoteBlock,
    TableBlock,
)
from keguan.report.phrases import phrase
from keguan.report.recipe import Recipe, SectionRecipe
from keguan.report.sentences import Writer
from keguan.report.wording import TableView, table_block
from keguan.result import Claim, Figure, Result, Table
from keguan.schema.tables import ENTITIES


def empty(blocks: tuple[Block, ...]) -> bool:
    """Whether blocks hold nothing but headings and remarks about missing data."""
    return all(
        isinstance(block, (Heading, Missing)) or (isinstance(block, NoteBlock) and block.kind == "missing")
        for block in blocks
    )


def drawable(result: Result, figure: Figure) -> bool:
    """Whether a figure has anything to show."""
    return any(
        any(row[name] is not None for name in figure.y)
        for row in result.table(figure.table)
        if all(row[name] == value for name, value in figure.where.items())
    )


def drawn_first(result: Result, table: Table) -> Table:
    """The table with the rows that its figures draw before the others, in the order of the figures.

    A table of several dimensions is cut on the page: what stands under a picture is what the picture shows.
    """
    wheres = [figure.where for figure in result.figures if figure.table == table.id]
    if not all(wheres):
        return table

    def place(row: Mapping[str, Scalar]) -> int:
        matches = (
            n for n, where in enumerate(wheres) if all(row[name] == value for name, value in where.items())
        )
        return next(matches, len(wheres))

    rows = table.records()
    order = sorted(range(len(rows)), key=lambda number: place(rows[number]))
    return replace(table, rows=table.rows.take(order))


@dataclass(frozen=True)
class Body:
    """Fills sections from results."""

    results: Mapping[str, Result]
    analyses: Mapping[str, Analysis]
    recipe: Recipe
    writer: Writer

    def section(self, part: SectionRecipe) -> tuple[Block, ...]:
        """Tables named by the recipe, then each analysis; those the kind of business asks for come first."""
        blocks: list[Block] = [*self._named_tables(part)]
        for name in self._ordered(part):
            if name in self.results:
                blocks += self._analysis(self.results[name], self.analyses[name], part)
            elif name in self.analyses:
                blocks.append(self._absent(self.analyses[name]))
        return tuple(blocks)

    def _ordered(self, part: SectionRecipe) -> list[str]:
        first = self.recipe.leads.get(self.writer.context.kind or "", ())
        return sorted(part.analyses, key=lambda name: first.index(name) if name in first else len(first))

    def _named_tables(self, part: SectionRecipe) -> Iterator[TableBlock]:
        for ref in part.tables:
            analysis, _, table = ref.partition(".")
            result = self.results.get(analysis)
            if result is not None and result.has(table):
                yield self._table(result, result.table(table), whole=True)

    def _absent(self, analysis: Analysis) -> Missing:
        return Missing(
            id=analysis.name,
            title=self.writer.text(analysis.title),
            answers=self.writer.text(analysis.question),
            data=phrase("needs_tables", self.writer.language, tables=self._entities(analysis.needs)),
            command=phrase("missing_command", self.writer.language),
        )

    def _entities(self, names: tuple[str, ...]) -> str:
        labels = [
            ENTITIES[name].label.in_(self.writer.language) if name in ENTITIES else name for name in names
        ]
        return ("、" if self.writer.language == "zh" else ", ").join(labels)

    def _analysis(self, result: Result, analysis: Analysis, part: SectionRecipe) -> list[Block]:
        text = self.writer.text
        said: list[Block] = [*self._claims(result, analysis, None)]
        drawn: set[str] = set()
        for figure in result.figures:
            if f"{result.analysis}.{figure.id}" in part.hide or not drawable(result, figure):
                continue
            said += self._claims(result, analysis, figure)
            said.append(self._figure(result, figure, figure.table not in drawn))
            drawn.add(figure.table)
        said += [
            self._table(result, table)
            for table in result.tables
            if table.id not in drawn
            and len(table.rows)
            and not table.appendix
            and self._free(result, table, part)
        ]
        notes = [NoteBlock(note.kind, text(note.says)) for note in result.notes]
        if not said:  # a heading of its own would promise more than a remark
            colon = "：" if self.writer.language == "zh" else ": "
            return [replace(note, text=f"{text(analysis.title)}{colon}{note.text}") for note in notes]
        gap = "" if self.writer.language == "zh" else " "
        lead = gap.join([text(analysis.question), *self._window(result, said)])
        heading = Heading(text(analysis.title), analysis.name, f"evidence-{analysis.name}", lead)
        return [heading, *said, *notes]

    def _window(self, result: Result, said: list[Block]) -> Iterator[str]:
        """The first day of the months that the sentences speak of, where none of them names it."""
        months, as_of = result.params.get("window_months"), result.as_of or self.writer.context.as_of
        if type(months) is not int:
            return
        language = self.writer.language
        since = window_start(as_of, months).isoformat()
        texts = [block.text for block in said if isinstance(block, ClaimBlock)]
        words = phrase("window_said", language, months=months)
        if any(words in one for one in texts) and not any(since in one for one in texts):
            yield phrase("window_since", language, months=months, since=since)

    def _free(self, result: Result, table: Table, part: SectionRecipe) -> bool:
        """Whether a table is printed here: not hidden, and not named by another section."""
        ref = f"{result.analysis}.{table.id}"
        named = {name for section in self.recipe.sections for name in section.tables}
        return ref not in part.hide and ref not in named

    def _claims(self, result: Result, analysis: Analysis, figure: Figure | None) -> list[Block]:
        """Sentences of this figure, or of none; advice is left to its own section if the recipe has one."""
        collected = self.recipe.collects(result.analysis)
        figures = {item.id for item in result.figures}

        def here(claim: Claim) -> bool:
            if collected and claim.strength == "recommendation":
                return False
            return claim.figure == figure.id if figure else claim.figure not in figures

        return [self.writer.claim(result, analysis, claim) for claim in result.claims if here(claim)]

    def _figure(self, result: Result, figure: Figure, table_here: bool) -> Block:
        language = self.writer.language
        table = self._table(result, drawn_first(result, result.table(figure.table)))
        if figure.kind == "table":
            return table
        if figure.kind == "number":
            return KpiCards(number_cards(table, figure, self.writer))
        note = figure.note.in_(language) if figure.note else None
        return FigureBlock(
            f"{result.analysis}.{figure.id}", figure, figure.title.in_(language), table, note, table_here
        )

    def _table(self, result: Result, table: Table, *, whole: bool = False) -> TableBlock:
        rows = None if whole else self.recipe.rows
        return table_block(
            result.analysis, table, TableView(self.writer.language, self.writer.context.currency, rows)
        )
