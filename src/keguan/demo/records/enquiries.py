"""咨询建议.csv: questions and ideas, who answered them, and what became of them."""

from __future__ import annotations

import numpy as np

from keguan.demo.geography import PROVINCE_NAMES
from keguan.demo.records.ledger import Ledger, pick
from keguan.demo.records.sheets import NO_MOMENT, Dirt, Sheet, moments, numbers
from keguan.demo.sampling import Flags, Ints, Words, draw, either, words
from keguan.demo.season import DAYS

NAME = "咨询建议.csv"
ENQUIRIES, WINDOW = 900, 365
SHARE_IDEAS = 0.28
TOPICS = (  # topic, unit, mean hours to an answer, questions, ideas
    ("发票", "财务部", 9, ("发票可以开专票吗", "{n}月的发票什么时候寄", "抬头填错了能改吗", "电子发票在哪里下载"),
     ("希望下单时能直接填开票信息", "发票能不能自动发到邮箱")),
    ("配送", "物流部", 6, ("能指定送货时间吗", "偏远地区要加运费吗", "可以改地址吗", "什么时候发货"),
     ("希望增加自提柜", "建议支持周末集中配送", "希望显示准确的送达时段")),
    ("商品", "运营部", 4, ("{n}升的够四口之家用吗", "有没有儿童款", "和上一代有什么区别",
      "保质期还有{n}个月吗", "可以配变压器吗"),
     ("希望出小规格装", "建议增加商品对比功能", "希望补充清洗视频", "能不能出替换滤芯")),
    ("会员", "会员中心", 12, ("积分什么时候到期", "金卡有什么权益", "怎么升级会员", "生日券在哪里领"),
     ("积分可以抵运费就好了", "建议会员日提前通知", "短信太多，希望可以自己选")),
    ("企业采购", "销售部", 20, ("采购{n}0件有什么折扣", "可以月结吗", "能提供样品吗", "合同怎么签"),
     ("希望企业账户可以多人下单", "建议提供对账单导出")),
)  # fmt: skip
TOPIC_WEIGHTS = (17, 26, 30, 15, 12)
IDEA_OUTCOMES = (("已采纳", 0.31), ("未采纳", 0.44), ("处理中", 0.25))
PEOPLE = ("林可欣", "于文静", "沈嘉", "白若溪", "顾一舟")


def make_enquiries(rng: np.random.Generator, book: Ledger) -> Sheet:
    """Questions answered within hours, ideas within weeks or never, by time."""
    size = book.size(ENQUIRIES)
    customer = pick(rng, np.arange(len(book.people)), size)
    size = len(customer)
    raised = np.sort(rng.integers((DAYS - WINDOW) * 86_400, DAYS * 86_400, size=size))
    idea = rng.random(size) < SHARE_IDEAS
    topic = draw(rng, TOPIC_WEIGHTS, size)
    hours = np.array([mean for _, _, mean, _, _ in TOPICS], dtype=np.float64)[topic]
    took = np.rint(rng.gamma(1.3, np.where(idea, 300.0, hours / 1.3)) * 3_600).astype(np.int64) + 120
    outcome = draw(rng, [share for _, share in IDEA_OUTCOMES], size)
    waits = (raised + took >= DAYS * 86_400) | (idea & (outcome == 2)) | (~idea & (rng.random(size) < 0.04))
    state = either(idea, words([name for name, _ in IDEA_OUTCOMES])[outcome], "已答复")
    product = draw(rng, book.shop.weights[-1, 0], size)
    return Sheet(
        NAME,
        {
            "咨询编号": numbers("ZX", size),
            "客户编号": either(rng.random(size) < 0.82, book.profiles.customer_id[customer], ""),
            "反馈类别": either(idea, "建议", "咨询"),
            "问题类型": words([name for name, *_ in TOPICS])[topic],
            "商品编号": either((topic == 2) & (rng.random(size) < 0.8), book.shop.product_id[product], ""),
            "地区": PROVINCE_NAMES[book.people.province[customer]],
            "处理部门": words([unit for _, unit, *_ in TOPICS])[topic],
            "处理人": words(PEOPLE)[rng.integers(0, len(PEOPLE), size=size)],
            "咨询时间": moments(raised),
            "答复时间": moments(np.where(waits, NO_MOMENT, raised + took)),
            "处理状态": either(waits, "处理中", state),
            "内容": _texts(rng, topic, idea),
        },
        dirt=Dirt((("咨询时间", "上周三"), ("答复时间", "1999-12-31 00:00:00")), broken=6, repeated=8),
    )  # fmt: skip


def _texts(rng: np.random.Generator, topic: Ints, idea: Flags) -> Words:
    begin = ("", "您好，", "请问", "想问一下，", "在吗？")
    dice = rng.integers(0, 1 << 30, size=(len(topic), 3)).tolist()
    out = []
    asked, ideas = [row[3] for row in TOPICS], [row[4] for row in TOPICS]
    for place, is_idea, (one, two, three) in zip(topic.tolist(), idea.tolist(), dice, strict=True):
        clauses: tuple[str, ...] = ideas[place] if is_idea else asked[place]
        text = clauses[one % len(clauses)].replace("{n}", str(2 + three % 8))
        out.append(text if is_idea else begin[two % len(begin)] + text + "？")
    return words(out)
