"""What customers write: clauses by theme, praising or blaming, put together into texts that vary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keguan.demo.sampling import Ints, Words, draw_in_group, words


@dataclass(frozen=True, slots=True)
class Theme:
    """Clauses about one matter. {d} days, {w} weeks, {p} per cent, {t} times stand for drawn numbers."""

    name: str
    weight: float
    good: tuple[str, ...]
    bad: tuple[str, ...]


QUALITY, FAILS, NOISE, PACKAGE, DELIVERED_LATE, SERVICE, PRICE, SMELL, SIZE, LOOK, TASTE, AFTER = range(12)
THEMES = (
    Theme("质量", 20, (
        "质量很好", "做工扎实", "用料实在", "细节处理得很到位", "摸起来很有质感", "用了{w}周没有任何问题", "比想象中结实",
        "品质对得起这个牌子", "和描述一致", "老牌子值得信赖", "耐用，已经是第{t}次买了", "手感很舒服",
    ), (
        "质量太差", "做工粗糙", "边角毛刺很多", "用了{d}天就裂了", "材料很薄", "和图片差得远", "掉漆严重", "线头到处都是",
        "像是二手的", "接口松动", "没用几次就变形了", "次品也敢发货",
    )),
    Theme("故障", 6, (
        "一直很稳定", "连着用了{w}周没出过故障", "加热很快也安全", "开关灵敏", "续航比上一台强", "断电保护很放心",
    ), (
        "用了{d}天就坏了", "漏电，手碰到会发麻", "一通电就跳闸", "开机没反应", "按键失灵", "底座漏电太危险了",
        "换了一台还是坏了", "充不进电", "转着转着就停了", "有烧焦的糊味", "指示灯一直闪然后就坏了", "外壳漏电，不敢给孩子用",
    )),
    Theme("噪音", 5, (
        "声音很小", "晚上用也不吵", "静音效果不错", "几乎听不到噪音", "孩子睡觉时也能开",
    ), (
        "噪音太大", "声音像拖拉机", "一开就嗡嗡响", "说是静音其实噪音吓人", "震动厉害，噪音越来越大", "楼下邻居都来投诉噪音",
        "半夜滋滋响，根本睡不着",
    )),
    Theme("包装", 11, (
        "包装很严实", "礼盒很体面", "里三层外三层，一点没磕碰", "包装干净环保", "泡沫垫得很足", "送人拿得出手",
    ), (
        "包装破了", "盒子压扁了", "箱子湿了一角", "没有任何缓冲，瓶口碎了", "外箱像被踩过", "少了封条，像被拆过", "包装简陋",
        "漏得到处都是",
    )),
    Theme("物流", 15, (
        "物流很快，第二天就到了", "发货及时", "快递小哥态度好", "送货上门很方便", "比预计早到{d}天", "物流信息更新很准",
    ), (
        "物流太慢，等了{d}天", "一直不发货", "快递丢在门口也不打电话", "物流信息{d}天没动过", "催了{t}次才送",
        "送错地址又绕了一圈", "说好次日达，结果等了{d}天", "包裹在中转站压了{d}天", "快递员态度恶劣",
    )),
    Theme("客服", 10, (
        "客服很耐心", "客服回复很快", "有问必答", "售前讲得很清楚", "客服帮忙改了地址，很贴心", "服务周到",
    ), (
        "客服半天不理人", "客服只会复制粘贴", "问了{t}次都没有答复", "客服态度冷淡", "互相推诿没人负责", "机器人答非所问",
        "电话打不通",
    )),
    Theme("价格", 11, (
        "性价比高", "活动价很划算", "比实体店便宜", "用券下来便宜了{p}%", "物有所值", "囤了好几份",
    ), (
        "太贵了", "刚买就降价", "不值这个价", "价格虚高，先涨后降", "降价{p}%也不给补差", "别家便宜不少", "满减规则太绕",
    )),
    Theme("气味", 6, (
        "没有异味", "味道清新", "香味淡雅不刺鼻", "开箱没有塑料味", "留香刚刚好",
    ), (
        "味道刺鼻", "塑料味很重", "放了{w}周还有异味", "闻着头晕", "香味太冲", "一股霉味",
    )),
    Theme("尺寸", 7, (
        "大小合适", "尺寸正好", "容量够一家人用", "不占地方", "松紧刚好", "分量很足",
    ), (
        "尺寸偏小", "比想象中小很多", "放不进柜子", "尺码不准", "偏大一圈", "分量不足", "标的尺寸和实物对不上",
    )),
    Theme("外观", 8, (
        "颜值很高", "颜色很正", "款式简约大方", "摆在家里很好看", "孩子一眼就喜欢", "同事都问链接",
    ), (
        "颜色和图片不一样", "有色差", "样式土气", "表面有划痕", "发错了颜色", "看着很廉价",
    )),
    Theme("口味", 9, (
        "味道很好", "新鲜，日期近", "口感细腻", "不甜不腻", "老人孩子都爱吃", "茶香很足",
    ), (
        "不新鲜", "味道怪怪的", "临期产品", "太甜了", "口感很柴", "碎了一半", "有哈喇味",
    )),
    Theme("售后", 6, (
        "退换很爽快", "售后当天就处理了", "坏件马上补发", "退款很快到账",
    ), (
        "退款拖了{d}天", "售后一直推脱", "要求退货还要自己出运费", "换货等了{w}周", "保修期内也不给修", "退货流程太麻烦",
    )),
)  # fmt: skip
BY_DEPARTMENT: dict[str, dict[int, float]] = {  # times the usual weight; 0 does not fit these goods
    "小家电": {FAILS: 1.0, NOISE: 1.2, TASTE: 0, SMELL: 0.5},
    "食品饮料": {TASTE: 4.0, FAILS: 0, NOISE: 0, LOOK: 0.4, SIZE: 0.6},
    "家居家纺": {FAILS: 0, NOISE: 0, TASTE: 0, SMELL: 2.0, SIZE: 2.0},
    "个护清洁": {FAILS: 0, NOISE: 0, TASTE: 0, SMELL: 3.0},
    "": {FAILS: 0, NOISE: 0, TASTE: 0},
}
ANYWHERE = (PACKAGE, DELIVERED_LATE, SERVICE, PRICE)  # themes that fit all goods
BESIDES = {FAILS: NOISE, NOISE: FAILS, DELIVERED_LATE: SERVICE}  # what people blame together
SHARE_BESIDES = 0.6
SHARE_SLIPS = 0.06  # texts with some praise in a blame or the other way round
SHARE_MISTAKEN = 0.035  # who take the scale the wrong way round
OPENERS = (
    "",
    "",
    "",
    "",
    "收到了，",
    "用了一段时间，",
    "给家里买的，",
    "朋友推荐的，",
    "第{t}次回购，",
    "说实话，",
    "等活动买的，",
    "给公司采购的，",
)
JOINS = ("，", "，", "，", "。", "；", "，而且", "，另外")
TURNS = ("，不过", "，但是", "，就是", "，可惜")
GOOD_ENDS = ("", "", "", "。", "！", "，推荐。", "，会回购。", "，满意", "，好评！", "👍", "，下次还来")
BAD_ENDS = (
    "",
    "",
    "。",
    "！",
    "，很失望。",
    "，不会再买了",
    "，差评！",
    "，要求退款。",
    "，不推荐",
    "，换别家了",
    "😡",
)
MIDDLE_ENDS = ("", "", "。", "，一般吧", "，凑合用", "，中规中矩。", "，先用着看")


def said(rng: np.random.Generator, score: Ints, theme: Ints, department: Words | None = None) -> Words:
    """A text for each score of 1 to 5 (a score of 3 both praises and blames).

    `theme`: what the first blame is about, -1 for any; `department`: the goods, for themes that fit them.
    """
    size = len(score)
    names = [*BY_DEPARTMENT]
    kind = np.array(
        [
            names.index(name) if name in names else len(names) - 1
            for name in (department if department is not None else [""] * size)
        ],
        dtype=np.int64,
    )
    weights = np.array(
        [
            [theme.weight * BY_DEPARTMENT[name].get(place, 1.0) for place, theme in enumerate(THEMES)]
            for name in names
        ]
    )
    cumulative = np.cumsum(weights, axis=1)
    themes = (
        np.stack([draw_in_group(rng, cumulative, kind) for _ in range(4)], axis=1)
        if size
        else np.zeros((0, 4), dtype=np.int64)
    )
    themes[:, 0] = np.where((theme >= 0) & (score <= 3), theme, themes[:, 0])
    besides = np.array([BESIDES.get(place, -1) for place in range(len(THEMES))])[themes[:, 0]]
    together = (score <= 3) & (besides >= 0) & (rng.random(size) < SHARE_BESIDES)
    themes[:, 1] = np.where(together, besides, themes[:, 1])
    clauses = 1 + (rng.random((size, 3)) < np.array([0.72, 0.4, 0.2])).cumprod(axis=1).sum(axis=1)
    dice = rng.integers(0, 1 << 30, size=(size, 16))
    slips = rng.random(size) < SHARE_SLIPS
    score = np.where(rng.random(size) < SHARE_MISTAKEN, 6 - score, score)
    return words(
        [
            _text(int(s), bool(slip), t, d)
            for s, slip, t, d in zip(
                score.tolist(),
                slips.tolist(),
                [row[:n] for row, n in zip(themes.tolist(), clauses.tolist(), strict=True)],
                dice.tolist(),
                strict=True,
            )
        ]
    )


def _text(score: int, slip: bool, themes: list[int], dice: list[int]) -> str:
    themes = list(dict.fromkeys(themes))
    middle = score == 3
    if middle and len(themes) == 1:
        themes = [*themes, next(one for one in (*ANYWHERE[dice[0] % 4 :], QUALITY) if one != themes[0])]
    blames = [place % 2 == 0 if middle else score < 3 for place in range(len(themes))]
    if slip and len(blames) > 1:
        blames[-1] = not blames[-1]
    parts = [OPENERS[dice[1] % len(OPENERS)]]
    for place, (theme, blame) in enumerate(zip(themes, blames, strict=True)):
        if place:
            joins = JOINS if blame == blames[place - 1] else TURNS
            parts.append(joins[dice[2 + place] % len(joins)])
        clauses = THEMES[theme].bad if blame else THEMES[theme].good
        parts.append(clauses[dice[6 + place] % len(clauses)])
    ends = MIDDLE_ENDS if middle else BAD_ENDS if score < 3 else GOOD_ENDS
    parts.append(ends[dice[11] % len(ends)])
    numbers = {
        "d": 2 + dice[12] % 11,
        "w": 1 + dice[13] % 6,
        "p": 5 * (1 + dice[14] % 6),
        "t": 2 + dice[15] % 4,
    }
    text = "".join(parts)
    for letter, number in numbers.items():
        text = text.replace(f"{{{letter}}}", str(number))
    return text
