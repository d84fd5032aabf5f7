"""The design language: the page's style sheet and the forms on paper keep the same colours."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from keguan.render import theme

SHEET = (resources.files("keguan.render.html") / "theme.css").read_text("utf-8").partition("@media")[0]
SAME = {
    "--ink": theme.INK,
    "--text": theme.TEXT,
    "--muted": theme.MUTED,
    "--faint": theme.FAINT,
    "--line": theme.LINE,
    "--rule": theme.RULE,
    "--soft": theme.SOFT,
    "--accent": theme.ACCENT,
    "--seal": theme.SEAL,
    "--cover": theme.COVER,
    "--cover-muted": theme.COVER_MUTED,
}


@pytest.mark.parametrize("name", SAME)
def test_the_page_and_the_paper_share_a_colour(name: str) -> None:
    found = re.search(rf"{name}:(#[0-9a-f]+);", SHEET)
    assert found
    assert found[1] == SAME[name]


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", [theme.INK, theme.TEXT, theme.MUTED, theme.ACCENT, theme.SEAL])
def test_text_on_white_has_the_contrast_that_wcag_asks_of_small_text(colour: str) -> None:
    assert (1.05) / (luminance(colour) + 0.05) >= 4.5
