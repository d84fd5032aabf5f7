"""What the demo shop plants is in its rows, strong enough for honest tests, and nothing else is."""

from __future__ import annotations

import math
from pathlib import Path

import duckdb
import pytest

from keguan.demo import write_shop

LINES = """
create table lines as
select 订单编号 as order_id,
    try_cast(下单时间 as timestamp) as ordered_at,
    nullif(trim(客户编号), '') as customer,
    rtrim(渠道, '　') as channel,
    收货省份 as province,
    一级类目 as department,
    try_cast("数量" as integer) as quantity,
    try_cast("实付金额(元)" as decimal(18, 2)) as paid,
    订单状态 as state,
    nullif(原订单号, '') as original
from read_csv(?, all_varchar = true, header = true)
where try_cast(下单时间 as timestamp) is not null and 订单状态 <> '已取消' and 客户编号 <> 'TEST01'
"""
SECOND_PURCHASES = """
with orders as (
    select customer, channel, min(ordered_at)::date as day
    from lines where customer is not null and original is null
    group by customer, channel, order_id
),
ranked as (
    select *, row_number() over (partition by customer order by day) as place from orders
)
select (f.channel = 'APP') as app, (f.day >= date '2026-03-01') as late, count(*) as n,
    count(*) filter (where s.day <= f.day + 90) as again
from ranked as f left join ranked as s on s.customer = f.customer and s.place = 2
where f.place = 1 and f.day <= date '2026-10-31' - 90
group by 1, 2
"""


@pytest.fixture(scope="module", params=[618, 7])
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> duckdb.DuckDBPyConnection:
    files = write_shop(tmp_path_factory.mktemp("story"), seed=request.param)
    assert len(files.story) == 14
    assert all(text.zh and text.en for text in files.story)
    utf8 = Path(files.orders).with_suffix(".utf8.csv")
    utf8.write_bytes(files.orders.read_bytes().decode("gb18030").encode())
    connection = duckdb.connect()
    connection.execute(LINES, [str(utf8)])
    return connection


def z_score(hits: int, n: int, other_hits: int, other_n: int) -> float:
    """Difference of two shares in standard errors."""
    share = (hits + other_hits) / (n + other_n)
    error = math.sqrt(share * (1 - share) * (1 / n + 1 / other_n))
    return (hits / n - other_hits / other_n) / error


def test_app_customers_come_back_less(shop: duckdb.DuckDBPyConnection) -> None:
    found = {(app, late): (again, n) for app, late, n, again in shop.execute(SECOND_PURCHASES).fetchall()}
    before, after = found[True, False], found[True, True]
    fall = 1 - (after[0] / after[1]) / (before[0] / before[1])
    assert 0.30 < fall < 0.50
    assert z_score(*after, *before) < -6
    assert abs(z_score(*found[False, True], *found[False, False])) < 2.6


def test_one_province_grows(shop: duckdb.DuckDBPyConnection) -> None:
    growth = dict(
        shop.execute("""
            select province,
                sum(paid) filter (where ordered_at >= '2026-05-01')
                / sum(paid) filter (where ordered_at between '2025-05-01' and '2025-11-01') - 1 as growth
            from lines where province is not null
            group by province having count(*) > 4000 order by growth desc
        """).fetchall()
    )
    first, second = list(growth.values())[:2]
    assert next(iter(growth)) == "四川省"
    assert first > 0.8
    assert first > second + 0.15


def test_small_appliances_come_back_more(shop: duckdb.DuckDBPyConnection) -> None:
    rates = {
        (appliance, late): (back, sold)
        for appliance, late, back, sold in shop.execute("""
            select department = '小家电', ordered_at >= '2026-07-01',
                count(*) filter (where original is not null), count(*) filter (where original is null)
            from lines where department is not null group by 1, 2
        """).fetchall()
    }
    before, after = rates[True, False], rates[True, True]
    assert 0.03 < before[0] / before[1] < 0.05
    assert 0.095 < after[0] / after[1] < 0.13
    others = [rates[False, late][0] / rates[False, late][1] for late in (False, True)]
    assert abs(others[1] / others[0] - 1) < 0.15


def test_looks_like_a_shop(shop: duckdb.DuckDBPyConnection) -> None:
    repeat, top = shop.execute("""
        with customers as (
            select customer, sum(paid) as net,
                count(distinct order_id) filter (where original is null) as orders
            from lines where customer is not null group by customer
        ),
        ranked as (
            select *, percent_rank() over (order by net desc, customer) as place
            from customers where orders > 0
        )
        select avg((orders > 1)::int), sum(net) filter (where place <= 0.22)::double / sum(net)::double
        from ranked
    """).fetchall()[0]
    assert 0.42 < repeat < 0.49
    assert 0.66 < top < 0.80


def test_festivals_and_nights(shop: duckdb.DuckDBPyConnection) -> None:
    days = dict(
        shop.execute("""
            select ordered_at::date::varchar, count(distinct order_id)
            from lines where original is null group by 1
        """).fetchall()
    )
    assert len(days) == 730
    quiet = sorted(days.values())[len(days) // 2]
    assert days["2025-11-11"] > 3 * quiet
    assert days["2026-06-18"] > 3 * quiet
    assert days["2026-02-17"] < quiet
    hours = dict(shop.execute("select hour(ordered_at), count(*) from lines group by 1").fetchall())
    assert hours[21] > 10 * hours[3]
