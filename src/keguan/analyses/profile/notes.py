"""What the reader must know: what is missing and what to import, what rests on filled values, what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from keguan.analyses.profile.dimensions import NAMES
from keguan.analyses.profile.traits import Key, Sums
from keguan.analysis import Inputs
from keguan.core.text import Language, Text
from keguan.marts.line_metrics import SOLD_OR_RETURNED
from keguan.marts.profile_traits import ATTRIBUTES_SQL, MASTER_FAMILIES, MASTER_TRAITS
from keguan.result import Note, Table
from keguan.schema.vocabulary import shown

OFTEN_MISSING = (
    "age",
    "gender",
    "place",
    "occupation",
    "income",
    "education",
    "industry",
    "size_staff",
    "size_revenue",
)
WHAT_TO_IMPORT: Mapping[str, Text] = {
    "user": Text(
        "没有谁是使用者的资料：请导入联系人（角色 user、influencer、decider），或名称含「使用者」「购买对象」的客户属性",
        "Nothing tells who uses what is bought: import contact persons (roles user, influencer, decider) or a customer "
        "attribute named 'recipient' or 'bought for'",
    ),
    "scene": Text(
        "没有使用场景的资料：请导入名称含「场景」或「用途」的客户属性（问卷、访谈）",
        "Nothing tells of scenes of use: import a customer attribute named 'scene' or 'occasion' (from surveys, interviews)",
    ),
    "style": Text(
        "没有风格偏好的资料：请导入名称含「风格」的客户属性",
        "Nothing tells of preferred styles: import a customer attribute named 'style'",
    ),
    "psychographic": Text(
        "没有态度与生活方式的资料：请把问卷结果作为客户属性导入，名称含「生活方式」「动机」「态度」之一",
        "Nothing tells of attitudes and lifestyle: import survey answers as customer attributes, named 'lifestyle', "
        "'motive' or 'attitude'",
    ),
}  # fmt: skip

# How much of the money rests on filled values, each line counted with its size.
IMPUTED_SQL = f"""
SELECT sum(CASE WHEN imputed IS NOT NULL THEN abs(amount) ELSE 0 END) AS filled, sum(abs(amount)) AS everything
FROM order_lines
WHERE account_no IS NOT NULL AND {SOLD_OR_RETURNED} AND day >= $from_day
"""


def profile_notes(
    inputs: Inputs, found: Mapping[Key, Mapping[str, Sums]], dimensions: Table, bound: Mapping[str, Any]
) -> tuple[Note, ...]:
    return (
        *_small(inputs, found),
        *_missing_traits(found),
        *_missing_dimensions(dimensions),
        *_left_out(inputs, bound),
        *_imputed(inputs, bound),
    )


def _small(inputs: Inputs, found: Mapping[Key, Mapping[str, Sums]]) -> Iterator[Note]:
    min_n, kinds = (
        inputs.settings.min_n,
        found.get(("all", "kind"), {}),
    )
    customers = sum(sums.customers for sums in kinds.values())
    if kinds and customers < min_n:
        yield Note(
            Text(
                f"客户 {customers} 位，少于 {min_n} 位，占比与人均不予给出",
                f"{customers} customers, fewer than {min_n}: shares and averages are withheld",
            ),
            "withheld",
        )


def _missing_traits(found: Mapping[Key, Mapping[str, Sums]]) -> Iterator[Note]:
    known = {trait for family, trait in found if family in MASTER_FAMILIES}
    missing = [trait for trait in OFTEN_MISSING if trait in MASTER_TRAITS and trait not in known]
    if not missing:
        return

    def listed(language: Language) -> str:
        names = [shown(trait, "trait", language) for trait in missing]
        return ("、" if language == "zh" else ", ").join(names)

    yield Note(
        Text(
            f"客户资料里没有这些特征：{listed('zh')}。导入含有这些列的客户主档即可补上",
            f"The customer file lacks: {listed('en')}. A customer master file with these columns adds them",
        ),
        "missing",
    )


def _missing_dimensions(dimensions: Table) -> Iterator[Note]:
    told = {row["dimension"] for row in dimensions if row["family"] != "order"}  # where goods go tells little
    yield from (Note(WHAT_TO_IMPORT[name], "missing") for name in NAMES if name not in told)


def _left_out(inputs: Inputs, bound: Mapping[str, Any]) -> Iterator[Note]:
    if not inputs.has("customer_attributes"):
        return
    sql = f"SELECT attribute, choices, place FROM ({ATTRIBUTES_SQL}) a ORDER BY place"
    limits = int(str(bound["max_values"])), int(str(bound["max_attributes"]))
    names = [
        row["attribute"]
        for row in inputs.query(sql, max_values=limits[0]).to_pylist()
        if row["choices"] > limits[0] or row["place"] > limits[1]
    ]
    if names:
        some, more = "、".join(names[:5]), "…" if len(names) > 5 else ""
        yield Note(
            Text(
                f"{len(names)} 个客户属性的取值超过 {limits[0]} 个，或属性超过 {limits[1]} 个，没有作为特征：{some}{more}",
                f"{len(names)} customer attributes have more than {limits[0]} values, or come after the first {limits[1]}, and "
                f"are no traits here: {some}{more}",
            )
        )


def _imputed(inputs: Inputs, bound: Mapping[str, Any]) -> Iterator[Note]:
    row = inputs.query(IMPUTED_SQL, **bound).to_pylist()[0]
    if row["filled"]:
        share = 100 * float(row["filled"]) / float(row["everything"])
        yield Note(
            Text(
                f"金额中有 {share:.1f}% 来自填补的数值（如用中位价填补的单价），按原样标记，不是收到的数据",
                f"{share:.1f}% of the money rests on filled values (such as unit prices filled with a median): flagged, not "
                "received",
            ),
            "warning",
        )
