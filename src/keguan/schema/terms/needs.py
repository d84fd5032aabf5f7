"""Terms of themes and sentiment of texts: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text
from keguan.schema.terms.rfm_classes import RFM_CLASS

NO_THEME = "无主题"

NEEDS_DIMENSION: Mapping[str, Text] = {
    "all": Text("全部文本", "All texts"),
    "sentiment": Text("好恶", "Sentiment"),
    "theme": Text("文本主题", "Theme of the text"),
    "month": Text("月份", "Month"),
    "kind": Text("反馈类别", "Kind of feedback"),
    "product": Text("商品", "Product"),
    "region": Text("地区", "Region"),
    "channel": Text("反馈渠道", "Channel"),
    "topic": Text("问题类型", "Topic"),
    "segment": Text("RFM 分层", "RFM class"),
}

# Values of those dimensions that are terms; names of products, regions and themes read as they are.
NEEDS_VALUE: Mapping[str, Text] = {
    NO_THEME: Text("无主题", "No theme"),
    "all": Text("全部文本", "All texts"),
    "positive": Text("正面", "Positive"),
    "neutral": Text("中性", "Neutral"),
    "negative": Text("负面", "Negative"),
    "undecided": Text("未判定", "Undecided"),
    "survey": Text("问卷", "Survey"),
    "review": Text("评价", "Review"),
    "complaint": Text("投诉", "Complaint"),
    "opinion": Text("意见", "Opinion"),
    "enquiry": Text("咨询", "Enquiry"),
    "suggestion": Text("建议", "Suggestion"),
    "interview": Text("访谈", "Interview"),
    **RFM_CLASS,
}

SENTIMENT_METHOD: Mapping[str, Text] = {
    "learned": Text("由本企业有评分的文本学得", "Learned from own scored texts"),
    "lexicon": Text("词典", "Lexicon"),
}

STATED_REASON: Mapping[str, Text] = {
    "price": Text("价格", "Price"),
    "quality": Text("质量", "Quality"),
    "service": Text("服务", "Service"),
    "delivery": Text("配送与等待", "Delivery and waiting"),
    "competitor": Text("转向别家", "Moved to a competitor"),
    "no_need": Text("不再需要", "No longer needed"),
    "product": Text("功能与故障", "Functions and faults"),
    "trust": Text("信任", "Trust"),
    "other": Text("未说明", "Not said"),
}

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "needs_dimension": NEEDS_DIMENSION,
    "needs_value": NEEDS_VALUE,
    "sentiment_method": SENTIMENT_METHOD,
    "stated_reason": STATED_REASON,
}
