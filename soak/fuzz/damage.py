"""What is done to the bytes of a file: cut, flipped, mixed. After it nobody can say how many rows there are."""

from __future__ import annotations

import random
from collections.abc import Callable

Damage = Callable[[bytes, random.Random], bytes]


def cut(content: bytes, rng: random.Random) -> bytes:
    """The end is missing."""
    return content[: rng.randrange(len(content) + 1)]


def last_line_cut(content: bytes, rng: random.Random) -> bytes:
    """The last bytes are missing."""
    return content[: -rng.randrange(1, min(60, len(content)) + 1)] if content else content


def flipped(content: bytes, rng: random.Random) -> bytes:
    """Some bytes are others."""
    changed = bytearray(content)
    for _ in range(rng.choice((1, 3, 20))):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _inserted(content: bytes, rng: random.Random, pieces: tuple[bytes, ...]) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice((1, 2, 8))):
        at = rng.randrange(len(changed) + 1)
        changed[at:at] = rng.choice(pieces)
    return bytes(changed)


def stray_quotes(content: bytes, rng: random.Random) -> bytes:
    """Quotes that open and never close, or close what was not open."""
    return _inserted(content, rng, (b'"', b'"', b'""', b"'", b',"', b'",', b'"\n', b'\n"'))


def stray_separators(content: bytes, rng: random.Random) -> bytes:
    """Separators and line ends in odd places."""
    return _inserted(content, rng, (b",", b";", b"\t", b"|", b"\r", b"\n", b"\r\n", b"\n\n", b",,,,"))


def stray_bytes(content: bytes, rng: random.Random) -> bytes:
    """Bytes that are no text in most character sets."""
    pieces = (b"\x00", b"\xff", b"\xfe", b"\x80", b"\xef\xbb\xbf", "价格".encode("gb18030"), "é".encode("latin-1"), b"\x1a",
              b"\xc3",              "价".encode(), b"\xed\xa0\x80", b"\x0b\x0c", "\u2028\u0085".encode())  # fmt: skip
    return _inserted(content, rng, pieces)


def mixed_encoding(content: bytes, rng: random.Random) -> bytes:
    """The second half in another character set."""
    at = content.find(b"\n", rng.randrange(len(content) + 1)) + 1
    text = content[at:].decode("utf-8", "replace")
    return content[:at] + text.encode(rng.choice(("gb18030", "utf-16-le", "latin-1", "big5")), "replace")


def mixed_ends(content: bytes, rng: random.Random) -> bytes:
    """Line ends of every kind."""
    pieces = content.replace(b"\r\n", b"\n").split(b"\n")
    ends = (b"\n", b"\r\n", b"\r\n", b"\r", b"\n\r") if rng.random() < 0.3 else (b"\n", b"\r\n")
    return b"".join(piece + rng.choice(ends) for piece in pieces)


def mixed_separators(content: bytes, rng: random.Random) -> bytes:
    """Some lines use another separator."""
    lines = content.split(b"\n")
    share, other = rng.choice((0.05, 0.5)), rng.choice((b";", b"\t", b"|", b" "))
    return b"\n".join(line.replace(b",", other) if rng.random() < share else line for line in lines)


def joined_twice(content: bytes, rng: random.Random) -> bytes:
    """The file behind itself, header and all."""
    return content + content[rng.choice((0, 0, len(content) // 2)) :]


ANY: tuple[Damage, ...] = (cut, last_line_cut, flipped)
TEXT: tuple[Damage, ...] = (
    cut, last_line_cut, flipped, stray_quotes, stray_quotes, stray_separators, stray_bytes, mixed_encoding, mixed_ends,
    mixed_separators, joined_twice,
)  # fmt: skip
