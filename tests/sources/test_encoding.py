"""Encodings are recognised by validity and by how plausible the text reads."""

from __future__ import annotations

import pytest

from keguan.core.errors import InputError, UsageError
from keguan.sources.encoding import detect
from keguan.sources.scan import scan

SIMPLIFIED = "订单号,客户姓名,金额,城市\nA1,王小明,99.50,杭州\nA2,欧阳娜娜,12.00,呼和浩特\n"
TRADITIONAL = "訂單編號,客戶姓名,商品名稱,縣市\nA1,陳美玲,藍牙耳機,臺北市\nA2,林志豪,即溶咖啡禮盒,新竹縣\n"
REVIEWS = "門市,備註\n信義店,客人說包裝有破損，希望下次改善\n板橋店,送貨很快，服務人員態度親切\n"
FRENCH = "Numéro;Client;Ville\n1;Hélène Crépeau;Besançon\n2;François Noël;Orléans\n"
PORTUGUESE = "pedido;situação;descrição\n1;não concluída;calção São João\n2;devolução;coração\n"


def detected(content: bytes) -> str | None:
    found = detect(scan([content]))
    return found.name if found else None


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8-sig"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (SIMPLIFIED, "gb2312", "gb18030"),
        (SIMPLIFIED, "utf-16", "utf-16"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "utf-16-be", "utf-16-be"),
        (TRADITIONAL, "cp950", "big5"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (TRADITIONAL, "utf-16-le", "utf-16-le"),
        (REVIEWS, "cp950", "big5"),
        (REVIEWS, "gb18030", "gb18030"),
        (FRENCH, "cp1252", "cp1252"),
        (PORTUGUESE, "latin-1", "cp1252"),
        ("客户,金额\n", "gbk", "gb18030"),
        ("客戶,金額\n", "big5", "big5"),
        ("Café,1\n", "latin-1", "cp1252"),
        ("a,b\n1,2\n", "ascii", "utf-8"),
    ],
)
def test_encoding(text: str, codec: str, name: str) -> None:
    assert detected(text.encode(codec)) == name


def test_a_character_beyond_the_first_chunk_decides() -> None:
    ascii_part = b"a,b\n" * 300_000
    assert detected(ascii_part + "客户,金额\n".encode("gb18030")) == "gb18030"
    pieces = [ascii_part, "客户,".encode()[:4], "客户,".encode()[4:]]
    found = detect(scan(pieces))
    assert found is not None
    assert found.name == "utf-8"


def test_utf8_with_a_few_damaged_bytes_stays_utf8() -> None:
    damaged = (SIMPLIFIED * 20).encode() + b"A3,\xe5\xbc,1.0,x\n"
    found = detect(scan([damaged]))
    assert found is not None
    assert found.name == "utf-8"
    assert "1 damaged" in found.reason.en


def test_text_damaged_before_is_still_utf8_and_said(read) -> None:
    result = read("单号,客户\n1,\ufffd\ufffd\n2,王\n".encode())
    assert result.shape.encoding == "utf-8"
    assert len(result.rows) == 2
    assert any("1 rows hold bytes" in note.en for note in result.loaded.notes)


def test_no_text() -> None:
    assert detected(bytes(range(256)) * 20) is None
    assert detected(b"\0" * 100) is None


def test_damaged_bytes_are_counted_and_their_rows_kept(read) -> None:
    content = SIMPLIFIED.encode("gb18030") + b"A3,\xff\xff,1.0,x\n"
    result = read(content)
    assert len(result.rows) == 3
    assert "\ufffd" in result.rows[2][2]
    assert any("1 row" in note.en and "gb18030" in note.en for note in result.loaded.notes)


def test_given_encoding_wins_and_wrong_names_are_told(read) -> None:
    result = read(SIMPLIFIED.encode("gb18030"), encoding="GBK")
    assert result.shape.encoding == "gb18030"
    assert result.shape.setting("encoding").reason.en == "set by you"
    assert read(TRADITIONAL.encode("cp950"), encoding="big5").cells[0][1] == "陳美玲"
    for wrong in ("utf-99", "base64"):
        with pytest.raises(UsageError):
            read(b"a,b\n1,2\n", encoding=wrong)


def test_bytes_that_windows_does_not_use_are_latin_1() -> None:
    found = detect(scan(["Café,1\nBöhm,2\n\x81,3\n".encode("latin-1")]))
    assert found is not None
    assert found.name == "latin-1"


@pytest.mark.parametrize("before", [30, 200_000])
def test_a_file_in_two_encodings_is_refused(before: int, read) -> None:
    """Read in either, half of its names would be wrong without a word."""
    line = "A1,张小明,成都\n"
    content = ("单号,客户,城市\n" + line * before).encode() + (line * 20 + line).encode("gb18030")
    if before > 1000:
        content += (line * before).encode("gb18030")
    with pytest.raises(InputError) as caught:
        read(content)
    assert "两种编码" in caught.value.paragraph("zh")
    assert "张小明" in caught.value.paragraph("en")
    assert read(content, encoding="utf-8").shape.encoding == "utf-8"
