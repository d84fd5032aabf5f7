"""The classes of RFM: stored value -> wording, for every vocabulary that holds them."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text

RFM_CLASS: Mapping[str, Text] = {
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
