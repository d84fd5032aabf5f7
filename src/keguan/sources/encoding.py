"""In which encoding the bytes of a text file are.

UTF-8 is a matter of validity over the whole file; the older encodings are told apart by how plausible the
text reads in each of them.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from keguan.core.errors import UsageError
from keguan.core.text import Text, same
from keguan.sources.hanzi import commonness
from keguan.sources.scan import ByteScan

BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The name that reads more than the one given, and everything the same way.
WIDER = {"gbk": "gb18030", "gb2312": "gb18030", "cp950": "big5", "ascii": "utf-8"}
CODECS = {"big5": "cp950"}  # Big5 as Windows writes it
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")
WESTERN_LETTERS = Text(
    "读出的是西文重音字母，不像中文", "read this way the bytes are accented letters; they make no Chinese"
)
WESTERN = re.compile(r"[\u00c0-\u024f\u2018-\u201d\u2026\u20ac\u00a0-\u00bf]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """A decision: the codec's name, why, and whether another would hardly read as well."""

    name: str
    reason: Text
    sure: bool


def given(name: str) -> Encoding:
    """The encoding a user names; UsageError when there is none of that name."""
    try:
        codec = codecs.lookup(name.strip())
        if not codec._is_text_encoding:
            raise LookupError(name)
    except (LookupError, ValueError) as error:
        raise UsageError(
            what=Text("不认识这个编码", "this encoding is unknown"),
            found=name,
            allowed=same("utf-8, gb18030, big5, utf-16, utf-16-le, utf-16-be, cp1252, latin-1 ..."),
            do=Text(
                "改正 --encoding，或去掉它由程序判断",
                "correct --encoding, or leave it out and have it detected",
            ),
        ) from error
    return Encoding(WIDER.get(codec.name, codec.name), Text("由你指定", "set by you"), sure=True)


def detect(facts: ByteScan) -> Encoding | None:
    """The encoding of a scanned file, or None when it is no text at all."""
    for bom, name in BOMS:
        if facts.head.startswith(bom):
            return Encoding(
                name, Text("文件开头有编码标记（BOM）", "the file starts with a byte order mark"), sure=True
            )
    if facts.nul and (wide := _utf16(facts.head)):
        return wide
    if _is_binary(facts.head):
        return None
    if facts.ascii:
        return Encoding("utf-8", Text("全部是 ASCII 字符", "all characters are ASCII"), sure=True)
    if not facts.breaks:
        return Encoding("utf-8", Text("整个文件都是有效的 UTF-8", "the whole file is valid UTF-8"), sure=True)
    if facts.breaks * 20 <= facts.multibyte:
        reason = Text(
            f"除 {facts.breaks} 处外都是有效的 UTF-8", f"valid UTF-8 but for {facts.breaks} damaged places"
        )
        return Encoding("utf-8", reason, sure=True)
    return _legacy(facts.foreign or facts.head)


def mixed(facts: ByteScan) -> bytes | None:
    """A line that is not UTF-8 in a file of which a good part is: no one encoding reads it. None for others."""
    lines = [line for line in facts.foreign.splitlines() if not line.isascii()]
    foreign = [line for line in lines if _undecodable(line, "utf-8")]
    few = max(2, 0.1 * len(lines))
    if len(foreign) >= few and (facts.turned or len(lines) - len(foreign) >= few):
        return foreign[len(foreign) // 2]  # the first and the last may be cut
    return None


def _is_binary(head: bytes) -> bool:
    return len(CONTROL.findall(head)) * 100 > len(head)


def _utf16(head: bytes) -> Encoding | None:
    """UTF-16 without a mark: every other byte of ASCII characters and line breaks is zero."""
    best = max(("utf-16-le", "utf-16-be"), key=lambda name: _plainness(head, name))
    if _plainness(head, best) < 0.8:
        return None
    reason = Text(
        "隔一个字节就有零字节，按 UTF-16 读出的是正常文字",
        "zero bytes alternate, and read as UTF-16 the text is plain",
    )
    return Encoding(best, reason, sure=True)


def _plainness(head: bytes, name: str) -> float:
    """Share of printable ASCII and common characters when `head` is read in that encoding."""
    text = head[: len(head) & ~1].decode(name, "replace")
    plain = sum(
        character.isascii() and (character.isprintable() or character in "\r\n\t") for character in text
    )
    chinese = sum(
        "\u4e00" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef" for character in text
    )
    lines = any(mark in text for mark in ",;\t|\n")
    return (plain + chinese) / max(1, len(text)) if plain and lines else 0.0


def _legacy(sample: bytes) -> Encoding:
    """GB18030, Big5 or a western single-byte set, by what the lines with bytes beyond ASCII read as."""
    scores = {name: _chinese(sample, name) for name in ("gb18030", "big5", "big5hkscs")}
    scores["cp1252"] = _western(sample)
    best = max(scores, key=lambda name: scores[name])
    rivals = [
        score for name, score in scores.items() if name != best and {name, best} != {"big5", "big5hkscs"}
    ]
    if scores[best] <= 0:
        best = "gb18030"
    sure = scores[best] - max(rivals) > 0.15
    # Bytes that Windows does not use are the mark of the older standard.
    if best == "cp1252" and _undecodable(sample, best) and not _undecodable(sample, "latin-1"):
        best = "latin-1"
    reason = WESTERN_LETTERS if best in ("cp1252", "latin-1") else _everyday(_read(sample, best))
    return Encoding(best, reason, sure)


def _everyday(text: str) -> Text:
    share = round(100 * commonness(text))
    return Text(
        f"按此编码读出的中文里 {share}% 是常用字，比按其他编码读更像正常文字",
        f"read this way {share} % of the Chinese characters are everyday ones, more than in other encodings",
    )


def _chinese(sample: bytes, name: str) -> float:
    text = _read(sample, name)
    beyond = sum(ord(character) > 0x7F for character in text)
    return commonness(text) - 5 * text.count("\ufffd") / max(1, beyond)


def _read(sample: bytes, name: str) -> str:
    return sample.decode(CODECS.get(name, name), "replace")


def _western(sample: bytes) -> float:
    """High bytes of western text stand alone between ASCII letters; those of Chinese come in pairs."""
    runs = re.findall(rb"[\x80-\xff]+", sample)
    alone = sum(len(run) == 1 for run in runs)
    text = b"".join(runs).decode("cp1252", "replace")
    letters = len(WESTERN.findall(text)) / max(1, len(text))
    return 0.9 * letters * alone / max(1, len(runs))


def _undecodable(sample: bytes, name: str) -> bool:
    try:
        sample.decode(name)
    except UnicodeDecodeError:
        return True
    return False


def decoded(chunks: Iterable[bytes], name: str) -> Iterator[str]:
    """The text of a stream of bytes, U+FFFD where a byte makes none, without a byte order mark."""
    decoder = codecs.getincrementaldecoder(CODECS.get(name, name))("replace")
    first = True
    for chunk in chunks:
        text = decoder.decode(chunk)
        if text and first:
            text, first = text.removeprefix("\ufeff"), False
        yield text
    yield decoder.decode(b"", final=True)
