"""The Excel report: complete, the same each time, typed figures that read as printed, every edit named."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest

from keguan.core.text import LANGUAGES, Language, Text
from keguan.render.charts.pictures import Pictures
from keguan.render.forms import FORMS
from keguan.render.marks import Difference, differences
from keguan.render.xlsx.archive import Archive
from keguan.render.xlsx.workbook import open_workbook
from keguan.report.compose import compose
from keguan.report.document import Document, FigureBlock, TableBlock
from keguan.report.manifest import cell_element, datum_element
from keguan.report.recipe import load_recipe
from keguan.result import Column
from report import sample


def document(language: Language = "zh") -> Document:
    return compose(sample.results(), sample.analyses(), load_recipe("monthly"), language, sample.context())


def written(made: Document) -> bytes:
    return FORMS["xlsx"].write(made, Pictures(made)).content


@pytest.mark.parametrize("language", LANGUAGES)
def test_written_and_read_back_it_shows_what_the_document_says(language: Language) -> None:
    made = document(language)
    marked = FORMS["xlsx"].read(written(made), "report.xlsx")
    assert marked.document == made.manifest["document_id"]
    assert marked.other is None
    assert marked.manifest == made.manifest
    shown = made.manifest["items"]
    here = {name: text for name, text in shown.items() if name in marked.items}
    assert here == {name: marked.items[name] for name in here}
    left_out = {name for name in shown if name not in marked.items}
    assert all(name.startswith("cell:") and name.endswith("@evidence") for name in left_out)
    kinds = {name.partition(":")[0] for name in here}
    assert kinds == {"claim", "value", "cell"}
    assert {name.partition(":")[0] for name in marked.items} == kinds | {"datum", "picture"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_document_gives_the_same_bytes(language: Language) -> None:
    assert written(document(language)) == written(document(language))


@pytest.fixture(scope="module")
def report() -> bytes:
    return written(document())


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(found: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in found.items():
            file.writestr(name, content)
    return out.getvalue()


def edited(content: bytes, part: str, old: str, new: str) -> bytes:
    found = parts(content)
    text = found[part].decode()
    assert text.count(old) >= 1, old
    found[part] = text.replace(old, new, 1).encode()
    return packed(found)


def found_in(content: bytes) -> tuple[Difference, ...]:
    read = FORMS["xlsx"].read
    return differences(read(content, "edited.xlsx"), read(written(document()), "report.xlsx"))


def sheet_part(content: bytes, name: str) -> str:
    names = re.findall(r'<sheet name="([^"]+)"', parts(content)["xl/workbook.xml"].decode())
    return f"xl/worksheets/sheet{names.index(name) + 1}.xml"


def area(content: bytes, name: str) -> tuple[str, str]:
    """Part and first cell of a named range."""
    text = parts(content)["xl/workbook.xml"].decode()
    match = re.search(rf"<definedName name=\"{name}\">'?([^'!]+)'?!\$([A-Z]+)\$(\d+)", text)
    assert match is not None, name
    return sheet_part(content, match[1]), f"{match[2]}{match[3]}"


def test_nothing_edited_nothing_told(report: bytes) -> None:
    assert found_in(report) == ()
    assert found_in(packed(parts(report))) == ()


def test_one_digit_of_a_table_cell_is_named(report: bytes) -> None:
    part, _ = area(report, "table_overview_kpis")
    changed = edited(report, part, "<v>17431533.18</v>", "<v>17431538.18</v>")
    assert [(item.kind, item.name, item.place, item.found) for item in found_in(changed)] == [
        ("cell", "overview.kpis[gross_revenue].value", "body", "17,431,538.18")
    ]


def test_a_number_format_that_says_something_else_is_named(report: bytes) -> None:
    changed = edited(report, "xl/styles.xml", 'formatCode="#,##0.00"', 'formatCode="#,##0.00&quot;0&quot;"')
    assert changed != report
    found = found_in(changed)
    assert {item.kind for item in found} == {"cell"}
    assert all((item.found or "").endswith("0") for item in found)


def test_an_edited_sentence_is_named_once(report: bytes) -> None:
    changed = edited(report, "xl/sharedStrings.xml", "<t>新客户 1,566 位", "<t>新客户 1,567 位")
    found = found_in(changed)
    assert {(item.kind, item.found is not None and "1,567" in item.found) for item in found} == {
        ("claim", True)
    }
    assert {item.place for item in found} == {"body", "summary", "evidence"}


def test_an_edited_card_is_named(report: bytes) -> None:
    names = re.findall(r'<definedName name="(card_[^"]+)">', parts(report)["xl/workbook.xml"].decode())
    assert len(names) == 4
    part, cell = area(report, next(name for name in names if "orders" in name))
    text = parts(report)[part].decode()
    match = re.search(rf'<c r="{cell}" s="(\d+)" t="s"><v>\d+</v></c>', text)
    assert match is not None
    new = f'<c r="{cell}" s="{match[1]}" t="inlineStr"><is><t>36,960</t></is></c>'
    found = found_in(edited(report, part, match[0], new))
    assert [(item.kind, item.name, item.place) for item in found] == [
        ("cell", "overview.kpis[orders].value", "card")
    ]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ('<c r="Z3"><v>42</v></c>', "42"),
        ('<c r="Z3" t="inlineStr"><is><t>增长 300%</t></is></c>', "增长 300%"),
        ('<c r="Z3"><f>1+1</f><v>2</v></c>', "2 (=1+1)"),
    ],
)
def test_added_cells_with_figures_are_listed(report: bytes, cell: str, told: str) -> None:
    part = sheet_part(report, "3 经营概况与收入变化")
    row = re.search(r'<row r="3"[^>]*?(/>|>)', parts(report)[part].decode())
    assert row is not None
    new = f"{row[0][:-2]}>{cell}</row>" if row[1] == "/>" else None
    old = row[0]
    if new is None:
        end = parts(report)[part].decode().index("</row>", row.start())
        old = parts(report)[part].decode()[row.start() : end] + "</row>"
        new = old.removesuffix("</row>") + cell + "</row>"
    found = found_in(edited(report, part, old, new))
    assert [(item.kind, item.found) for item in found] == [("added", told)]


def test_words_without_figures_may_change(report: bytes) -> None:
    found = found_in(edited(report, "xl/sharedStrings.xml", "<t>按涉及金额、确定程度", "<t>按金额与确定程度"))
    assert [item.kind for item in found] == ["other"]


def test_every_figure_cell_is_a_number_that_reads_as_printed(report: bytes) -> None:
    made = document()
    book = open_workbook(Archive(report, "report.xlsx"))
    marked = FORMS["xlsx"].read(report, "report.xlsx")
    for block in made.blocks():
        table = (
            block.table
            if isinstance(block, FigureBlock)
            else block
            if isinstance(block, TableBlock)
            else None
        )
        if table is None or f"table_{table.ref.replace('.', '_')}" not in book.names:
            continue
        at = book.names[f"table_{table.ref.replace('.', '_')}"]
        assert at.bottom - at.top + 1 == len(table.rows)
        for number, row in enumerate(table.rows):
            for place, (value, shown) in enumerate(zip(row.values, row.shown, strict=True)):
                cell = (at.sheet, at.top + number, at.left + place)
                name = cell_element(table.ref, row.key, table.columns[place].name, "body")
                assert marked.items[name] == shown
                if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
                    assert cell in book.numbers, name
                    scale = 100 if table.columns[place].unit == "points" else 1
                    assert book.numbers[cell] == pytest.approx(float(value) * scale)


def test_a_total_row_that_is_a_plain_sum_is_a_formula_with_its_value() -> None:
    made = with_total("2200.50")
    content = written(made)
    part, cell = area(content, "table_product_mix_parts")
    text = parts(content)[part].decode()
    row = int(re.sub(r"\D", "", cell))
    column = chr(ord(cell[0]) + 1)
    assert f"<f>SUM({column}{row}:{column}{row + 2})</f><v>2200.5</v>" in text
    marked = FORMS["xlsx"].read(content, "report.xlsx")
    assert marked.items["cell:product_mix.parts[合计].amount@body"] == "2,200.50"


def test_a_total_that_is_no_sum_is_never_made_one() -> None:
    content = written(with_total("2200.51"))
    assert not any(
        b"<f>" in part for name, part in parts(content).items() if name.startswith("xl/worksheets")
    )


def test_a_sum_is_added_up_again_when_read() -> None:
    content = written(with_total("2200.50"))
    part, _ = area(content, "table_product_mix_parts")
    stale = edited(content, part, "<v>2200.5</v>", "<v>9999.5</v>")
    read = FORMS["xlsx"].read
    assert read(stale, "a").items == read(content, "b").items
    changed = edited(content, part, "<v>1000.25</v>", "<v>1001.25</v>")
    told = {item.name for item in differences(read(changed, "a"), read(content, "b"))}
    assert told == {"product_mix.parts[甲].amount", "product_mix.parts[合计].amount"}


def with_total(total: str) -> Document:
    columns = (
        Column("part", Text("部分", "Part"), "text", role="key"),
        Column("amount", Text("金额", "Amount"), "money"),
        Column("share", Text("占比", "Share"), "share"),
    )
    rows = [
        {"part": name, "amount": Decimal(amount), "share": share}
        for name, amount, share in (
            ("甲", "1000.25", 0.4545), ("乙", "1000.25", 0.4545), ("丙", "200.00", 0.091), ("合计", total, 1.0),
        )
    ]  # fmt: skip
    results = sample.results()
    extra = sample.table("parts", Text("部分", "Parts"), columns, ("part",), rows)
    results["product_mix"] = replace(results["product_mix"], tables=(*results["product_mix"].tables, extra))
    return compose(results, sample.analyses(), load_recipe("monthly"), "zh", sample.context())


def test_native_charts_hold_the_figures_that_are_drawn(report: bytes) -> None:
    made = document()
    pictures = Pictures(made)
    marked = FORMS["xlsx"].read(report, "report.xlsx")
    native = 0
    for block in made.blocks():
        if not isinstance(block, FigureBlock):
            continue
        for series in pictures.drawing(block).option["series"]:
            for datum in series["data"]:
                if not isinstance(datum, dict) or "cell" not in datum:
                    continue
                name = datum_element(block.ref, datum["cell"])
                value = datum["value"][1] if isinstance(datum["value"], list) else datum["value"]
                if name in marked.items and value is not None:
                    native += 1
                    assert float(marked.items[name]) == pytest.approx(value)
    assert native > 100
    charts = [name for name in parts(report) if name.startswith("xl/charts/chart")]
    kinds = {tag for name in charts for tag in re.findall(rb"<c:(\w+Chart)>", parts(report)[name])}
    assert {b"barChart", b"lineChart", b"scatterChart"} <= kinds
    assert any(name.startswith("xl/media/") for name in parts(report))  # heat maps stay pictures


def test_charts_keep_their_values_beside_the_reference(report: bytes) -> None:
    for name, content in parts(report).items():
        if name.startswith("xl/charts/chart"):
            assert content.count(b"<c:f>") == content.count(b"Cache>") / 2, name


def test_an_edited_chart_datum_is_named(report: bytes) -> None:
    part = sheet_part(report, "图表数据")
    found = found_in(edited(report, part, "<v>340</v>", "<v>350</v>"))
    assert [(item.kind, item.name) for item in found] == [
        ("datum", "product_mix.categories/product_mix.categories[家居与厨房].net_revenue")
    ]


def test_a_picture_put_in_another_s_place_is_named(report: bytes) -> None:
    found = parts(report)
    names = [name for name in found if name.startswith("xl/media/")]
    assert len(names) == 3
    swapped = packed({**found, names[0]: found[names[1]]})
    assert [(item.kind, item.name) for item in found_in(swapped)] == [("picture", "repurchase.curve")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_have_legal_names_in_the_language_of_the_report(language: Language) -> None:
    content = written(document(language))
    names = [
        unescape(name)
        for name in re.findall(r'<sheet name="([^"]+)"', parts(content)["xl/workbook.xml"].decode())
    ]
    assert len(names) == len({name.casefold() for name in names})
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    wanted = {
        "zh": ["执行摘要", "RFM模型分析表", "策略制定框架", "图表数据", "证据", "查询"],
        "en": [
            "Executive summary",
            "RFM analysis",
            "Strategy framework",
            "Chart data",
            "Evidence",
            "Queries",
        ],
    }[language]
    assert [name for name in names if name in wanted] == wanted


def test_the_document_id_stands_in_properties_and_footers(report: bytes) -> None:
    id = str(document().manifest["document_id"])
    found = parts(report)
    assert id in found["docProps/core.xml"].decode()
    assert id in found["docProps/custom.xml"].decode()
    sheets = [name for name in found if name.startswith("xl/worksheets/sheet")]
    feet = [name for name in sheets if id.encode() in found[name]]
    assert len(feet) == len(sheets) - 1  # all but the hidden one


def test_a_footer_that_begins_with_a_digit_is_not_its_size() -> None:
    """`&81da1` is a text of 81 points."""
    made = replace(
        document(), title="2026 年报", manifest={**document().manifest, "document_id": "1da157417fb7"}
    )
    found = parts(FORMS["xlsx"].write(made, Pictures(made)).content)
    footers = [
        text
        for name in found
        for text in re.findall(r"<oddFooter>(.*?)</oddFooter>", found[name].decode("utf-8", "ignore"))
    ]
    assert footers
    for footer in footers:
        sizes = re.findall(r"&amp;(\d+)", footer)
        assert sizes == ["8", "8", "8"]
        assert "1da157417fb7" in footer


def test_without_the_hidden_sheet_sentences_are_still_found(report: bytes) -> None:
    part = sheet_part(report, "_keguan")
    gone = packed(
        {**parts(report), part: re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData/>", parts(report)[part])}
    )
    marked = FORMS["xlsx"].read(gone, "report.xlsx")
    assert marked.document == document().manifest["document_id"]
    assert not marked.manifest
    wanted = {name for name in document().manifest["items"] if name.startswith("claim:")}
    assert wanted <= set(marked.items)


def standard_rows(content: bytes, sheet: str) -> list[list[str]]:
    book = open_workbook(Archive(content, "report.xlsx"))
    cells = {
        (row, column): text for (name, row, column), text in book.texts.items() if name == sheet and row >= 4
    }
    rows = sorted({row for row, _ in cells})
    return [[cells.get((row, column), "") for column in range(1, 8)] for row in rows]


def test_tables_of_customary_columns_have_exactly_these(report: bytes) -> None:
    rows = standard_rows(report, "RFM模型分析表")
    assert rows[0] == [
        "客户类型",
        "客户数量",
        "占比",
        "平均客单价(元)",
        "平均消费频次",
        "核心特征描述",
        "营销策略建议",
    ]
    assert rows[1] == [
        "重要价值", "884", "15.0%", "402.18", "9.1", "近期有购买、购买频次高、消费金额高",
        "高价值客户：客户成功经理一对一跟进、定制化方案、VIP活动邀请。资源倾斜：高优先级服务响应、专属折扣。",
    ]  # fmt: skip
    assert len(rows[1:]) >= len(sample.RFM)
    framework = standard_rows(report, "策略制定框架")
    assert [row[:4] for row in framework[:2]] == [
        ["客户类型", "核心需求痛点", "营销策略方向", "资源倾斜重点"],
        [
            "高价值客户", "专属服务、长期合作", "客户成功经理一对一跟进、定制化方案、VIP活动邀请",
            "高优先级服务响应、专属折扣",
        ],
    ]  # fmt: skip
    assert [row[0] for row in framework[1:5]] == ["高价值客户", "潜力客户", "流失风险客户", "新客户"]


def test_thresholds_come_from_the_cuts_that_were_used() -> None:
    columns = (
        Column("dimension", Text("维度", "Dimension"), "text", role="key"),
        Column("method", Text("方法", "Method"), "text", role="key"),
        Column("cut", Text("分界", "Cut"), "number", 2),
        Column("used", Text("使用", "Used"), "text"),
    )
    rows = [
        {"dimension": name, "method": method, "cut": cut, "used": method == "median"}
        for name, cut in (("R", 131.0), ("F", 2.0), ("M", 470.3))
        for method in ("median", "mean")
    ]
    results = sample.results()
    cuts = sample.table("cuts", Text("分界", "Cuts"), columns, ("dimension", "method"), rows)
    results["rfm"] = replace(results["rfm"], tables=(*results["rfm"].tables, replace(cuts, appendix=True)))
    made = compose(results, sample.analyses(), load_recipe("monthly"), "zh", sample.context())
    content = written(made)
    found = standard_rows(content, "RFM划分标准")
    assert found[0][:4] == ["客户类型", "R(最近购买时间)", "F(消费频次)", "M(消费金额)"]
    assert found[1][:4] == ["重要价值", "≤ 131.00 天", "≥ 2.00 次", "≥ 470.30元"]
    assert found[4][:4] == ["重要挽留", "> 131.00 天", "< 2.00 次", "≥ 470.30元"]


def saved_by_libreoffice(folder: Path, name: str) -> bytes | None:
    """The file as LibreOffice saves it; None where it does not open it."""
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to"]
    form = "xlsx:Calc MS Excel 2007 XML"
    subprocess.run(
        [*command, form, "--outdir", "saved", name], cwd=folder, check=True, capture_output=True, timeout=300
    )
    saved = folder / "saved" / Path(name).with_suffix(".xlsx").name
    return saved.read_bytes() if saved.exists() else None


@pytest.fixture
def calc(tmp_path: Path) -> Path:
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    (tmp_path / "plain.csv").write_text("a,b\n1,2\n")
    if saved_by_libreoffice(tmp_path, "plain.csv") is None:
        pytest.skip("this LibreOffice has no Calc")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_saved_by_libreoffice_everything_is_still_proved(language: Language, calc: Path) -> None:
    made = document(language)
    (calc / "report.xlsx").write_bytes(written(made))
    saved = saved_by_libreoffice(calc, "report.xlsx")
    assert saved is not None
    read = FORMS["xlsx"].read
    found, wanted = read(saved, "saved.xlsx"), read(written(made), "report.xlsx")
    assert differences(found, wanted) == ()
    assert found.manifest == made.manifest
    assert found.document == made.manifest["document_id"]
