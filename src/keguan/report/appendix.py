"""The appendix: for each analysis its question, parameters and definitions, and the evidence of every
table and sentence; last the computed views that the queries name."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.analysis import Analysis
from keguan.core.text import Scalar, Text, same
from keguan.report.document import AnalysisEvidence, Block, Facts, NoteBlock, TableEvidence, ViewEvidence
from keguan.report.phrases import phrase
from keguan.report.sentences import Writer
from keguan.report.views import Views, named, views_of
from keguan.report.wording import TableView, plain, table_block
from keguan.result import Result, Table

SAMPLE_ROWS = 5
WHOLE_ROWS = 12  # of a table that stands nowhere else


def appendix(
    results: Mapping[str, Result], analyses: Mapping[str, Analysis], writer: Writer
) -> tuple[Block, ...]:
    """Data versions first, then the evidence of each analysis in the given order."""
    language, context = writer.language, writer.context
    versions = tuple(
        (table, _version(table, version, writer)) for table, version in sorted(context.versions.items())
    )
    blocks: list[Block] = [NoteBlock("info", phrase("rounding", language))]
    if versions:
        blocks.append(Facts(phrase("versions", language), versions))
    views = views_of(results.values())
    blocks += [analysis_evidence(results[name], analyses[name], writer, views) for name in results]
    if views:
        listing = tuple((id, sql) for (_, sql), id in views.items())
        blocks.append(ViewEvidence(phrase("views", language), listing))
    return tuple(blocks)


def _version(table: str, version: int, writer: Writer) -> str:
    files = len(writer.context.files.get(table, ()))
    text = phrase("version", writer.language, n=version)
    return f"{text} · {phrase('files', writer.language, n=files)}" if files else text


def analysis_evidence(result: Result, analysis: Analysis, writer: Writer, views: Views) -> AnalysisEvidence:
    """Everything that lets a reader check one analysis; `views`: those of the whole document."""
    return AnalysisEvidence(
        id=f"evidence-{analysis.name}",
        analysis=analysis.name,
        title=writer.text(analysis.title),
        question=writer.text(analysis.question),
        params=parameters(result, analysis, writer),
        code=result.code,
        tables=tuple(table_evidence(result, table, writer, views) for table in result.tables),
        claims=tuple(writer.evidence(result, analysis, claim) for claim in result.claims),
        notes=definitions(result, writer),
    )


def parameters(result: Result, analysis: Analysis, writer: Writer) -> tuple[tuple[str, str], ...]:
    """The parameters used, with what they mean."""
    helps: dict[str, Text] = {
        field.name: field.metadata.get("help", same(field.name)) for field in analysis.fields()
    }
    rows = []
    for name, value in result.params.items():
        meaning = helps.get(name, same(name)).in_(writer.language)
        rows.append((name, plain(value) if meaning == name else f"{plain(value)} · {meaning}"))
    return tuple(rows)


def definitions(result: Result, writer: Writer) -> tuple[str, ...]:
    """Footnotes of columns and tables, once each, and the notes of the result."""
    colon = "：" if writer.language == "zh" else ": "
    out = [
        f"{column.label.in_(writer.language)}{colon}{column.note.in_(writer.language)}"
        for table in result.tables
        for column in table.columns
        if column.note
    ]
    out += [note.says.in_(writer.language) for note in result.notes]
    return tuple(dict.fromkeys(out))


def table_evidence(result: Result, table: Table, writer: Writer, views: Views) -> TableEvidence:
    """How one table came about."""
    language = writer.language
    view = TableView(language, writer.context.currency, WHOLE_ROWS if table.appendix else SAMPLE_ROWS)
    block = table_block(result.analysis, table, view)
    read = table.lineage.tables if table.lineage else {}
    versions = {**writer.context.versions, **result.versions}
    pinned = {name: versions[name] for name in read if name in versions} or dict(result.versions)
    return TableEvidence(
        id=f"evidence-{result.analysis}-{table.id}",
        ref=f"{result.analysis}.{table.id}",
        title=table.title.in_(language),
        n=len(table.rows),
        sql=table.sql,
        views=named(table, views),
        method=table.method,
        params=_plain(table.params),
        versions={name: phrase("version", language, n=version) for name, version in sorted(pinned.items())},
        lineage=tuple(f"{name} ({', '.join(columns)})" for name, columns in sorted(read.items())),
        inputs=tuple(f"{result.analysis}.{name}" for name in table.inputs),
        sample=block if block.rows else None,
        note=block.note,
    )


def _plain(params: Mapping[str, Scalar]) -> dict[str, str]:
    return {name: plain(value) for name, value in params.items()}
