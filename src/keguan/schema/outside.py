"""Tables about the world outside: ranges of an industry, facts of market, policy and competitors."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.schema.entity import ORIGIN, Entity, column

BENCHMARKS = Entity(
    "benchmarks",
    Text("行业参考区间", "Benchmarks"),
    ("metric", "population", "published_by"),
    (
        column("metric", "text", "指标", "Metric", required=True),
        column("population", "text", "适用对象", "Population"),
        column("definition", "text", "口径", "Definition"),
        column("low", "decimal", "低值", "Low"),
        column("high", "decimal", "高值", "High"),
        column("value", "decimal", "参考值", "Value"),
        column("tolerance", "decimal", "允差", "Tolerance"),
        column("tolerance_kind", "text", "允差类型", "Kind of tolerance"),
        column("unit", "text", "单位", "Unit"),
        column("published_by", "text", "出处", "Published by"),
        column("published_on", "date", "发布日", "Published on"),
        column("valid_until", "date", "有效期至", "Valid until"),
        *ORIGIN,
    ),
)

EXTERNAL_LABELS = Entity(
    "external_labels",
    Text("外部信息", "External labels"),
    ("topic", "region", "day", "published_by"),
    (
        column("topic", "text", "主题", "Topic", required=True),
        column("region", "text", "地区", "Region"),
        column("day", "date", "日期", "Day", required=True),
        column("value", "decimal", "数值", "Value"),
        column("text", "text", "内容", "Text"),
        column("published_by", "text", "出处", "Published by"),
        *ORIGIN,
    ),
)
