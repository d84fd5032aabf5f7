"""Terms of customer lifetime value: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text, same

CLV_METHOD: Mapping[str, Text] = {
    "BG/NBD": same("BG/NBD"),
    "MBG/NBD": same("MBG/NBD"),
    "Pareto/NBD": same("Pareto/NBD"),
    "zero": Text("规则：都不再购买", "Rule: nobody buys again"),
    "past_rate": Text("规则：沿用各自过去的频率", "Rule: own past rate"),
    "recency_cut": Text("规则：近期买过的按平均频率", "Rule: mean rate of who bought lately"),
}

CLV_CLASS: Mapping[str, Text] = {
    "高CLV": Text("高 CLV（前 20%）", "High CLV (top 20%)"),
    "中CLV": Text("中 CLV（20%–50%）", "Middle CLV (20%–50%)"),
    "低CLV": Text("低 CLV（后 50%）", "Low CLV (bottom 50%)"),
    "负CLV": Text("负 CLV（毛利为负）", "Negative CLV (negative margin)"),
}

CLV_PHASE: Mapping[str, Text] = {
    "calibration": Text("校准期", "Calibration"),
    "holdout": Text("检验期", "Hold-out"),
}

CLV_BASIS: Mapping[str, Text] = {
    "revenue": Text("净销售额", "net revenue"),
    "margin": Text("毛利", "gross margin"),
}

CLV_SPEND: Mapping[str, Text] = {
    "gamma_gamma": same("Gamma-Gamma"),
    "empirical_bayes": Text("经验贝叶斯均值", "Empirical-Bayes mean"),
}

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "clv_method": CLV_METHOD,
    "clv_class": CLV_CLASS,
    "clv_phase": CLV_PHASE,
    "clv_basis": CLV_BASIS,
    "clv_spend": CLV_SPEND,
}
