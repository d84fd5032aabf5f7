"""Colours of charts. Series colours stay apart for colour-blind readers and in grey print (after Okabe and
Ito); each light colour has a counterpart for dark pages."""

from __future__ import annotations

from collections.abc import Mapping

SERIES = ("#1f5f99", "#e08e1b", "#2a9478", "#b4578f", "#6fb1dc", "#c8553d", "#8a8f98", "#b3a02f")
INK = "#28323d"
MUTED = "#5d6875"
AXIS = "#c3cad2"
GRID = "#e9edf1"
UP = "#1f5f99"
DOWN = "#c8553d"
TOTAL = "#5d6875"
WHISKER = "#28323e"
PAPER = "#ffffff"
HEAT = ("#eef3f8", "#b9d3e8", "#6ba3cf", "#2b6ea8", "#0f3f6b")
HEAT_DARK_FROM = 0.55  # above this share of the range, numbers in cells are white

DARK: Mapping[str, str] = {
    "#1f5f99": "#6aa9e0",
    "#e08e1b": "#eda94a",
    "#2a9478": "#54b89c",
    "#b4578f": "#d383b3",
    "#6fb1dc": "#9ccbe9",
    "#c8553d": "#e58a75",
    "#8a8f98": "#a5abb5",
    "#b3a02f": "#cdbd5a",
    INK: "#e4e8ec",
    MUTED: "#a3adb8",
    AXIS: "#4a545f",
    GRID: "#2b333c",
    WHISKER: "#dfe4e9",
}
