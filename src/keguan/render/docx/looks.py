"""The list of styles of a Word report, in the colours and sizes of the design language."""

from __future__ import annotations

from keguan.render import theme
from keguan.render.docx.styles import CODE_FONT, Style, block, edge, letters, tab
from keguan.render.docx.wml import colour

SIZE = theme.PRINT
WIDTH = theme.PAGE_MM[0] - theme.MARGINS_MM[1] - theme.MARGINS_MM[3]
_HIGH = SIZE["body"] * theme.LINE_SPACING
_SMALL = 12.5  # points from line to line of captions and tables
_CELLS = (
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="{0}" w:type="dxa"/>'
    '<w:left w:w="{1}" w:type="dxa"/><w:bottom w:w="{0}" w:type="dxa"/><w:right w:w="{1}" w:type="dxa"/>'
    "</w:tblCellMar></w:tblPr>"
)
_LINES = (
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblBorders>{}</w:tblBorders>'
    '<w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="68" w:type="dxa"/>'
    '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="68" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    '<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>{}</w:tcBorders></w:tcPr></w:tblStylePr>'
)


def _cell(name: str, size: float, *, right: bool = False, head: bool = False) -> Style:
    """A style of table cells."""
    ink = theme.MUTED if head else theme.TEXT
    return Style(
        name,
        paragraph=block(line=size * 1.35, align="right" if right else "left"),
        run=letters(size, ink, bold=head),
    )


WORD = (
    Style("Default Paragraph Font", "character", ""),
    Style("Normal Table", "table", "", more=_CELLS.format(0, 108)),
    Style("Normal", based="", paragraph=block(after=6, line=_HIGH), run=letters(SIZE["body"], theme.TEXT)),
    Style(
        "heading 1",
        paragraph=block(
            before=28,
            after=10,
            line=30,
            level=1,
            keep="keepNext keepLines",
            edge=edge("top", theme.INK, 12, 10),
        ),
        run=letters(SIZE["section"], theme.INK, bold=True),
    ),
    Style(
        "heading 2",
        paragraph=block(before=22, after=4, line=22, level=2, keep="keepNext keepLines"),
        run=letters(SIZE["analysis"], theme.INK, bold=True),
    ),
    Style(
        "heading 3",
        paragraph=block(before=14, after=3, line=_HIGH, level=3, keep="keepNext keepLines"),
        run=letters(SIZE["body"], theme.INK, bold=True),
    ),
    Style("Title", paragraph=block(after=8, line=40), run=letters(SIZE["title"], theme.INK, bold=True)),
    Style("Subtitle", paragraph=block(after=6, line=22), run=letters(SIZE["analysis"], theme.MUTED)),
    Style(
        "caption",
        paragraph=block(
            before=16,
            after=4,
            line=_SMALL,
            keep="keepNext keepLines",
            tabs=tab(WIDTH, "right"),
        ),
        run=letters(SIZE["caption"], theme.INK, bold=True),
    ),
    Style(
        "Quote",
        paragraph=block(after=6, line=_HIGH, left=6, right=6),
        run=letters(SIZE["body"], theme.TEXT),
    ),
    Style(
        "toc 1",
        paragraph=block(before=6, line=15, tabs=tab(10) + tab(WIDTH, "right")),
        run=letters(SIZE["body"], theme.INK, bold=True),
    ),
    Style(
        "toc 2",
        paragraph=block(line=13.5, left=10, tabs=tab(WIDTH, "right")),
        run=letters(SIZE["table"], theme.TEXT),
    ),
    Style("header", paragraph=block(line=11), run=letters(SIZE["small"], theme.MUTED)),
    Style("footer", paragraph=block(line=11), run=letters(SIZE["small"], theme.MUTED)),
    Style("Hyperlink", "character", "Default Paragraph Font", run=letters(ink=theme.ACCENT)),
)

_RULE, _LINE = theme.RULE, theme.LINE
REPORT = (
    Style(
        "Keguan Running Head",
        paragraph=block(line=11, edge=edge("bottom", theme.LINE, 4, 4)),
        run=letters(SIZE["small"], theme.MUTED),
    ),
    Style("Keguan Running Foot", paragraph=block(line=11), run=letters(SIZE["small"], theme.MUTED)),
    Style(
        "Keguan Contents Title",
        based="heading 1",
        paragraph='<w:spacing w:before="0" w:after="160"/><w:outlineLvl w:val="9"/>',
    ),
    Style("Keguan Lead", paragraph=block(after=8, line=15), run=letters(SIZE["caption"], theme.MUTED)),
    Style(
        "Keguan Finding",
        paragraph=block(
            before=8,
            line=_HIGH,
            left=4,
            keep="keepNext keepLines",
            edge=edge("left", theme.ACCENT),
        ),
        run=letters(SIZE["body"], theme.INK),
    ),
    Style(
        "Keguan Finding Note",
        paragraph=block(after=8, line=_SMALL, left=4, edge=edge("left", theme.ACCENT), keep="keepLines"),
        run=letters(SIZE["small"], theme.MUTED),
    ),
    Style(
        "Keguan Key Finding",
        based="Keguan Finding",
        paragraph=block(
            before=9, line=16.5, left=4, keep="keepNext keepLines", edge=edge("left", theme.ACCENT)
        ),
        run=letters(11),
    ),
    Style(
        "Keguan Note",
        paragraph=block(
            before=6,
            after=6,
            line=14,
            left=4,
            edge=edge("left", theme.NOTES["info"][1]),
            shade=theme.NOTES["info"][0],
        ),
        run=letters(SIZE["caption"], theme.TEXT),
    ),
    Style(
        "Keguan Opinion",
        based="Quote",
        paragraph=block(
            line=_HIGH,
            left=6,
            right=6,
            edge=edge("left", theme.NOTES["comment"][1]),
            shade=theme.NOTES["comment"][0],
            keep="keepLines",
        ),
    ),
    Style(
        "Keguan Opinion Note",
        based="Keguan Opinion",
        paragraph=block(line=14, left=6, right=6),
        run=letters(SIZE["caption"], theme.MUTED),
    ),
    Style("Keguan Picture", paragraph=block(before=2, after=4, keep="keepNext")),
    Style("Keguan Source", paragraph=block(before=3, line=_SMALL), run=letters(SIZE["small"], theme.MUTED)),
    Style("Keguan Gap", paragraph=block(line=6), run=letters(2)),
    Style(
        "Keguan Fact",
        paragraph=block(after=2, line=14, left=32, hanging=32, tabs=tab(32)),
        run=letters(SIZE["caption"], theme.TEXT),
    ),
    Style(
        "Keguan Evidence",
        based="heading 2",
        paragraph=block(
            before=26,
            after=4,
            line=22,
            level=2,
            keep="keepNext keepLines",
            edge=edge("top", theme.RULE, 6, 8),
        ),
    ),
    Style(
        "Keguan Evidence Item",
        based="heading 3",
        paragraph=block(before=12, after=3, line=14, level=3, keep="keepNext keepLines"),
        run=letters(SIZE["caption"], theme.INK, bold=True),
    ),
    Style(
        "Keguan Evidence Facts",
        paragraph=block(after=2, line=_SMALL),
        run=letters(SIZE["small"], theme.TEXT),
    ),
    Style(
        "Keguan Evidence Part",
        paragraph=block(before=6, after=2, line=12, keep="keepNext"),
        run=letters(SIZE["small"], theme.MUTED, bold=True),
    ),
    Style(
        "Keguan Code",
        paragraph=block(before=2, after=4, line=8.5, left=2, right=2, shade=theme.SOFT),
        run=letters(7, theme.TEXT, font=CODE_FONT),
    ),
    Style("Keguan Card Label", paragraph=block(line=13), run=letters(SIZE["caption"], theme.MUTED)),
    Style(
        "Keguan Card Value",
        paragraph=block(before=2, line=24),
        run=letters(15, theme.INK, bold=True),
    ),
    Style("Keguan Card Change", paragraph=block(line=12), run=letters(SIZE["small"], theme.MUTED)),
    Style(
        "Keguan Cover", paragraph=block(after=10, line=18), run=letters(SIZE["analysis"], theme.COVER_MUTED)
    ),
    Style("Keguan Cover Title", based="Title", run=letters(ink=theme.COVER_TEXT)),
    Style(
        "Keguan Cover Fact",
        paragraph=block(after=5, line=16, left=32, hanging=32, tabs=tab(32)),
        run=letters(SIZE["body"], theme.TEXT),
    ),
    _cell("Keguan Table Text", SIZE["table"]),
    _cell("Keguan Table Figure", SIZE["table"], right=True),
    _cell("Keguan Table Head", SIZE["small"], head=True),
    _cell("Keguan Table Head Figure", SIZE["small"], right=True, head=True),
    _cell("Keguan Small Text", 7.5),
    _cell("Keguan Small Figure", 7.5, right=True),
    _cell("Keguan Small Head", 7, head=True),
    _cell("Keguan Small Head Figure", 7, right=True, head=True),
    Style("Keguan Muted", "character", "Default Paragraph Font", run=letters(ink=theme.MUTED)),
    Style("Keguan Faint", "character", "Default Paragraph Font", run=letters(ink=theme.FAINT)),
    Style("Keguan Seal", "character", "Default Paragraph Font", run=letters(ink=theme.SEAL)),
    Style("Keguan Strong", "character", "Default Paragraph Font", run=letters(ink=theme.INK, bold=True)),
    Style("Keguan Data", "character", "Default Paragraph Font", run=letters(ink=theme.ACCENT)),
    Style(
        "Keguan Card Unit",
        "character",
        "Default Paragraph Font",
        run='<w:b w:val="0"/><w:bCs w:val="0"/>' + letters(SIZE["caption"], theme.MUTED),
    ),
    Style("Keguan Label", "character", "Default Paragraph Font", run=letters(ink=theme.MUTED)),
    Style("Keguan Evidence Id", "character", "Hyperlink", run=letters(SIZE["small"], theme.FAINT)),
    Style(
        "Keguan Table",
        "table",
        "Normal Table",
        more=_LINES.format(
            edge("top", _RULE, 6, 0) + edge("bottom", _RULE, 6, 0) + edge("insideH", _LINE, 4, 0),
            edge("bottom", _RULE, 8, 0),
        ),
    ),
    Style("Keguan Cards", "table", "Normal Table", more=_CELLS.format(120, 110)),
)

STRENGTHS = {
    "fact": colour(theme.ACCENT),
    "tested": colour(theme.TESTED),
    "estimate": colour(theme.ACCENT),
    "forecast": colour(theme.ACCENT),
    "recommendation": colour(theme.SEAL),
}
