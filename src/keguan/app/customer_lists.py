"""Lists of customers: those of a segment, by owner and branch, and all with their tags. Consent is respected.

A customer whose last word on a purpose is a refusal is in no list for that purpose; how many were left out is told.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from keguan.app.analyse import Session
from keguan.app.segments import no_label
from keguan.core.errors import UsageError, Where
from keguan.core.period import window_start
from keguan.core.text import Text, same
from keguan.engine.literals import bound, quoted
from keguan.marts.metrics import NET_REVENUE
from keguan.marts.refusals import refused_sql
from keguan.result import Relation

ALWAYS = ("analysis", "profiling")  # a list of customers by segment or tag is both
LISTED = 20


@dataclass(frozen=True)
class Choice:
    """Whom a list is to hold; None: everybody. `purpose`: what it is for, beside analysis and profiling."""

    label: str | None = None
    owner: str | None = None
    branch: str | None = None
    purpose: str | None = None


@dataclass(frozen=True)
class CustomerList:
    """Rows of a list, and how many customers refused to be in it."""

    rows: pa.Table
    refused: int


def members(session: Session, relation: Relation, choice: Choice) -> CustomerList:
    """Customers of a segmentation with the facts a list needs; UsageError lists labels, owners or branches."""
    inputs, rule = session.inputs, bound(relation.sql, relation.params)
    window = {name: value for name, value in relation.params.items() if name == "from_day"}
    _known_label(session, relation, choice)
    _known(session, "owner", choice.owner)
    _known(session, "branch", choice.branch)
    wanted = {"r.label": choice.label, "c.owner": choice.owner, "c.branch": choice.branch}
    where = " AND ".join(f"{name} = {quoted(value)}" for name, value in wanted.items() if value is not None)
    rows = f"""
        FROM ({rule}) r
        LEFT JOIN customers c ON c.account_no = r.account_no
        LEFT JOIN customer_facts f ON f.account_no = r.account_no
        LEFT JOIN ({refused_sql(_purposes(choice))}) n ON n.account_no = r.account_no
        WHERE {where or "TRUE"}"""
    found = inputs.query(
        f"""
        SELECT c.customer_id, c.name, c.kind, c.province, c.city, c.owner, c.branch, r.account_no, r.label, r.score,
               f.last_purchase_on, f.purchases, f.net_revenue {rows} AND n.account_no IS NULL
        ORDER BY f.net_revenue DESC NULLS LAST, c.customer_id, r.account_no
        """,
        **window,
    )
    refused = inputs.query(f"SELECT count(*) AS n {rows} AND n.account_no IS NOT NULL", **window)
    return CustomerList(found, int(refused.to_pylist()[0]["n"]))


def tagged(session: Session, choice: Choice) -> CustomerList:
    """Every known customer with segment and tags, as the table of basic information and tags has them."""
    inputs = session.inputs
    rfm, base, behaviour, need = (
        inputs.segment(name) for name in ("rfm", "tags_base", "tags_behaviour", "tags_need")
    )
    _known(session, "owner", choice.owner)
    _known(session, "branch", choice.branch)
    wanted = {"c.owner": choice.owner, "c.branch": choice.branch}
    where = " AND ".join(f"{name} = {quoted(value)}" for name, value in wanted.items() if value is not None)
    # Those of the base are every known customer: the customer list and whoever ordered.
    rows = f"""
        FROM {base} k
        LEFT JOIN customers c ON c.account_no = k.account_no
        LEFT JOIN customer_facts f ON f.account_no = k.account_no
        LEFT JOIN spent s ON s.account_no = k.account_no
        LEFT JOIN {rfm} r ON r.account_no = k.account_no
        LEFT JOIN {behaviour} b ON b.account_no = k.account_no
        LEFT JOIN {need} d ON d.account_no = k.account_no
        LEFT JOIN ({refused_sql(_purposes(choice))}) n ON n.account_no = k.account_no
        WHERE {where or "TRUE"}"""
    spent = f"""
        WITH spent AS (
          SELECT account_no, {NET_REVENUE.sql} AS net FROM purchases
          WHERE account_no IS NOT NULL AND day >= $half_year GROUP BY account_no
        )"""
    window = {"half_year": window_start(inputs.as_of, 6)}
    found = inputs.query(
        f"""{spent}
        SELECT c.customer_id, c.name, c.industry_code, c.size_revenue,
               coalesce(c.province, CASE WHEN f.first_region <> '待核实' THEN f.first_region END) AS region,
               f.last_purchase_on, coalesce(s.net, CAST(0 AS DECIMAL(18, 4))) AS spent, r.label AS rfm,
               c.industry_code AS industry_tag, b.label AS behaviour_tags, d.label AS need_tags, c.owner
        {rows} AND n.account_no IS NULL
        ORDER BY spent DESC, c.customer_id, k.account_no
        """,
        **window,
    )
    refused = inputs.query(f"{spent} SELECT count(*) AS n {rows} AND n.account_no IS NOT NULL", **window)
    return CustomerList(found, int(refused.to_pylist()[0]["n"]))


def _purposes(choice: Choice) -> tuple[str, ...]:
    return ALWAYS if choice.purpose is None else (*ALWAYS, choice.purpose.lower())


def _known_label(session: Session, relation: Relation, choice: Choice) -> None:
    counted = session.inputs.query(
        f"SELECT label, count(*) AS n FROM ({relation.sql}) r GROUP BY label ORDER BY label",
        **dict(relation.params),
    ).to_pylist()
    counts = {row["label"]: row["n"] for row in counted}
    if choice.label is not None and choice.label not in counts:
        raise no_label(choice.label, counts, relation.vocabulary)


def _known(session: Session, column: str, value: str | None) -> None:
    """UsageError lists the owners or branches there are, those with most customers first."""
    if value is None:
        return
    sql = f"""
        SELECT {column} AS name, count(*) AS n FROM customers WHERE {column} IS NOT NULL
        GROUP BY {column} ORDER BY n DESC, name"""
    names = [row["name"] for row in session.inputs.query(sql).to_pylist()]
    if value not in names:
        listed = ", ".join(names[:LISTED]) + (f" … {len(names)}" if len(names) > LISTED else "")
        raise UsageError(
            Text("没有这样的责任人或分支机构", "There is no such owner or branch"),
            Where(setting=f"--{column}"),
            found=value,
            allowed=same(listed or "-"),
            do=Text(
                "改正后重试；没有时先导入客户表的这一列",
                "correct it; where there is none, import that column of the customers",
            ),
        )
