"""Invented names of persons, companies and staff, drawn from lists of common syllables."""

from __future__ import annotations

import numpy as np

from keguan.demo.sampling import Flags, Words, draw, either, words

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢"
    "姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
)
MALE = "伟强磊洋勇军杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林轩泽昊然博文睿晨铭哲翔航诚毅峰"
FEMALE = "芳娜敏静丽艳娟霞秀燕玲桂丹萍红玉洁梅琳雪婷慧莹倩颖佳欣怡雨悦琪涵萱蕾薇璐瑶彤岚晴妍梦思语桐"

COMPANY_FIRST = "岚砚桉澄栎霁屿禾朴沐昱峤穗珩屹杉榆钰嵩淇翎泓桓筠濯"
COMPANY_SECOND = "川原舟序辰行和石言木野尚景信远嘉宜初达峻元帆牧承恒"
TRADES = (
    ("制造业", ("机械制造", "精密部件", "服饰制造", "食品加工"), 20),
    ("批发和零售业", ("商贸", "百货", "供应链"), 19),
    ("信息传输、软件和信息技术服务业", ("软件", "信息技术", "网络科技"), 13),
    ("租赁和商务服务业", ("企业管理", "会展服务", "广告"), 10),
    ("住宿和餐饮业", ("酒店管理", "餐饮管理"), 9),
    ("教育", ("教育科技", "培训"), 7),
    ("建筑业", ("建筑工程", "装饰工程"), 6),
    ("科学研究和技术服务业", ("检测技术", "工程设计"), 5),
    ("交通运输、仓储和邮政业", ("物流", "仓储服务"), 4),
    ("卫生和社会工作", ("医疗管理", "健康管理"), 4),
    ("居民服务、修理和其他服务业", ("家政服务", "物业服务"), 3),
    ("文化、体育和娱乐业", ("文化传媒", "体育发展"), 3),
    ("金融业", ("融资租赁", "商业保理"), 2),
    ("房地产业", ("置业", "资产运营"), 2),
    ("电力、热力、燃气及水生产和供应业", ("能源服务",), 1),
    ("农、林、牧、渔业", ("生态农业",), 1),
)  # sections of GB/T 4754-2017
STAFF = ("何静怡", "陆宇航", "邵文博", "覃雨桐", "邹凯", "闫思琪", "龚俊杰", "黎佳欣", "武诚", "邱晨")
STAFF_NAMES: Words = words(STAFF)


def _letters(rng: np.random.Generator, alphabet: str, size: int) -> Words:
    return words(alphabet)[rng.integers(0, len(alphabet), size=size)]


def person_names(rng: np.random.Generator, female: Flags) -> Words:
    """A full name per person; three in four have two given characters."""
    size = len(female)
    falling = 1.0 / np.arange(4, 4 + len(SURNAMES)) ** 0.8
    given = [either(female, _letters(rng, FEMALE, size), _letters(rng, MALE, size)) for _ in range(2)]
    second = either((rng.random(size) < 0.76) & (given[0] != given[1]), given[1], "")
    names: Words = words(SURNAMES)[draw(rng, falling, size)] + given[0] + second
    return names


def company_names(rng: np.random.Generator, city: Words) -> tuple[Words, Words]:
    """A registered name and an industry section per company; `city` is where it sits."""
    size = len(city)
    trade = draw(rng, [weight for _, _, weight in TRADES], size)
    pick = rng.integers(0, 12, size=size)
    ending = words([TRADES[t][1][p % len(TRADES[t][1])] for t, p in zip(trade, pick, strict=True)])
    town = words([name.removesuffix("市") if name.endswith("市") else name[:2] for name in city])
    stem = _letters(rng, COMPANY_FIRST, size) + _letters(rng, COMPANY_SECOND, size)
    names: Words = town + stem + ending + words(["有限公司"] * size)
    return names, words([section for section, _, _ in TRADES])[trade]
