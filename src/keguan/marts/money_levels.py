"""Distinct amounts of customers, largest first, with what lies above each: equal money, equal class. SQL text only."""

from __future__ import annotations


def levels_sql(source: str, money: str, when: str) -> str:
    """CTEs up to `cumulated_<when>`: `money` (above 0, of `source`), `before` (the sum of larger amounts), `total`."""
    return f"""levels_{when} AS (
  SELECT {money}, sum({money}) AS level_sum
  FROM {source} WHERE {money} > 0
  GROUP BY {money}
), cumulated_{when} AS (
  SELECT {money},
         sum(level_sum) OVER (ORDER BY {money} DESC ROWS UNBOUNDED PRECEDING) - level_sum AS before,
         sum(level_sum) OVER () AS total
  FROM levels_{when}
)"""
