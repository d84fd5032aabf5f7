"""Terms of groups found from the facts of customers: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text

MOST_GROUPS = 10


def group_label(place: int) -> str:
    """The stored label of a group by its place from 0."""
    return f"group_{place + 1}"


CLUSTER: Mapping[str, Text] = {
    group_label(place): Text(f"第 {place + 1} 群", f"Group {place + 1}") for place in range(MOST_GROUPS)
}

# What a group is most unlike the others in; for a taste the category stands beside it.
CLUSTER_TRAIT: Mapping[str, Text] = {
    "category": Text("偏好类目", "Prefers"),
    "money_high": Text("每笔金额高", "Large purchases"),
    "money_low": Text("每笔金额低", "Small purchases"),
    "pieces_high": Text("每行件数多", "High number of pieces a line"),
    "pieces_low": Text("每行件数少", "Low number of pieces a line"),
    "purchases_high": Text("购买次数多", "High number of purchases"),
    "purchases_low": Text("购买次数少", "Low number of purchases"),
    "silent_high": Text("久未购买", "Long silent"),
    "silent_low": Text("近期购买", "Bought lately"),
    "mixed": Text("无突出特征", "Nothing stands out"),
}

CLUSTER_KIND: Mapping[str, Text] = {
    "natural": Text("自然分群", "Natural groups"),
    "constructed": Text("构造型分群", "Constructed segments"),
}

CLUSTER_FACT: Mapping[str, Text] = {
    "share": Text("类目占购买行", "Share of the category in lines bought"),
    "money": Text("每笔净消费", "Net spend per purchase"),
    "pieces": Text("每行件数", "Pieces per line"),
    "purchases": Text("购买次数", "Purchases"),
    "silent_days": Text("距今天数", "Days since the last purchase"),
}

CLUSTER_FACTS: Mapping[str, Text] = {
    "taste": Text("每笔金额、件数与购买类目", "money and pieces per purchase and categories bought"),
    "rhythm": Text("每笔金额、件数、次数与近度", "money and pieces per purchase, purchases and recency"),
}

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "cluster": CLUSTER,
    "cluster_trait": CLUSTER_TRAIT,
    "cluster_kind": CLUSTER_KIND,
    "cluster_fact": CLUSTER_FACT,
    "cluster_facts": CLUSTER_FACTS,
}
