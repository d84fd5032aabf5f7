"""What sets the cells of a text file apart: a separator, runs of blanks, or fixed positions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keguan.core.errors import UsageError
from keguan.core.text import Text, same
from keguan.sources.records import (
    BLANK,
    NO_SEPARATOR,
    blank_separated,
    delimited,
    display_width,
    positioned,
)

# In this order when two fit equally: a comma inside numbers or texts must not win over the real separator.
CANDIDATES = ("\t", ";", "|", ",")
NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "blank"}
SHOWN = {
    ",": Text("逗号", "commas"),
    ";": Text("分号", "semicolons"),
    "\t": Text("制表符", "tabs"),
    "|": Text("竖线", "bars"),
    " ": Text("连续空格", "runs of blanks"),
}
SPOKEN = {**{name: mark for mark, name in NAMES.items()}, "\\t": "\t", "space": " ", "pipe": "|"}
ROWS = 1000
TITLES = 30  # lines above the header at most
LEAST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Split:
    """How lines fall into cells. rows: the sample, [] for blank ones; positions only for fixed width."""

    separator: str | None
    rows: list[list[str]]
    reason: Text
    sure: bool
    positions: tuple[int, ...] = ()

    @property
    def is_fixed(self) -> bool:
        """Whether the columns are set apart by blanks or positions."""
        return self.separator == " " or bool(self.positions)


def given(name: str, lines: Sequence[str]) -> Split:
    """The split by the separator a user names: one character, or a name such as 'tab'."""
    mark = SPOKEN.get(name.lower(), name)
    if len(mark) != 1 or mark in '"\r\n':
        raise UsageError(
            what=Text("分隔符必须是一个字符", "a separator is one character"),
            found=name,
            allowed=same(", ; | tab blank"),
            do=Text(
                "改正 --separator，或去掉它由程序判断",
                "correct --separator, or leave it out and have it detected",
            ),
        )
    return Split(mark, _sample(lines, mark), Text("由你指定", "set by you"), sure=True)


def detect(lines: Sequence[str]) -> Split:
    """The split that gives most rows the same number of cells; one column when none does."""
    best: tuple[float, str, list[list[str]]] = (0.0, "", [])
    for mark in CANDIDATES:
        rows = _sample(lines, mark)
        score = _evenness(rows)
        if score > best[0] + 0.02:
            best = (score, mark, rows)
    if best[0] >= LEAST_SHARE:
        return Split(best[1], best[2], _reason(best[1], best[2]), sure=best[0] > 1.3)
    return _blanks(lines) or _positions(lines) or _one_column(lines)


def _sample(lines: Sequence[str], mark: str) -> list[list[str]]:
    reader = blank_separated(lines, None, _ignore) if mark == " " else delimited(lines, mark, None, _ignore)
    rows: list[list[str]] = []
    for row, cells in reader:
        rows.extend([] for _ in range(row - len(rows) - 1))  # those that were rejected
        rows.append(cells)
        if len(rows) >= ROWS:
            break
    return rows


def _ignore(row: int, raw: str, reason: Text) -> None:
    """Detection needs the rows that can be read only; loading reports the others."""


def _evenness(rows: Sequence[Sequence[str]]) -> float:
    """Share of rows with the usual number of cells, and a half more if the table's first row has it too.

    0 when the rows do not look split at all; lines of title above the table make it harder to believe.
    """
    widths = [len(cells) for cells in rows if cells]
    first = next((at for at, width in enumerate(widths[: TITLES + 1]) if width > 1), None)
    if first is None:
        return 0.0
    table = widths[first:]
    usual, times = max(Counter(table).items(), key=lambda item: (item[1], item[0]))
    share = times / len(table)
    if usual == 1 or share < (0.8 if first else 0.4):
        return 0.0
    return share + (0.5 if usual in table[:3] else 0.0) - 0.3 * first / len(widths)


def _reason(mark: str, rows: Sequence[Sequence[str]]) -> Text:
    widths = Counter(len(cells) for cells in rows if cells)
    width, times = max(widths.items(), key=lambda item: (item[0] > 1, item[1]))
    total = sum(widths.values())
    shown = SHOWN[mark]
    return Text(
        f"按{shown.zh}分开后，前 {total} 行中有 {times} 行都是 {width} 列",
        f"split at {shown.en}, {times} of the first {total} rows have {width} columns",
    )


def _table_lines(lines: Sequence[str]) -> list[str]:
    return [line.rstrip("\r\n") for line in lines[:ROWS] if line.strip(BLANK)]


def _blanks(lines: Sequence[str]) -> Split | None:
    """Columns set apart by runs of blanks, the same number in nearly every line and in the first."""
    widths = [len(line.split()) for line in _table_lines(lines)]
    if not widths or widths[0] < 2:
        return None
    usual, times = Counter(widths).most_common(1)[0]
    if usual != widths[0] or times < 0.95 * len(widths) or len(widths) < 2:
        return None
    rows = _sample(lines, " ")
    return Split(" ", rows, _reason(" ", rows), sure=len(widths) > 3)


def _positions(lines: Sequence[str]) -> Split | None:
    """Columns of fixed width: display cells that are blank in every line set them apart."""
    table = _table_lines(lines)
    if len(table) < 4:
        return None
    used: set[int] = set()
    for line in table:
        used.update(_used_cells(line))
    starts = tuple(cell for cell in sorted(used) if cell - 1 not in used)
    filled = [cells for _, cells in positioned(table, starts)] if len(starts) > 1 else []
    if not filled or not all(filled[0]) or sum(map(_full, filled)) < 0.5 * len(filled):
        return None
    reason = Text(
        f"各行在相同位置留空，分成 {len(starts)} 列",
        f"blank at the same places in every line, {len(starts)} columns",
    )
    starts = (0, *starts[1:])
    return Split(None, [cells for _, cells in positioned(lines[:ROWS], starts)], reason, False, starts)


def _used_cells(line: str) -> Iterator[int]:
    at = 0
    for character in line:
        width = display_width(character)
        if not character.isspace():
            yield from range(at, at + width)
        at += width


def _full(cells: Sequence[str]) -> bool:
    return sum(bool(cell) for cell in cells) * 2 > len(cells)


def _one_column(lines: Sequence[str]) -> Split:
    rows = _sample(lines, NO_SEPARATOR)
    return Split(
        NO_SEPARATOR,
        rows,
        Text("没有找到分隔符，按一列读取", "no separator found: read as one column"),
        sure=False,
    )
