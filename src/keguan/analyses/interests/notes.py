"""What is missing for interests and sensitivities, and what that means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from keguan.analyses.interests.scores import Found
from keguan.analyses.interests.trials import Told
from keguan.analysis import Inputs
from keguan.core.text import Language, Text
from keguan.evidence.statistics.beta_binomial import Shrinkage
from keguan.result import Note
from keguan.schema.vocabulary import shown


def interest_notes(
    inputs: Inputs, told: Told, found: Found, base: Mapping[str, Shrinkage]
) -> tuple[Note, ...]:
    return (*_missing(told), *_withheld(inputs, found, base), *_alike(base))


def _missing(told: Told) -> Iterator[Note]:
    if not told.products:
        yield Note(
            Text(
                "订单里没有商品，类目兴趣、价格与新品偏好无法计算：请导入带商品编号的订单明细",
                "Orders name no products, so interest by category, prices and new products cannot be told: import order "
                "lines with product ids",
            ),
            "missing",
        )
    elif not told.categories:
        yield Note(
            Text(
                "商品没有类目，类目兴趣与低价偏好无法计算：请导入带类目的商品资料",
                "Products have no category, so interest by category and the preference for low prices cannot be told: import "
                "products with categories",
            ),
            "missing",
        )
    if "promotion" not in told.scores:
        yield Note(
            Text(
                "订单里没有优惠金额或优惠券，优惠敏感度无法计算：请导入带优惠的订单",
                "Orders tell of no discount or coupon, so promotion sensitivity cannot be told: import orders with discounts",
            ),
            "missing",
        )


def _withheld(inputs: Inputs, found: Found, base: Mapping[str, Shrinkage]) -> Iterator[Note]:
    min_n = inputs.settings.min_n
    for score, segments in sorted(found.items()):
        customers = sum(sums.customers for sums in segments.values())
        if score in base:
            continue
        zh, en = (shown(score, "interest_score", language) for language in ("zh", "en"))
        if customers < min_n:
            yield Note(
                Text(
                    f"{zh}：可判断的客户 {customers} 位，少于 {min_n} 位，不予给出",
                    f"{en}: {customers} customers of whom it can be told, fewer than {min_n}: withheld",
                ),
                "withheld",
            )
        else:
            yield Note(
                Text(
                    f"{zh}：所有客户都一样，没有高低可分",
                    f"{en}: the same for all customers, so there are no levels",
                )
            )


def _alike(base: Mapping[str, Shrinkage]) -> Iterator[Note]:
    names = [score for score, made in base.items() if not made.differs]
    if not names:
        return

    def listed(language: Language) -> str:
        return ("、" if language == "zh" else ", ").join(
            shown(name, "interest_score", language) for name in names
        )

    yield Note(
        Text(
            f"客户之间的差别没有超出偶然：{listed('zh')}；每位客户的占比都接近全体，不宜用来挑选客户",
            f"Customers differ no more than by chance in: {listed('en')}; each share is near that of all, and no ground for "
            "choosing customers",
        )
    )
