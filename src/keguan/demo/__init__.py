"""The demo shop: an invented shop with a planted story, written as the files a real one would export."""

from __future__ import annotations

from keguan.demo.shop import STAGES, ShopCounts, ShopFiles, write_shop

__all__ = ["STAGES", "ShopCounts", "ShopFiles", "write_shop"]
