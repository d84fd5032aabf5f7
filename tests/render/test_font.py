"""The font inside a document: its letters and no more, the same bytes each time."""

from __future__ import annotations

import io
import re

import pytest
from fontTools.ttLib import TTFont

from keguan.core.errors import DependencyError
from keguan.render import bundled
from keguan.render.bundled import font_path
from keguan.render.font import face, lacking, subset


def test_it_holds_the_letters_of_the_text() -> None:
    _, data = subset("regular", frozenset(map(ord, "客观 1,743.2万")))
    with TTFont(io.BytesIO(data)) as font:
        assert set(map(ord, "客观 1,743.2万")) <= set(font.getBestCmap())
    assert len(data) < 20_000


def test_two_weights_and_the_same_bytes() -> None:
    css = face("客户分析报告")
    assert re.findall(r"font-weight:(\d+)", css) == ["400", "700"]
    subset.cache_clear()
    assert face("客户分析报告") == css


def test_letters_that_the_font_lacks_are_known() -> None:
    assert lacking("客户 A 😀") == ("😀",)


def test_an_incomplete_installation_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr(bundled, "FOLDER", tmp_path)
    with pytest.raises(DependencyError):
        font_path("regular")
