"""Who are the customers, what do they spend, and what do those with high purchasing power have in common?

Method: customers are all of the customer file and of orders; who never ordered counts with 0. Persons are crossed
by age band, gender and place, companies by section of GB/T 4754 and size; shares add up over the rows shown, the
unknown is a row of its own. Each trait value's spend per customer has a bootstrap interval and is compared with
the other customers of known value by the log ratio of means, plain and with each customer's spend capped where the
top 1 % begins (a difference has to hold in both). Customers with high purchasing power (the top 20 % by net spend,
or class A) are compared with other buyers by two proportions, TGI with Koopman's score interval. All tests of a
table are corrected together (Benjamini-Hochberg).

Source: Koopman (1984); Efron and Tibshirani (1993); Benjamini and Hochberg (1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from keguan.analyses.profile.claims import TEXT, profile_claims
from keguan.analyses.profile.columns import BUYERS, CUSTOMERS, REVENUE
from keguan.analyses.profile.crossed import base_table, companies_table, spend_table
from keguan.analyses.profile.dimensions import dimensions_table
from keguan.analyses.profile.notes import profile_notes
from keguan.analyses.profile.params import Params
from keguan.analyses.profile.power import group_table, members, power_sql, power_table
from keguan.analyses.profile.traits import CUTS_SQL, counts_sql, gaps_table, trait_sums, traits_table
from keguan.analysis import Analysis, Inputs
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.marts.profile_traits import HOME_SQL, Sources, trait_params, traits_sql
from keguan.result import Column, Figure, Note, Result, Table

EVERYBODY = (
    Column("base", Text("范围", "Base"), "label", role="key", vocabulary="unknown"),
    CUSTOMERS,
    Column("without_order", Text("从未下单", "Never ordered"), "count"),
    BUYERS,
    REVENUE,
)


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: everybody, base, spend, companies, traits, gaps, dimensions, group, power."""
    bound = _bound(inputs, params)
    sources = Sources(
        attributes=inputs.has("customer_attributes"),
        roles=inputs.has_values("contact_persons", "role"),
        deliveries=inputs.has_values("orders", "region") and inputs.has_values("customers", "province"),
    )
    traits = traits_sql(params.bands, sources)
    base = base_table(inputs, params, bound)
    if not len(base.rows):
        nobody = Text(
            "没有客户资料，也没有带客户编号的订单",
            "There is no customer file and no order with a customer id",
        )
        return Result("profile", tables=(base,), notes=(Note(nobody, "missing"),))
    counted = counts_sql(traits)
    found = trait_sums(inputs, counted, bound)
    member = members(inputs, params)
    dimensions = dimensions_table(inputs, found)
    tables: tuple[Table, ...] = (
        _everybody(inputs, base),
        base,
        spend_table(inputs, params, bound),
        companies_table(inputs, params, bound),
        traits_table(inputs, found, params.bands, counted, bound),
        group_table(inputs, params, member, bound),
        power_table(inputs, power_sql(traits, member), bound),
        dimensions,
        gaps_table(inputs, found),
    )
    tables = tuple(
        replace(table, appendix=table.id in ("everybody", "gaps", "group") or not len(table.rows))
        for table in tables
    )
    result = Result("profile", tables=tables)
    return Result(
        "profile",
        tables=tables,
        figures=_figures(result),
        claims=profile_claims(result, params, inputs.settings.min_n),
        notes=profile_notes(inputs, found, dimensions, bound),
    )


def _bound(inputs: Inputs, params: Params) -> dict[str, Any]:
    """Every parameter of the queries."""
    home = inputs.query(HOME_SQL).to_pylist()
    since = window_start(inputs.as_of, params.window_months)
    mille = round(params.top_share * 1000)
    cuts = inputs.query(CUTS_SQL, from_day=since, mille=mille).to_pylist()[0]
    return {
        **trait_params(
            inputs.as_of, inputs.settings.timezone, home[0]["country"] if home else "", params.max_values,
            params.max_attributes,
        ),
        "from_day": since, "cap": cuts["cap"], "cut": cuts["cut"], "min_n": inputs.settings.min_n,
        "min_cell": params.min_cell, "regions": params.regions,
    }  # fmt: skip


def _everybody(inputs: Inputs, base: Table) -> Table:
    rows = base.records()
    names = ("customers", "without_order", "buyers", "net_revenue")
    total = {"base": "全部", **{name: sum(row[name] for row in rows) for name in names}}
    return inputs.computed(
        "everybody",
        Text("全部客户", "All customers"),
        EVERYBODY,
        ("base",),
        [total],
        method="profile.run",
        inputs=("base",),
    )


def _figures(result: Result) -> tuple[Figure, ...]:
    drawn: Sequence[tuple[str, Text]] = (
        ("age", Text("各年龄段人均消费", "Spend per customer by age")),
        ("place", Text("各地区人均消费", "Spend per customer by place")),
    )
    traits = result.table("traits").records()
    return tuple(
        Figure(f"by_{trait}", "bar", title, "traits", "value", ("per_customer",), low="low", high="high",
               where={"family": "person", "trait": trait})
        for trait, title in drawn
        if sum(row["family"] == "person" and row["trait"] == trait and row["per_customer"] is not None for row in traits) > 1
    )  # fmt: skip


ANALYSIS = Analysis(
    name="profile",
    title=Text("客户画像", "Customer profile"),
    question=Text(
        "客户是谁、消费多少，高购买力的客户有哪些共同特征？",
        "Who are the customers, what do they spend, and what do those with high purchasing power share?",
    ),
    section="profile",
    params=Params,
    run=run,
    text=TEXT,
    reads=(
        "customers",
        "customer_attributes",
        "contact_persons",
        "orders",
        "order_lines",
        "purchases",
        "customer_facts",
    ),
    needs=("customers",),
    uses=("abc_class",),
    order=10,
)
