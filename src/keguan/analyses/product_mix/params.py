"""Parameters and limits of product_mix."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param

ALL, OTHER = "全部", "其他"
MOST_PARTS = 7
MOST_REGIONS = 10
MOST_LISTED = 20
LEVELS = 3


@dataclass(frozen=True)
class Params:
    months: int = param(6, "与去年同期比较最近几个月", "how many latest months are compared with a year ago")
    top: int = param(20, "列出多少个商品", "how many products are listed")
