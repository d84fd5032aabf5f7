"""The page in a browser: searched, walked through by keyboard, copied from, at phone width and on paper."""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from keguan.render.html.page import page as written
from render import odd

pytestmark = [pytest.mark.looks, pytest.mark.slow]
FOCUSED = "document.activeElement"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    file: Path = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(written(odd.document())[0], encoding="utf-8")
    return file.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of the system or of playwright; skipped without one, failed where KEGUAN_REQUIRE_CHROMIUM=1."""
    with sync_playwright() as player:
        found = shutil.which("chromium") or shutil.which("google-chrome") or player.chromium.executable_path
        if not Path(found).exists():
            why = "there is no Chromium (playwright install chromium)"
            if os.environ.get("KEGUAN_REQUIRE_CHROMIUM") == "1":
                pytest.fail(why)
            pytest.skip(why)
        started = player.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


class Opened:
    """A page with what it complained about."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.goto(address)


def opened(browser: Browser, address: str, width: int = 1280, dark: bool = False) -> Iterator[Opened]:
    context = browser.new_context(
        viewport=ViewportSize(width=width, height=900),
        color_scheme="dark" if dark else "light",
        permissions=["clipboard-read", "clipboard-write"],
    )
    found = Opened(context, address)
    yield found
    context.close()
    assert found.complaints == []


@pytest.fixture
def wide(browser: Browser, report: str) -> Iterator[Page]:
    for found in opened(browser, report):
        yield found.page


def test_search_by_keyboard_finds_and_goes_there(wide: Page) -> None:
    wide.keyboard.press("/")
    wide.keyboard.type("重要保持")
    field = wide.get_by_role("combobox")
    expect(field).to_have_attribute("aria-expanded", "true")
    options = wide.get_by_role("option")
    assert options.count() > 1
    expect(options.first.locator("mark").first).to_have_text("重要保持")
    wide.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    wide.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == options.last.get_attribute("id")
    wide.keyboard.press("ArrowDown")
    wide.keyboard.press("Enter")
    assert "重要保持" in str(wide.evaluate(f"{FOCUSED}.textContent"))
    expect(wide.locator(".pointed")).to_be_in_viewport()


def test_search_opens_the_table_behind_a_chart(wide: Page) -> None:
    wide.locator('figure:has([data-table="rfm.losses"])').scroll_into_view_if_needed()
    expect(wide.locator('figure:has([data-table="rfm.losses"]) .view')).to_be_visible()
    wide.keyboard.press("/")
    wide.keyboard.type("-56.00")
    wide.get_by_role("option").first.click()
    row = wide.locator('tr[data-row="客户0008"].pointed')
    expect(row).to_be_in_viewport()
    pressed = wide.locator('figure:has([data-table="rfm.losses"]) .view button[aria-pressed="true"]')
    expect(pressed).to_have_text("表格")


def test_a_chart_whose_table_stands_with_another_one_leads_there(wide: Page) -> None:
    host = wide.locator('figure:has([data-table="rfm.classes"])')
    host.scroll_into_view_if_needed()
    expect(host.locator(".view")).to_be_visible()
    expect(host.locator('[data-table="rfm.classes"]')).to_be_hidden()
    other = wide.locator('figure:has([data-picture="rfm.revenue"])')
    expect(other.locator(".view")).to_have_count(0)
    other.get_by_role("link", name="表格").click()
    expect(host.locator('[data-table="rfm.classes"]')).to_be_in_viewport()
    expect(host.locator('.view button[aria-pressed="true"]')).to_have_text("表格")


@pytest.mark.parametrize(
    ("asked", "found"), [("17431533", "17,431,533.18"), ("17,431,533", "17,431,533.18"), ("𠮷野", "𠮷野家")]
)
def test_search_reads_figures_with_and_without_commas_and_rare_letters(
    wide: Page, asked: str, found: str
) -> None:
    wide.get_by_role("combobox").fill(asked)
    expect(wide.get_by_role("option").first).to_contain_text(found)


def test_search_says_when_nothing_is_found_and_escape_leaves(wide: Page) -> None:
    wide.keyboard.press("/")
    wide.keyboard.type("(.*[")
    expect(wide.locator(".find .count")).to_have_text("没有找到")
    wide.keyboard.press("Escape")
    expect(wide.locator(".panel")).to_be_hidden()
    wide.keyboard.press("Escape")
    assert wide.evaluate(f"{FOCUSED} === document.body")


def test_the_drawer_keeps_the_focus_and_gives_it_back(wide: Page) -> None:
    link = wide.locator(".claim a.ev").first
    link.focus()
    wide.keyboard.press("Enter")
    dialog = wide.get_by_role("dialog", name="证据")
    expect(dialog).to_be_visible()
    stops = set()
    for _ in range(40):
        wide.keyboard.press("Tab")
        assert wide.evaluate(f"Boolean({FOCUSED}.closest('dialog'))")
        stops.add(wide.evaluate(f"{FOCUSED}.textContent"))
    assert "关闭" in stops
    assert len(stops) > 2
    wide.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert wide.evaluate(f"{FOCUSED}.textContent") == link.text_content()


def test_the_first_stop_leads_past_the_contents(wide: Page) -> None:
    wide.keyboard.press("Tab")
    expect(wide.locator(".skip")).to_be_in_viewport()
    wide.keyboard.press("Enter")
    assert wide.evaluate(f"{FOCUSED}.id") == "main"
    wide.keyboard.press("Tab")
    assert wide.evaluate(f"getComputedStyle({FOCUSED}).outlineStyle") == "solid"


def test_every_button_has_a_name(wide: Page) -> None:
    wide.wait_for_selector(".view button")
    unnamed = (
        "[...document.querySelectorAll('button')].filter(b => !(b.ariaLabel || b.textContent).trim()).length"
    )
    assert wide.evaluate(unnamed) == 0


def test_a_table_is_copied_and_saved_without_formulas(wide: Page) -> None:
    figure = wide.locator('figure:has([data-table="rfm.names"])')
    wide.bring_to_front()  # a page without the focus may not write to the clipboard
    figure.get_by_role("button", name="复制表格").click()
    expect(figure.get_by_text("已复制")).to_be_visible()
    copied = str(wide.evaluate("navigator.clipboard.readText()"))
    with wide.expect_download() as download:
        figure.get_by_role("button", name="下载 CSV").click()
    assert download.value.suggested_filename == "rfm.names.csv"
    saved = Path(download.value.path()).read_bytes()
    assert saved.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(saved.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["客户", "金额（元）"]
    assert len(rows) == len(odd.NAMES) + 1
    for name, row in zip(odd.NAMES, rows[1:], strict=True):
        assert row[0] == ("'" + name if name.strip()[0] in "=+-@" else name)
    assert [row[1] for row in rows[1:3]] == ["-4.00", "-3.00"]
    for line in copied.split("\n")[1:]:
        assert line.split("\t")[0][0] not in "=+-@"


def test_a_link_to_a_part_and_to_a_sentence_is_copied(wide: Page, report: str) -> None:
    wide.locator("h2 .link").nth(1).click()
    address = str(wide.evaluate("navigator.clipboard.readText()"))
    assert address.startswith(f"{report}#s-")
    wide.locator(".claim .link").first.click()
    wide.wait_for_function("navigator.clipboard.readText().then(text => text.includes('#says-'))")
    sentence = str(wide.evaluate("navigator.clipboard.readText()"))
    wide.goto("about:blank")
    wide.goto(sentence)
    expect(wide.locator(".claim.pointed")).to_be_in_viewport()


def test_charts_can_be_switched_to_their_table(wide: Page) -> None:
    figure = wide.locator('figure:has([data-table="rfm.zeros"])')
    figure.scroll_into_view_if_needed()
    table = figure.get_by_role("button", name="表格", exact=True)
    table.click()
    expect(table).to_have_attribute("aria-pressed", "true")
    expect(figure.locator("table")).to_be_visible()
    expect(figure.locator(".chart")).to_be_hidden()


@pytest.mark.parametrize("width", [390, 768, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_nothing_is_wider_than_the_page(browser: Browser, report: str, width: int, dark: bool) -> None:
    for found in opened(browser, report, width, dark):
        assert found.page.evaluate("document.documentElement.scrollWidth") == width
        if width == 390:
            columns = (
                "getComputedStyle(document.querySelector('.cards')).gridTemplateColumns.split(' ').length"
            )
            assert found.page.evaluate(columns) == 2
            found.page.keyboard.press("/")
            found.page.keyboard.type("重要")
            expect(found.page.get_by_role("option").first).to_be_in_viewport()


def test_on_paper_everything_fits_and_the_contents_are_printed(browser: Browser, report: str) -> None:
    for found in opened(browser, report, 665):
        found.page.emulate_media(media="print")
        assert found.page.evaluate("document.documentElement.scrollWidth") == 665
        expect(found.page.locator(".folded .contents")).to_be_visible()
        expect(found.page.locator(".printed")).to_be_visible()
        expect(found.page.locator(".find")).to_be_hidden()
        assert found.page.locator(".picture").first.is_visible()


def test_without_a_script_the_page_is_whole(browser: Browser, report: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(report)
    expect(plain.locator("input")).to_have_count(0)
    expect(plain.locator(".picture svg").first).to_be_visible()
    expect(plain.locator("details.data summary").first).to_be_visible()
    context.close()
