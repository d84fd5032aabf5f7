"""Parameters of the next purchase."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param


@dataclass(frozen=True)
class Params:
    """How far back it is judged, how many things are listed, and what counts as a high chance."""

    test_days: int = param(
        60, "商品与金额用最近几天检验", "products and amounts are judged on how many latest days"
    )
    k: int = param(10, "每位客户列出几种商品", "how many products are listed for a customer")
    level: int = param(2, "类目按第几级", "categories at which level of the path")
    high: float = param(0.5, "30 天内概率不低于此为高", "a chance within 30 days of at least this is high")
    medium: float = param(
        0.2, "30 天内概率不低于此为中等", "a chance within 30 days of at least this is medium"
    )
    listed: int = param(50, "列出多少位客户", "how many customers are listed")
