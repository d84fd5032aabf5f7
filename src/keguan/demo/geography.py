"""Provinces and cities of China with the weight of their demand at the demo shop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keguan.demo.sampling import Flags, Floats, Ints, Words, draw_in_group, words


@dataclass(frozen=True, slots=True)
class Province:
    """One province; cities are listed by falling weight, `stores` says whether the shop has stores there."""

    name: str
    weight: float
    cities: tuple[str, ...]
    stores: bool = False


PROVINCES = (
    Province("广东省", 12.6, ("深圳市", "广州市", "东莞市", "佛山市", "惠州市", "中山市", "珠海市"), True),
    Province("江苏省", 9.8, ("苏州市", "南京市", "无锡市", "常州市", "南通市", "徐州市", "扬州市"), True),
    Province("浙江省", 9.4, ("杭州市", "宁波市", "温州市", "金华市", "嘉兴市", "绍兴市", "台州市"), True),
    Province("上海市", 7.2, ("上海市",), True),
    Province("北京市", 6.6, ("北京市",), True),
    Province("山东省", 6.4, ("青岛市", "济南市", "烟台市", "潍坊市", "临沂市", "济宁市")),
    Province("四川省", 5.6, ("成都市", "绵阳市", "宜宾市", "南充市", "德阳市", "泸州市"), True),
    Province("河南省", 4.6, ("郑州市", "洛阳市", "南阳市", "新乡市", "许昌市")),
    Province("湖北省", 4.2, ("武汉市", "宜昌市", "襄阳市", "荆州市", "黄石市"), True),
    Province("福建省", 3.9, ("福州市", "厦门市", "泉州市", "漳州市", "莆田市")),
    Province("湖南省", 3.6, ("长沙市", "株洲市", "衡阳市", "岳阳市", "常德市")),
    Province("安徽省", 3.2, ("合肥市", "芜湖市", "蚌埠市", "阜阳市", "安庆市")),
    Province("河北省", 3.1, ("石家庄市", "唐山市", "保定市", "廊坊市", "邯郸市")),
    Province("重庆市", 2.9, ("重庆市",), True),
    Province("辽宁省", 2.5, ("沈阳市", "大连市", "鞍山市", "锦州市")),
    Province("陕西省", 2.5, ("西安市", "咸阳市", "宝鸡市", "榆林市")),
    Province("江西省", 2.0, ("南昌市", "赣州市", "九江市", "上饶市")),
    Province("天津市", 1.8, ("天津市",)),
    Province("广西壮族自治区", 1.6, ("南宁市", "柳州市", "桂林市", "玉林市")),
    Province("云南省", 1.6, ("昆明市", "曲靖市", "大理白族自治州", "红河哈尼族彝族自治州")),
    Province("山西省", 1.4, ("太原市", "大同市", "长治市", "临汾市")),
    Province("黑龙江省", 1.2, ("哈尔滨市", "大庆市", "齐齐哈尔市")),
    Province("贵州省", 1.2, ("贵阳市", "遵义市", "毕节市")),
    Province("吉林省", 1.0, ("长春市", "吉林市", "延边朝鲜族自治州")),
    Province("内蒙古自治区", 0.9, ("呼和浩特市", "包头市", "赤峰市")),
    Province("新疆维吾尔自治区", 0.8, ("乌鲁木齐市", "昌吉回族自治州", "伊犁哈萨克自治州")),
    Province("甘肃省", 0.7, ("兰州市", "天水市", "酒泉市")),
    Province("海南省", 0.6, ("海口市", "三亚市")),
    Province("宁夏回族自治区", 0.3, ("银川市", "石嘴山市")),
    Province("青海省", 0.2, ("西宁市", "海东市")),
    Province("西藏自治区", 0.1, ("拉萨市", "日喀则市")),
)
PROVINCE_NAMES: Words = words([province.name for province in PROVINCES])
HAS_STORES: Flags = np.array([province.stores for province in PROVINCES])
MOST_CITIES = max(len(province.cities) for province in PROVINCES)


def province_weights() -> Floats:
    """Weight of each province, in the order of `PROVINCES`."""
    return np.array([province.weight for province in PROVINCES])


def province_index(name: str) -> int:
    """Position of a province in `PROVINCES`; ValueError when there is none of this name."""
    return [province.name for province in PROVINCES].index(name)


def draw_cities(rng: np.random.Generator, province: Ints) -> Ints:
    """A city for each province index: its position in the province's list, larger cities more often."""
    weights = np.zeros((len(PROVINCES), MOST_CITIES))
    for row, place in enumerate(PROVINCES):
        weights[row, : len(place.cities)] = 1.0 / np.arange(1, len(place.cities) + 1) ** 0.9
    return draw_in_group(rng, np.cumsum(weights, axis=1), province)


def city_names(province: Ints, city: Ints) -> Words:
    """Names of cities given by province index and position in the province's list."""
    table = np.full((len(PROVINCES), MOST_CITIES), "", dtype=object)
    for row, place in enumerate(PROVINCES):
        table[row, : len(place.cities)] = place.cities
    return table[province, city]
