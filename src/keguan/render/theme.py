"""The design language in figures: colours and sizes that every form of a report keeps (docs/design.md).

The page's style sheet holds the same colours as its custom properties; a test keeps them equal.
"""

from __future__ import annotations

from collections.abc import Mapping

# Colours of text and surfaces on white; those of charts are in keguan.render.charts.palette.
INK = "#1d2630"  # headings
TEXT = "#2b3540"
MUTED = "#5d6875"  # captions, units, notes
FAINT = "#67727e"  # evidence ids
LINE = "#e2e6eb"  # between rows
RULE = "#c9d0d8"  # under the head of a table
SOFT = "#f6f7f9"  # surface of cards
ACCENT = "#1f5f99"  # links, the mark of a finding
SEAL = "#b3402c"  # numbers of sections, advice, negative figures
COVER = "#102c43"
COVER_TEXT = "#ffffff"
COVER_MUTED = "#b4c4d2"
COVER_RULE = "#d8654d"
TESTED = "#2a9478"  # the mark of a tested sentence
NOTES: Mapping[str, tuple[str, str]] = {  # surface and edge
    "warning": ("#fdf6e8", "#e0a83c"),
    "withheld": ("#f3f6f9", "#c9d0d8"),
    "info": ("#f3f6f9", "#c9d0d8"),
    "missing": ("#f3f6f9", "#c9d0d8"),
    "comment": ("#f8f4fb", "#9a7bb5"),
}

# Sizes in points, for paper and slides. Each step is some 1.25 of the one before.
PRINT: Mapping[str, float] = {
    "title": 30,
    "section": 20,
    "analysis": 14,
    "body": 10.5,
    "caption": 9,
    "table": 9,
    "small": 8,
}
SLIDE: Mapping[str, float] = {"title": 24, "body": 16, "table": 12, "caption": 11, "small": 9}
LINE_SPACING = 1.5  # of running text, Chinese and English
PAGE_MM = (210.0, 297.0)  # A4
MARGINS_MM = (22.0, 20.0, 22.0, 20.0)  # top, right, bottom, left
FONTS: Mapping[str, str] = {"zh": "Noto Sans SC", "en": "Noto Sans SC"}  # in files that carry their font
# Office documents do not carry fonts: these are on the machines that open them.
OFFICE_FONTS: Mapping[str, str] = {"latin": "Arial", "east_asian": "Microsoft YaHei"}
