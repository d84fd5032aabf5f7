"""One pass over all bytes of a text file: what its encoding and its line ends can be told from."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass, field

from keguan.sources.shape import LineEnd

HEAD = 256 * 1024
FOREIGN = 256 * 1024
SOME = 100  # characters
REPLACEMENT = "\ufffd".encode()
OPEN_QUESTION = 8 << 20  # bytes after the first that is no UTF-8, over which both readings are counted


@dataclass(slots=True)
class ByteScan:
    """Facts of the bytes taken so far.

    breaks: places that are no UTF-8. replaced: U+FFFD, left where the text was damaged earlier.
    multibyte: characters beyond ASCII that are UTF-8. foreign: a sample of lines with bytes beyond ASCII,
    where the file is no UTF-8. turned: wholly UTF-8, with characters beyond ASCII, up to some place far into the file.
    cr, lf, crlf: line ends of each kind.
    """

    size: int = 0
    head: bytes = b""
    ascii: bool = True
    breaks: int = 0
    replaced: int = 0
    multibyte: int = 0
    foreign: bytes = b""
    turned: bool = False
    nul: bool = False
    blank_line: bool = False
    cr: int = 0
    lf: int = 0
    crlf: int = 0
    _judged: int = 0
    _tail: bytes = b"\n"  # so that a file that starts with a line break starts with a blank line
    _decoder: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8")("replace")
    )

    def take(self, chunk: bytes) -> None:
        """The next bytes."""
        if len(self.head) < HEAD:
            self.head += chunk[: HEAD - len(self.head)]
        self._take_lines(chunk.removeprefix(codecs.BOM_UTF8) if not self.size else chunk)
        self.size += len(chunk)
        if self.ascii and chunk.isascii():
            return
        self.ascii = False
        self._take_foreign(chunk)

    def _take_lines(self, chunk: bytes) -> None:
        joined = self._tail + chunk
        self.nul = self.nul or b"\0" in chunk
        self.lf += chunk.count(b"\n")
        if b"\r" in joined:
            self.cr += chunk.count(b"\r")
            self.crlf += chunk.count(b"\r\n") + (self._tail[-1:] == b"\r" and chunk[:1] == b"\n")
            self.blank_line = self.blank_line or b"\n\r\n" in joined or b"\r\r" in joined
        self.blank_line = self.blank_line or b"\n\n" in joined
        self._tail = joined[-2:]

    def _take_foreign(self, chunk: bytes) -> None:
        was_utf8 = not self.breaks and self.multibyte >= SOME
        if not self.breaks or self._judged < OPEN_QUESTION:
            self._judge(self._decoder.decode(chunk), chunk)
        self.turned = self.turned or (was_utf8 and self.breaks > 0)
        if self.breaks and len(self.foreign) < FOREIGN:
            self.foreign += _beyond_ascii(chunk[: 4 * FOREIGN])[: FOREIGN - len(self.foreign)] + b"\n"

    def _judge(self, text: str, chunk: bytes) -> None:
        beyond = len(text) - len(text.encode("ascii", "ignore"))
        marks = chunk.count(REPLACEMENT)
        broken = max(0, text.count("\ufffd") - marks)
        self.replaced += marks
        self.breaks += broken
        self.multibyte += beyond - broken
        if self.breaks:
            self._judged += len(chunk)

    @property
    def line_end(self) -> LineEnd:
        """How lines end."""
        if self.crlf == self.lf == self.cr:
            return "crlf" if self.crlf else "lf"
        return "mixed" if self.cr else "lf"

    @property
    def direct(self) -> bool:
        """UTF-8 without anything that makes DuckDB's row numbers or cells differ from the file's."""
        uniform = self.line_end in ("lf", "crlf")
        return uniform and not (self.breaks or self.replaced or self.nul or self.blank_line)


def _beyond_ascii(chunk: bytes) -> bytes:
    """The lines of a chunk with bytes beyond ASCII, those that are no UTF-8 first, so that a sample has some."""
    lines = [line for line in chunk.split(b"\n") if not line.isascii()]
    other = [line for line in lines if not _is_utf8(line)]
    sample = b"\n".join(other)
    if len(other) == len(lines):
        return sample
    return sample[: FOREIGN // 2] + b"\n" + b"\n".join(line for line in lines if _is_utf8(line))


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def scan(chunks: Iterable[bytes]) -> ByteScan:
    """The facts of all bytes."""
    facts = ByteScan()
    for chunk in chunks:
        facts.take(chunk)
    return facts
