"""What files say of an audience that is frozen: they add costs and exposures, and never move a customer between arms.

A frozen member keeps arm and time of assignment. A file that says another arm is contradicted and counted; a customer
whom the file puts on the list beside the frozen ones gets no arm, for no lot put them into one.
"""

from __future__ import annotations

import duckdb

from keguan.app.ingest import arm_findings
from keguan.app.ingest.write import scan
from keguan.core.text import Text
from keguan.engine.literals import quoted
from keguan.marts.experiments.arms import arm_sql
from keguan.schema.audiences import FROZEN_SOURCE
from keguan.schema.tables import ENTITIES
from keguan.store.workspace import Store

KINDS = ("campaigns", "campaign_members")
KEPT_OF_CAMPAIGNS = ("segment",)  # what the record of the draw says; the rest may be put right by a file
NEVER_MERGED = ("campaign_id", "account_no", "source", "load_id", "source_row")
CONTRADICTED, STRANGER = "arm_contradicted", "not_in_audience"


def concerns(store: Store, kind: str) -> bool:
    """Whether rows of this kind may speak of a frozen audience."""
    return kind in KINDS and bool(store.files("audiences"))


def merge(connection: duckdb.DuckDBPyConnection, store: Store, kind: str) -> None:
    """Puts what is frozen into `stored_<kind>`, the rows of the batch, and books what contradicts it."""
    run = connection.execute
    table = scan(store.files(kind), kind)
    # Only those that the batch speaks of: an audience may have a million members.
    named = f"SELECT campaign_id FROM stored_{kind}"
    run(
        f"CREATE OR REPLACE TEMP TABLE frozen_{kind} AS SELECT * FROM ({table}) t "
        f"WHERE source = {quoted(FROZEN_SOURCE)} AND campaign_id IN ({named})"
    )
    run(
        "CREATE OR REPLACE TEMP TABLE frozen_ids AS SELECT DISTINCT campaign_id FROM "
        f"({scan(store.files('audiences'), 'audiences')}) a WHERE campaign_id IN ({named})"
    )
    if kind == "campaign_members":
        _book(connection)
    same = "f.campaign_id = s.campaign_id"
    if kind == "campaign_members":
        same += " AND f.account_no = s.account_no"
    columns = ", ".join(f"{_merged(kind, name)} AS {name}" for name in ENTITIES[kind].names)
    run(
        f"CREATE OR REPLACE TEMP TABLE merged_{kind} AS SELECT s.rid, s.file_no, {columns} FROM stored_{kind} s "
        f"LEFT JOIN frozen_{kind} f ON {same} LEFT JOIN frozen_ids i ON i.campaign_id = s.campaign_id"
    )
    run(f"CREATE OR REPLACE TEMP TABLE stored_{kind} AS SELECT * FROM merged_{kind}")


def _merged(kind: str, name: str) -> str:
    """SQL of a column of a row of the batch `s` that may have a frozen row `f` or be of a frozen audience `i`."""
    if name == "source":
        return "coalesce(f.source, s.source)"  # so that a file of any source finds the row again
    if name in NEVER_MERGED:
        return f"s.{name}"
    if kind == "campaigns":
        first, then = ("f", "s") if name in KEPT_OF_CAMPAIGNS else ("s", "f")
        return f"coalesce({first}.{name}, {then}.{name})"
    if name == "arm":
        return "CASE WHEN i.campaign_id IS NULL THEN s.arm ELSE f.arm END"
    if name in ("assigned_at", "day"):
        return f"CASE WHEN f.account_no IS NULL THEN s.{name} ELSE f.{name} END"
    return f"coalesce(s.{name}, f.{name})"


def _book(connection: duckdb.DuckDBPyConnection) -> None:
    """Findings by load: arms that contradict the frozen ones, and members that nobody drew."""
    rows = (
        "FROM stored_campaign_members s JOIN frozen_ids i ON i.campaign_id = s.campaign_id "
        "LEFT JOIN frozen_campaign_members f ON f.campaign_id = s.campaign_id AND f.account_no = s.account_no "
    )
    says = arm_sql("s.arm")
    tests = {
        CONTRADICTED: f"f.account_no IS NOT NULL AND {says} IS NOT NULL AND ({says} = 'control') <> (f.arm = 'control')",
        STRANGER: "f.account_no IS NULL AND s.account_no IS NOT NULL",
    }
    for rule, test in tests.items():
        arm_findings.book(connection, rule, "s", f"{rows} WHERE {test}")


def told(connection: duckdb.DuckDBPyConnection) -> tuple[Text, ...]:
    """What of the batch contradicts frozen audiences, in words."""
    return arm_findings.told(connection, (CONTRADICTED, STRANGER), _words)


def _words(rule: str, campaign: str, n: int) -> Text:
    if rule == CONTRADICTED:
        return Text(
            f"活动 {campaign} 的人群已冻结：文件里有 {n:,} 位客户的组别与之不符，仍按冻结的组别",
            f"the audience of campaign {campaign} is frozen: the file gives {n:,} customers another arm; the frozen ones stay",
        )
    return Text(
        f"活动 {campaign} 的人群已冻结：文件里有 {n:,} 位客户不在其中，不计入任何组",
        f"the audience of campaign {campaign} is frozen: {n:,} customers of the file are not in it and get no arm",
    )
