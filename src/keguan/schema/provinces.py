"""The 34 provincial divisions of China (GB/T 2260), by the short name that reports use."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text

PROVINCE: Mapping[str, Text] = {
    "北京": Text("北京", "Beijing"),
    "天津": Text("天津", "Tianjin"),
    "河北": Text("河北", "Hebei"),
    "山西": Text("山西", "Shanxi"),
    "内蒙古": Text("内蒙古", "Inner Mongolia"),
    "辽宁": Text("辽宁", "Liaoning"),
    "吉林": Text("吉林", "Jilin"),
    "黑龙江": Text("黑龙江", "Heilongjiang"),
    "上海": Text("上海", "Shanghai"),
    "江苏": Text("江苏", "Jiangsu"),
    "浙江": Text("浙江", "Zhejiang"),
    "安徽": Text("安徽", "Anhui"),
    "福建": Text("福建", "Fujian"),
    "江西": Text("江西", "Jiangxi"),
    "山东": Text("山东", "Shandong"),
    "河南": Text("河南", "Henan"),
    "湖北": Text("湖北", "Hubei"),
    "湖南": Text("湖南", "Hunan"),
    "广东": Text("广东", "Guangdong"),
    "广西": Text("广西", "Guangxi"),
    "海南": Text("海南", "Hainan"),
    "重庆": Text("重庆", "Chongqing"),
    "四川": Text("四川", "Sichuan"),
    "贵州": Text("贵州", "Guizhou"),
    "云南": Text("云南", "Yunnan"),
    "西藏": Text("西藏", "Tibet"),
    "陕西": Text("陕西", "Shaanxi"),
    "甘肃": Text("甘肃", "Gansu"),
    "青海": Text("青海", "Qinghai"),
    "宁夏": Text("宁夏", "Ningxia"),
    "新疆": Text("新疆", "Xinjiang"),
    "台湾": Text("台湾", "Taiwan"),
    "香港": Text("香港", "Hong Kong"),
    "澳门": Text("澳门", "Macao"),
}
