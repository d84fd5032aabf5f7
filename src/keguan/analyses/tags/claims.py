"""What is said about tags: counts, and differences in money that a test found."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY
from keguan.evidence.statistics.corrected import corrected
from keguan.result import Cell, Claim, Note, Result, Table, Test

MOST = 4
KNOWN = Text("可判断该维度的客户", "customers with enough data to tell the dimension")

TEXT: Mapping[str, Text] = {
    "share": Text(
        "{customers} 位客户带「{tag}」标签，占 {share}（n={n}，{base}）。",
        "{customers} customers carry the tag '{tag}', {share} (n={n}, {base}).",
    ),
    "more": Text(
        "带「{tag}」标签的客户近 {months} 个月人均净销售额 {mean}，高于{dimension}维度其余客户的 {other}（差的 95% 区间 {low} 至 "
        "{high}；n={n}，{base}）。",
        "Customers tagged '{tag}' bring {mean} net each in the last {months} months, higher than the {other} of the others "
        "by {dimension} (95% interval of the difference {low} to {high}; n={n}, {base}).",
    ),
    "less": Text(
        "带「{tag}」标签的客户近 {months} 个月人均净销售额 {mean}，低于{dimension}维度其余客户的 {other}（差的 95% 区间 {low} 至 "
        "{high}；n={n}，{base}）。",
        "Customers tagged '{tag}' bring {mean} net each in the last {months} months, lower than the {other} of the others "
        "by {dimension} (95% interval of the difference {low} to {high}; n={n}, {base}).",
    ),
}
COUNTED = (("frequency", "高频"), ("price", "价格敏感"), ("novelty", "尝新"), ("service", "服务需求"))


def tag_claims(result: Result, min_n: int, months: int) -> tuple[Claim, ...]:
    """How many carry the tags that ask for action, and the tags whose customers differ in money."""
    rows = result.table("tags").records()
    claims = []
    for dimension, tag in COUNTED:
        row = result.table("tags").find({"dimension": dimension, "tag": tag})
        if row is not None and row["share"] is not None:
            key = {"dimension": dimension, "tag": tag}
            claims.append(
                Claim(
                    says="share", key=f"tags/share/{tag}",
                    values={name: Cell("tags", key, name) for name in ("customers", "share")},
                    n=row["known"], base=KNOWN, labels={"tag": (tag, "tag")}, topic=f"tag_{tag}", summary=False,
                    figure="behaviour" if dimension != "service" else None,
                )
            )  # fmt: skip
    sure = [
        row
        for row in rows
        if row["q"] is not None and row["q"] <= FALSE_DISCOVERY and not row["low"] <= 0 <= row["high"]
    ]
    sure.sort(
        key=lambda row: (row["q"], -abs(row["per_customer"] - row["per_other"]), row["dimension"], row["tag"])
    )
    for row in sure[:MOST]:
        key = {"dimension": row["dimension"], "tag": row["tag"]}
        names = {"mean": "per_customer", "other": "per_other", "low": "low", "high": "high"}
        claims.append(
            Claim(
                says="more" if row["per_customer"] > row["per_other"] else "less",
                key=f"tags/money/{row['dimension']}/{row['tag']}",
                values={name: Cell("tags", key, column) for name, column in names.items()},
                n=row["known"], base=KNOWN, strength="tested",
                test=Test("customer bootstrap", True, row["p"], float(row["low"]), float(row["high"]), corrected(row["q"])),
                labels={
                    "tag": (row["tag"], "tag"), "dimension": (row["dimension"], "tag_dimension"),
                    "months": (str(months), None),
                },
                money=abs(float(row["per_customer"] - row["per_other"])) * row["customers"], certainty=1 - row["q"],
                topic=f"tag_money_{row['dimension']}",
            )
        )  # fmt: skip
    return tuple(claims)


SOURCES = {
    "industry": Text("客户资料（行业）", "customer records with an industry"),
    "size": Text("客户资料（规模）", "customer records with a size"),
    "price": Text("订单明细的优惠金额", "discounts of order lines"),
    "service": Text("客户反馈（投诉、咨询、建议）", "feedback (complaints, enquiries, suggestions)"),
    "role": Text("客户联系人及其决策角色", "contact persons with their role"),
}


def tag_notes(inputs: Inputs, rules: Table) -> tuple[Note, ...]:
    """Which dimensions nobody can be told by, and what to import."""
    rows = rules.records()
    if not rows:
        return (
            Note(
                Text(
                    "没有客户，也没有带客户编号的订单", "There are no customers and no orders with a customer"
                ),
                "missing",
            ),
        )
    missing = [SOURCES[row["dimension"]] for row in rows if not row["known"] and row["dimension"] in SOURCES]
    if not missing:
        return ()
    zh, en = "、".join(text.zh for text in missing), "; ".join(text.en for text in missing)
    says = Text(
        f"缺少以下数据，相应标签无法判断，导入后可见：{zh}",
        f"Tags that cannot be told for lack of data, import: {en}",
    )
    return (Note(says, "missing"),)
