"""How much of the conversions would go if a channel were not there, by a Markov chain of touches (Anderl, Becker, von
Wangenheim and Schumann 2016). A description of the paths: channels that customers come by anyway have it too.

States are the start, the touches, conversion and loss. With the transition shares Q between touches and r from a touch to
conversion, the chance to convert from each state solves x = Q x + r; without a channel, ways into it are lost. The
removal effect of a channel is the share of the conversions lost so; its part is that over the sum of all effects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST_STATES = 200


@dataclass(frozen=True, slots=True)
class Removal:
    """Chance to convert from the start; of each channel the share of conversions lost without it, and its part."""

    chance: float
    effects: Mapping[str, float]
    parts: Mapping[str, float]


def removal_effects(
    transitions: Sequence[tuple[str, str, int]], start: str, converted: str, lost: str
) -> Removal | None:
    """Transitions are (from, to, times). None where nothing converts. ValueError beyond MOST_STATES channels."""
    channels = sorted({state for a, b, _ in transitions for state in (a, b)} - {start, converted, lost})
    if len(channels) > MOST_STATES:
        raise ValueError(f"{len(channels)} channels, at most {MOST_STATES}")
    chance = _chance(transitions, channels, start, converted, None)
    if chance <= 0:
        return None
    effects = {
        channel: 1 - _chance(transitions, channels, start, converted, channel) / chance
        for channel in channels
    }
    effects = {channel: min(max(effect, 0.0), 1.0) for channel, effect in effects.items()}
    total = sum(effects.values())
    parts = {channel: effect / total if total > 0 else 0.0 for channel, effect in effects.items()}
    return Removal(chance, effects, parts)


def _chance(
    transitions: Sequence[tuple[str, str, int]],
    channels: Sequence[str],
    start: str,
    converted: str,
    without: str | None,
) -> float:
    """The chance to convert from the start; ways into `without` convert never."""
    import numpy as np

    place = {state: number for number, state in enumerate((start, *channels))}
    counts, direct = np.zeros((len(place), len(place))), np.zeros(len(place))
    leaving = np.zeros(len(place))
    for a, b, times in transitions:
        leaving[place[a]] += times
        if b == converted:
            direct[place[a]] += times
        elif b in place and b != without:
            counts[place[a], place[b]] += times
    leaving[leaving == 0] = 1.0
    shares, direct = counts / leaving[:, None], direct / leaving
    if without is not None:
        direct[place[without]] = 0.0
        shares[place[without], :] = 0.0
    found = np.linalg.solve(np.eye(len(place)) - shares, direct)
    return float(found[0])
