"""The divisions of China as lookup tables: how a province and a city are written, and what they are called.

Source: GB/T 2260 (codes of administrative divisions) with its changes up to 2024, in regions.toml. A place is
a province and, where it is known, a city of it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from keguan.schema.provinces import PROVINCE

# The part of an address that names a city, a prefecture or a district; the same text serves SQL.
UNIT = "^.{1,12}?(?:市|自治州|地区|盟|新区|区|县)"
_PEOPLES = re.compile(
    "(?:朝鲜族|土家族|苗族|藏族|羌族|彝族|布依族|侗族|哈尼族|壮族|傣族|白族|景颇族|傈僳族|回族|蒙古族?|哈萨克|柯尔克孜)+自治州$"
)
_LATIN: Mapping[str, tuple[str, ...]] = {
    "内蒙古": ("neimenggu", "neimongol", "innermongol"),
    "西藏": ("xizang",),
    "香港": ("xianggang", "hongkongsar"),
    "澳门": ("aomen", "macau", "macausar", "macaosar"),
    "广西": ("guangxizhuangautonomousregion",),
    "宁夏": ("ningxiahuiautonomousregion",),
    "新疆": ("xinjianguyghurautonomousregion", "xinjianguygurautonomousregion"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A province by its short name and a city of it as reports call it."""

    province: str
    city: str
    is_one: bool = False  # a municipality is its own city; 吉林 of 吉林 is not

    @property
    def region(self) -> str:
        """省-市; a municipality by its one name (北京)."""
        return self.province if self.is_one else f"{self.province}-{self.city}"


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Written forms and what they mean.

    `provinces`: the whole cell. `fulls`: official names of provinces. `within`: 'province/rest' for what
    stands behind a province. `starts`: 'province/name' for a name that begins the rest without its 市.
    `alone`: a city without its province. Keys are comparable: lower case, without blanks and marks.
    """

    provinces: dict[str, str] = field(default_factory=dict)
    fulls: list[str] = field(default_factory=list)
    within: dict[str, Place] = field(default_factory=dict)
    starts: dict[str, Place] = field(default_factory=dict)
    alone: dict[str, Place] = field(default_factory=dict)


@cache
def gazetteer() -> Gazetteer:
    """All places, read once."""
    text = files("keguan.quality").joinpath("regions.toml").read_text(encoding="utf-8")
    divisions = tomllib.loads(text)
    known = Gazetteer()
    for name, division in divisions.items():
        known.fulls.append(division["full"])
        known.provinces.update(dict.fromkeys(_written(name, division["full"]), name))
    shadowed = set(PROVINCE).union(
        *({district[:-1] for district in division.get("districts", ())} for division in divisions.values())
    )
    for name, division in divisions.items():
        _add_city_provinces(known, name, division.get("districts", ()), division["full"])
        for city in division.get("cities", ()):
            _add(known, Place(name, city), f"{city}市", alone=city not in shadowed)
        for prefecture in division.get("prefectures", ()):
            _add_prefecture(known, Place(name, prefecture))
        for city in division.get("county_cities", ()):
            full = f"{city}市"
            place = Place(name, city if len(city) > 1 else full)
            for written in (full, _unit(full), place.city):
                known.within.setdefault(f"{name}/{written}", place)
            known.alone.update({full: place, _unit(full): place})
    return known


def _written(name: str, full: str) -> Iterator[str]:
    """The spellings of a province in Chinese and in Latin letters."""
    yield from (name, full)
    latin = (PROVINCE[name].en.lower().replace(" ", ""), *_LATIN.get(name, ()))
    if full.endswith("省"):
        suffixes: tuple[str, ...] = ("", "province", "sheng")
    elif full.endswith("市"):
        suffixes = ("", "municipality", "city", "shi")
    else:
        suffixes = ("", "autonomousregion", "province")
        yield from (f"{name}自治区", f"{name}省") if full.endswith("自治区") else (f"{name}特区",)
    if name == "内蒙古":
        yield from ("内蒙", "内蒙自治区")
    for word in latin:
        yield from (f"{word}{suffix}" for suffix in suffixes)


def _add(known: Gazetteer, place: Place, full: str, *, alone: bool) -> None:
    for written in (full, place.city):
        known.within[f"{place.province}/{written}"] = place
    known.starts[f"{place.province}/{place.city}"] = place
    known.alone[full] = place
    if alone:  # 吉林 and 朝阳 mean something else too, 吉林市 and 朝阳市 do not
        known.alone[place.city] = place


def _add_prefecture(known: Gazetteer, place: Place) -> None:
    """凉山彝族自治州 is also written 凉山州."""
    short = _PEOPLES.sub("州", place.city)
    for written in (place.city, short):
        known.within[f"{place.province}/{written}"] = place
        known.alone[written] = place
    known.starts[f"{place.province}/{short}"] = place


def _add_city_provinces(known: Gazetteer, name: str, districts: tuple[str, ...], full: str) -> None:
    """A municipality is its own city, and so are 香港 and 澳门."""
    if districts or full.endswith("特别行政区"):
        for rest in ("", name, full, "市辖区", "辖区", *districts):
            known.within[f"{name}/{rest}"] = Place(name, name, is_one=True)


def _unit(full: str) -> str:
    """What UNIT finds in the name itself: 津市 in 津市市."""
    found = re.match(UNIT, full)
    return found.group() if found else full
