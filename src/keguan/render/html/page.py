"""Document -> one HTML file that needs nothing else: styles, font, charts, script and manifest are inside.

It reads and prints without JavaScript; with it charts answer the pointer and evidence opens in place. A
strict content security policy allows exactly the scripts and styles that are inside.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from html import unescape
from importlib import resources

from keguan.render.bundled import echarts_source
from keguan.render.charts import palette
from keguan.render.charts.pictures import Pictures
from keguan.render.font import face
from keguan.render.html.blocks import Blocks
from keguan.render.html.read import FIGURES, MANIFEST, parse
from keguan.render.html.tables import rules
from keguan.render.marks import Marked
from keguan.render.markup import anchor, esc, many, packed, pressed, quoted, safe_json, shown, tag
from keguan.report.document import Document, Heading, Json, Missing, Section

LANG = {"zh": "zh-CN", "en": "en"}
SCRIPTS = ("page", "charts", "evidence", "reading", "copying", "search", "start")
STYLES = ("theme", "tools", "print")
# Words that the script writes into the page; the font needs their letters too.
SAID = (
    "table",
    "chart_view",
    "close",
    "evidence",
    "search",
    "search_hint",
    "search_found",
    "search_first",
    "search_none",
    "copy",
    "copied",
    "copy_failed",
    "copy_link",
    "copy_table",
    "save_csv",
)


def page(document: Document, pictures: Pictures | None = None) -> tuple[str, Json]:
    """The HTML text and its manifest: the document's, with the hash of all that is not marked.

    ValueError when the page does not show what the document says (a renderer's fault).
    """
    blocks = Blocks(document, pictures or Pictures(document))
    body = _body(blocks)
    before, after = _around(blocks, body)
    # The hash leaves out itself alone, and what is packed counts by its content.
    read = parse(before + packed(_json(document.manifest), 1) + after)
    _agree(document, read)
    manifest = {**document.manifest, "other": read.other or ""}
    return before + pressed(_json(manifest)) + after, manifest


def _json(manifest: Json) -> str:
    return json.dumps(manifest, ensure_ascii=False)


def _agree(document: Document, read: Marked) -> None:
    """Every element of the manifest stands in the page, but first rows of tables that a section prints already."""
    wanted = document.on_paper()
    found = read.items
    wrong = [
        name
        for name, text in wanted.items()
        if name not in found or (found[name] != shown(text) and f"{name}+" not in found)
    ]
    if wrong:
        raise ValueError(f"the page does not show {len(wrong)} elements as composed, first {wrong[0]}")


def _around(blocks: Blocks, body: str) -> tuple[str, str]:
    """The page up to the manifest, and after it."""
    document, drawn = blocks.document, bool(blocks.options)
    words = {name: document.words[name] for name in SAID}
    style = _style(body + _window_title(document) + "".join(words.values()), blocks.columns)
    scripts = [_script(), *([echarts_source()] if drawn else [])]
    head = many(
        [
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, scripts)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f'<meta name="generator" content="{quoted(document.generated)}">',
            f"<title>{esc(_window_title(document))}</title>",
            f"<style>{style}</style>",
        ]
    )
    tail = many(
        [
            tag(
                "script",
                safe_json({"dark": palette.DARK, "paper": palette.PAPER, "words": words}),
                id="page",
                type="application/json",
            ),
            *([tag("script", _figures(blocks), id=FIGURES, type="text/plain")] if drawn else []),
            *([tag("script", _library(), id="echarts", type="text/plain")] if drawn else []),
            f"<script>{_script()}</script>",
        ]
    )
    language = LANG[document.language]
    start = f'<!doctype html>\n<html lang="{language}"><head>{head}</head>\n<body>{body}'
    return f'{start}<script id="{MANIFEST}" type="text/plain">', f"</script>{tail}</body></html>\n"


def _figures(blocks: Blocks) -> str:
    """What charts are drawn from, by figure; their pictures and tables stand in the page without it."""
    return packed(json.dumps(blocks.options, ensure_ascii=False, separators=(",", ":")))


def _window_title(document: Document) -> str:
    return " · ".join(
        part for part in (document.title, document.subtitle, document.as_of.isoformat()) if part
    )


def _policy(style: str, scripts: list[str]) -> str:
    allowed = " ".join(_hash(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _style(body: str, columns: int) -> str:
    letters = "".join(sorted(set(unescape(re.sub(r"<[^>]+>", "", body)))))
    theme, *others = (_asset(f"{name}.css") for name in STYLES)
    dark = "".join(
        f'.picture [{side}="{light}"]{{{side}:{colour}}}'
        for light, colour in palette.DARK.items()
        for side in ("fill", "stroke")
    )
    dark += f'.picture [stroke="{palette.PAPER}"]{{stroke:var(--paper)}}'
    return f"{face(letters)}{theme}{rules(columns)}{many(others)}@media screen and (prefers-color-scheme:dark){{{dark}}}"


@cache
def _library() -> str:
    return packed(echarts_source())


def _script() -> str:
    inside = many(_asset(f"{name}.js") for name in SCRIPTS)
    return f"(function () {{\n'use strict';\n{inside}}})();\n"


@cache
def _asset(name: str) -> str:
    return (resources.files("keguan.render.html") / name).read_text(encoding="utf-8")


def _body(blocks: Blocks) -> str:
    document = blocks.document
    sections = many(_section(section, blocks) for section in document.sections)
    contents = _contents(document)
    main = tag("main", sections, id="main", tabindex="-1")
    named = blocks.document.words["contents"]
    opened = tag("details", tag("summary", esc(named)) + contents)
    folded = tag("nav", opened, class_="folded", aria_label=named)
    side = tag("nav", tag("p", esc(named), class_="head") + contents, class_="side", aria_label=named)
    frame = tag("div", tag("div", side, class_="rail") + folded + main + _foot(document), class_="frame")
    skip = tag("a", blocks.word("skip"), class_="skip", href="#main")
    return skip + _cover(document) + frame + tag("dialog", "", id="drawer")


def _cover(document: Document) -> str:
    company = tag("p", esc(document.subtitle), class_="company") if document.subtitle else ""
    brand = tag("p", "Keguan 客观", class_="brand")
    rows = many(tag("div", tag("dt", esc(label)) + tag("dd", esc(fact))) for label, fact in document.cover)
    inside = brand + company + tag("h1", esc(document.title)) + tag("dl", rows, class_="facts")
    return tag("header", tag("div", inside, class_="inner"), class_="cover")


def _contents(document: Document) -> str:
    return tag("ol", many(_entry(section) for section in document.sections), class_="contents")


def _entry(section: Section) -> str:
    number = tag("span", esc(section.number), class_="no")
    link = tag("a", number + esc(section.title), href=f"#s-{anchor(section.id)}")
    under = [
        (block.id, block.text if isinstance(block, Heading) else block.title)
        for block in section.blocks
        if isinstance(block, (Heading, Missing)) and block.id
    ]
    inner = many(tag("li", tag("a", esc(title), href=f"#{anchor(id)}")) for id, title in under)
    return tag("li", link + (tag("ol", inner) if inner else ""), class_=section.kind)


def _section(section: Section, blocks: Blocks) -> str:
    number = tag("span", esc(section.number), class_="no") if section.number else ""
    head = tag("h2", number + esc(section.title))
    lead = tag("p", esc(section.lead), class_="lead") if section.lead else ""
    inside = many(blocks.html(block) for block in section.blocks)
    if section.kind == "appendix":
        lead += tag("p", blocks.word("left_out_in_print"), class_="printed")
    return tag("section", head + lead + inside, id=f"s-{anchor(section.id)}", class_=section.kind)


def _foot(document: Document) -> str:
    hint = tag("p", esc(document.words["verify_hint"]))
    return tag("footer", tag("p", esc(document.generated)) + hint)
