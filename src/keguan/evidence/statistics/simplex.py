"""Minimum of a smooth function of a few parameters, without derivatives (Nelder and Mead 1965)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Point = list[float]


def minimise(
    function: Callable[[Sequence[float]], float],
    start: Sequence[float],
    *,
    step: float = 0.5,
    tolerance: float = 1e-6,
    evaluations: int = 600,
) -> Point:
    """The point at which `function` is least near `start`; deterministic."""
    size = len(start)
    points = [list(start)] + [
        [x + (step if i == j else 0.0) for j, x in enumerate(start)] for i in range(size)
    ]
    simplex = sorted((function(point), point) for point in points)
    used = size + 1
    while used < evaluations and simplex[-1][0] - simplex[0][0] > tolerance:
        worst_value, worst = simplex[-1]
        centre = [sum(point[j] for _, point in simplex[:-1]) / size for j in range(size)]
        move = _towards(centre, worst, -1.0)
        value = function(move)
        used += 1
        if value < simplex[0][0]:
            far = _towards(centre, worst, -2.0)
            far_value = function(far)
            used += 1
            simplex[-1] = min((value, move), (far_value, far))
        elif value < simplex[-2][0]:
            simplex[-1] = (value, move)
        else:
            near = _towards(centre, move if value < worst_value else worst, 0.5)
            near_value = function(near)
            used += 1
            if near_value < min(value, worst_value):
                simplex[-1] = (near_value, near)
            else:
                best = simplex[0][1]
                shrunk = [_towards(best, point, 0.5) for _, point in simplex[1:]]
                simplex[1:] = [(function(point), point) for point in shrunk]
                used += size
        simplex.sort()
    return simplex[0][1]


def _towards(origin: Point, point: Point, factor: float) -> Point:
    """The point that lies `factor` of the way from `origin` to `point`; negative: on the other side."""
    return [o + factor * (p - o) for o, p in zip(origin, point, strict=True)]
