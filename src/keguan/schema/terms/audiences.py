"""Terms of audiences: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text
from keguan.schema.audiences import AUDIENCES

AUDIENCE_REASON: Mapping[str, Text] = {
    "universal_control": Text("属于全局对照组", "In the universal control group"),
    "do_not_contact": Text("要求不再联系", "Asked not to be contacted"),
    "refused": Text("拒绝授权", "Consent refused"),
    "no_consent": Text("没有明确授权", "No consent given"),
    "no_address": Text("没有该渠道的地址", "No address for the channel"),
    "unusable_address": Text("地址是摘要或打了码", "Address hashed or masked"),
    "contacted_enough": Text("已达触达上限", "Contact cap reached"),
    "other_audience": Text("正在另一人群中", "In another running audience"),
    "same_address": Text("与另一位客户同一地址", "Shares an address with another customer"),
}

AUDIENCE_CHANNEL: Mapping[str, Text] = {
    "sms": Text("短信", "SMS"),
    "email": Text("邮件", "E-mail"),
    "social": Text("社交", "Social"),
}

AUDIENCE_GROUP: Mapping[str, Text] = {
    "received": Text("分群里的客户", "Customers of the segment"),
    "treatment": Text("触达组", "To contact"),
    "control": Text("留出组", "Held out"),
}

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "audience_reason": AUDIENCE_REASON,
    "audience_channel": AUDIENCE_CHANNEL,
    "audience_part": {**AUDIENCE_GROUP, **AUDIENCE_REASON},
    "audience_field": {item.name: item.label for item in AUDIENCES.fields},
}
