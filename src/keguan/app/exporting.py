"""The use case 'export': customer lists of a segment as CSV or Excel, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from keguan import registry
from keguan.app import customer_lists, segments
from keguan.app.analyse import Session
from keguan.app.customer_lists import Choice
from keguan.app.ingest.write import scan
from keguan.core.errors import UsageError, Where, WorkspaceError
from keguan.core.formulas import formula_safe
from keguan.core.text import Language, Text
from keguan.engine.failures import explained
from keguan.quality.judge import RULES
from keguan.result import Relation, Result
from keguan.schema.tables import CUSTOMERS
from keguan.schema.vocabulary import UNKNOWN, shown
from keguan.store.workspace import Store

HEADERS = {
    "label": Text("分群", "Segment"),
    "score": Text("得分", "Score"),
    "last_purchase_on": Text("最近购买", "Last purchase"),
    "purchases": Text("购买次数", "Purchases"),
    "net_revenue": Text("净消费", "Net revenue"),
}
OWN = "custom_segments"
Writer = Callable[[Path, list[str], Iterable[list[Any]]], None]


@dataclass(frozen=True)
class Exported:
    """How many customers a list holds, and how many were left out because they refused."""

    customers: int
    refused: int


def export_segment(
    store: Store, segmentation: str, choice: Choice, as_of: date | None, path: Path, language: Language
) -> Exported:
    """Writes the list of a segmentation. The segment is computed and kept if need be."""
    writer = writer_for(path)
    with Session(store, as_of) as session:
        result, relation = _segmentation(session, segmentation)
        segments.save(store, session, result)
        chosen = replace(choice, label=segments.stored_label(choice.label, relation.vocabulary))
        found = customer_lists.members(session, relation, chosen)
    names = found.rows.column_names
    rows = ([_shown(name, row[name], relation.vocabulary, language) for name in names]
            for batch in found.rows.to_batches() for row in batch.to_pylist())  # fmt: skip
    written(writer, path, [_header(name, language) for name in names], rows)
    return Exported(len(found.rows), found.refused)


def _segmentation(session: Session, name: str) -> tuple[Result, Relation]:
    """A segmentation by its name; one of the company's own rules by the name that its file gives it."""
    try:
        result = session.run(registry.owner(name))
        return result, segments.relation_of(result, name)
    except UsageError:
        own = session.run(OWN)
        for relation in own.relations:
            if relation.id == f"{OWN}_{name}":
                return own, relation
        raise


# 客户基础信息与标签表: exactly these columns.
CUSTOMER_HEADERS = (
    Text("客户ID", "Customer id"), Text("客户名称", "Name"), Text("所属行业", "Industry"),
    Text("企业规模(营收)", "Size (revenue)"), Text("区域", "Region"), Text("最近购买时间", "Last purchase"),
    Text("消费金额(近6个月)", "Spend (last 6 months)"), Text("RFM分层", "RFM segment"),
    Text("标签(行业/行为/需求)", "Tags (industry/behaviour/need)"), Text("责任人", "Owner"),
)  # fmt: skip


def export_customers(
    store: Store, choice: Choice, as_of: date | None, path: Path, language: Language
) -> Exported:
    """Writes the table of basic information and tags, one row a customer."""
    writer = writer_for(path)
    with Session(store, as_of) as session:
        found = customer_lists.tagged(session, choice)
    rows = (_tagged(row, language) for batch in found.rows.to_batches() for row in batch.to_pylist())
    written(writer, path, [text.in_(language) for text in CUSTOMER_HEADERS], rows)
    return Exported(len(found.rows), found.refused)


def _tagged(row: dict[str, Any], language: Language) -> list[Any]:
    """The cells of one customer; what is not known is 待核实, never guessed."""
    tags = (row["industry_tag"] or UNKNOWN, row["behaviour_tags"], row["need_tags"])
    return [
        row["customer_id"], row["name"], _term(row["industry_code"], "industry", language), row["size_revenue"],
        _term(row["region"], "province", language), row["last_purchase_on"], row["spent"],
        _term(row["rfm"], "rfm_class", language), " / ".join(_terms(tag, "tag", language) for tag in tags), row["owner"],
    ]  # fmt: skip


def _term(value: str | None, vocabulary: str, language: Language) -> str | None:
    return None if value is None else shown(value, vocabulary, language)


def _terms(value: str, vocabulary: str | None, language: Language) -> str:
    """A label that may be made of several terms."""
    return "·".join(shown(part, vocabulary, language) for part in value.split("·"))


def written(writer: Writer, path: Path, headers: list[str], rows: Iterable[list[Any]]) -> None:
    """The list takes the file's name when it is complete: a list cut short is never left behind."""
    part = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        writer(part, headers, rows)
        part.replace(path)
    except OSError as error:
        raise WorkspaceError(
            Text("无法写入导出文件", "The export cannot be written"),
            Where(file=str(path)),
            found=error.strerror or str(error),
            do=Text("换一个位置或文件名", "choose another place or name"),
        ) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def export_quarantine(store: Store, path: Path, language: Language) -> int:
    """Writes the rows that could not be used, as received, with file, row and reason; gives their number.

    A row put right can be imported again: its order then replaces what had landed of it.
    """
    writer = writer_for(path)
    rows = _quarantine(store)
    headers = [text.in_(language) for text in QUARANTINE_HEADERS]
    written(writer, path, headers, (_quarantined(row, language) for row in rows))
    return len(rows)


def _quarantine(store: Store) -> list[tuple[Any, ...]]:
    files = [*store.files("quarantine"), *store.files("loads")]
    if not files:
        return []
    sql = f"""
        SELECT l.file, q.source_row, q.entity, q.rule, q.column_name, q.found, q.row_key, q.amount, q.raw
        FROM ({scan(store.files("quarantine"), "quarantine")}) q
        JOIN ({scan(store.files("loads"), "loads")}) l ON l.load_id = q.load_id
        ORDER BY q.load_id, q.source_row
        """
    with duckdb.connect() as connection:
        try:
            return connection.execute(sql).fetchall()
        except duckdb.Error as error:
            raise explained(connection, error, files, store.folder) or error from None


QUARANTINE_HEADERS = (
    Text("文件", "File"), Text("行", "Row"), Text("数据表", "Table"), Text("原因", "Reason"), Text("列", "Column"),
    Text("读到的值", "Found"), Text("行键", "Row key"), Text("金额", "Amount"), Text("原始行", "Row as received"),
)  # fmt: skip


def _quarantined(row: tuple[Any, ...], language: Language) -> list[Any]:
    file, number, entity, rule, column, *rest = row
    reason = RULES[rule].in_(language) if rule in RULES else rule
    return [
        file,
        number,
        shown(entity, "entity", language),
        reason,
        shown(column or "", "column", language),
        *rest,
    ]


def writer_for(path: Path) -> Writer:
    """Writes the form that the file name asks for; UsageError for any other."""
    writer = {".csv": _write_csv, ".xlsx": _write_xlsx}.get(path.suffix.lower())
    if writer is None:
        raise UsageError(
            Text("不支持的导出格式", "This form of export is not supported"),
            Where(file=str(path)),
            found=path.suffix or "-",
            allowed=Text(".csv 或 .xlsx", ".csv or .xlsx"),
            do=Text("改文件名后缀", "change the ending of the file name"),
        )
    return writer


def _header(name: str, language: Language) -> str:
    return (HEADERS.get(name) or CUSTOMERS.field(name).label).in_(language)


def _shown(name: str, value: Any, vocabulary: str | None, language: Language) -> Any:
    if name == "label" and isinstance(value, str):
        return _terms(value, vocabulary, language)
    return value


def _write_csv(path: Path, headers: list[str], rows: Iterable[list[Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headers)
        for row in rows:
            writer.writerow([formula_safe(value) for value in row])


def _write_xlsx(path: Path, headers: list[str], rows: Iterable[list[Any]]) -> None:
    write_sheets(path, [("Sheet1", headers, rows)])


def write_sheets(path: Path, sheets: Iterable[tuple[str, list[str], Iterable[list[Any]]]]) -> None:
    """A workbook with these sheets: name, headers, rows. Texts stay texts."""
    import xlsxwriter

    path.touch()  # an error of the system says more than the writer's own
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    book = xlsxwriter.Workbook(str(path), options)
    try:
        bold, day, money = (
            book.add_format(form)
            for form in ({"bold": True}, {"num_format": "yyyy-mm-dd"}, {"num_format": "#,##0.00"})
        )
        for name, headers, rows in sheets:
            sheet = book.add_worksheet(name[:31])
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(0, len(headers) - 1), 16)
            sheet.write_row(0, 0, headers, bold)
            for number, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(number, column, value, day)
                    elif isinstance(value, Decimal):
                        sheet.write_number(number, column, float(value), money)
                    elif isinstance(value, str):  # write() would take '{=1+1}' for a formula
                        sheet.write_string(number, column, value)
                    elif value is not None:
                        sheet.write_number(number, column, value)
    finally:
        book.close()
