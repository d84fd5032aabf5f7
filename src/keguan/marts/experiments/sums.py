"""The sums by arm that every test of an experiment is made of: one scan, one row an arm (and part).

Sums are of values less a shift (any value of the metric), so that squares of large numbers keep their digits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keguan.evidence.experiments import ArmSample, Kind
from keguan.evidence.statistics.moments import moments, pair_moments


def sums(
    number: int,
    value: str,
    shift: float,
    beside: str | None = None,
    beside_shift: float = 0.0,
    *,
    add: str = "sum",
) -> str:
    """SQL of the sums of one metric. `value` and `beside` are DOUBLE columns; `beside` (denominator, or what was known
    before) has a value wherever `value` has one. `add`: the engine's function that adds up ('fsum' of DuckDB carries the
    rounding errors along, so that threads do not show)."""
    y = f"({value} - {_literal(shift)})" if shift else value
    parts = [
        f"count({value}) AS n{number}",
        f"{add}({y}) AS a{number}",
        f"{add}({y} * {y}) AS b{number}",
        f"{add}({y} * {y} * {y}) AS c{number}",
        f"min({value}) AS low{number}",
        f"max({value}) AS high{number}",
    ]
    if beside is not None:
        x = f"({beside} - {_literal(beside_shift)})" if beside_shift else beside
        parts += [
            f"{add}({x}) AS d{number}",
            f"{add}({x} * {x}) AS e{number}",
            f"{add}({x} * {y}) AS f{number}",
        ]
    return ", ".join(parts)


def sample(
    row: Mapping[str, Any], number: int, shift: float, *, beside: bool = False, beside_shift: float = 0.0
) -> ArmSample:
    """The moments of one metric in one arm from a row of `sums`."""
    n = int(row[f"n{number}"] or 0)
    a, b, c = (settled(row[f"{name}{number}"]) for name in "abc")
    own = moments(n, a, b, c, shift=shift)
    if not beside:
        return ArmSample(own)
    d, e, f = (settled(row[f"{name}{number}"]) for name in "def")
    return ArmSample(own, pair_moments(n, (a, b), (d, e), f, shifts=(shift, beside_shift)))


def kind_of(rows: Sequence[Mapping[str, Any]], number: int, shift: float) -> Kind:
    """'share' where every value is 0 or 1, else 'mean'. With values from 0 to 1 the sum of squares is the sum only if
    no value lies between."""
    seen = [row for row in rows if row[f"n{number}"]]
    if not seen or any(row[f"low{number}"] < 0 or row[f"high{number}"] > 1 for row in seen):
        return "mean"
    for row in seen:
        n, a, b = row[f"n{number}"], row[f"a{number}"], row[f"b{number}"]
        total, squares = a + n * shift, b + 2 * shift * a + n * shift * shift
        if abs(total - squares) > 1e-9 * max(1.0, n):
            return "mean"
    return "share"


def settled(value: float | None) -> float:
    """Twelve digits: the order in which an engine adds up shows in those that follow."""
    return float(f"{value or 0.0:.12g}")


def _literal(value: float) -> str:
    return f"CAST({value!r} AS DOUBLE)"
