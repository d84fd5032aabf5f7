"""Gauss' hypergeometric function in the two forms that buy-till-you-die models need, for arrays.

`one` is 2F1(1, a; c; z) by Gauss' continued fraction (DLMF 15.7.1), near z = 1 by its Euler integral; both take
complex arguments, so that derivatives with respect to a and c come by a complex step.
`series` is 2F1(a, b; c; z) by its power series, for parameters that Euler's transformation has made small; `lifted` is
exp(logs) 2F1(a, b; c; z) for great ones, where terms of one sign grow before they fall.
"""

from __future__ import annotations

from typing import Any

import numpy as np

STEPS = ((0.1, 16), (0.5, 28), (0.9, 60), (0.97, 110))  # z below -> terms for 1e-15


def one(a: Any, c: Any, z: Any) -> Any:
    """2F1(1, a; c; z) for 0 <= z < 1. Real arrays of one dimension, or complex of two, whose rows share their real
    parts and have a complex step each."""
    a, c, z = np.broadcast_arrays(a, c, z)
    out = np.empty(a.shape, dtype=np.result_type(a, c, z))
    low = -1.0
    for high, terms in STEPS:
        here = (z.real >= low) & (z.real < high)
        if here.any():
            out[here] = _fraction(a[here], c[here], z[here], terms)
        low = high
    if (near := z.real >= low).any():
        if a.ndim == 1:
            out[near] = _moments(a[near].real, c[near].real, z[near].real)[0]
        else:
            out[:, near[0]] = _stepped(a[:, near[0]], c[:, near[0]], z[:, near[0]])
    return out


def _fraction(a: Any, c: Any, z: Any, terms: int) -> Any:
    """c0 / (c0 - u1 z / (c0 + 1 - u2 z / (c0 + 2 - ...))) with c0 = c - 1, from the innermost term outwards."""
    base = c - 1.0
    rest, bottom = base - a, base + terms
    for step in range(terms, 0, -1):
        half = step // 2
        above = (a + half) * (base + half) if step % 2 else half * (rest + half)
        bottom = (base + (step - 1)) - above * z / bottom
    return base / bottom


NODES = np.exp((steps := np.arange(-3.6, 13.0, 0.08)) - np.exp(-steps))  # double exponential rule
WEIGHTS = 0.08 * NODES * (1.0 + np.exp(-steps))


def _stepped(a: Any, c: Any, z: Any) -> Any:
    """Rows that share their real parts, each with a tiny complex step: the slopes are integrals of one integrand."""
    value, by_a, by_c, by_z = _moments(a[0].real, c[0].real, z[0].real, slopes=True)
    return value + 1j * (by_a * a.imag + by_c * c.imag + by_z * z.imag)


def _moments(a: Any, c: Any, z: Any, slopes: bool = False) -> tuple[Any, ...]:
    """(c - 1) times the integral of exp(-(c - 1) y) (1 - z + z exp(-y))^-a over y > 0, and its slopes."""
    base = (c - 1.0)[:, None]
    y = NODES / base
    fallen = -np.expm1(-y)
    below = 1.0 - z[:, None] * fallen
    logs = np.log(below)
    inner = np.exp(-NODES - a[:, None] * logs)
    value = inner @ WEIGHTS
    if not slopes:
        return (value,)
    by_c = value / base[:, 0] - (inner * y) @ WEIGHTS
    return value, -(inner * logs) @ WEIGHTS, by_c, a * ((inner * fallen / below) @ WEIGHTS)


def series(a: Any, b: Any, c: Any, z: Any) -> Any:
    """2F1(a, b; c; z) for 0 <= z < 1 as the sum of its terms, until none changes the sum."""
    a, b, c, z = (np.ravel(item) for item in np.broadcast_arrays(a, b, c, z))
    out = np.ones(z.shape)
    left = np.arange(len(z))
    term, total = np.ones(z.shape), np.ones(z.shape)
    for step in range(100_000):
        term = term * ((a + step) * (b + step) / ((c + step) * (step + 1.0))) * z
        total = total + term
        if step % 8 == 7:
            done = np.abs(term) <= 1e-16 * np.abs(total) * (1.0 - z)
            if done.any():
                out[left[done]] = total[done]
                keep = ~done
                a, b, c, z, term, total, left = (v[keep] for v in (a, b, c, z, term, total, left))
            if not len(left):
                return out
    out[left] = total
    return out


LIFT = 1e200


def lifted(a: Any, b: Any, c: Any, z: Any, logs: Any) -> Any:
    """exp(logs) 2F1(a, b; c; z) for 0 <= z < 1: the sum of its terms, scaled down whenever it grows past LIFT."""
    a, b, c, z, logs = (np.ravel(item) for item in np.broadcast_arrays(a, b, c, z, logs))
    term, total, scale = np.ones(z.shape), np.ones(z.shape), np.array(logs, dtype=np.float64)
    for step in range(100_000):
        term = term * ((a + step) * (b + step) / ((c + step) * (step + 1.0))) * z
        total = total + term
        great = np.abs(total) > LIFT
        term[great], total[great] = term[great] / LIFT, total[great] / LIFT
        scale[great] += np.log(LIFT)
        falls = np.abs((a + step) * (b + step) / ((c + step) * (step + 1.0))) * z < 1
        if step % 8 == 7 and (falls & (np.abs(term) <= 1e-16 * np.abs(total) * (1.0 - z))).all():
            break
    return total * np.exp(scale)
