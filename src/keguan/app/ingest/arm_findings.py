"""What a batch says of arms of campaigns that is not taken as it stands: counted by finding and campaign, then told in words."""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from keguan.core.text import Text
from keguan.engine.literals import quoted

Words = Callable[[str, str, int], Text]  # finding, campaign, members


def book(connection: duckdb.DuckDBPyConnection, rule: str, said: str, rows: str) -> None:
    """Counts the rows of a clause under a finding. `said`: the name in it of the table that has campaign and batch."""
    connection.execute(
        f"INSERT INTO batch_findings SELECT {said}.load_id, {quoted(rule)}, 'arm', {said}.campaign_id, count(*), NULL, NULL "
        f"{rows} GROUP BY {said}.load_id, {said}.campaign_id"
    )


def told(connection: duckdb.DuckDBPyConnection, rules: tuple[str, ...], words: Words) -> tuple[Text, ...]:
    """The findings of these names, a sentence for each campaign."""
    names = ", ".join(map(quoted, rules))
    rows = connection.execute(
        "SELECT rule, detail, CAST(sum(rows) AS BIGINT) FROM batch_findings "
        f"WHERE rule IN ({names}) GROUP BY rule, detail ORDER BY rule, detail"
    ).fetchall()
    return tuple(words(rule, campaign, n) for rule, campaign, n in rows)
