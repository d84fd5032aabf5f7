"""When orders leave the warehouse and when they arrive: far provinces later, the slow region slower from its day on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keguan.demo.geography import PROVINCE_NAMES
from keguan.demo.journeys import Orders
from keguan.demo.sampling import Flags, Floats, Ints
from keguan.demo.season import DAYS
from keguan.demo.story import SLOW_DAY, SLOW_DELIVERY, SLOW_REGION

DAY = 86_400
FAR = ("新疆维吾尔自治区", "西藏自治区", "青海省", "甘肃省", "内蒙古自治区", "海南省", "宁夏回族自治区")
MIDDLE = ("黑龙江省", "吉林省", "云南省", "贵州省", "广西壮族自治区", "四川省", "重庆市")
TRANSIT = 2.6  # median days on the way, nearby
LONGER = {**dict.fromkeys(FAR, 2.3), **dict.fromkeys(MIDDLE, 1.35)}
SPREAD = 0.38  # of the logarithm


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Seconds since the shop opened for each order; -1 where it has not happened by the day of the export."""

    shipped: Ints
    delivered: Ints


def make_deliveries(
    rng: np.random.Generator, orders: Orders, unpaid: Flags, exported: int = DAYS
) -> Deliveries:
    """Six hours to two days until an order leaves; unpaid orders never do. `exported`: the day of the export."""
    ordered = orders.day * DAY + orders.second
    left = ordered + rng.integers(DAY // 4, 2 * DAY, size=len(orders))
    on_the_way = rng.lognormal(np.log(TRANSIT), SPREAD, size=len(orders)) * _slower(orders)
    came = left + (on_the_way * DAY).astype(np.int64)
    end = exported * DAY
    return Deliveries(np.where(unpaid | (left >= end), -1, left), np.where(unpaid | (came >= end), -1, came))


def _slower(orders: Orders) -> Floats:
    factor = np.array([LONGER.get(name, 1.0) for name in PROVINCE_NAMES.tolist()])[orders.province]
    slow = (PROVINCE_NAMES[orders.province] == SLOW_REGION) & (orders.day >= SLOW_DAY)
    return np.where(slow, SLOW_DELIVERY * factor, factor).astype(np.float64)
