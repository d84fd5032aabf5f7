"""The framework for making strategy: what customers of each kind need, and what is done first for them.

These are the words a company starts from. They carry no figures and are no evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from keguan.core.text import Text


@dataclass(frozen=True, slots=True)
class Strategy:
    """One row of the framework: kind of customer, needs and pain points, direction, where resources go."""

    kind: Text
    needs: Text
    direction: Text
    resources: Text


FRAMEWORK: tuple[Strategy, ...] = (
    Strategy(
        Text("高价值客户", "High-value customers"),
        Text("专属服务、长期合作", "Service of their own, long cooperation"),
        Text(
            "客户成功经理一对一跟进、定制化方案、VIP活动邀请",
            "A customer success manager for each, tailored offers, invitations to VIP events",
        ),
        Text("高优先级服务响应、专属折扣", "Service answered first, discounts of their own"),
    ),
    Strategy(
        Text("潜力客户", "Potential customers"),
        Text("产品价值验证、信任建立", "Proof of the product's value, trust"),
        Text(
            "免费试用、案例分享会、行业白皮书推送",
            "Free trials, sessions with reference cases, white papers of the industry",
        ),
        Text("销售重点跟进、产品培训支持", "Followed by sales, product training"),
    ),
    Strategy(
        Text("流失风险客户", "Customers at risk"),
        Text("价格敏感、服务体验", "Price, experience with service"),
        Text(
            "专属召回优惠、满意度调研、服务流程优化",
            "Offers to come back, a satisfaction survey, better service processes",
        ),
        Text("短期促销资源、售后快速响应", "Short promotions, fast after-sales answers"),
    ),
    Strategy(
        Text("新客户", "New customers"),
        Text("信息获取、决策辅助", "Information, help in deciding"),
        Text(
            "新人礼包、新手引导、线上答疑社群",
            "Welcome gifts, guided first steps, an online community for questions",
        ),
        Text("市场活动曝光、内容营销支持", "Presence at market events, content marketing"),
    ),
)

# What is done for each class of RFM when nobody decided otherwise.
CLASS_STRATEGY: Mapping[str, Text] = {
    "重要价值": Text(
        "按高价值客户：专属服务、长期合作", "As high value: service of their own, long cooperation"
    ),
    "重要发展": Text("按潜力客户：提高购买频次", "As potential: raise the frequency of purchases"),
    "重要保持": Text("按高价值客户，并主动回访", "As high value, with an active visit"),
    "重要挽留": Text("按流失风险客户：专人一对一挽留", "As at risk: won back in person"),
    "一般价值": Text("按潜力客户：提高客单价", "As potential: raise the basket"),
    "一般发展": Text(
        "首单在一个月内按新客户，否则做二购培育",
        "As new when the first order is within a month, else nurture the second purchase",
    ),
    "一般保持": Text("低成本唤回", "Recall at low cost"),
    "一般挽留": Text("自动化触达，不投人工", "Automated contact, no person's time"),
}

_SIDES = {
    "R": (Text("近期有购买", "bought lately"), Text("近期未购买", "did not buy lately")),
    "F": (Text("购买频次高", "buy often"), Text("购买频次低", "buy seldom")),
    "M": (Text("消费金额高", "spend much"), Text("消费金额低", "spend little")),
}

# On which side of the cuts of R, F and M each class lies.
CLASS_SIDES: Mapping[str, Mapping[str, bool]] = {
    label: dict(zip("RFM", sides, strict=True))
    for label, sides in {
        "重要价值": (True, True, True),
        "重要发展": (True, False, True),
        "重要保持": (False, True, True),
        "重要挽留": (False, False, True),
        "一般价值": (True, True, False),
        "一般发展": (True, False, False),
        "一般保持": (False, True, False),
        "一般挽留": (False, False, False),
    }.items()
}


def traits(label: str) -> Text:
    """What marks the customers of an RFM class: its definition in words. KeyError for another label."""
    said = [_SIDES[name][0 if high else 1] for name, high in CLASS_SIDES[label].items()]
    return Text("、".join(text.zh for text in said), ", ".join(text.en for text in said))
