"""Hands an audience out: a file for the tools that send messages, with the treatment arm only, and a record of it.

Whoever refused since the audience was frozen is left out and counted; their arm stays, for the analysis as assigned.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from keguan.app.analyse import Session
from keguan.app.audience import faults, freezing
from keguan.app.exporting import writer_for, written
from keguan.app.ingest.workshop import undone_on_failure
from keguan.core.errors import InputError, UsageError, Where, WorkspaceError
from keguan.core.text import Language, Text
from keguan.engine.literals import quoted
from keguan.marts.audiences import (
    ALWAYS,
    CHANNELS,
    DO_NOT_CONTACT,
    EVERYWHERE,
    FOUND,
    addresses_sql,
    found_sql,
    named_sql,
)
from keguan.marts.refusals import forbidden_sql, refused_sql
from keguan.schema.audiences import FROZEN_SOURCE
from keguan.schema.tables import CAMPAIGNS, CUSTOMERS
from keguan.store.workspace import Change, Store

MOST_ROWS_XLSX = 1_048_575  # of a sheet, without its header
ADDRESS = {
    "sms": Text("手机号", "Phone"), "email": Text("邮箱", "E-mail"), "social": Text("微信号", "WeChat id"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Handed:
    """What a file holds: customers, and how many of the arm were left out."""

    customers: int
    withdrawn: int
    unreachable: int
    sha256: str


def hand_out(
    store: Store, audience: str, path: Path, language: Language, *, names: bool = False,
    as_of: date | None = None, at: datetime | None = None,
) -> Handed:  # fmt: skip
    """Writes the treatment arm of an audience as CSV or Excel and records the file. `as_of`: the day of the export,
    the last day of the data without it.

    UsageError for an unknown audience, one whose campaign is over, a form of file that is not supported;
    WorkspaceError where the file cannot be written.
    """
    writer = writer_for(path)
    if path.is_dir():
        raise _unwritable(path, os.strerror(errno.EISDIR))
    moment = (at or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None, microsecond=0)
    with store.writing(), undone_on_failure(store), Session(store) as session:
        row = freezing.kept(session, audience)
        if row is None:
            raise faults.unknown(audience, ", ".join(freezing.numbers(session)))
        today = as_of or session.as_of
        if row["ends_on"] < today:
            raise _over(row, today)
        session.inputs.keep(FOUND, found_sql(CHANNELS[row["channel"]]))
        session.inputs.keep("audience_list", _list_sql(row))
        counted = session.engine.query(COUNTS).to_pylist()[0]
        customers = int(counted["customers"] or 0)
        if not customers:
            raise _nobody(audience)
        if path.suffix.lower() == ".xlsx" and customers > MOST_ROWS_XLSX:
            raise _too_long(path, customers)
        headers = [
            CUSTOMERS.field("customer_id").label,
            ADDRESS[row["channel"]],
            CAMPAIGNS.field("campaign_id").label,
        ]
        headers += [CUSTOMERS.field("name").label] if names else []
        part = path.with_name(f".{path.stem}.{row['audience_id']}{path.suffix}")
        try:
            rows = _rows(session, str(row["campaign_id"]), names)
            written(writer, part, [text.in_(language) for text in headers], rows)
            with part.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            told = Handed(customers, int(counted["withdrawn"] or 0), int(counted["unreachable"] or 0), sha256)
            # The record comes before the name: no list is ever in anybody's hands that the workspace does not know of.
            _record(store, audience, told, moment, today, path)
            _named(part, path)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
    return told


def _named(part: Path, path: Path) -> None:
    try:
        part.replace(path)
    except OSError as error:
        raise _unwritable(path, error.strerror or str(error)) from None


def _unwritable(path: Path, found: str) -> WorkspaceError:
    return WorkspaceError(
        Text("无法写入导出文件", "The export cannot be written"),
        Where(file=str(path)),
        found=found,
        do=Text("换一个位置或文件名", "choose another place or name"),
    )


def _list_sql(row: Mapping[str, Any]) -> str:
    """account_no, customer_id, name, address, state (sent, withdrawn, unreachable) of the treatment arm."""
    channel = CHANNELS[row["channel"]]
    purposes = (*ALWAYS, *EVERYWHERE, *channel.purposes)
    treated = f"""SELECT DISTINCT account_no FROM all_campaign_members
      WHERE campaign_id = {quoted(str(row["campaign_id"]))} AND source = {quoted(FROZEN_SOURCE)} AND arm = 'treatment'"""
    return f"""
SELECT m.account_no, m.customer_id, m.name, a.address,
       CASE WHEN r.account_no IS NOT NULL OR d.account_no IS NOT NULL THEN 'withdrawn'
            WHEN a.address IS NULL OR a.usable = '0' THEN 'unreachable' ELSE 'sent' END AS state
FROM ({named_sql(treated)}) m
LEFT JOIN ({addresses_sql(channel)}) a ON a.account_no = m.account_no
LEFT JOIN ({refused_sql(purposes, "all_consents")}) r ON r.account_no = m.account_no
LEFT JOIN ({forbidden_sql(DO_NOT_CONTACT, "all_consents")}) d ON d.account_no = m.account_no"""


COUNTS = """
SELECT sum(CASE WHEN state = 'sent' THEN 1 ELSE 0 END) AS customers,
       sum(CASE WHEN state = 'withdrawn' THEN 1 ELSE 0 END) AS withdrawn,
       sum(CASE WHEN state = 'unreachable' THEN 1 ELSE 0 END) AS unreachable FROM audience_list"""


def _rows(session: Session, campaign: str, names: bool) -> Iterator[list[Any]]:
    sql = "SELECT customer_id, address, name FROM audience_list WHERE state = 'sent' ORDER BY account_no"
    for batch in session.engine.stream(sql):
        columns = [batch.column(name).to_pylist() for name in ("customer_id", "address", "name")]
        for customer, address, name in zip(*columns, strict=True):
            yield [customer, address, campaign, name] if names else [customer, address, campaign]


def _record(store: Store, audience: str, told: Handed, at: datetime, day: date, path: Path) -> None:
    row = {
        "audience_id": audience, "exported_at": at, "day": day, "file_form": path.suffix.lower().lstrip("."),
        "customers": told.customers, "withdrawn": told.withdrawn, "unreachable": told.unreachable, "sha256": told.sha256,
    }  # fmt: skip
    store.commit([Change("audience_exports", freezing.write_rows(store, "audience_exports", [row]))])


def _over(row: Mapping[str, Any], today: date) -> UsageError:
    return UsageError(
        Text("活动已经结束，名单不再导出", "The campaign is over: its list is not handed out any more"),
        Where(setting="ID"),
        found=f"{row['audience_id']}: {row['ends_on']} < {today}",
        do=Text("为新的活动另定人群", "make an audience for a new campaign"),
    )


def _nobody(audience: str) -> InputError:
    return InputError(
        Text("触达组里已没有可以联系的客户", "Nobody of the treatment arm may or can be contacted any more"),
        Where(setting="ID"),
        found=audience,
        do=Text("为新的活动另定人群", "make another audience"),
    )


def _too_long(path: Path, rows: int) -> UsageError:
    return UsageError(
        Text("名单超过一张工作表的行数", "The list has more rows than a sheet holds"),
        Where(file=str(path)),
        found=f"{rows:,}",
        allowed=Text(f"至多 {MOST_ROWS_XLSX:,} 行", f"at most {MOST_ROWS_XLSX:,}"),
        do=Text("改为 .csv", "write .csv instead"),
    )
