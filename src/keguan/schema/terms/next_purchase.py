"""Terms of the next purchase and of recommendations: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text

CHANCE_LEVEL: Mapping[str, Text] = {
    "high": Text("购买概率高", "High chance of a purchase"),
    "medium": Text("购买概率中等", "Medium chance of a purchase"),
    "low": Text("购买概率低", "Low chance of a purchase"),
}

CHANCE_WAY: Mapping[str, Text] = {
    "base": Text("总体比例", "Share of all customers"),
    "cells": Text("同近度同频次客户的比例", "Share of customers of like recency and frequency"),
    "model": Text("逻辑回归", "Logistic regression"),
    "none": Text("数据不足，不预测", "Too few data, no prediction"),
}

RANKING_WAY: Mapping[str, Text] = {
    "global": Text("全体最常买", "Bought most by all"),
    "personal": Text("本人最常买", "Bought most by the customer"),
    "blend": Text("本人与全体最常买的组合(基线)", "Own and overall top blended (baseline)"),
    "model": Text("近期加权、相邻商品与热度(模型)", "Recency, neighbours, what sells now (model)"),
}

WORTH_WAY: Mapping[str, Text] = {
    "base": Text("全体均值(基线)", "Mean of all (baseline)"),
    "own": Text("本人均值", "Mean of the customer"),
    "model": Text("本人均值向全体均值收缩(模型)", "Own mean drawn to that of all (model)"),
}

RANKED_THING: Mapping[str, Text] = {
    "product": Text("商品", "Product"),
    "category": Text("类目", "Category"),
}

USED: Mapping[str, Text] = {
    "used": Text("采用", "Used"),
    "baseline": Text("对照", "Compared with"),
}

RECOMMENDATION_KIND: Mapping[str, Text] = {
    "replenish": Text("补货", "Replenish"),
    "complement": Text("购后搭配", "Goes with the last purchase"),
    "cross_sell": Text("交叉销售", "Cross-sell"),
    "popular": Text("热销未购", "Sells now, not bought yet"),
}

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "chance_level": CHANCE_LEVEL,
    "chance_way": CHANCE_WAY,
    "ranking_way": RANKING_WAY,
    "worth_way": WORTH_WAY,
    "ranked_thing": RANKED_THING,
    "prediction_used": USED,
    "recommendation_kind": RECOMMENDATION_KIND,
}
