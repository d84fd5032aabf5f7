"""Texts that say that the writer leaves, and the reasons they give, by plain patterns in both languages.

What is said is counted; whether it is why somebody left, is not known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from keguan.language.normalise import normalise

LEAVES = re.compile(
    r"再也不|不再(?:买|用|来|点|订|续|光顾|合作|考虑|购买|使用)|(?:以后|下次)(?:都|再也|绝)?不(?:会)?(?:再)?(?:买|用|来|点|订|光顾|合作)"
    r"|不会再(?:买|用|来|点|订|光顾|购买|使用|合作|续)|不续(?:约|费|签)?|没有续(?:约|费|签)|退订|注销|销户|解约|终止合作|停止合作|停用了"
    r"|换(?:到|成|了|去)?(?:了)?(?:别家|别的|一家|其他|其它|另一家|供应商|竞品)|转(?:到|投|去|网)(?:了)?|改用|改去|取消(?:会员|订阅|合作|套餐|续费)|卸载"
    r"|\b(?:cancel\w*|clos(?:e|ed|ing)|terminat\w*|end(?:ed|ing)) (?:(?:my|the|this|our|your) )?"
    r"(?:account|subscription|membership|contract|service|plan|card|relationship)s?\b"
    r"|\b(?:switch(?:ed|ing)? to|leav(?:e|ing) for|left for|mov(?:ed|ing) to (?:another|a different|other)"
    r"|unsubscrib\w+|churn\w*)\b"
    r"|\bnever (?:again|buy|order|use|return|come|shop|renew)|\b(?:won't|will not|not going to|don't plan to|decided not to) "
    r"(?:buy|order|use|return|be back|come back|renew|shop|continue)|\bnot (?:renew\w*|coming back)|\bgo(?:ing)? elsewhere\b"
)
_SAID: Mapping[str, tuple[str, str]] = {  # in Chinese, in English
    "price": (
        "贵|涨价|价格|收费|费用|划算|预算|便宜|性价比",
        r"expensive|pric\w+|costs?|costly|fees?|overpriced|cheaper|budget|afford\w*",
    ),
    "quality": (
        "质量|难吃|不好吃|变质|不新鲜|坏了|破损|瑕疵|味道|拉肚子|异物",
        r"quality|broke|broken|defect\w*|taste\w*|spoiled|damaged|faulty",
    ),
    "service": (
        "服务|态度|客服|不理|敷衍|没人管|推诿",
        "service was|customer service|support|rude|staff|ignored|unhelpful|attitude",
    ),
    "delivery": (
        "送货|送餐|配送|送达|物流|发货|太慢|超时|延误|等了",
        r"deliver\w*|shipping|shipment|late|delay\w*|slow|waited|waiting",
    ),
    "competitor": (
        "别家|别的(?:店|平台|家|公司)|其他家|另一家|竞品|竞争对手|同行|换(?:到|成|了|去)|转(?:到|投|网)|改用",
        "competitors?|another (?:provider|supplier|bank|company|vendor|store|carrier)|switch(?:ed|ing)? to|elsewhere",
    ),
    "no_need": (
        "不需要了|用不上|用不到|搬家|搬走|离职|毕业|项目结束|停业|没有需求|没需求|业务调整",
        r"no longer need\w*|don't need|relocat\w+|moved away|project (?:ended|is over)|out of business",
    ),
    "product": (
        "功能|不好用|难用|卡顿|闪退|信号|网络|系统|故障|bug",
        r"bugs?|buggy|crash\w*|features?|signal|network|difficult to use|hard to use",
    ),
    "trust": (
        "骗|虚假|欺诈|泄露|乱扣|套路|信任|隐瞒",
        r"scam\w*|fraud\w*|trust|unauthori[sz]ed|privacy|mislead\w*|lied|hidden",
    ),
}
REASONS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(rf"{chinese}|\b(?:{english})\b") for name, (chinese, english) in _SAID.items()
}
OTHER = "other"  # leaves and names none of them


def reasons(text: str) -> tuple[str, ...] | None:
    """The reasons that a text of somebody who leaves gives; None when it does not speak of leaving."""
    known = normalise(text)
    if not LEAVES.search(known):
        return None
    return tuple(name for name, pattern in REASONS.items() if pattern.search(known)) or (OTHER,)
