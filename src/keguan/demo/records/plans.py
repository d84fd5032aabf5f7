"""销售目标.csv, 行业参考区间.csv and 市场动态.csv: plans, ranges and news the shop's figures are held against."""

from __future__ import annotations

import numpy as np

from keguan.demo.geography import province_index
from keguan.demo.records.ledger import Ledger
from keguan.demo.records.sheets import Sheet
from keguan.demo.sampling import Floats, words
from keguan.demo.season import DAYS, MONTH_OF_DAY, MONTHS
from keguan.demo.story import GROWING_PROVINCE

TARGET_NAME, RANGE_NAME, MARKET_NAME = "销售目标.csv", "行业参考区间.csv", "市场动态.csv"
REGIONS = ("广东省", "江苏省", "浙江省", GROWING_PROVINCE)
PLANNED_MONTHS = 12  # the last ones of the period
USUAL, LATELY, MODEST = (
    0.97,
    1.10,
    0.80,
)  # plan against what came: before July 2026, since, in the growing province
LATELY_MONTHS = 4
EXAMPLE = "示例(非真实数据)"
RANGES = (  # metric, population, definition, low, high, unit, source, published, valid until
    ("复购率", "零售", "近12个月购买两次及以上的客户占比", "35", "50", "%", EXAMPLE, "2026-01-15", "2026-12-31"),
    ("退款率", "零售", "退货额占销售额", "2", "5", "%", EXAMPLE, "2026-01-15", "2026-12-31"),
    ("笔单价", "零售", "净销售额除以购买次数", "180", "420", "元", EXAMPLE, "2026-03-01", "2027-02-28"),
    ("净推荐值", "零售", "推荐者减贬损者", "10", "35", "分", EXAMPLE, "2026-03-01", "2027-02-28"),
    ("客户满意度", "零售", "满意及以上的受访者占比", "75", "88", "%", EXAMPLE, "2026-03-01", "2027-02-28"),
    ("毛利率", "零售", "毛利占净销售额", "30", "45", "%", EXAMPLE, "2023-05-01", "2024-12-31"),
    ("客户流失率", "零售", "期初客户期内未再购买", "20", "40", "%", "", "", ""),
)  # fmt: skip
NEWS = (
    ("竞品动态", "全国", "2026-02-10", "某综合平台推出会员免邮，覆盖家居与个护"),
    ("竞品动态", "广东省", "2026-06-05", "同城仓配竞品承诺当日达"),
    ("竞品动态", "全国", "2026-07-20", "某小家电品牌全线降价约一成"),
    ("政策", "四川省", "2026-04-28", "家电家居以旧换新补贴启动，为期半年"),
    ("政策", "全国", "2026-07-01", "小家电能效与安全标准更新，抽检加严"),
    ("政策", "全国", "2026-01-01", "跨平台消费券可用于线下门店"),
    ("行业趋势", "全国", "2026-03-30", "短视频投放千次曝光价格较上年上涨"),
    ("行业趋势", "全国", "2026-05-15", "家居家纺线上增速放缓"),
    ("物流", "广东省", "2026-07-03", "区域中转仓搬迁，部分线路时效延长"),
    ("物流", "广东省", "2026-10-12", "中转仓搬迁尚未完成，时效仍在恢复"),
)  # fmt: skip


def make_plans(rng: np.random.Generator, book: Ledger) -> tuple[Sheet, ...]:
    """Targets by month, quarter and region; example ranges; news."""
    return _targets(rng, book), _ranges(), _news()


def _targets(rng: np.random.Generator, book: Ledger) -> Sheet:
    """Plans near what came: reached before July 2026, missed since, far exceeded in the growing province."""
    rows: list[tuple[str, str, str, float]] = []
    for region in ("", *REGIONS):
        plan = _plan(rng, book, region)
        dimension = f"region={region.removesuffix('省')}" if region else ""
        rows += [
            ("净销售额", _month(month), dimension, plan[month])
            for month in range(MONTHS - PLANNED_MONTHS, MONTHS)
        ]
        for month in range(MONTHS - PLANNED_MONTHS + 2, MONTHS - 3, 3):  # January, April, July
            year, name = divmod(month + 10, 12)
            rows.append(
                (
                    "净销售额",
                    f"{2024 + year}Q{name // 3 + 1}",
                    dimension,
                    float(plan[month : month + 3].sum()),
                )
            )
    first = np.bincount(MONTH_OF_DAY[book.first_day[book.first_day < DAYS]], minlength=MONTHS)
    rows += [
        ("新客户数", _month(month), "", float(first[month]) * 1.04)
        for month in range(MONTHS - PLANNED_MONTHS, MONTHS)
    ]
    metrics, periods, dimensions, values = zip(*rows, strict=True)
    return Sheet(
        TARGET_NAME,
        {
            "指标": words(metrics),
            "期间": words(periods),
            "维度": words(dimensions),
            "目标值": words(
                [
                    str(max(1, round(float(one), -3 if float(one) > 50_000 else 0))).split(".")[0]
                    for one in values
                ]
            ),
        },
    )


def _plan(rng: np.random.Generator, book: Ledger, region: str) -> Floats:
    """Planned net revenue of each month, in yuan."""
    orders, back = book.orders, book.refunds
    place = np.full(len(orders), True) if not region else orders.province == province_index(region)
    paid = place & ~book.unpaid
    sold = np.bincount(MONTH_OF_DAY[orders.day[paid]], weights=book.order_cents[paid] / 100, minlength=MONTHS)
    here = place[back.lines.order]
    returned = np.bincount(
        MONTH_OF_DAY[back.day[here]], weights=-back.lines.paid[here] / 100, minlength=MONTHS
    )
    factor = np.where(np.arange(MONTHS) >= MONTHS - LATELY_MONTHS, LATELY, USUAL)
    factor = np.where(region == GROWING_PROVINCE, MODEST, factor)
    return (sold - returned) * factor * (1 + 0.012 * rng.standard_normal(MONTHS))


def _month(month: int) -> str:
    year, name = divmod(month + 10, 12)
    return f"{2024 + year}-{name + 1:02d}"


def _ranges() -> Sheet:
    headers = ("指标", "适用对象", "口径", "下限", "上限", "单位", "出处", "发布日期", "有效期至")
    return Sheet(
        RANGE_NAME,
        {header: words(column) for header, column in zip(headers, zip(*RANGES, strict=True), strict=True)},
    )


def _news() -> Sheet:
    topic, region, day, text = zip(*NEWS, strict=True)
    columns = {"主题": topic, "地区": region, "日期": day, "内容": text, "出处": (EXAMPLE,) * len(NEWS)}
    return Sheet(MARKET_NAME, {header: words(column) for header, column in columns.items()})
