"""Blocks of a page that no person reads: packed, unpacked again, and refused when they are made to exhaust."""

from __future__ import annotations

import base64
import hashlib
import lzma
import re
import zlib

import pytest

from keguan.core.errors import InputError
from keguan.render.html.page import page
from keguan.render.html.read import read
from keguan.render.markup import packed, pressed, unpacked
from keguan.report.compose import compose
from keguan.report.recipe import load_recipe
from report import sample


@pytest.mark.parametrize("text", ["", "客户 𠮷 </script>", "a" * 100_000])
def test_what_is_packed_comes_back(text: str) -> None:
    assert unpacked(packed(text), 200_000) == text
    assert re.fullmatch(r"[A-Za-z0-9+/=]*", packed(text))


@pytest.mark.parametrize(
    "block",
    [
        packed("a" * 2_000),  # larger than asked for
        packed("a")[:-4],
        base64.b64encode(zlib.compress(b"a") + b"b").decode(),
        base64.b64encode(zlib.compress("é".encode("latin-1"))).decode(),
        base64.b64encode(b"not packed").decode(),
        "{}",
    ],
)
def test_what_is_not_so_packed_is_refused(block: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        unpacked(block, 1_000)


def test_a_manifest_that_unpacks_beyond_belief_is_refused() -> None:
    bomb = base64.b64encode(zlib.compress(b" " * (64 << 20), 9)).decode()
    page = f'<script id="manifest" type="text/plain">{bomb}</script>'
    with pytest.raises(InputError):
        read(page.encode(), "bomb.html")


def test_the_policy_of_a_page_allows_the_chart_library_that_it_unpacks() -> None:
    recipe = load_recipe("monthly")
    html, _ = page(compose(sample.results(), sample.analyses(), recipe, "zh", sample.context()))
    block = re.search(r'<script id="echarts" type="text/plain">([^<]+)</script>', html)
    assert block
    source = unpacked(block[1], 4 << 20)
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in html.split("</head>")[0]
    assert "echarts" in source


@pytest.mark.parametrize("text", ["", "客户 𠮷 </script>", "a" * 100_000])
def test_what_is_pressed_comes_back(text: str) -> None:
    assert unpacked(pressed(text), 200_000) == text
    assert re.fullmatch(r"[A-Za-z0-9+/=]*", pressed(text))


@pytest.mark.parametrize(
    "block",
    [
        pressed("a" * 2_000),  # larger than asked for
        pressed("a" * 900)[:-8],
        base64.b64encode(lzma.compress(b"a") + b"b").decode(),
        base64.b64encode(lzma.compress("é".encode("latin-1"))).decode(),
        base64.b64encode(lzma.compress(b"a", preset=9)).decode(),  # asks for 65 MB of memory
    ],
)
def test_what_is_not_so_pressed_is_refused(block: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        unpacked(block, 1_000)


def test_a_pressed_manifest_that_unpacks_beyond_belief_is_refused() -> None:
    bomb = base64.b64encode(lzma.compress(b" " * (64 << 20), preset=1)).decode()
    page = f'<script id="manifest" type="text/plain">{bomb}</script>'
    with pytest.raises(InputError):
        read(page.encode(), "bomb.html")
