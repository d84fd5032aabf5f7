"""Regions: provinces and cities in all usual spellings, addresses split, everything else as received."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keguan.quality.places import gazetteer
from keguan.quality.regions import city_sql, city_within_sql, province_sql, region_sql
from keguan.schema.provinces import PROVINCE

PIECES = [
    "四川",
    "省",
    "成都",
    "市",
    "吉林",
    "朝阳",
    "区",
    "北京",
    "凉山",
    "彝族自治州",
    "州",
    "昆山",
    "津市",
    "海南",
    "中国",
    "China",
    "Sichuan",
    "-",
    " ",
    "　",
    "華",
    "廣東",
    "路",
    "'",
    ",",
]
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    st.lists(st.sampled_from(PIECES), max_size=5).map("".join),
)
CITIES = {place.city for places in (gazetteer().within, gazetteer().alone) for place in places.values()}
REGIONS = set(PROVINCE) | {place.region for place in gazetteer().within.values()}


@pytest.mark.parametrize(
    ("received", "province", "city", "region"),
    [
        ("四川省成都市武侯区", "四川", "成都", "四川-成都"),
        ("四川-成都", "四川", "成都", "四川-成都"),
        ("四川　成都市", "四川", "成都", "四川-成都"),
        ("广东深圳南山区", "广东", "深圳", "广东-深圳"),
        ("廣東省廣州市", "广东", "广州", "广东-广州"),
        ("浙江省杭州市余杭区文一西路1号", "浙江", "杭州", "浙江-杭州"),
        ("北京市朝阳区", "北京", "北京", "北京"),
        ("上海浦东新区", "上海", "上海", "上海"),
        ("重庆市开州区", "重庆", "重庆", "重庆"),
        ("天津市市辖区", "天津", "天津", "天津"),
        ("吉林省吉林市", "吉林", "吉林", "吉林-吉林"),
        ("江苏省苏州市昆山市", "江苏", "苏州", "江苏-苏州"),
        ("江苏省昆山市", "江苏", "昆山", "江苏-昆山"),
        ("湖南省津市市", "湖南", "津市", "湖南-津市"),
        ("湖南省长沙县", "湖南", "长沙", "湖南-长沙"),
        ("四川省凉山州西昌市", "四川", "凉山彝族自治州", "四川-凉山彝族自治州"),
        ("青海省海南藏族自治州", "青海", "海南藏族自治州", "青海-海南藏族自治州"),
        ("内蒙古锡林郭勒盟", "内蒙古", "锡林郭勒盟", "内蒙古-锡林郭勒盟"),
        ("中国台湾省台北市", "台湾", "台北", "台湾-台北"),
    ],
)
def test_addresses(read, received: str, province: str, city: str, region: str) -> None:
    found = [read(form, [received])[0] for form in (province_sql, city_sql, city_within_sql, region_sql)]
    assert found == [province, city, city, region]


@pytest.mark.parametrize(
    ("received", "province"),
    [
        ("四川", "四川"), ("四川省", "四川"), (" 四川省 ", "四川"), ("Sichuan", "四川"), ("SICHUAN Province", "四川"),
        ("Sichuan, China", "四川"), ("内蒙", "内蒙古"), ("内蒙古自治区", "内蒙古"), ("Inner Mongolia", "内蒙古"),
        ("广西壮族自治区", "广西"), ("新疆维吾尔自治区", "新疆"), ("宁夏回族自治区", "宁夏"), ("北京市", "北京"),
        ("上海", "上海"), ("香港", "香港"), ("中国香港", "香港"), ("Hong Kong", "香港"), ("澳门特别行政区", "澳门"),
        ("Macau", "澳门"), ("臺灣", "台湾"), ("Shanxi", "山西"), ("Shaanxi", "陕西"),
        ("海南省陵水黎族自治县", "海南"), ("中国四川省", "四川"),
    ],
)  # fmt: skip
def test_provinces(read, received: str, province: str) -> None:
    assert read(province_sql, [received]) == [province]
    assert read(region_sql, [received]) == [province]


@pytest.mark.parametrize(
    ("received", "city", "region"),
    [
        ("成都市", "成都", "四川-成都"),
        ("成都", "成都", "四川-成都"),
        ("成都市武侯区", "成都", "四川-成都"),
        ("吉林市", "吉林", "吉林-吉林"),
        ("吉林", "吉林", "吉林"),
        ("朝阳市", "朝阳", "辽宁-朝阳"),
        ("朝阳", "朝阳", "朝阳"),
        ("昆山市", "昆山", "江苏-昆山"),
        ("芒市", "芒市", "云南-芒市"),
        ("津市市", "津市", "湖南-津市"),
        ("大理市", "大理", "云南-大理"),
        ("大理白族自治州", "大理白族自治州", "云南-大理白族自治州"),
        ("大兴安岭地区", "大兴安岭地区", "黑龙江-大兴安岭地区"),
        ("锡林郭勒盟", "锡林郭勒盟", "内蒙古-锡林郭勒盟"),
        ("北京市", "北京", "北京"),
        ("海南藏族自治州", "海南藏族自治州", "青海-海南藏族自治州"),
    ],
)
def test_cities(read, received: str, city: str, region: str) -> None:
    assert read(city_sql, [received]) == [city]
    assert read(region_sql, [received]) == [region]


@pytest.mark.parametrize(
    "received",
    [
        "华东", "北京大区", "广州大区", "江西路", "四川北路", "四川、重庆", "四川省重庆市渝中区", "吉林省吉林大学", "超市",
        "沙市", "东方", "武侯区", "France", "United Kingdom", "China", "中国", "東京都", "Jilin City", "Chengdu", "o'higgins",
    ],
)  # fmt: skip
def test_left_as_received(read, received: str) -> None:
    assert [read(form, [received])[0] for form in (province_sql, city_sql, region_sql)] == [received] * 3
    assert read(city_within_sql, [received]) == [None]


def test_a_level_keeps_to_its_own(read) -> None:
    assert read(province_sql, ["成都市", "吉林市", "成都市武侯区"]) == ["成都市", "吉林市", "成都市武侯区"]
    assert read(city_sql, ["四川省", "Sichuan", "海南省陵水黎族自治县"]) == [
        "四川省",
        "Sichuan",
        "海南省陵水黎族自治县",
    ]


def test_blank_is_null(read) -> None:
    for form in (province_sql, city_sql, city_within_sql, region_sql):
        assert read(form, ["", "  ", "　", None]) == [None] * 4


def test_every_listed_name_is_read_as_itself(read) -> None:
    known = gazetteer()
    written = list(known.within)
    places = [known.within[name] for name in written]
    texts = [name.replace("/", "") for name in written]
    assert read(region_sql, texts) == [place.region for place in places]
    full = [
        f"{next(f for f in known.fulls if known.provinces[f] == name.split('/')[0])}{name.split('/')[1]}"
        for name in written
    ]
    assert read(province_sql, full) == [place.province for place in places]
    assert read(city_sql, list(known.alone)) == [place.city for place in known.alone.values()]


def test_the_gazetteer_has_all_provinces_and_prefectures() -> None:
    known = gazetteer()
    assert set(known.provinces.values()) == set(PROVINCE)
    mainland = {place for place in known.starts.values() if place.province != "台湾"}
    # 333 since 2019, and 莱芜, which older files name.
    assert len(mainland) == 293 + 30 + 7 + 3 + 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS, min_size=1, max_size=20))
def test_never_invents_and_twice_is_once(read, texts: list[str]) -> None:
    for form, known in ((province_sql, set(PROVINCE)), (city_sql, CITIES), (region_sql, REGIONS)):
        once = read(form, texts)
        for received, found in zip(texts, once, strict=True):
            assert found == received or found in known or (found is None and not received.strip())
        assert read(form, once) == once
