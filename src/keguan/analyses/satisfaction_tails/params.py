"""How wide a tail is, and over which months."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param


@dataclass(frozen=True)
class Params:
    """How wide a tail is, and over which months."""

    window_months: int = param(12, "统计窗口（月）", "window, months")
    tail: float = param(0.2, "两端各占多少", "share of each tail")
    overall_words: str = param(
        "总体,整体,总的,推荐,容易解决,overall,recommend,easy",
        "题目含这些词之一时算总体评价（逗号分隔）",
        "words that mark a question about the whole, comma-separated",
    )
    top: int = param(12, "列出几个商品和地区", "products and regions listed")
