"""Personal data out of a text, before a word of it is counted or quoted.

Masked: e-mail and web addresses, telephone, account, order and other numbers, chat ids, names that are said to be
names (我叫, 'my name is'), surnames with a title (张经理, Mr Smith), and house numbers. Written for caution: a
number of five digits or more is masked whatever it is.
"""

from __future__ import annotations

import re

HIDDEN = "***"
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆汪"
    "范石廖贾韦夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严欧莫孔向汤"
    "張劉陳楊黃趙吳孫馬鄭謝許韓馮鄧蔣葉蘇呂盧鍾譚陸範賈韋鄒賀顧龔萬錢嚴歐湯"
)
# A full name stands before these; before the others a surname alone (王师傅, 李姐).
_FULL = (
    "先生|女士|小姐|太太|经理|經理|总监|總監|主管|主任|老师|老師|医生|教授|店长|店長|工程师|律师|警官|会计"
)
_SHORT = (
    f"{_FULL}|总|總|师傅|師傅|老板|老闆|顾问|专员|阿姨|大姐|大哥|大叔|哥|姐|叔|姨|队长|同学|同志|美女|帅哥"
)
# Words that begin like a surname.
_NO_NAME = (
    "谢谢|许多|于是|方便|白天|高级|高端|任何|余额|万一|马上|黄金|石油|程序|金牌|江苏|江西|路过|何时|何必|钟点|程度|雷人|严重|万能|"
    "白色|黑色|黄色|夏天|方式|方面|高兴|高峰|范围|顾客|陆续|古老|文员|常年|向来|温馨|安全|于|何"
)
_WIDE = "０-９"
_FOREIGN_NAME = r"(?-i:[A-Z])[\w'\-]+(?:\s+(?-i:[A-Z])[\w'\-.]+)?"
_SAID_IDS = "微信|wechat|weixin|vx|v信|qq|扣扣|旺旺|支付宝|账号|帐号|賬號|账户|会员号|订单号|訂單號|单号|運單號|身份证|车牌|护照"
_ENGLISH_IDS = "order|account|acct|card|invoice|ticket|case|policy|reference|ref|confirmation|ssn|id"
_NAMES_FOLLOW = "我叫|我是叫|名字叫|名叫|名字是|姓名是?|联系人是?|聯繫人|收件人是?|收货人是?|签名"
_STAFF = "客服|销售|经理|专员|骑手|师傅|顾问|导购|店员|员工|同事|代表|工程师|叫"
_ENGLISH_STAFF = "rep(?:resentative)?|agent|manager|supervisor|clerk|cashier"
_ENGLISH_NAMES_FOLLOW = (
    "name is|named|this is|signed|sincerely|regards|spoke (?:to|with)|talked (?:to|with)|dear|hi|hello"
)
_STREET = "Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Blvd|Court|Ct"
_WITH_MARK = r"\1" + HIDDEN
_PATTERNS: tuple[tuple[str, str, int], ...] = (
    (r"[\w.+\-]+\s?[@＠]\s?[\w\-]+(?:\s?\.\s?[\w\-]+)+", HIDDEN, re.ASCII),
    (r"(?:https?://|www\.)[^\s，。；、）)>\"']+", HIDDEN, re.IGNORECASE),
    # Ids that are said to be ids, with letters in them.
    (rf"(?i)((?:{_SAID_IDS})(?:号码|号|號)?\s*(?:是|为|[:：])?\s*)[A-Za-z0-9_\-]{{4,}}", _WITH_MARK, 0),
    (
        rf"(?i)\b((?:{_ENGLISH_IDS})\.?\s*(?:number|no\.?|#|id)?\s*(?:is|was|:|#)?\s*)"
        r"(?=[\w\-]*\d)[A-Za-z0-9\-]{4,}",
        _WITH_MARK,
        0,
    ),
    # Telephone and card numbers with blanks or hyphens, then any long number, then letters mixed with digits.
    (rf"(?<![\w{_WIDE}])[+＋]?[\d{_WIDE}](?:[\s\-()（）.]?[\d{_WIDE}]){{6,}}", HIDDEN, 0),
    (rf"[\d{_WIDE}]{{5,}}[xX]?", HIDDEN, 0),
    (
        r"(?<![A-Za-z0-9])(?=[A-Za-z\-]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{2}[A-Za-z0-9\-]{5,}(?![A-Za-z0-9])",
        HIDDEN,
        re.ASCII,
    ),
    (r"[\u4e00-\u9fff][A-Z][·\s]?[A-Z0-9]{5,6}(?![A-Za-z0-9])", HIDDEN, 0),  # number plates
    # Names that say that they are names.
    (rf"((?:{_NAMES_FOLLOW})\s*[:：]?\s*)[\u4e00-\u9fff·]{{2,4}}", _WITH_MARK, 0),
    (r"(免贵姓|我姓|姓)[\u4e00-\u9fff]", _WITH_MARK, 0),
    (rf"(?!{_NO_NAME})[{SURNAMES}][\u4e00-\u9fff]{{1,2}}(?={_FULL})", HIDDEN, 0),
    (rf"(?<!谢)(?!{_NO_NAME})[{SURNAMES}](?={_SHORT})", HIDDEN, 0),
    (rf"(?<![\u4e00-\u9fff])[小老阿][{SURNAMES}](?![\u4e00-\u9fff]*(?:时|时候|店))", HIDDEN, 0),
    (rf"((?:{_STAFF})\s?)[小老阿][{SURNAMES}]", _WITH_MARK, 0),
    (r"(?i)\b((?:my name is|i am called)\s+)[a-z'\-]+(?:\s+[a-z'\-]+)?", _WITH_MARK, 0),
    (rf"(?i)\b((?:mr|mrs|ms|miss|dr|prof|mister|sir|madam)\b\.?\s+){_FOREIGN_NAME}", _WITH_MARK, 0),
    (rf"(?i)\b((?:{_ENGLISH_NAMES_FOLLOW}|{_ENGLISH_STAFF})[,:]?\s+){_FOREIGN_NAME}", _WITH_MARK, 0),
    # House numbers: 88号3栋2单元501室, 12 Main Street.
    (rf"[\d{_WIDE}]+\s?(?:号楼|号院|弄|栋|幢|单元|室|楼座|門牌)", HIDDEN, 0),
    (rf"((?:路|街|巷|道|里|胡同)\s?)[\d{_WIDE}]+\s?(?:号|號)", _WITH_MARK, 0),
    (rf"\b\d{{1,5}}\s+(?:[A-Z][a-z]+\s){{1,3}}(?:{_STREET})\b", HIDDEN, 0),
)
RULES = tuple((re.compile(pattern, flags), new) for pattern, new, flags in _PATTERNS)
# What every rule needs somewhere in the text; without it there is nothing to do.
_CUE = re.compile(rf"[\d{_WIDE}@＠A-Z]|www\.|姓|叫|名|人|{_SHORT}|[小老阿][{SURNAMES}]|签", re.IGNORECASE)
_REPEATED = re.compile(r"\*{3}(?:[\s,，]*\*{3})+")


def masked(text: str) -> str:
    """The text with personal data replaced by `***`; other words as written."""
    if not _CUE.search(text):
        return text
    for pattern, new in RULES:
        text = pattern.sub(new, text)
    return _REPEATED.sub(HIDDEN, text)
