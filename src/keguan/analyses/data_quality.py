"""What do the figures rest on? Sources, rows received and kept, what was found while cleaning, and the money in it.

Method: counts of the import's books (received = clean + quarantined + superseded + dropped, always) and of the
order lines as they stand. Complete counts, nothing is estimated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from keguan.analysis import Analysis, Inputs
from keguan.core.text import Text
from keguan.marts.line_metrics import LINE_GROSS
from keguan.marts.metrics import RETURNS
from keguan.result import Cell, Claim, Column, Computed, Note, Result, Table
from keguan.schema.vocabulary import shown

MOST_DOUBTS = 10
SUMMARY_FROM = 0.01  # of gross revenue
LINES_BASE = Text("可用的订单行", "clean order lines")
TOLD_FROM = 0.001  # of gross revenue: less money in quarantine is in the table, not in a sentence


@dataclass(frozen=True)
class Params:
    """No parameters."""


TEXT = {
    "received": Text(
        "收到订单数据 {received} 行：可用 {clean} 行，因无法使用而隔离（原样保留）{quarantined} 行，"
        "被后续文件替换 {superseded} 行，按规则去掉 {dropped} 行（n={n}，{base}）。",
        "{received} order rows received: {clean} clean, {quarantined} unusable and kept apart in quarantine, "
        "{superseded} replaced by later files, {dropped} dropped by rule (n={n}, {base}).",
    ),
    "quarantine": Text(
        "{rule}，{rows} 行，涉及金额 {amount}（n={n}，{base}）。",
        "{rule}, {rows} rows, {amount} at stake (n={n}, {base}).",
    ),
    "quarantine_column": Text(
        "{rule}（{column}），{rows} 行，涉及金额 {amount}（n={n}，{base}）。",
        "{rule} ({column}), {rows} rows, {amount} at stake (n={n}, {base}).",
    ),
    "finding": Text(
        "{rule}，{lines} 行，金额 {amount}，相当于销售额的 {share}（n={n}，{base}）。",
        "{rule}: {lines} lines, {amount}, {share} of gross revenue (n={n}, {base}).",
    ),
    "unmatched": Text(
        "{lines} 行退货找不到原购买，金额 {amount}，占全部退货额的 {share}（n={n}，{base}）。",
        "{lines} returns match no purchase: {amount}, {share} of all returns (n={n}, {base}).",
    ),
    "to_verify": Text(
        "「{column}」一列有 {share} 的行是空的，达到 5% 的核实线，标为待核实（n={n}，{base}）。",
        "Column '{column}' is empty in {share} of rows, 5% or more: to be verified (n={n}, {base}).",
    ),
}

LOADS_SQL = """
SELECT load_id, source, regexp_replace(file, '^.*[/\\\\]', '') AS file, entity, form,
       received, clean, quarantined, superseded, dropped, first_day, last_day
FROM loads ORDER BY load_id LIMIT 2000
"""

ROWS_SQL = """
SELECT entity, count(*) AS files,
       CAST(sum(received) AS BIGINT) AS received, CAST(sum(clean) AS BIGINT) AS clean,
       CAST(sum(quarantined) AS BIGINT) AS quarantined, CAST(sum(superseded) AS BIGINT) AS superseded,
       CAST(sum(dropped) AS BIGINT) AS dropped,
       CAST(sum(clean) AS DOUBLE) / nullif(sum(received), 0) AS clean_share,
       min(first_day) AS first_day, max(last_day) AS last_day
FROM loads GROUP BY entity ORDER BY entity
"""

# What stands in the order lines as of the date; a line can meet more than one rule.
LINES_SQL = f"""
WITH totals AS (
  SELECT count(*) AS base, {LINE_GROSS.sql} AS gross FROM order_lines
), returned AS (
  SELECT {RETURNS.sql} AS returns FROM purchases
), counted AS (
  SELECT 'no_customer' AS rule, count(*) AS lines, sum(abs(amount)) AS amount
  FROM order_lines WHERE account_no IS NULL AND movement = 'purchase'
  UNION ALL
  SELECT 'repeated_lines', count(*), sum(abs(amount)) FROM order_lines WHERE is_repeated
  UNION ALL
  SELECT 'bulk', count(*), sum(abs(amount)) FROM order_lines WHERE is_bulk
  UNION ALL
  SELECT 'imputed', count(*), sum(abs(amount)) FROM order_lines WHERE imputed IS NOT NULL
  UNION ALL
  SELECT 'unmatched_returns', sum(lines), sum(returns) FROM purchases WHERE order_day IS NULL
  UNION ALL
  SELECT 'movement_' || movement, count(*), sum(abs(amount)) FROM order_lines
  WHERE movement <> 'purchase' GROUP BY movement
  UNION ALL
  SELECT 'kind_' || line_kind, count(*), sum(abs(amount)) FROM order_lines
  WHERE line_kind <> 'product' GROUP BY line_kind
)
SELECT c.rule, CAST(coalesce(c.lines, 0) AS BIGINT) AS lines, t.base,
       CAST(coalesce(c.amount, 0) AS DECIMAL(18, 4)) AS amount,
       CAST(coalesce(c.amount, 0) AS DOUBLE) / nullif(CAST(t.gross AS DOUBLE), 0) AS share,
       CASE WHEN c.rule IN ('unmatched_returns', 'movement_return')
            THEN CAST(coalesce(c.amount, 0) AS DOUBLE) / nullif(CAST(r.returns AS DOUBLE), 0) END AS returns_share
FROM counted c CROSS JOIN totals t CROSS JOIN returned r
ORDER BY c.rule
"""

GROSS_SQL = f"SELECT {LINE_GROSS.sql} AS gross FROM order_lines"

# Cells that were missing or unreadable when the files were read, by column; missing ones with their reason.
FINDINGS_SQL = """
SELECT rule, coalesce(column_name, '') AS column_name, coalesce(detail, '') AS detail,
       CAST(sum(rows) AS BIGINT) AS rows, CAST(sum(base) AS BIGINT) AS base,
       CASE WHEN sum(base) >= $min_n THEN CAST(sum(rows) AS DOUBLE) / nullif(sum(base), 0) END AS share,
       CAST(sum(amount) AS DECIMAL(18, 4)) AS amount
FROM findings
WHERE rule IN ('missing_to_verify', 'missing_few', 'missing_reason', 'unreadable_attribute', 'order_shrunk',
               'imputed_price', 'answer_unreadable', 'answer_out_of_scale', 'answer_implausible_amount',
               'arm_contradicted', 'not_in_audience')
GROUP BY rule, coalesce(column_name, ''), coalesce(detail, '')
ORDER BY rule, column_name, detail LIMIT 2000
"""

QUARANTINE_SQL = """
SELECT 'quarantine_' || rule AS rule, entity, coalesce(column_name, '') AS column_name,
       count(*) AS rows, CAST(sum(abs(amount)) AS DECIMAL(18, 4)) AS amount
FROM quarantine
GROUP BY 'quarantine_' || rule, entity, coalesce(column_name, '')
ORDER BY rows DESC, rule, entity, column_name LIMIT 2000
"""

DOUBTS_SQL = """
SELECT DISTINCT detail FROM findings WHERE rule = 'doubt' AND detail IS NOT NULL ORDER BY detail
"""

COUNTS = (
    Column("received", Text("收到", "Received"), "count"),
    Column("clean", Text("可用", "Clean"), "count"),
    Column("quarantined", Text("隔离", "Quarantined"), "count"),
    Column("superseded", Text("被替换", "Superseded"), "count",
           note=Text("后来的文件里又收到的订单，以后到的为准", "orders received again later; the later version counts")),
    Column("dropped", Text("按规则去掉", "Dropped"), "count"),
)  # fmt: skip
DAYS = (
    Column("first_day", Text("起始日", "First day"), "date"),
    Column("last_day", Text("结束日", "Last day"), "date"),
)
ENTITY = Column("entity", Text("数据表", "Table"), "label", role="key", vocabulary="entity")
RULE = Column("rule", Text("规则", "Rule"), "label", role="key", vocabulary="finding_rule")
COLUMN = Column("column_name", Text("列", "Column"), "label", role="key", vocabulary="column")
AMOUNT = Column("amount", Text("涉及金额", "Money at stake"), "money")
LOAD_COLUMNS = (
    Column("load_id", Text("导入编号", "Load"), "count", role="key"),
    Column("source", Text("来源", "Source"), "text"),
    Column("file", Text("文件", "File"), "text"),
    Column("entity", Text("数据表", "Table"), "label", vocabulary="entity"),
    Column("form", Text("读取方式", "How it was read"), "text"),
    *COUNTS,
    *DAYS,
)
ROW_COLUMNS = (
    ENTITY,
    Column("files", Text("文件数", "Files"), "count"),
    *COUNTS,
    Column("clean_share", Text("可用占比", "Share clean"), "share"),
    *DAYS,
)
LINE_COLUMNS = (
    RULE,
    Column("lines", Text("行数", "Lines"), "count"),
    Column("base", Text("总行数", "Of lines"), "count"),
    AMOUNT,
    Column("share", Text("相当于销售额", "Of gross revenue"), "share"),
    Column("returns_share", Text("占退货额", "Of returns"), "share"),
)
FINDING_COLUMNS = (
    RULE,
    COLUMN,
    Column("detail", Text("说明", "Detail"), "text", role="key"),
    Column("rows", Text("行数", "Rows"), "count"),
    Column("base", Text("总行数", "Of rows"), "count"),
    Column("share", Text("占比", "Share"), "share"),
    AMOUNT,
)
QUARANTINE_COLUMNS = (RULE, ENTITY, COLUMN, Column("rows", Text("行数", "Rows"), "count"), AMOUNT)


def run(inputs: Inputs, params: Params) -> Result:
    """Tables rows, loads, lines, findings, quarantine."""
    rows = inputs.table(
        "rows", Text("收到与可用的行数", "Rows received and kept"), ROW_COLUMNS, ("entity",), ROWS_SQL,
        note=Text("收到 = 可用 + 隔离 + 被替换 + 去掉", "received = clean + quarantined + superseded + dropped"),
    )  # fmt: skip
    loads = inputs.table(
        "loads", Text("数据来源与导入", "Sources and imports"), LOAD_COLUMNS, ("load_id",), LOADS_SQL
    )
    lines = inputs.table(
        "lines", Text("订单行的情况", "What the order lines are"), LINE_COLUMNS, ("rule",), LINES_SQL,
        note=Text("一行可以符合多条规则；金额为绝对值", "A line can meet several rules; money without sign"),
    )  # fmt: skip
    findings = inputs.table(
        "findings", Text("清洗时的发现", "Findings while cleaning"), FINDING_COLUMNS,
        ("rule", "column_name", "detail"), FINDINGS_SQL, min_n=inputs.settings.min_n,
    )  # fmt: skip
    quarantine = inputs.table(
        "quarantine", Text("隔离区", "Quarantine"), QUARANTINE_COLUMNS, ("rule", "entity", "column_name"), QUARANTINE_SQL
    )  # fmt: skip
    return Result(
        "data_quality",
        tables=tuple(replace(table, appendix=True) for table in (rows, loads, lines, findings, quarantine)),
        claims=(
            *_rows_claims(rows),
            *_line_claims(lines),
            *_quarantine_claims(quarantine, TOLD_FROM * _gross(inputs)),
            *_verify_claims(findings),
        ),
        notes=(*_balance_notes(rows), *_doubt_notes(inputs)),
    )


def _gross(inputs: Inputs) -> float:
    """All gross revenue, guests included."""
    return float(inputs.query(GROSS_SQL).to_pylist()[0]["gross"] or 0)


def _rows_claims(rows: Table) -> Iterator[Claim]:
    row = rows.find({"entity": "orders"})
    if row is None:
        return
    names = ("received", "clean", "quarantined", "superseded", "dropped")
    yield Claim(
        says="received",
        key="data_quality/received",
        values={name: Cell("rows", {"entity": "orders"}, name) for name in names},
        n=row["received"], base=Text("收到的订单行", "order rows received"), summary=False, topic="received",
    )  # fmt: skip


def _line_claims(lines: Table) -> Iterator[Claim]:
    """Money that rests on doubtful or special lines, largest first."""
    told = ("repeated_lines", "bulk", "imputed")  # guests are told by the overview
    rows = [row for row in lines if row["lines"] > 0 and row["share"] is not None]
    for row in sorted(rows, key=lambda row: (-row["amount"], row["rule"])):
        key = {"rule": row["rule"]}
        values = {name: Cell("lines", key, name) for name in ("lines", "amount")}
        money = float(row["amount"])
        if row["rule"] in told:
            yield Claim(
                says="finding",
                key=f"data_quality/finding/{row['rule']}",
                values={**values, "share": Cell("lines", key, "share")},
                n=row["base"], base=LINES_BASE, labels={"rule": (row["rule"], "finding_rule")},
                money=money, certainty=0.5, topic=f"quality/{row['rule']}",
                # Repeated and imputed money matters from 1 % up.
                summary=row["rule"] in ("repeated_lines", "imputed") and row["share"] >= SUMMARY_FROM,
            )  # fmt: skip
        elif row["rule"] == "unmatched_returns" and row["returns_share"] is not None:
            whole = Cell("lines", {"rule": "movement_return"}, "amount")
            yield Claim(
                says="unmatched",
                key="data_quality/unmatched_returns",
                values={**values, "share": Computed("share", values["amount"], whole, "share")},
                n=row["lines"], base=Text("找不到原购买的退货行", "returns without a match"),
                money=money, certainty=0.5, topic="quality/unmatched_returns", summary=False,
            )  # fmt: skip


def _quarantine_claims(quarantine: Table, least: float) -> Iterator[Claim]:
    """Rules that keep at least `least` money apart."""
    rows = [row for row in quarantine if row["amount"] is not None and float(row["amount"]) >= least]
    total = sum(row["rows"] for row in quarantine)
    for row in rows:
        key = {name: row[name] for name in ("rule", "entity", "column_name")}
        yield Claim(
            says="quarantine_column" if row["column_name"] else "quarantine",
            key="data_quality/quarantine/" + "/".join(key.values()),
            values={name: Cell("quarantine", key, name) for name in ("rows", "amount")},
            n=total, base=Text("隔离的行", "quarantined rows"),
            labels={"rule": (row["rule"], "finding_rule"), "column": (row["column_name"], "column")},
            money=float(row["amount"]), certainty=0.5, topic="quarantine", summary=False,
        )  # fmt: skip


def _verify_claims(findings: Table) -> Iterator[Claim]:
    for row in findings:
        if row["rule"] != "missing_to_verify" or row["share"] is None or row["detail"]:
            continue
        key = {name: row[name] for name in ("rule", "column_name", "detail")}
        yield Claim(
            says="to_verify",
            key=f"data_quality/to_verify/{row['column_name']}",
            values={"column": Cell("findings", key, "column_name"), "share": Cell("findings", key, "share")},
            n=row["base"], base=Text("含该列的行", "rows of files with the column"), summary=False,
            topic=f"to_verify/{row['column_name']}",
        )  # fmt: skip


def _balance_notes(rows: Table) -> Iterator[Note]:
    """Says when the books do not balance, and when there are none."""
    if not len(rows.rows):
        yield Note(Text("没有导入记录", "There are no records of imports"), "missing")
    for row in rows:
        kept = row["clean"] + row["quarantined"] + row["superseded"] + row["dropped"]
        if kept != row["received"]:
            text = Text(
                f"导入记录不平：{shown(row['entity'], 'entity', 'zh')}收到 {row['received']:,} 行，去向合计 {kept:,} 行",
                f"The books do not balance: {shown(row['entity'], 'entity', 'en')} received {row['received']:,} rows, "
                f"{kept:,} accounted for",
            )
            yield Note(text, "warning")


def _doubt_notes(inputs: Inputs) -> Iterator[Note]:
    """What was doubtful when files were read, in both languages as the import wrote it."""
    for row in inputs.query(DOUBTS_SQL).to_pylist()[:MOST_DOUBTS]:
        zh, _, en = row["detail"].partition("\n")
        yield Note(Text(zh, en or zh), "warning")


ANALYSIS = Analysis(
    name="data_quality",
    title=Text("数据来源与质量", "Sources and data quality"),
    question=Text(
        "数据从哪里来、收到多少、留下多少，有哪些疑点？",
        "Where do the data come from, how much was received and kept, and what is doubtful?",
    ),
    section="data",
    params=Params,
    run=run,
    text=TEXT,
    reads=("order_lines", "purchases", "loads", "quarantine", "findings"),
    order=2,
)
