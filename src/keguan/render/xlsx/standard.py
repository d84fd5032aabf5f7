"""The tables that companies know by their columns: RFM analysis, effect of strategies, framework for strategy, RFM
thresholds.

They repeat figures of the report's own tables in the customary columns; a figure is named after its cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keguan.core.text import Language, Text
from keguan.render.xlsx.book import Book, Place, cell_text
from keguan.render.xlsx.measure import column_width, height, lines, width
from keguan.render.xlsx.numbers import Typed, typed
from keguan.render.xlsx.page import FIRST, Page, subtitle
from keguan.render.xlsx.tables import INDENT, MOST_PX, SIZE, side
from keguan.report.document import AnalysisEvidence, Document, Row, TableBlock
from keguan.report.manifest import cell_element
from keguan.report.phrases import currency_word
from keguan.schema.terms.rfm_classes import CLASS_SIDES, traits

PLACE = "standard"
CLASSES, CUTS, EFFECT = "rfm.classes", "rfm.cuts", "campaign.effect"
NO_ORDER = "窗口内无订单"
ANALYSIS_HEADS = (
    Text("客户类型", "Class"),
    Text("客户数量", "Customers"),
    Text("占比", "Share"),
    Text("平均客单价({unit})", "Average order value ({unit})"),
    Text("平均消费频次", "Average purchases"),
    Text("核心特征描述", "What marks them"),
    Text("营销策略建议", "Suggested strategy"),
)
ANALYSIS_COLUMNS = ("label", "customers", "share", "avg_order_value", "avg_orders")
EFFECT_HEADS = (
    Text("策略名称", "Strategy"),
    Text("目标客群", "Target segment"),
    Text("执行周期", "Period"),
    Text("投入资源({unit})", "Resources spent ({unit})"),
    Text("转化客户数", "Customers converted"),
    Text("转化率", "Conversion"),
    Text("ROI(产出/投入)", "ROI (output / input)"),
    Text("负责人", "Owner"),
    Text("优化建议", "What to improve"),
)
EFFECT_COLUMNS = (
    "strategy", "segment", "period", "cost", "converted", "conversion", "output_input", "owner", "advice",
)  # fmt: skip
FRAMEWORK_HEADS = (
    Text("客户类型", "Class"),
    Text("核心需求痛点", "Needs and pain points"),
    Text("营销策略方向", "Direction of strategy"),
    Text("资源倾斜重点", "Where resources go"),
)
THRESHOLD_HEADS = (
    Text("客户类型", "Class"),
    Text("R(最近购买时间)", "R (last purchase)"),
    Text("F(消费频次)", "F (purchases)"),
    Text("M(消费金额)", "M (amount)"),
)
TITLES = {
    "analysis": Text("RFM模型分析表", "RFM analysis"),
    "effect": Text("营销策略执行效果追踪表", "Effect of strategies"),
    "thresholds": Text("RFM划分标准", "RFM thresholds"),
    "framework": Text("策略制定框架", "Strategy framework"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell: its text, its number where it is a figure, and the element it repeats."""

    text: str
    number: Typed | None = None
    element: str | None = None


@dataclass(frozen=True)
class Standard:
    """One table of customary columns. `source`: the report's table under it."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Entry, ...], ...]
    source: str = ""
    note: str = ""


def standards(document: Document) -> list[Standard]:
    """Those whose data the document has."""
    tables = {
        table.ref: table.sample
        for block in document.blocks()
        if isinstance(block, AnalysisEvidence)
        for table in block.tables
        if table.sample is not None
    }
    out = []
    if _has(tables.get(CLASSES), ANALYSIS_COLUMNS):
        out.append(_analysis(document, tables[CLASSES]))
    if _has(tables.get(CUTS), ("dimension", "cut", "used")):
        found = _thresholds(document.language, tables[CUTS], document.currency)
        out += [found] if found is not None else []
    if _has(tables.get(EFFECT), EFFECT_COLUMNS):
        out.append(_effect(document, tables[EFFECT]))
    return [*out, _framework(document)] if document.framework else out


def _has(table: TableBlock | None, columns: Sequence[str]) -> bool:
    return (
        table is not None and bool(table.rows) and set(columns) <= {column.name for column in table.columns}
    )


def _analysis(document: Document, table: TableBlock) -> Standard:
    """All classes, also the one without an order, so that shares add up to the whole."""
    language = document.language
    rows = []
    for row in table.rows:
        cells = [_cell(table, row, name) for name in ANALYSIS_COLUMNS]
        label = str(row.values[table.index("label")])
        marks = traits(label).in_(language) if label in CLASS_SIDES else "–"
        strategy = document.advice.get(("rfm", label), "–")
        rows.append((*cells, Entry(marks), Entry(strategy)))
    unit = currency_word(document.currency, language)
    heads = tuple(text.in_(language).replace("{unit}", unit) for text in ANALYSIS_HEADS)
    return Standard(TITLES["analysis"].in_(language), heads, tuple(rows), table.ref, table.note or "")


def _effect(document: Document, table: TableBlock) -> Standard:
    """One row a campaign: what it cost, who ordered, output over input, and what the facts suggest."""
    language = document.language
    unit = currency_word(document.currency, language)
    heads = tuple(text.in_(language).replace("{unit}", unit) for text in EFFECT_HEADS)
    rows = tuple(tuple(_cell(table, row, name) for name in EFFECT_COLUMNS) for row in table.rows)
    return Standard(TITLES["effect"].in_(language), heads, rows, table.ref, table.note or "")


def _cell(table: TableBlock, row: Row, name: str) -> Entry:
    place = table.index(name)
    shown, element = row.shown[place], cell_element(table.ref, row.key, name, PLACE)
    return Entry(shown, typed(row.values[place], shown), element)


def _thresholds(language: Language, table: TableBlock, currency: str) -> Standard | None:
    """The cuts that were used, for each class; None when they are not told."""
    used = {
        str(row.values[table.index("dimension")]): row
        for row in table.rows
        if row.values[table.index("used")] is True
    }
    if set(used) != {"R", "F", "M"}:
        return None
    money = currency_word(currency, language)
    gap = "" if language == "zh" else " "
    units = {
        "R": Text(" 天", " days").in_(language),
        "F": Text(" 次", "").in_(language),
        "M": f"{gap}{money}",
    }
    labels = {label: _class_label(label, language) for label in (*CLASS_SIDES, NO_ORDER)}
    rows = []
    for label, sides in CLASS_SIDES.items():
        cells = [_side(table, used[name], name, high=high, unit=units[name]) for name, high in sides.items()]
        rows.append((Entry(labels[label]), *cells))
    none = Text("无购买", "none").in_(language)
    rows.append((Entry(labels[NO_ORDER]), Entry("–"), Entry(none), Entry("–")))
    heads = tuple(text.in_(language) for text in THRESHOLD_HEADS)
    return Standard(TITLES["thresholds"].in_(language), heads, tuple(rows), table.ref)


def _class_label(label: str, language: Language) -> str:
    from keguan.schema.vocabulary import shown

    return shown(label, "rfm_class", language)


def _side(table: TableBlock, row: Row, name: str, *, high: bool, unit: str) -> Entry:
    """One side of a cut: a class that is recent lies at or under the cut of R, else at or over the cut."""
    place = table.index("cut")
    sign = ("≤" if high else ">") if name == "R" else ("≥" if high else "<")
    shown, element = row.shown[place], cell_element(table.ref, row.key, "cut", PLACE)
    plain = typed(row.values[place], shown)
    number = Typed(plain.value, f'"{sign} "{plain.format}"{unit}"') if plain else None
    return Entry(f"{sign} {shown}{unit}", number, element)


def _framework(document: Document) -> Standard:
    language = document.language
    rows = tuple(tuple(Entry(text) for text in row) for row in document.framework)
    heads = tuple(text.in_(language) for text in FRAMEWORK_HEADS)
    note = document.words["framework_note"]
    return Standard(TITLES["framework"].in_(language), heads, rows, note=note)


def write_standard(book: Book, name: str, table: Standard, back: Place) -> None:
    """Fills a sheet with one such table, its header frozen."""
    widths = [
        max(
            column_width((row[place].text for row in table.rows), "", SIZE, 96, MOST_PX),
            width(head, SIZE, bold=True) + 24,
        )
        for place, head in enumerate(table.heads)
    ]
    page = Page(book, name, book.book.get_worksheet_by_name(name), widths)
    page.band(table.title, subtitle(book), back)
    page.skip()
    figures = [any(row[column].number for row in table.rows) for column in range(len(table.heads))]
    for column, head in enumerate(table.heads):
        book.text(page.sheet, page.row, FIRST + column, head, f"head{side(column, number=figures[column])}")
    page.tall(page.row, height(1, SIZE) + 6)
    page.sheet.freeze_panes(page.row + 1, 0)
    page.row += 1
    first = page.place()
    for row in table.rows:
        _write_row(page, row, figures)
    if any(entry.element for row in table.rows for entry in row):
        last = Place(name, page.row - 1, FIRST + len(table.heads) - 1)
        elements = [[entry.element for entry in row] for row in table.rows]
        book.mark_grid(first, last, "standard", table.source, elements)
    if table.note:
        page.text(table.note, "below")
    if table.source:
        page.line(f"{book.word('source')}{book.colon}{table.source}", "source")
    page.finish()


def _write_row(page: Page, row: tuple[Entry, ...], figures: Sequence[bool]) -> None:
    most = 1
    for column, entry in enumerate(row):
        number = entry.number
        if number is None:
            look = f"cell{side(column, number=figures[column])}"
            page.book.text(page.sheet, page.row, FIRST + column, entry.text, look)
            most = max(most, lines(cell_text(entry.text), SIZE, page.widths[column] - INDENT))
        else:
            form = page.book.styles.of("cell.number", number.format)
            page.sheet.write_number(page.row, FIRST + column, number.value, form)
    page.tall(page.row, height(most, SIZE) + 3)
    page.row += 1
