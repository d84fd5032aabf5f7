"""Emoji, kaomoji and marks that praise or blame. Weights as in `lexicon_zh`."""

from __future__ import annotations

PRAISE = "😀😃😄😁😆😊🙂😍🥰😘😋😎🤩🥳👍👏🙏💯🎉❤💕💖💗😻🌹🌟⭐💪👌✌😂🤗☺♥💝🧡💛💚💙💜🔥🤤"
BLAME = "😞😔😟😕🙁☹😣😖😫😩😢😭😤😠😡🤬😱😨😰😓🤢🤮👎💔😒🙄😑😐🤨💩🤦😷🤧🤒😪😾👿😈☠💀"
# The names that chat programs write for their own pictures, in brackets.
NAMED_PRAISE = """
赞 强 鼓掌 爱心 玫瑰 呲牙 微笑 可爱 色 憨笑 偷笑 愉快 胜利 ok 握手 抱拳 庆祝 给力 爱你 心 good 太开心 哈哈 嘻嘻 亲亲
拥抱 鲜花 笑脸 馋嘴 憧憬
"""
NAMED_BLAME = """
弱 怒 发怒 生气 流泪 大哭 抓狂 吐 衰 鄙视 敲打 便便 难过 委屈 快哭了 白眼 撇嘴 晕 汗 冷汗 无语 伤心 泪 怒骂 打脸 哼
失望 悲伤 差劲 再见 裂开 翻白眼 捂脸 骷髅 心碎 猪头 咒骂 疑问 黑线 闭嘴 困
"""
WEIGHTS = dict.fromkeys(PRAISE, 1.0) | dict.fromkeys(BLAME, -1.2)
NAMED = dict.fromkeys(NAMED_PRAISE.split(), 1.0) | dict.fromkeys(NAMED_BLAME.split(), -1.0)
