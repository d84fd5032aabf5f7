"""Lists of campaigns come in pieces: one file says who was assigned, the next who was reached and clicked.

What a later row of a member leaves empty stays as it was. A member whom files of one batch put into two arms gets none:
nobody can say which of them counts. An arm that another batch changes is a correction: it stands, and is told.
"""

from __future__ import annotations

import duckdb

from keguan.app.ingest import arm_findings
from keguan.core.text import Text
from keguan.marts.experiments.arms import arm_sql
from keguan.schema.tables import ENTITIES

KIND = "campaign_members"
WHO = ("campaign_id", "account_no", "source", "load_id", "source_row")
TWO_ARMS, ARM_CHANGED = "two_arms", "arm_changed"


def merge(connection: duckdb.DuckDBPyConnection, own: str) -> None:
    """Puts what is known of members into `stored_campaign_members`, the rows of the batch; books arms that differ.

    `own`: SQL of the rows that the batch may replace.
    """
    run = connection.execute
    names = [name for name in ENTITIES[KIND].names if name not in (*WHO, "day")]
    last = ", ".join(f"arg_max({name}, rid) FILTER ({name} IS NOT NULL) AS {name}" for name in names)
    run(
        f"CREATE OR REPLACE TEMP TABLE said_members AS SELECT campaign_id, account_no, max(load_id) AS load_id, {last}, "
        f"min(day) AS first_day, min({arm_sql('arm')}) AS one, max({arm_sql('arm')}) AS other FROM stored_{KIND} "
        "WHERE account_no IS NOT NULL GROUP BY campaign_id, account_no"
    )
    run(
        f"CREATE OR REPLACE TEMP TABLE known_members AS SELECT * FROM ({own}) o WHERE account_no IS NOT NULL "
        f"AND campaign_id IN (SELECT campaign_id FROM stored_{KIND})"
    )
    tests = {TWO_ARMS: "d.one <> d.other", ARM_CHANGED: f"d.one = d.other AND d.one <> {arm_sql('k.arm')}"}
    joined = "{0} LEFT JOIN known_members k ON k.campaign_id = d.campaign_id AND k.account_no = d.account_no"
    for rule, test in tests.items():
        arm_findings.book(connection, rule, "d", f"FROM {joined.format('said_members d')} WHERE {test}")
    kept = {name: f"coalesce(d.{name}, k.{name}, s.{name})" for name in names}
    kept["arm"] = "CASE WHEN d.one <> d.other THEN NULL ELSE coalesce(d.arm, k.arm, s.arm) END"
    # assignment comes before all else that is told of a member
    kept["day"] = "coalesce(CASE WHEN d.assigned_at IS NULL THEN k.day END, d.first_day, s.day)"
    columns = ", ".join(f"{value} AS {name}" for name, value in kept.items())
    members = f"stored_{KIND} s LEFT JOIN said_members d ON d.campaign_id = s.campaign_id AND d.account_no = s.account_no"
    run(
        f"CREATE OR REPLACE TEMP TABLE merged_{KIND} AS SELECT s.* REPLACE ({columns}) FROM {joined.format(members)}"
    )
    run(f"CREATE OR REPLACE TEMP TABLE stored_{KIND} AS SELECT * FROM merged_{KIND}")


def told(connection: duckdb.DuckDBPyConnection) -> tuple[Text, ...]:
    """Which arms of the batch differ, in words."""
    return arm_findings.told(connection, (TWO_ARMS, ARM_CHANGED), _words)


def _words(rule: str, campaign: str, n: int) -> Text:
    if rule == TWO_ARMS:
        return Text(
            f"活动 {campaign}：{n:,} 位客户同时在两个组，不计入任何组；改正名单后再导入",
            f"campaign {campaign}: {n:,} customers stand in two arms and get none; correct the list and import it again",
        )
    return Text(
        f"活动 {campaign}：{n:,} 位客户的组别与先前导入的不同，按新的组别",
        f"campaign {campaign}: the arm of {n:,} customers is another than before; the new one stands",
    )
