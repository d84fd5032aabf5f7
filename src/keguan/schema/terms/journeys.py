"""Terms of visits, funnels and paths: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text
from keguan.schema.terms.rfm_classes import RFM_CLASS

EVERYBODY = Text("全部", "All")

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "journey_dimension": {
        "device": Text("设备或平台", "Device or platform"),
        "traffic_source": Text("流量来源", "Traffic source"),
        "segment": Text("RFM 分层（期初）", "RFM class at the start"),
        "全部": EVERYBODY,
    },
    "journey_value": RFM_CLASS,
    "funnel_unit": {"session": Text("个会话", "sessions"), "visitor": Text("位访客", "visitors")},
    "journey_who": {"全部": Text("全部访问", "all visits"), **RFM_CLASS},
    "journey_node": {"(开始)": Text("(开始)", "(start)"), "(结束)": Text("(结束)", "(end)")},
    "journey_way": {
        "search": Text("只用搜索", "Search only"),
        "category": Text("只看类目", "Categories only"),
        "both": Text("搜索与类目都用", "Search and categories"),
        "neither": Text("两者都不用", "Neither"),
    },
    "journey_change": {"worse": Text("变差", "Got worse"), "better": Text("变好", "Got better")},
}
