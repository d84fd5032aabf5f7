"""How much is read, from when sentiment is learned, how many themes are tried."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param


@dataclass(frozen=True)
class Params:
    """How much is read, from when sentiment is learned, how many themes are tried."""

    max_texts: int = param(
        20_000,
        "最多读取的文本数；更多时按反馈编号的 md5 抽样",
        "texts read at most; of more a sample is drawn by the md5 of the feedback id",
    )
    learn_from: int = param(
        500,
        "有评分的文本达到多少条时从中学习好恶，否则用词典",
        "scored texts from which sentiment is learned; with fewer the lexicon is used",
    )
    max_themes: int = param(12, "主题数的上限", "themes at most")
