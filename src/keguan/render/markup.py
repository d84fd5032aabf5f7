"""Small pieces of HTML: escaped text, elements, JSON that is safe inside a page."""

from __future__ import annotations

import base64
import json
import lzma
import re
import zlib
from collections.abc import Iterable
from html import escape
from typing import Any

XZ = b"\xfd7zXZ\x00"
PRESET = 2  # higher ones take four times as long for a sixth
MEMORY = 64 << 20  # for unpacking what is said to be xz; ours needs 3 MB

# Control characters, which HTML forbids or drops, and changes of direction, which would turn what follows round.
_DRIVING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def shown(text: str) -> str:
    """The text as a page shows it: what would drive the page stands there as an escape."""
    if text.isprintable():  # has none of these letters; nearly all texts are
        return text
    return _DRIVING.sub(lambda match: repr(match.group())[1:-1], text)


def esc(text: str) -> str:
    """Text for an element. Quotes stay: attributes are written by `tag`, which escapes them."""
    return escape(shown(text), quote=False)


def quoted(text: str) -> str:
    """Text for an attribute that people read, where `tag` does not write it."""
    return escape(shown(text), quote=True)


def tag(name: str, content: str = "", /, **attributes: str | None) -> str:
    """One element. `class_` is class, `data_x` is data-x; None leaves an attribute out, '' prints it bare."""
    shown = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + (f'="{escape(value, quote=True)}"' if value else "")
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{shown}>{content}</{name}>"


def many(pieces: Iterable[str]) -> str:
    """Pieces one after the other."""
    return "".join(pieces)


def safe_json(value: Any) -> str:
    """JSON that cannot end a script block or start a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def packed(text: str, level: int = 6) -> str:
    """Text in zlib's form as base64, for the blocks of a page that no person reads; browsers can unpack it."""
    return base64.b64encode(zlib.compress(text.encode(), level)).decode()


def pressed(text: str) -> str:
    """Text in the form of xz as base64: a fifth smaller than `packed`, for what no browser needs."""
    return base64.b64encode(lzma.compress(text.encode(), preset=PRESET)).decode()


def unpacked(text: str, most: int) -> str:
    """What `packed` or `pressed` was given. ValueError when it is not so packed, or longer than `most` bytes."""
    content = base64.b64decode(text, validate=True)
    xz = content.startswith(XZ)
    reader = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MEMORY) if xz else zlib.decompressobj()
    try:
        out = reader.decompress(content, most + 1)
    except (zlib.error, lzma.LZMAError) as error:
        raise ValueError(str(error)) from error
    if len(out) > most:
        raise ValueError(f"> {most >> 20} MB")
    if not reader.eof or reader.unused_data:
        raise ValueError("xz: –" if xz else "zlib: –")
    return out.decode()


def anchor(text: str) -> str:
    """An id for a fragment: dots and blanks would need escaping in style sheets."""
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in text)
