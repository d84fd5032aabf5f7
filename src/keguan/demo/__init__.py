"""The demo shop: an invented shop with a planted story, written as the files a real one would export."""

from __future__ import annotations

from keguan.demo.answered import Contacted
from keguan.demo.next_month import MonthFiles, write_next_month
from keguan.demo.shop import SEED, STAGES, ShopCounts, ShopFiles, write_shop

__all__ = [
    "SEED",
    "STAGES",
    "Contacted",
    "MonthFiles",
    "ShopCounts",
    "ShopFiles",
    "write_next_month",
    "write_shop",
]
