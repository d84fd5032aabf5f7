"""Terms of visits, funnels and paths: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text

EVERYBODY = Text("全部", "All")

# Values of dimensions that are terms of ours: classes of customers.
VALUES: Mapping[str, Text] = {
    "重要价值": Text("重要价值", "Key value"),
    "重要发展": Text("重要发展", "Key growth"),
    "重要保持": Text("重要保持", "Key to keep"),
    "重要挽留": Text("重要挽留", "Key to win back"),
    "一般价值": Text("一般价值", "Regular value"),
    "一般发展": Text("一般发展", "Regular growth"),
    "一般保持": Text("一般保持", "Regular to keep"),
    "一般挽留": Text("一般挽留", "Regular to win back"),
    "窗口内无订单": Text("窗口内无订单", "No order in the window"),
}

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "journey_dimension": {
        "device": Text("设备或平台", "Device or platform"),
        "traffic_source": Text("流量来源", "Traffic source"),
        "segment": Text("RFM 分层（期初）", "RFM class at the start"),
        "全部": EVERYBODY,
    },
    "journey_value": VALUES,
    "journey_who": {"全部": Text("全部访问", "all visits"), **VALUES},
    "journey_node": {"(开始)": Text("(开始)", "(start)"), "(结束)": Text("(结束)", "(end)")},
    "journey_way": {
        "search": Text("只用搜索", "Search only"),
        "category": Text("只看类目", "Categories only"),
        "both": Text("搜索与类目都用", "Search and categories"),
        "neither": Text("两者都不用", "Neither"),
    },
    "journey_change": {"worse": Text("变差", "Got worse"), "better": Text("变好", "Got better")},
}
