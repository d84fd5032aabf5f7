"""The classes of RFM: stored value -> wording, for every vocabulary that holds them; and what marks each."""

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
