"""Segments and labels per customer: streamed from a Result's relations into the table `segments`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from keguan.app.analyse import Session
from keguan.core.errors import UsageError, Where
from keguan.core.text import Language, Text, same
from keguan.engine.literals import quoted
from keguan.engine.protocol import Engine
from keguan.result import Relation, Result
from keguan.schema.tables import ENTITIES
from keguan.schema.vocabulary import VOCABULARIES, shown
from keguan.store.delta import NewFile
from keguan.store.workspace import Change, Store


def run_id(result: Result) -> str:
    """Short hash of analysis, as-of, parameters, versions and code."""
    made_of = [result.analysis, str(result.as_of), {k: str(v) for k, v in result.params.items()},
               dict(result.versions), result.code]  # fmt: skip
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()[:12]


def rows_sql(relation: Relation, run: str, as_of: date) -> str:
    """The relation in the columns of `segments`."""
    return (
        f"SELECT CAST(account_no AS INTEGER) AS account_no, {quoted(relation.id)} AS segmentation, "
        f"CAST(label AS VARCHAR) AS label, CAST(score AS VARCHAR) AS score, "
        f"DATE '{as_of.isoformat()}' AS as_of, {quoted(run)} AS run_id FROM ({relation.sql}) r"
    )


def save(store: Store, session: Session, *results: Result) -> int:
    """Keeps the relations of results unless these very runs are kept already; gives the rows written.

    Rows of the same segmentation and as-of date are replaced; the table is written once for all. Rows are
    streamed, never collected.
    """
    given = [
        _Wanted(item, run_id(result), result.as_of)
        for result in results
        for item in result.relations
        if item.kind == "segments" and result.as_of is not None
    ]
    if not given:
        return 0
    with store.writing():
        kept = _kept(session.engine, store)
        wanted = [item for item in given if (item.run, item.relation.id) not in kept]
        if not wanted:
            return 0
        path = store.new_file("segments")
        rows = 0
        with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
            for batch in _rows(session, wanted):
                writer.write_batch(batch.cast(SCHEMA))
                rows += len(batch)
        old_files = tuple(Path(file).name for file in store.files("segments"))
        store.commit([Change("segments", (NewFile(path, rows),), old_files)])
    return rows


@dataclass(frozen=True, slots=True)
class _Wanted:
    relation: Relation
    run: str
    as_of: date

    @property
    def replaced(self) -> str:
        """Rows that it takes the place of (SQL)."""
        return f"(segmentation = {quoted(self.relation.id)} AND as_of = DATE '{self.as_of.isoformat()}')"


def _rows(session: Session, wanted: Sequence[_Wanted]) -> Iterator[pa.RecordBatch]:
    """What stays of the table, then the new rows."""
    replaced = " OR ".join(item.replaced for item in wanted)
    yield from session.engine.stream(f"SELECT * FROM {KEPT} WHERE NOT ({replaced})")
    for item in wanted:
        sql = rows_sql(item.relation, item.run, item.as_of)
        yield from session.inputs.stream(sql, **dict(item.relation.params))


SCHEMA = pa.schema(
    [("account_no", pa.int32()), ("segmentation", pa.string()), ("label", pa.string()),
     ("score", pa.string()), ("as_of", pa.date32()), ("run_id", pa.string())]
)  # fmt: skip


KEPT = "kept_segments"  # as they are today; what an analysis sees is pinned


def _kept(engine: Engine, store: Store) -> set[tuple[str, str]]:
    """Runs and segmentations that the table holds."""
    engine.register(ENTITIES["segments"], store.files("segments"), name=KEPT)
    rows = engine.query(f"SELECT DISTINCT run_id, segmentation FROM {KEPT}").to_pylist()
    return {(row["run_id"], row["segmentation"]) for row in rows}


def relation_of(result: Result, segmentation: str) -> Relation:
    """The segmentation of a result; UsageError lists those that it has."""
    relations = [item for item in result.relations if item.kind == "segments"]
    for item in relations:
        if item.id == segmentation:
            return item
    raise UsageError(
        Text("这个分析没有这样的客户分群", "The analysis has no such customer segments"),
        found=segmentation,
        allowed=same(", ".join(item.id for item in relations) or "-"),
        do=Text("换一个分群名, 如 rfm", "choose another segmentation, such as rfm"),
    )


def no_label(label: str, counts: Mapping[str, int], vocabulary: str | None) -> UsageError:
    def listed(language: Language) -> str:
        return ", ".join(f"{shown(name, vocabulary, language)} ({n:,})" for name, n in counts.items()) or "-"

    return UsageError(
        Text("没有这个分群标签", "There is no such label"),
        Where(setting="--label"),
        found=label,
        allowed=Text(listed("zh"), listed("en")),
        do=Text("用 --label 给出其中之一", "give one of them with --label"),
    )


def stored_label(label: str | None, vocabulary: str | None) -> str | None:
    """A label as stored, given in either language."""
    for value, text in VOCABULARIES.get(vocabulary or "", {}).items():
        if label in (value, text.zh, text.en):
            return value
    return label
