"""The packed blocks of a page, changed as somebody would who means to deceive."""

from __future__ import annotations

import re
from collections.abc import Callable

from keguan.render.markup import packed, unpacked


def repacked(page: str, change: Callable[[str], str], id: str = "figures") -> str:
    """The page with the text inside a packed block changed."""
    block = re.search(rf'<script id="{id}" type="text/plain">([^<]+)</script>', page)
    assert block is not None
    before = unpacked(block[1], 32 << 20)
    after = change(before)
    assert after != before
    return page.replace(block[1], packed(after), 1)
