"""How cost grows with the number of lines, as a picture for docs/performance.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log10
from pathlib import Path

TARGET = Path(__file__).parents[1] / "docs" / "performance.svg"
SERIES = (
    ("import", "keguan import", "#1f4e79"),
    ("sql", "plain SQL over the lines", "#9a6a00"),
    ("pandas", "pandas notebook", "#a33b3b"),
    ("four", "keguan: four analyses", "#2e7d5b"),
    ("scan", "bare scan", "#7a7a7a"),
)
WIDTH, HEIGHT = 760, 430
LEFT, RIGHT, TOP, BOTTOM = 70, 210, 24, 46


def draw(results: Mapping[str, Mapping[str, Sequence[float]]]) -> None:
    """CPU seconds over lines, both on logarithmic axes: equal slopes are equal growth."""
    sizes = sorted(map(int, results))
    top = max(figures[0] for found in results.values() for figures in found.values())
    low, high = -1, int(log10(top)) + 1

    def x(lines: int) -> float:
        span = max(log10(sizes[-1]) - log10(sizes[0]), 1)
        return LEFT + (log10(lines) - log10(sizes[0])) / span * (WIDTH - LEFT - RIGHT)

    def y(seconds: float) -> float:
        return HEIGHT - BOTTOM - (log10(seconds) - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13">',
        "<title>CPU seconds by number of order lines</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for power in range(low, high + 1):
        place = y(10**power)
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{place:.1f}" y2="{place:.1f}" stroke="#e3e3e3"/>'
        )
        parts.append(
            f'<text x="{LEFT - 8}" y="{place + 4:.1f}" text-anchor="end" fill="#555">{10**power:g} s</text>'
        )
    for lines in sizes:
        parts.append(
            f'<text x="{x(lines):.1f}" y="{HEIGHT - BOTTOM + 22}" text-anchor="middle" fill="#555">'
            f"{lines // 1_000_000}M lines</text>"
        )
    for name, words, colour in SERIES:
        points = [(x(size), y(results[str(size)][name][0])) for size in sizes if name in results[str(size)]]
        if points:
            path = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
            parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
            parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="4" fill="{colour}"/>' for a, b in points]
            a, b = points[-1]
            parts.append(f'<text x="{a + 10:.1f}" y="{b + 4:.1f}" fill="{colour}">{words}</text>')
    TARGET.write_text("\n".join([*parts, "</svg>"]) + "\n", "utf-8")
    print(TARGET.name)
