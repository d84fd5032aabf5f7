"""What the record files plant is in their rows, agrees with the orders, and is strong enough for honest tests."""

from __future__ import annotations

import math
from pathlib import Path

import duckdb
import fastexcel
import pytest

from keguan.demo import ShopFiles, write_shop

ORDERS = """
create table orders as
select trim(客户编号) as customer, 订单编号 as order_id, min(try_cast(下单时间 as timestamp)) as ordered_at,
    sum(try_cast("实付金额(元)" as decimal(18, 2))) as paid, sum(try_cast("成本(元)" as decimal(18, 2))) as cost,
    any_value(收货省份) as province
from 订单明细 where try_cast(下单时间 as timestamp) is not null and 订单状态 <> '已取消' and coalesce(客户编号, '') <> 'TEST01'
group by all
"""
SESSIONS = """
create table sessions as
select 会话ID as session, any_value(用户ID) as visitor, any_value(平台) as platform, any_value(用户类型) as newness,
    max(try_cast(事件时间 as timestamp))::date as day, bool_or(事件 = '提交订单') as submits,
    bool_or(事件 = '支付成功') as pays, bool_or(事件 = '商品对比') as compares
from 行为日志 where try_cast(事件时间 as timestamp) is not null group by 会话ID
"""


@pytest.fixture(scope="module", params=[618, 7])
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> duckdb.DuckDBPyConnection:
    files = write_shop(tmp_path_factory.mktemp("records"), seed=request.param)
    connection = duckdb.connect()
    for path in files.paths:
        if path.suffix == ".csv":
            _table(connection, path)
    companies = fastexcel.read_excel(files.customers).load_sheet(0, dtypes="string").to_arrow()
    connection.register("customers", companies)
    connection.execute(
        "create table construction as select 客户编号 as customer from customers where 所属行业 = '建筑业'"
    )
    connection.execute(ORDERS)
    connection.execute(SESSIONS)
    return connection


def _table(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    utf8 = path.with_suffix(".utf8")
    text = path.read_bytes()
    try:
        utf8.write_bytes(text.decode("utf-8-sig").encode())
    except UnicodeDecodeError:
        utf8.write_bytes(text.decode("gb18030").encode())
    connection.execute(
        f"create table \"{path.stem}\" as select * from read_csv('{utf8}', all_varchar = true, header = true)"
    )


def rates(shop: duckdb.DuckDBPyConnection, sql: str) -> dict[object, tuple[int, int]]:
    """Hits and n by the first column(s) of a query that ends in two counts."""
    return {
        row[:-2] if len(row) > 3 else row[0]: (int(row[-2]), int(row[-1]))
        for row in shop.execute(sql).fetchall()
    }


def z_score(hits: int, n: int, other_hits: int, other_n: int) -> float:
    """Difference of two shares in standard errors."""
    share = (hits + other_hits) / (n + other_n)
    return (hits / n - other_hits / other_n) / math.sqrt(share * (1 - share) * (1 / n + 1 / other_n))


def test_paying_fails_on_one_platform_for_two_weeks(shop: duckdb.DuckDBPyConnection) -> None:
    found = rates(shop, """
        select platform = '小程序', day between date '2026-09-14' and date '2026-09-27',
            count(*) filter (where not pays), count(*) from sessions where submits group by 1, 2
    """)  # fmt: skip
    bad, usual = found[True, True], found[True, False]
    assert bad[0] / bad[1] > 0.42
    assert usual[0] / usual[1] < 0.20
    assert z_score(*bad, *usual) > 8
    assert abs(z_score(*found[False, True], *found[False, False])) < 2.6


def test_new_customers_fail_most(shop: duckdb.DuckDBPyConnection) -> None:
    found = rates(shop, """
        select newness, count(*) filter (where not pays), count(*) from sessions
        where submits and platform = '小程序' and day between date '2026-09-14' and date '2026-09-27' group by 1
    """)  # fmt: skip
    assert z_score(*found["新客"], *found["老客"]) > 3


def test_payments_are_orders_of_the_order_book(shop: duckdb.DuckDBPyConnection) -> None:
    strangers = shop.execute("""
        select count(*) from sessions as s where pays and visitor like 'KH%' and not exists (
            select 1 from orders as o where o.customer = s.visitor and o.ordered_at::date = s.day
        )
    """).fetchall()[0][0]  # fmt: skip
    assert strangers == 0


def test_silent_customers_compare(shop: duckdb.DuckDBPyConnection) -> None:
    found = rates(shop, """
        with last as (select customer, max(ordered_at) as latest from orders group by 1)
        select coalesce(latest < timestamp '2026-02-04', false), count(*) filter (where compares), count(*)
        from sessions left join last on customer = visitor where not submits group by 1
    """)  # fmt: skip
    assert 0.35 < found[True][0] / found[True][1] < 0.6
    assert found[False][0] / found[False][1] < 0.12


ANSWERS = """
select 地区 = '广东省', try_cast(邀请时间 as timestamp) >= timestamp '2026-07-01', avg(try_cast(得分 as double)), count(*)
from 满意度问卷 where 题目 = '物流速度' and try_cast(得分 as double) between 1 and 5 group by 1, 2
"""


def test_delivery_disappoints_in_one_region(shop: duckdb.DuckDBPyConnection) -> None:
    found = {(here, late): (mean, n) for here, late, mean, n in shop.execute(ANSWERS).fetchall()}
    assert found[True, True][1] >= 30
    assert found[True, False][0] - found[True, True][0] > 1.0
    assert abs(found[False, False][0] - found[False, True][0]) < 0.2


def test_complaints_take_longer_there(shop: duckdb.DuckDBPyConnection) -> None:
    found = dict(shop.execute("""
        select 地区 = '广东省', median(epoch(try_cast(解决时间 as timestamp) - try_cast(投诉时间 as timestamp))) / 86400
        from 投诉工单 where 处理状态 = '已解决' and try_cast(投诉时间 as timestamp) >= timestamp '2026-07-01'
            and try_cast(解决时间 as timestamp) > try_cast(投诉时间 as timestamp) group by 1
    """).fetchall())  # fmt: skip
    assert 2.4 < found[True] / found[False] < 4.5


def test_appliances_dissatisfy(shop: duckdb.DuckDBPyConnection) -> None:
    quality = {(fails, late): mean for fails, late, mean in shop.execute("""
        select 商品编号 like 'SP01%', try_cast(邀请时间 as timestamp) >= timestamp '2026-08-01',
            avg(try_cast(得分 as double)) from 满意度问卷
        where 题目 = '商品质量' and try_cast(得分 as double) between 1 and 5 group by 1, 2
    """).fetchall()}  # fmt: skip
    assert quality[True, False] - quality[True, True] > 0.5
    assert abs(quality[False, False] - quality[False, True]) < 0.25
    said = rates(shop, """
        select 商品编号 like 'SP01%', try_cast(评价时间 as timestamp) >= timestamp '2026-07-10',
            count(*) filter (where regexp_matches(评价内容, '坏了|漏电|噪音')), count(*)
        from 商品评价 where try_cast(评价时间 as timestamp) is not null group by 1, 2
    """)  # fmt: skip
    assert z_score(*said[True, True], *said[True, False]) > 6
    assert max(said[False, late][0] / said[False, late][1] for late in (False, True)) < 0.01


def test_scores_and_texts_agree(shop: duckdb.DuckDBPyConnection) -> None:
    found = rates(shop, """
        select 评分, count(*) filter (where regexp_matches(评价内容, '失望|差评|退款|不推荐|不会再买|😡')), count(*)
        from 商品评价 where 评分 in ('1', '2', '4', '5') group by 1
    """)  # fmt: skip
    assert min(found[score][0] / found[score][1] for score in "12") > 0.3
    assert max(found[score][0] / found[score][1] for score in "45") < 0.1


def test_unsolved_complaints_come_from_those_who_leave(shop: duckdb.DuckDBPyConnection) -> None:
    found = rates(shop, """
        with tickets as (
            select distinct 客户编号 as customer, try_cast(投诉时间 as timestamp) as raised, 处理状态 as state from 投诉工单
            where 处理状态 in ('已解决', '未解决') and try_cast(投诉时间 as timestamp) < timestamp '2026-07-01'
        )
        select state, count(*) filter (where exists (
            select 1 from orders as o where o.customer = t.customer and o.ordered_at > t.raised
                and o.ordered_at < t.raised + interval 120 days
        )), count(*) from tickets as t group by 1
    """)  # fmt: skip
    assert z_score(*found["未解决"], *found["已解决"]) < -5


def test_several_units_in_a_week_drive_away(shop: duckdb.DuckDBPyConnection) -> None:
    found = rates(shop, """
        with contacts as (
            select distinct * from 触达记录 where try_cast(触达时间 as timestamp) is not null
        ),
        weeks as (
            select *, count(distinct 部门) over (partition by 客户编号, date_trunc('week', 触达时间::timestamp)) as units
            from contacts
        )
        select units > 1, count(*) filter (where 触达结果 = '退订'), count(*) from weeks group by 1
    """)  # fmt: skip
    assert found[True][1] > 2_000
    assert found[True][0] / found[True][1] > 3 * found[False][0] / found[False][1]
    assert z_score(*found[True], *found[False]) > 6


RESPONSE = """
with members as (
    select distinct 客户编号 as customer, 组别 as arm, 活动编号 as campaign from 活动名单 where 客户编号 <> ''
)
select campaign, arm, count(*) filter (where exists (
    select 1 from orders as o where o.customer = m.customer and o.paid > 0
        and o.ordered_at::date > starts and o.ordered_at::date <= starts + 30
)), count(*)
from members as m join (values ('HD2605', date '2026-05-11'), ('HD2607', date '2026-08-10')) as c(id, starts)
    on c.id = m.campaign group by 1, 2
"""


def test_one_campaign_works_and_one_does_not(shop: duckdb.DuckDBPyConnection) -> None:
    found = rates(shop, RESPONSE)
    works, without = found["HD2605", "实验组"], found["HD2605", "对照组"]
    assert works[0] / works[1] > 2 * without[0] / without[1]
    assert z_score(*works, *without) > 3
    assert abs(z_score(*found["HD2607", "实验组"], *found["HD2607", "对照组"])) < 2.6


def test_groups_of_the_working_campaign_were_alike_before(shop: duckdb.DuckDBPyConnection) -> None:
    found = {arm: (mean, spread, n) for arm, mean, spread, n in shop.execute("""
        with members as (
            select distinct 客户编号 as customer, 组别 as arm from 活动名单 where 活动编号 = 'HD2605' and 客户编号 <> ''
        ),
        before as (
            select customer, arm, count(*) filter (where paid > 0) as orders
            from members join orders using (customer) where ordered_at < timestamp '2026-05-11' group by 1, 2
        )
        select arm, avg(orders), var_samp(orders), count(*) from before group by 1
    """).fetchall()}  # fmt: skip
    (one, spread, n), (other, other_spread, other_n) = found["实验组"], found["对照组"]
    assert abs(one - other) / math.sqrt(spread / n + other_spread / other_n) < 3


def test_short_videos_cost_more(shop: duckdb.DuckDBPyConnection) -> None:
    found = {(video, late): mean for video, late, mean in shop.execute("""
        select 投放渠道 = '短视频投放', 日期 >= '2026-03-01', avg(try_cast(投放金额 as double)) from 投放
        where try_cast(日期 as date) is not null and month(try_cast(日期 as date)) between 3 and 10 group by 1, 2
    """).fetchall()}  # fmt: skip
    assert 1.5 < found[True, True] / found[True, False] < 1.9
    assert 0.85 < found[False, True] / found[False, False] < 1.15


def test_few_large_customers_cost_more_than_they_leave(shop: duckdb.DuckDBPyConnection) -> None:
    lost = shop.execute("""
        with served as (
            select 客户编号 as customer, sum(try_cast(成本金额 as double)) as served from 服务成本
            where 成本类别 in ('客服', '退货') and try_cast(日期 as date) >= date '2025-11-01' group by 1
        ),
        bought as (
            select customer, sum(paid) as paid, sum(paid - cost) as margin,
                percent_rank() over (order by sum(paid) desc) as place
            from orders where ordered_at >= timestamp '2025-11-01' and customer <> '' group by 1
        )
        select count(*) from served join bought using (customer) where served > margin and place < 0.06 and paid > 0
    """).fetchall()[0][0]  # fmt: skip
    assert 6 <= lost <= 14


def test_recommended_leads_are_won_and_one_trade_pays_late(shop: duckdb.DuckDBPyConnection) -> None:
    leads = rates(
        shop, "select 线索来源, count(*) filter (where 阶段 = '成交'), count(*) from 线索 group by 1"
    )
    assert leads["老客推荐"][0] / leads["老客推荐"][1] > 2 * leads["展会"][0] / leads["展会"][1]
    late = rates(shop, """
        select 客户编号 in (select customer from construction), count(*) filter (where
            coalesce(try_cast(实收日期 as date), date '2026-10-31') > try_cast(应收日期 as date) + 5), count(*)
        from 回款 as p where try_cast(应收日期 as date) < date '2026-10-01' group by 1
    """)  # fmt: skip
    assert z_score(*late[True], *late[False]) > 5


def test_plans_are_missed_since_july_and_exceeded_in_one_province(shop: duckdb.DuckDBPyConnection) -> None:
    came = shop.execute("""
        select coalesce(dimension, '') as part, period, sum(paid)::double / any_value(plan) from (
            select 维度 as dimension, 期间 as period, 目标值::double as plan from 销售目标
            where 指标 = '净销售额' and length(期间) = 7
        ) join orders on strftime(ordered_at, '%Y-%m') = period
            and (coalesce(dimension, '') = '' or province = replace(dimension, 'region=', '') || '省') group by 1, 2
    """).fetchall()  # fmt: skip
    whole = {period: share for part, period, share in came if not part}
    assert all(0.85 < share < 0.96 for period, share in whole.items() if period >= "2026-07")
    assert all(share > 0.99 for period, share in whole.items() if period < "2026-07")
    assert all(share > 1.05 for part, _, share in came if part == "region=四川")


def test_every_file_of_the_shop_is_told_apart(tmp_path: Path) -> None:
    files: ShopFiles = write_shop(tmp_path, scale=0.01)
    assert len({path.name for path in files.paths}) == len(files.paths) == 23
