"""PDFs that would unpack into more than a machine holds are told before anything unpacks them whole."""

from __future__ import annotations

import re
import zlib

MOST_UNPACKED = 256 << 20  # of all streams together
MOST_STREAM = 64 << 20
MOST_STREAMS = 50_000
_STREAM = re.compile(rb"stream[^\r\n]*+(?:\r\n|\r|\n)")
_ESCAPE = re.compile(rb"#([0-9a-fA-F]{2})")
# Packing within packing, filters named elsewhere, and a packing that this cannot count.
_ODD = re.compile(rb"/Filter\s*+(?:\[[^\]]*/[^\]]*/|\d|\[\s*+\d)|/LZW(?:Decode)?\b")
_CHUNK = 1 << 14


def defused(content: bytes) -> None:
    """ValueError for a file whose streams unpack to too much, or could without this seeing it."""
    names = _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), content)
    if _ODD.search(names):
        raise ValueError("/Filter")
    total = 0
    for number, found in enumerate(_STREAM.finditer(content)):
        if number > MOST_STREAMS:
            raise ValueError(f"> {MOST_STREAMS:,} streams")
        total += _unpacked(content, found.end())
        if total > MOST_UNPACKED:
            raise ValueError(f"> {MOST_UNPACKED >> 20} MB")


def _unpacked(content: bytes, start: int) -> int:
    """Bytes that the stream at `start` holds, 0 when it is not packed with zlib."""
    if start >= len(content) or content[start] & 0x8F != 0x08:  # the first byte of zlib's form
        return 0
    reader = zlib.decompressobj()
    size, at = 0, start
    view = memoryview(content)
    try:
        while at < len(content) and not reader.eof:
            size += len(reader.decompress(reader.unconsumed_tail or view[at : at + _CHUNK], 1 << 20))
            if not reader.unconsumed_tail:
                at += _CHUNK
            if size > MOST_STREAM:
                break
    except zlib.error:
        return size
    if size > MOST_STREAM:
        raise ValueError(f"> {MOST_STREAM >> 20} MB")
    return size
