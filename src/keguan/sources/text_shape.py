"""The shape of a text file: CSV and its relatives, blank-separated and fixed-width text."""

from __future__ import annotations

import io
from dataclasses import dataclass

from keguan.core.text import Text
from keguan.sources import encoding, refusal, separator
from keguan.sources.container import Member
from keguan.sources.decimals import decimal_setting
from keguan.sources.heading import Heading, read_heading
from keguan.sources.records import NO_SEPARATOR, width_of
from keguan.sources.scan import ByteScan, scan
from keguan.sources.separator import Split
from keguan.sources.shape import Kind, LineEnd, ReadOptions, Setting, Shape, fingerprint_of

UTF8 = ("utf-8", "utf-8-sig")
WIDE = (*UTF8, "utf-16", "utf-16-le", "utf-16-be", "utf-32")  # told by marks, zeros or validity


@dataclass(frozen=True, slots=True)
class Head:
    """The first whole lines, with their ends, and how the file's lines end."""

    lines: list[str]
    line_end: LineEnd


def inspect_text(member: Member, options: ReadOptions) -> Shape:
    """The shape of a text file. InputError when it is no text or holds no table."""
    facts = scan(member.chunks())
    coded = encoding.given(options.encoding) if options.encoding else encoding.detect(facts)
    if coded is None:
        raise refusal.no_table(member.place, facts.head[:12].hex(" "))
    if options.encoding is None and coded.name not in WIDE and (line := encoding.mixed(facts)) is not None:
        raise refusal.mixed_encodings(member.place, line.decode(coded.name, "replace"), coded.name)
    head = _head(facts, coded.name)
    if not any(line.strip() for line in head.lines):
        raise refusal.empty(member.place)
    split, heading = _table(head, options)
    if head.line_end == "mixed" and _rows_above(head.lines[: heading.skip_rows], split, len(heading.columns)):
        head = _head(facts, coded.name, by_cr=True)
        split, heading = _table(head, options)
    if not heading.columns:
        raise refusal.no_rows(member.place, next(line for line in head.lines if line.strip()))
    kind: Kind = "fixed" if split.is_fixed else "csv"
    return Shape(
        path=member.path,
        member=member.entry,
        kind=kind,
        container=member.container,
        encoding=coded.name,
        separator=None if split.separator == NO_SEPARATOR else split.separator,
        header=heading.header,
        columns=heading.columns,
        received=heading.received,
        skip_rows=heading.skip_rows,
        settings=_settings(options, coded, split, heading),
        fingerprint=fingerprint_of(kind, heading.header, heading.columns),
        positions=split.positions,
        line_end=head.line_end,
        direct=_plain(split, heading, head) and (coded.name not in UTF8 or facts.direct),
    )


def _table(head: Head, options: ReadOptions) -> tuple[Split, Heading]:
    """How the lines are taken apart, and where their table starts."""
    split = (
        separator.given(options.separator, head.lines) if options.separator else separator.detect(head.lines)
    )
    return split, read_heading(split.rows, options.header, len(split.positions))


def _rows_above(lines: list[str], split: Split, width: int) -> bool:
    """Whether what stands above the table holds rows of it, glued to a title by carriage returns alone."""
    mark = split.separator
    if mark is None or mark == NO_SEPARATOR or width < 2:
        return False
    pieces = (piece for line in lines for piece in line.rstrip("\r\n").split("\r"))
    return any(width_of(piece, mark) == width for piece in pieces)


def _head(facts: ByteScan, name: str, *, by_cr: bool = False) -> Head:
    """The first lines. `by_cr`: a carriage return alone ends a line even where line feeds are more."""
    text = "".join(encoding.decoded([facts.head], name))
    mostly_cr = by_cr or text.count("\r") - text.count("\r\n") > text.count("\n")
    lines = list(io.StringIO(text, newline="" if mostly_cr else "\n"))
    if facts.size > len(facts.head) and len(lines) > 1:
        lines.pop()  # cut where the sample ends
    return Head(lines, "cr" if mostly_cr else facts.line_end)


def _plain(split: Split, heading: Heading, head: Head) -> bool:
    """Whether the engine's reader finds the header where it is: one line a row down to it."""
    above = "".join(head.lines[: heading.skip_rows])
    return (
        not split.is_fixed
        and split.separator != NO_SEPARATOR
        and len(heading.columns) > 1
        and '"' not in above
        and not any("\n" in text or "\r" in text for text in heading.received)
    )


def _settings(
    options: ReadOptions, coded: encoding.Encoding, split: Split, heading: Heading
) -> tuple[Setting, ...]:
    cells = (cell for row in split.rows[heading.skip_rows :] for cell in row)
    return (
        Setting("encoding", coded.name, coded.reason, coded.sure, "--encoding"),
        Setting("separator", _spoken(split), split.reason, split.sure, "--separator"),
        *heading.settings(),
        decimal_setting(cells, options.decimal),
        *given_settings(options),
    )


def _spoken(split: Split) -> str:
    """The separator as an option would give it."""
    if split.positions:
        return "positions"
    if split.separator in (None, NO_SEPARATOR):
        return "none"
    return separator.NAMES.get(split.separator, split.separator)


def given_settings(options: ReadOptions) -> tuple[Setting, ...]:
    """What a user said that no detection here looks at: handed on to the mapping."""
    if options.date_order is None:
        return ()
    return (Setting("date_order", options.date_order, Text("由你指定", "set by you"), True, "--date-order"),)
