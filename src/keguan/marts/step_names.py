"""Names under which shops log the usual steps of a purchase: kind of step -> event names, zh and en.

A name in the data is compared in lower case with blanks and hyphens as underscores. The kinds are in the
order in which customers meet them.
"""

from __future__ import annotations

from collections.abc import Mapping

STEP_NAMES: Mapping[str, tuple[str, ...]] = {
    "visit": (
        "home", "homepage", "home_page", "landing", "landing_page", "visit", "session_start", "first_visit",
        "page_view", "pageview", "app_open", "launch", "首页", "访问", "进入首页", "打开应用", "启动",
    ),
    "search": (
        "search", "catalog", "category", "category_view", "view_category", "listing", "list", "filter_results",
        "view_item_list", "搜索", "类目", "类目页", "列表页", "分类页", "商品列表",
    ),
    "view": (
        "view", "product_view", "view_product", "product", "product_page", "item_view", "view_item", "detail",
        "product_detail", "pv", "click", "浏览", "浏览商品", "商品浏览", "商品详情", "商品详情页", "详情页", "点击",
    ),
    "cart": (
        "cart", "add_to_cart", "addtocart", "cart_add", "view_cart", "basket", "add_to_basket", "加购", "加入购物车",
        "购物车", "加购物车",
    ),
    "checkout": (
        "checkout", "begin_checkout", "checkout_start", "initiate_checkout", "shipping", "shipping_details",
        "add_shipping_info", "delivery", "delivery_details", "address", "order_confirm", "place_order", "结算", "去结算",
        "填写地址", "收货信息", "提交订单", "确认订单", "下单",
    ),
    "payment": (
        "payment", "payment_details", "add_payment_info", "pay_start", "payment_page", "支付页", "去支付", "填写支付",
        "支付信息", "发起支付", "付款页",
    ),
    "purchase": (
        "purchase", "buy", "order", "order_completed", "order_complete", "transaction", "paid", "pay", "payment_success",
        "checkout_complete", "购买", "支付成功", "付款", "成交", "完成支付", "付款成功", "订单完成",
    ),
}  # fmt: skip

# Of the kind 'search', the names of looking by words; the others are lists and categories.
BY_WORDS = ("search", "搜索")


def normal(name: str) -> str:
    """A name of an event as it is compared."""
    return name.strip().lower().replace(" ", "_").replace("-", "_")


KIND_OF = {name: kind for kind, names in STEP_NAMES.items() for name in names}
