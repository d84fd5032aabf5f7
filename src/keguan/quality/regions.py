"""Regions as 省-市: provinces by their short names (四川, 内蒙古), cities without 市 (成都), addresses split.

Only what stands in GB/T 2260 is recognised; other countries, sales areas (华东) and street names stay as they
were received. A name that could be two places is none: 朝阳 is a city and a district, 朝阳市 is a city.
自治州, 地区 and 盟 keep their full names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from keguan.engine.literals import literal
from keguan.quality.lookup import as_received, lookup_sql, narrow_sql
from keguan.quality.places import UNIT, Place, gazetteer
from keguan.schema.provinces import PROVINCE

Part = Literal["province", "city", "region"]

# Traditional characters in the names of provinces.
_TRADITIONAL = "廣東蘇臺灣門遼寧龍陝肅貴雲慶內壯維爾區縣"
_SIMPLIFIED = "广东苏台湾门辽宁龙陕肃贵云庆内壮维尔区县"
_IGNORED = r"^(?:中华人民共和国|中国|china|prc)|[\s\-‐‑–—_/\\|>·.,，()]+|(?:china|prc)$"
_UNCLEAN = rf"[A-Z！-～\s\x{{3000}}\x{{a0}}\-‐‑–—_/\\|>·.,()（）{_TRADITIONAL}]|^中|china|prc"
_LATIN = r"^\s*[A-Za-zＡ-Ｚａ-ｚ]"
# Behind a city that is written without 市, an address goes on with one of these.
_GOES_ON = "[区县市旗镇乡街路]"


def province_sql(column: str) -> str:
    """SQL: the province that a text names or an address lies in ('四川'), else the text; NULL when blank."""
    return _read(column, _province_alone(column), _behind_province(column, "province"), _county(column))


def city_sql(column: str) -> str:
    """SQL: the city that a text names or an address lies in ('成都'), else the text; NULL when blank."""
    return _read(column, "NULL", _behind_province(column, "city"), _city_alone(column, "city"))


def city_within_sql(column: str) -> str:
    """SQL: the city in a text that starts with a province ('四川省成都市' -> '成都'); NULL where there is none.

    For a province column that holds addresses, when there is no city beside it. 北京 is its own city.
    """
    return f"CASE WHEN {_may_be_place(column)} THEN {_behind_province(column, 'city')} END"


def region_sql(column: str) -> str:
    """SQL: the region that a text names: '四川', '四川-成都', '北京', else the text; NULL when blank."""
    places = (_behind_province(column, "region"), _city_alone(column, "region"), _county(column))
    regions = _named(gazetteer().alone, "region")
    bare = {name: region for name, region in regions.items() if region.endswith(f"-{name}")}
    return _read(column, _province_alone(column), *places, other=lookup_sql(_key(column), bare))


def _read(column: str, name: str, *places: str, other: str = "NULL") -> str:
    """A cell that is a name, else one that lies in a place that it tells in Chinese, else as received.

    `other` reads a cell without any word for a division (成都).
    """
    latin = f"regexp_matches({column}, {literal(_LATIN)})"
    return f"""CASE
  WHEN {_may_be_place(column)} THEN coalesce({name}, {", ".join(places)}, {column})
  WHEN {latin} THEN coalesce({name}, {column})
  ELSE coalesce({other}, {as_received(column)}) END"""


def _may_be_place(column: str) -> str:
    """A cheap test that most cells without any division fail."""
    marks = "|".join((f"[省市区县州盟{_TRADITIONAL}]", "内蒙", *PROVINCE))
    return f"regexp_matches({column}, {literal(marks)})"


def _key(column: str) -> str:
    """The text without blanks, marks and 中国, in simplified characters and lower case.

    Needed in many places of one expression, and most cells are such a text already.
    """
    simple = f"translate(lower({narrow_sql(column)}), '{_TRADITIONAL}', '{_SIMPLIFIED}')"
    clean = f"regexp_replace({simple}, {literal(_IGNORED)}, '', 'g')"
    return f"CASE WHEN regexp_matches({column}, {literal(_UNCLEAN)}) THEN {clean} ELSE {column} END"


def _heads() -> str:
    """A province at the start of a key, the longest name first."""
    chinese = (name for name in gazetteer().provinces if not name.isascii())
    return f"^(?:{'|'.join(sorted(chinese, key=len, reverse=True))})"


def _province_alone(column: str) -> str:
    return lookup_sql(_key(column), gazetteer().provinces)


def _province_before(column: str) -> str:
    chinese = {name: short for name, short in gazetteer().provinces.items() if not name.isascii()}
    return lookup_sql(f"regexp_extract({_key(column)}, {literal(_heads())})", chinese)


def _behind_province(column: str, part: Part) -> str:
    """The city or district behind a province: the first unit of the rest, or all of it, or its first name."""
    within, starts = _named(gazetteer().within, part), _named(gazetteer().starts, part)
    rest = f"regexp_replace({_key(column)}, {literal(_heads())}, '')"
    before = f"{_province_before(column)} || '/' || "
    names = "|".join(sorted((place.split("/")[1] for place in starts), key=len, reverse=True))
    begun = f"regexp_extract({rest}, {literal(f'^(?:{names})')})"
    return f"""CASE WHEN regexp_matches({_key(column)}, {literal(_heads())}) THEN coalesce(
    {lookup_sql(f"{before}{_unit(rest)}", within)},
    CASE WHEN regexp_matches({rest}, '{_GOES_ON}') THEN {lookup_sql(f"{before}{begun}", starts)} END) END"""


def _city_alone(column: str, part: Part) -> str:
    """A city that needs no province to be known, alone or at the start of an address."""
    return lookup_sql(_unit(_key(column)), _named(gazetteer().alone, part))


def _unit(text: str) -> str:
    """The first city or district of an address; all of it where nothing ends like one."""
    return f"coalesce(nullif(regexp_extract({text}, {literal(UNIT)}), ''), {text})"


def _county(column: str) -> str:
    """The province of an address without a city: its full name and a county (海南省陵水黎族自治县)."""
    address = f"^(?:{'|'.join(gazetteer().fulls)})[^省市]{{1,12}}?[县旗]"
    return f"CASE WHEN regexp_matches({_key(column)}, {literal(address)}) THEN {_province_before(column)} END"


def _named(places: Mapping[str, Place], part: Part) -> Mapping[str, str]:
    return {written: str(getattr(place, part)) for written, place in places.items()}
