"""What a chart shows, in words, for those who cannot see it: its kind, range, highest and lowest values."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from keguan.core.text import Language
from keguan.render.charts.plot import Plot, Record
from keguan.report.document import FigureBlock


def alternative(block: FigureBlock, words: Mapping[str, str], language: Language) -> str:
    """One paragraph about a figure. Figures are printed as in its table, never formatted anew."""
    plot = Plot(block, language, "")
    figure, records = block.figure, plot.records
    kind = words[f"chart_{figure.kind}"]
    out = words["alt_points"].format(kind=kind, title=block.title, n=len(records))
    names = plot.categories()
    if len(names) > 1:
        out += words["alt_range"].format(first=names[0], last=names[-1])
    out += "".join(_extremes(plot, records, name, words) for name in figure.y)
    return out + ("。" if language == "zh" else ".")


def _extremes(plot: Plot, records: tuple[Record, ...], name: str, words: Mapping[str, str]) -> str:
    label = plot.column(name).label
    known = [(value, row) for row in records if (value := _number(row, name)) is not None]
    if not known:
        return words["alt_none"].format(label=label)
    (high, top), (low, bottom) = max(known, key=_value), min(known, key=_value)
    if high == low:
        return words["alt_same"].format(label=label, value=_told(plot, top, name))
    return words["alt_extremes"].format(
        label=label,
        high=_told(plot, top, name),
        high_at=_place(plot, top),
        low=_told(plot, bottom, name),
        low_at=_place(plot, bottom),
    )


def _value(item: tuple[Decimal, Record]) -> Decimal:
    return item[0]


def _number(row: Record, name: str) -> Decimal | None:
    value = row.values[name]
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        number = Decimal(str(value))
        return number if number.is_finite() else None
    return None


def _told(plot: Plot, row: Record, name: str) -> str:
    unit = plot.column(name).unit_word
    gap = "" if plot.language == "zh" else " "
    return row.shown[name] + (f"{gap}{unit}" if unit else "")


def _place(plot: Plot, row: Record) -> str:
    names = [plot.block.figure.x, *([plot.block.figure.series] if plot.block.figure.series else [])]
    return " · ".join(row.shown[name] for name in dict.fromkeys(names))
