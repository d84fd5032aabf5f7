"""The category of a product as of a level of its path. SQL text only; reads `products p`."""

from __future__ import annotations

from keguan.marts.product_sales import SEPARATOR


def category_at(level: int) -> str:
    """SQL: the category path cut at a level, or as long as it is; NULL without a category."""
    cut = "split_part(p.category, '" + SEPARATOR + "', 1)"
    for number in range(2, level + 1):
        part = f"split_part(p.category, '{SEPARATOR}', {number})"
        cut += f" || CASE WHEN {part} = '' THEN '' ELSE '{SEPARATOR}' || {part} END"
    return cut
