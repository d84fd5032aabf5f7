"""Questionnaires: several answers a received row. The books count received rows, the table holds the answers.

A received row is clean while one of its answers stands, in quarantine when none can be used, superseded when none
is left. An answer that cannot be used beside others that can is left out by itself and is a finding.
"""

from __future__ import annotations

from keguan.mapping.questionnaire import PART

LEFT_OUT = "answer_"  # before the rule: finding of answers left out of rows that are used


def of_rows(judged: str) -> str:
    """SQL: judged answers with `kept`; where a score is spoilt the text beside it stays, and `spoilt` is its rule.

    Kept are answers that can be used; of a row without any, the first that says something, else the first: it
    stands for the row.
    """
    spoilt = "rule_column = 'score' AND text IS NOT NULL"
    said = "(score IS NOT NULL OR text IS NOT NULL OR coalesce(failed = 'score', FALSE))"
    empty = ", ".join(
        f"CASE WHEN {spoilt} THEN NULL ELSE {name} END AS {name}"
        for name in ("score", "scale", "failed", "failed_found", "rule", "rule_column")
    )
    return (
        "SELECT *, CASE WHEN used THEN rule IS NULL AND said ELSE place = 1 END AS kept FROM ("
        "SELECT *, coalesce(bool_or(rule IS NULL AND said) OVER of_row, FALSE) AS used, row_number() OVER (PARTITION BY "
        f"source_row ORDER BY said DESC, {PART}) AS place FROM (SELECT * REPLACE ({empty}), {said} AS said, "
        f"CASE WHEN {spoilt} THEN rule END AS spoilt FROM ({judged})) "
        "WINDOW of_row AS (PARTITION BY source_row))"
    )


def findings_sql(table: str, rows: int) -> str:
    """SQL: answers left out of rows that are used, by rule and question; rows of `batch_findings`."""
    return (
        f"INSERT INTO batch_findings SELECT load_id, '{LEFT_OUT}' || coalesce(spoilt, rule), 'score', question, "
        f"count(*), {int(rows)}, NULL FROM {table} WHERE used AND said AND coalesce(spoilt, rule) IS NOT NULL "
        "GROUP BY load_id, coalesce(spoilt, rule), question"
    )


def told_sql(table: str, kind: str) -> str:
    """SQL: what the books must know of cells beside the answers, once a row that is used: unreadable ones and
    reasons for missing ones."""
    reasons = "nullif(string_agg(DISTINCT nullif(why, ''), ';' ORDER BY nullif(why, '')), '')"
    rows = (
        "SELECT file_no, load_id, source_row, failed, unnest(string_split(coalesce(missing_reason, ''), ';')) AS why "
        f"FROM {table} WHERE used AND coalesce(failed, '') <> 'score'"
    )
    return (
        f"INSERT INTO master_judged SELECT file_no, load_id, source_row, '{kind}', NULL, min(failed), NULL, NULL, "
        f"{reasons} FROM ({rows}) r GROUP BY file_no, load_id, source_row "
        "HAVING min(failed) IS NOT NULL OR string_agg(why, '') <> ''"
    )


def superseded_sql(kind: str) -> str:
    """SQL: received rows of the batch of which nothing is in `new_<kind>`, by load."""
    gone = f"SELECT load_id FROM stored_{kind} WHERE rid NOT IN (SELECT rid FROM new_{kind})"
    if kind == "feedback":
        gone = (
            f"SELECT load_id FROM stored_{kind} GROUP BY load_id, source_row "
            f"HAVING NOT bool_or(rid IN (SELECT rid FROM new_{kind}))"
        )
    return f"INSERT INTO record_rows SELECT load_id, count(*), 0 FROM ({gone}) r GROUP BY load_id"


def replaced_sql(own: str, key: str, kind: str) -> str:
    """SQL: stored rows all of whose answers come again, by load. `key`: of a stored row, to find in `keys_<kind>`."""
    again = f"{key} IN (SELECT k FROM keys_{kind})"
    gone = f"SELECT load_id FROM ({own}) o WHERE {again}"
    if kind == "feedback":
        gone = f"SELECT load_id FROM ({own}) o GROUP BY load_id, source_row HAVING bool_and({again})"
    return f"INSERT INTO replaced_rows SELECT load_id, count(*) FROM ({gone}) r GROUP BY load_id"
