"""Which groups do customers form by what and how they buy, and are there such groups at all?

Method: k-means on standardised logarithms of money and pieces per purchase and on the shares of the categories
bought (where no category is known: money, pieces, purchases and days since the last one), fitted on at most 20,000
customers chosen by a hash of the account number. The number of groups, 3 to 10, by the gap statistic against
references without clusters but with the same correlations, and by stability over halves of the sample. Where groups
are no closer than without clusters they are called constructed segments (构造型分群), never natural.

Source: MacQueen (1967), Lloyd (1982); Tibshirani, Walther and Hastie (2001); Hubert and Arabie (1985).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from keguan.analysis import Analysis, Inputs
from keguan.core.period import add_months
from keguan.core.text import Text
from keguan.evidence.statistics.wilson import wilson
from keguan.models.clusters.claims import TEXT, cluster_claims
from keguan.models.clusters.columns import (
    CHOICE_COLUMNS,
    CONTRAST_COLUMNS,
    GROUP_COLUMNS,
    KEPT_COLUMNS,
    VERDICT_COLUMNS,
)
from keguan.models.clusters.contrasts import contrast_rows, facts_of, sums_sql, traits
from keguan.models.clusters.facts import SAMPLE, category_params, facts_sql, named_categories, sample_sql
from keguan.models.clusters.params import Params
from keguan.result import Figure, Note, Relation, Result, Table

if TYPE_CHECKING:
    from keguan.models.clusters.fitting import Fitted, Groups

COUNT_SQL = "SELECT count(*) AS customers FROM customer_facts WHERE purchases > 0"


def run(inputs: Inputs, params: Params) -> Result:
    """Tables groups, contrasts, choice, verdict, kept; relation clusters."""
    customers = int(inputs.query(COUNT_SQL).to_pylist()[0]["customers"])
    if customers < params.least_customers:
        return Result("clusters", notes=(_too_few(params.least_customers),))
    if any(find_spec(name) is None for name in ("sklearn", "threadpoolctl")):
        return Result("clusters", notes=(MISSING,))
    from keguan.models.clusters.fitting import fit, scored_columns

    categories = named_categories(inputs, params.taste)
    named = category_params(categories)
    sample = inputs.query(sample_sql(len(categories)), **named)
    fitted = fit(sample, len(categories), params.groups, inputs.settings.min_n)
    if fitted is None:
        return Result("clusters", notes=(ALIKE,))
    then, kept, groups = _as_of_before(inputs, fitted.groups, categories, sample, params.least_customers)
    view = inputs.scored(
        "clusters", facts_sql(len(categories)), groups, scored_columns(len(categories)),
        method=f"k-means, {fitted.used.k} groups of {fitted.customers} customers: {groups}", **named,
    )  # fmt: skip
    tables = (
        *_described(inputs, view, categories, groups),
        *_chosen(inputs, fitted, customers),
        _kept(inputs, then, kept),
    )
    result = Result("clusters", tables=tables)
    return replace(
        result,
        figures=_figures(),
        claims=cluster_claims(result),
        relations=(_relation(view),),
        notes=_notes(fitted, categories),
    )


def last_quarter_end(day: date) -> date:
    """The last end of a calendar quarter before the day."""
    first = day.replace(day=1)
    return add_months(first, -((first.month - 1) % 3)) - timedelta(days=1)


def _as_of_before(
    inputs: Inputs, groups: Groups, categories: tuple[str, ...], sample: Any, least: int
) -> tuple[date | None, tuple[int, int, float] | None, Groups]:
    """Numbers the groups by the spend of who was in them at the last quarter end; with too few then, by today's."""
    from keguan.models.clusters.fitting import kept_share, numbered

    then = last_quarter_end(inputs.as_of)
    before = inputs.at(then).query(sample_sql(len(categories)), **category_params(categories))
    if len(before) < least:
        return None, None, numbered(groups, sample)
    groups = numbered(groups, before)
    return then, kept_share(groups, before, sample), groups


def _described(inputs: Inputs, view: str, categories: tuple[str, ...], groups: Groups) -> tuple[Table, Table]:
    facts = facts_of(categories)
    sql = sums_sql(view, facts)
    found = inputs.query(sql).to_pylist()
    contrasts = contrast_rows(found, facts, groups.scale.facts, inputs.settings.min_n)
    every, money = sum(row["customers"] for row in found), float(sum(row["net_revenue"] for row in found))
    rows = []
    for row in sorted(found, key=lambda row: int(row["label"].rpartition("_")[2])):
        first, second = (*traits(contrasts, row["label"]), ("mixed", ""), (None, ""))[:2]
        rows.append(
            {
                "label": row["label"], "customers": row["customers"], "share": row["customers"] / every,
                "net_revenue": row["net_revenue"],
                "revenue_share": float(row["net_revenue"]) / money if money > 0 else None,
                "trait": first[0], "category": first[1] or None,
                "second": None if second[0] == "mixed" else second[0], "second_category": second[1] or None,
                "per_customer": float(row["net_revenue"]) / row["customers"]
                if row["customers"] >= inputs.settings.min_n
                else None,
            }
        )  # fmt: skip
    described = inputs.computed(
        "groups", Text("客户分群", "Groups of customers"), GROUP_COLUMNS, ("label",), rows,
        method="clusters.contrasts", sql=sql,
    )  # fmt: skip
    compared = inputs.computed(
        "contrasts", Text("各群与其余客户的对比", "Each group against other customers"), CONTRAST_COLUMNS,
        ("label", "fact", "category"), contrasts,
        method="clusters.contrasts: Welch on logarithms and shares, benjamini_hochberg", sql=sql,
    )  # fmt: skip
    return described, replace(compared, appendix=True)


def _chosen(inputs: Inputs, fitted: Fitted, customers: int) -> tuple[Table, Table]:
    rows = [
        {
            "k": item.k, "gap": item.gap, "error": item.error, "stability": item.stability,
            "smallest": item.smallest, "natural": item.natural, "used": item is fitted.used,
        }
        for item in fitted.tried
    ]  # fmt: skip
    used = fitted.used
    verdict = {
        "kind": "natural" if fitted.natural else "constructed",
        "facts": "taste" if fitted.groups.scale.categories else "rhythm", "k": used.k, "customers": customers,
        "sampled": fitted.customers, "gap": used.gap, "error": used.error, "stability": used.stability,
    }  # fmt: skip
    choice = inputs.computed(
        "choice", Text("群数的选择", "How the number of groups was chosen"), CHOICE_COLUMNS, ("k",), rows,
        method="clusters.choosing: k-means, gap statistic, adjusted Rand index over halves",
    )  # fmt: skip
    decided = inputs.computed(
        "verdict", Text("是否存在自然分群", "Whether there are natural groups"), VERDICT_COLUMNS, ("kind",), [verdict],
        method="clusters.choosing", inputs=("choice",),
    )  # fmt: skip
    return replace(choice, appendix=True), replace(decided, appendix=True)


def _kept(inputs: Inputs, then: date | None, kept: tuple[int, int, float] | None) -> Table:
    rows = []
    if then is not None and kept is not None and kept[0] >= inputs.settings.min_n:
        both, same, chance = kept
        ends = wilson(same, both)
        rows = [
            {
                "day": then, "customers": both, "same": same, "share": same / both, "chance": chance,
                "low": ends.low if ends else None, "high": ends.high if ends else None,
            }
        ]  # fmt: skip
    table = inputs.computed(
        "kept", Text("客户是否留在同一群", "Whether customers stay in their group"), KEPT_COLUMNS, ("day",), rows,
        method="clusters.fitting.kept_share: today's groups, facts of both days",
    )  # fmt: skip
    return replace(table, appendix=True)


def _relation(view: str) -> Relation:
    return Relation(
        "clusters",
        Text("购买内容与方式分群", "Groups by what and how customers buy"),
        f"SELECT account_no, label, CAST(CAST(distance AS DECIMAL(18, 4)) AS VARCHAR) AS score FROM {view}",
        vocabulary="cluster",
    )


def _figures() -> tuple[Figure, ...]:
    return (
        Figure(
            "groups", "bar", Text("各群的客户占比与净消费占比", "Shares of customers and of net spend by group"), "groups",
            "label", ("share", "revenue_share"),
        ),
    )  # fmt: skip


MISSING = Note(
    Text(
        '分群需要可选组件 scikit-learn，请先安装：pip install "keguan[ml]"',
        'Groups need the optional scikit-learn; install it: pip install "keguan[ml]"',
    ),
    "missing",
)
ALIKE = Note(
    Text(
        "客户在每笔金额、件数、类目上的取值太少，分不出 3 群，本节不予给出",
        "Customers differ in too few values of money, pieces and category for 3 groups; this section is withheld",
    ),
    "withheld",
)


def _too_few(least: int) -> Note:
    says = Text(
        f"有购买的客户少于 {least} 位，不作分群，请看逐户列表",
        f"Fewer than {least} customers with a purchase: no groups are made; see the list of accounts",
    )
    return Note(says, "withheld")


def _notes(fitted: Fitted, categories: tuple[str, ...]) -> tuple[Note, ...]:
    notes = []
    if fitted.customers == SAMPLE:
        says = Text(
            f"群由按账户号散列选出的 {SAMPLE:,} 位客户建立，全部客户归入最近的群",
            f"Groups were made of {SAMPLE:,} customers chosen by a hash of the account number; every customer is in the "
            "nearest one",
        )
        notes.append(Note(says))
    if not categories:
        says = Text(
            "没有商品类目，按金额、件数、次数与近度分群；导入带类目的商品资料后可按购买内容分群",
            "No product categories: groups rest on money, pieces, purchases and recency; import products with categories "
            "to group by what is bought",
        )
        notes.append(Note(says, "missing"))
    return tuple(notes)


ANALYSIS = Analysis(
    name="clusters",
    title=Text("客户聚类", "Clusters of customers"),
    question=Text(
        "按买什么、怎么买，客户形成哪些群，这些群是否真实存在？",
        "Which groups do customers form by what and how they buy, and are there such groups at all?",
    ),
    section="structure",
    params=Params,
    run=run,
    text=TEXT,
    reads=("customer_facts", "order_lines", "products"),
    order=80,
)
