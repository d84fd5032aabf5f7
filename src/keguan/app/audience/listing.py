"""The record of audiences: all of them in a table, and one with everybody it received, by what became of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keguan.analysis import Analysis, Inputs
from keguan.app.analyse import Session
from keguan.app.audience import faults, freezing
from keguan.app.result_rows import arrow
from keguan.core.text import Text
from keguan.result import Column, Note, Result, Table
from keguan.schema.tables import ENTITIES
from keguan.store.workspace import Store

MOST_LISTED = 1000
KEPT_EXPORTS = "kept_audience_exports"  # as they are today, not pinned
LIST_COLUMNS = (
    Column("audience_id", Text("人群编号", "Audience id"), "text", role="key"),
    Column("name", Text("活动名称", "Name"), "text"),
    Column("segment", Text("目标客群", "Target segment"), "text"),
    Column("channel", Text("渠道", "Channel"), "label", vocabulary="audience_channel"),
    Column("as_of", Text("截至日", "As of"), "date"),
    Column("starts_on", Text("活动开始日", "Starts on"), "date"),
    Column("ends_on", Text("活动结束日", "Ends on"), "date"),
    Column("segment_size", Text("分群人数", "Size of the segment"), "count"),
    Column("treated", Text("触达组人数", "Customers to contact"), "count"),
    Column("held_out", Text("留出组人数", "Customers held out"), "count"),
    Column("excluded", Text("排除人数", "Excluded"), "count"),
    Column("exports", Text("导出次数", "Exports"), "count"),
)
GROUP_COLUMNS = (
    Column("part", Text("去向", "What became of them"), "label", role="key", vocabulary="audience_part"),
    Column("customers", Text("客户数", "Customers"), "count"),
    Column("share", Text("占分群", "Of the segment"), "share"),
)
RECORD_COLUMNS = (
    Column("item", Text("项目", "Item"), "label", role="key", vocabulary="audience_field"),
    Column("value", Text("内容", "Content"), "text"),
)
STRATA_COLUMNS = (
    Column("stratum", Text("层", "Stratum"), "text", role="key"),
    Column("treated", Text("触达组人数", "Customers to contact"), "count"),
    Column("held_out", Text("留出组人数", "Customers held out"), "count"),
    Column("share", Text("留出占比", "Share held out"), "share"),
)
EXPORT_COLUMNS = (
    Column("exported_at", Text("导出时间", "Exported at"), "datetime", role="key"),
    Column("file_form", Text("文件格式", "Form of the file"), "text"),
    Column("customers", Text("导出客户数", "Customers exported"), "count"),
    Column("withdrawn", Text("撤回授权人数", "Consents withdrawn"), "count"),
    Column("unreachable", Text("已无地址人数", "Without an address by now"), "count"),
    Column("sha256", Text("指纹", "SHA-256"), "text"),
)
SHOWN = (
    "audience_id", "name", "segment", "channel", "as_of", "made_at", "starts_on", "ends_on", "purposes", "holdout",
    "seed", "stratified_by", "primary_metric", "base_value", "base_customers", "smallest_effect", "detectable", "power",
    "settings", "data_versions",
)  # fmt: skip
NONE = Note(
    Text(
        "还没有活动人群；例如 keguan audience rfm/重要挽留 --channel sms",
        "There are no audiences yet; one is made by, for instance, keguan audience rfm/重要挽留 --channel sms",
    ),
    "missing",
)


@dataclass(frozen=True)
class NoParams:
    """The listing takes none."""


def _nothing(inputs: Inputs, params: Any) -> Result:
    raise NotImplementedError("made over what a workspace keeps")


LISTING = Analysis(
    name="audiences",
    title=Text("活动人群", "Audiences"),
    question=Text("冻结了哪些人群？", "Which audiences are frozen?"),
    section="appendix",
    params=NoParams,
    run=_nothing,
)


def audiences(store: Store) -> Result:
    """All audiences, the latest first (at most 1,000)."""
    with Session(store) as session:
        exports = _exports(session, store)
        rows = session.engine.query(
            f"SELECT * FROM all_audiences ORDER BY made_at DESC, audience_id LIMIT {MOST_LISTED}"
        ).to_pylist()
        listed = [
            {**row, "excluded": sum(json.loads(row["excluded"]).values()),
             "exports": sum(item["audience_id"] == row["audience_id"] for item in exports)}
            for row in rows
        ]  # fmt: skip
        table = _table("audiences", LISTING.title, LIST_COLUMNS, listed)
        return _pinned(session, (table,), () if rows else (NONE,))


def audience(store: Store, number: str, notes: Sequence[Text] = ()) -> Result:
    """One audience: what became of the customers of the segment, its strata, its record, its exports. UsageError for an
    id that none has."""
    with Session(store) as session:
        row = freezing.kept(session, number)
        if row is None:
            raise faults.unknown(number, ", ".join(freezing.numbers(session)))
        title = Text("分群里的客户去了哪里", "What became of the customers of the segment")
        tables = [
            _table("groups", title, GROUP_COLUMNS, _groups(row)),
            _table("record", Text("冻结记录", "Frozen record"), RECORD_COLUMNS, _record(row)),
        ]
        if row["strata"]:
            title = Text("各层的分组", "Arms by stratum")
            tables.insert(1, _table("strata", title, STRATA_COLUMNS, _strata(row)))
        exports = [item for item in _exports(session, store) if item["audience_id"] == number]
        if exports:
            tables.append(_table("exports", Text("导出记录", "Exports"), EXPORT_COLUMNS, exports))
        return _pinned(session, tuple(tables), tuple(Note(text) for text in notes))


def _exports(session: Session, store: Store) -> list[dict[str, Any]]:
    name = "audience_exports"
    session.engine.register(ENTITIES[name], store.files(name), name=KEPT_EXPORTS)
    rows = session.engine.query(f"SELECT * FROM {KEPT_EXPORTS} ORDER BY exported_at, sha256")
    return [dict(row) for row in rows.to_pylist()]


def _groups(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Received = treated + held out + each reason."""
    counts = {
        "received": row["segment_size"], "treatment": row["treated"], "control": row["held_out"],
        **json.loads(row["excluded"]),
    }  # fmt: skip
    total = row["segment_size"] or 1
    return [{"part": name, "customers": n, "share": n / total} for name, n in counts.items()]


def _strata(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"stratum": name, "treated": treated, "held_out": held, "share": held / max(1, treated + held)}
        for name, (treated, held) in json.loads(row["strata"]).items()
    ]


def _record(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"item": name, "value": str(row[name])} for name in SHOWN if row[name] is not None]


def _table(id: str, title: Text, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> Table:
    key = tuple(column.name for column in columns if column.role == "key")
    return Table(id, title, tuple(columns), arrow(rows, columns), key, method="app.audience.listing")


def _pinned(session: Session, tables: tuple[Table, ...], notes: tuple[Note, ...]) -> Result:
    return Result("audiences", tables, notes=notes).pinned(
        as_of=session.as_of, params={}, versions=session.versions, code=""
    )
