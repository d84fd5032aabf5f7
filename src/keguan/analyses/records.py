"""How complete and fresh are the customer records, and who is responsible for whom: owners missing, double, in dispute?

Method: share of records with a value, for each column over the records that it applies to (traits of persons for
persons, of companies for companies, all where the kind is not known); by branch and owner over all applicable
cells. Freshness: days since anything was last heard of the customer (registration, order, contact, feedback).
Disputes: one account, one customer id, or one key (masked keys apart) under more than one owner.

Source: completeness and timeliness as in DAMA-DMBOK (2017); counts of complete records, no estimates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from keguan.analysis import Analysis, Inputs, param
from keguan.core.text import Text
from keguan.result import Cell, Claim, Column, Figure, Note, Result
from keguan.schema.vocabulary import UNKNOWN

_ALL, _PERSON, _COMPANY = (
    "1 = 1",
    "(kind IS NULL OR lower(kind) <> 'company')",
    "(kind IS NULL OR lower(kind) <> 'person')",
)
# Column -> the records it applies to.
APPLIES = {
    "name": _ALL, "kind": _ALL, "gender": _PERSON, "birth_date": _PERSON, "occupation": _PERSON, "income": _PERSON,
    "education": _PERSON, "industry_code": _COMPANY, "size_staff": _COMPANY, "size_revenue": _COMPANY,
    "founded_on": _COMPANY, "country": _ALL, "province": _ALL, "city": _ALL, "acquired_channel": _ALL,
    "registered_at": _ALL, "owner": _ALL, "branch": _ALL, "credit_grade": _COMPANY, "member_level": _PERSON,
}  # fmt: skip


@dataclass(frozen=True)
class Params:
    """After how many days without news a record is stale, and how many disputes are listed."""

    stale_days: int = param(365, "多少天没有动静算陈旧", "days without news after which a record is stale")
    listed: int = param(50, "列出多少处归属争议", "how many disputes are listed")


BASE = Text("客户档案", "customer records")
TEXT: Mapping[str, Text] = {
    "complete": Text(
        "{records} 份客户档案中，适用的单元格填写了 {share}；缺得最多的是「{column}」，填写 {filled}（n={n}，{base}）。",
        "Of {records} customer records {share} of the applicable cells are filled; the emptiest column is '{column}' with "
        "{filled} (n={n}, {base}).",
    ),
    "owners": Text(
        "{missing} 份客户档案没有责任人，涉及累计净销售额 {money}（n={n}，{base}）。",
        "{missing} customer records have no owner; {money} of net revenue to date is theirs (n={n}, {base}).",
    ),
    "disputes": Text(
        "{disputes} 处客户归属争议（同一客户有不同的责任人），涉及累计净销售额 {money}（n={n}，{base}）。",
        "{disputes} customers are claimed by more than one owner; {money} of net revenue to date is theirs (n={n}, {base}).",
    ),
    "stale": Text(
        "{stale} 份客户档案超过 {days} 天没有任何动静（注册、下单、触达、反馈）（n={n}，{base}）。",
        "{stale} customer records have had no news (registration, order, contact, feedback) for over {days} days "
        "(n={n}, {base}).",
    ),
}  # fmt: skip

COLUMN_COLUMNS = (
    Column("column_name", Text("列", "Column"), "label", role="key", vocabulary="column"),
    Column("applicable", Text("适用的档案", "Records it applies to"), "count"),
    Column("filled", Text("已填写", "Filled"), "count"),
    Column("share", Text("填写率", "Share filled"), "share"),
)
GROUP_COLUMNS = (
    Column("dimension", Text("维度", "By"), "label", role="key", vocabulary="column"),
    Column("part", Text("分组", "Group"), "label", role="key", vocabulary="unknown"),
    Column("records", Text("档案数", "Records"), "count"),
    Column("filled", Text("填写率", "Share filled"), "share"),
    Column("stale", Text("陈旧档案", "Stale records"), "count"),
    Column("unowned", Text("无责任人", "Without owner"), "count"),
)
FRESH_COLUMNS = (
    Column("band", Text("距最近动静", "Since last news"), "label", role="key", vocabulary="news_band"),
    Column("records", Text("档案数", "Records"), "count"),
    Column("share", Text("占比", "Share"), "share"),
)
OWNER_COLUMNS = (
    Column("issue", Text("问题", "Issue"), "label", role="key", vocabulary="owner_issue"),
    Column("cases", Text("处数", "Cases"), "count"),
    Column("net_revenue", Text("涉及累计净销售额", "Net revenue to date"), "money"),
)
DISPUTE_COLUMNS = (
    Column("place", Text("序", "No."), "count", role="key"),
    Column("issue", Text("问题", "Issue"), "label", vocabulary="owner_issue"),
    Column("account", Text("账户", "Account"), "text", note=Text("工作区内的客户编号", "the customer's number in the workspace")),
    Column("other_account", Text("另一账户", "Other account"), "text"),
    Column("owner", Text("责任人", "Owner"), "text"),
    Column("other_owner", Text("另一责任人", "Other owner"), "text"),
    Column("net_revenue", Text("累计净销售额", "Net revenue to date"), "money"),
)  # fmt: skip
TOTAL_COLUMNS = (
    Column("what", Text("范围", "Scope"), "label", role="key", vocabulary="unknown"),
    Column("records", Text("档案数", "Records"), "count"),
    Column("filled", Text("填写率", "Share filled"), "share"),
    Column("stale", Text("陈旧档案", "Stale records"), "count"),
    Column("days", Text("陈旧界限（天）", "Stale after (days)"), "count"),
)

_FILLED = " + ".join(
    f"CASE WHEN {on} AND {name} IS NOT NULL THEN 1 ELSE 0 END" for name, on in APPLIES.items()
)
_CELLS = " + ".join(f"CASE WHEN {on} THEN 1 ELSE 0 END" for on in APPLIES.values())
COLUMNS_SQL = "\nUNION ALL\n".join(
    f"SELECT {place} AS place, '{name}' AS column_name, sum(CASE WHEN {on} THEN 1 ELSE 0 END) AS applicable, "
    f"sum(CASE WHEN {on} AND {name} IS NOT NULL THEN 1 ELSE 0 END) AS filled FROM customers"
    for place, (name, on) in enumerate(APPLIES.items())
)
SEEN = f"""
news AS (
  SELECT account_no, max(day) AS day FROM (
    SELECT account_no, last_order_on AS day FROM customer_facts
    UNION ALL SELECT account_no, day FROM contacts WHERE account_no IS NOT NULL
    UNION ALL SELECT account_no, day FROM feedback WHERE account_no IS NOT NULL
  ) n GROUP BY account_no
), seen AS (
  SELECT c.owner, c.branch, c.filled, c.cells,
         date_diff('day', greatest(coalesce(n.day, c.since), coalesce(c.since, n.day)), $as_of) AS silent
  FROM (SELECT account_no, owner, branch, coalesce(registered_on, CAST(registered_at AS DATE)) AS since,
               {_FILLED} AS filled, {_CELLS} AS cells
        FROM customers) c
  LEFT JOIN news n ON n.account_no = c.account_no
)"""
_GROUPED = """count(*) AS records, CAST(sum(filled) AS DOUBLE) / nullif(sum(cells), 0) AS filled,
       sum(CASE WHEN silent > $stale_days THEN 1 ELSE 0 END) AS stale"""
TOTAL_SQL = (
    f"WITH {SEEN}\nSELECT '全部' AS what, {_GROUPED}, $stale_days AS days FROM seen HAVING count(*) > 0"
)
GROUPS_SQL = f"""
WITH {SEEN}, long AS (
  SELECT 'branch' AS dimension, coalesce(branch, '{UNKNOWN}') AS part, s.* FROM seen s
  UNION ALL SELECT 'owner', coalesce(owner, '{UNKNOWN}'), s.* FROM seen s
)
SELECT dimension, part, {_GROUPED}, sum(CASE WHEN owner IS NULL THEN 1 ELSE 0 END) AS unowned
FROM long GROUP BY dimension, part ORDER BY dimension, records DESC, part LIMIT 300
"""
FRESH_SQL = f"""
WITH {SEEN}, banded AS (
  SELECT CASE WHEN silent IS NULL THEN 'never' WHEN silent <= 90 THEN '90' WHEN silent <= 180 THEN '180'
              WHEN silent <= 365 THEN '365' ELSE 'older' END AS band FROM seen
)
SELECT band, count(*) AS records, CAST(count(*) AS DOUBLE) / sum(count(*)) OVER () AS share
FROM banded GROUP BY band
ORDER BY CASE band WHEN '90' THEN 1 WHEN '180' THEN 2 WHEN '365' THEN 3 WHEN 'older' THEN 4 ELSE 5 END
"""
# Customers under several owners, each case once: by account, by customer id over accounts, by key over accounts.
DISPUTES = """
owned AS (
  SELECT account_no, customer_id, owner FROM customers WHERE owner IS NOT NULL
), cases AS (
  SELECT 'account' AS issue, min(account_no) AS account_no, max(account_no) AS other_no,
         min(owner) AS owner, max(owner) AS other_owner
  FROM owned WHERE account_no IS NOT NULL GROUP BY account_no HAVING count(DISTINCT owner) > 1
  UNION ALL
  SELECT 'customer_id', min(account_no), max(account_no), min(owner), max(owner)
  FROM owned GROUP BY customer_id HAVING count(DISTINCT owner) > 1 AND count(DISTINCT account_no) > 1
  UNION ALL
  SELECT 'key', min(k.account_no), max(k.account_no), min(o.owner), max(o.owner)
  FROM customer_keys k JOIN owned o ON o.account_no = k.account_no
  WHERE k.key_type <> 'account' AND NOT contains(k.key_value, '*')
  GROUP BY k.key_type, k.key_value HAVING count(DISTINCT o.owner) > 1 AND count(DISTINCT k.account_no) > 1
), valued AS (
  SELECT c.issue, c.account_no, c.other_no, c.owner, c.other_owner,
         coalesce(f.net_revenue, 0)
           + CASE WHEN c.other_no <> c.account_no THEN coalesce(g.net_revenue, 0) ELSE 0 END AS net_revenue
  FROM cases c
  LEFT JOIN customer_facts f ON f.account_no = c.account_no
  LEFT JOIN customer_facts g ON g.account_no = c.other_no
)"""
OWNERS_SQL = f"""
WITH {DISPUTES}, unowned AS (
  SELECT account_no, count(owner) AS owners FROM customers WHERE account_no IS NOT NULL GROUP BY account_no
)
SELECT 'none' AS issue, count(*) AS cases, coalesce(sum(f.net_revenue), 0) AS net_revenue
FROM unowned u LEFT JOIN customer_facts f ON f.account_no = u.account_no WHERE u.owners = 0
UNION ALL
SELECT 'dispute', count(*), coalesce(sum(net_revenue), 0) FROM valued
UNION ALL
SELECT issue, count(*), sum(net_revenue) FROM valued GROUP BY issue
ORDER BY issue
"""
DISPUTES_SQL = f"""
WITH {DISPUTES}, ranked AS (
  SELECT *, row_number() OVER (ORDER BY net_revenue DESC, issue, account_no, other_no, owner, other_owner) AS place FROM valued
)
SELECT place, issue, CAST(account_no AS VARCHAR) AS account, CAST(other_no AS VARCHAR) AS other_account, owner, other_owner,
       net_revenue
FROM ranked WHERE place <= $listed ORDER BY place
"""


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: total, columns, groups, freshness, ownership, disputes."""
    if not inputs.has("customers"):
        says = Text(
            "没有客户档案；导入客户表（客户编号、名称、地区、责任人 ...）即可检查完整与归属",
            "There are no customer records; import a customers table (id, name, region, owner ...) to check them",
        )
        return Result("records", notes=(Note(says, "missing"),))
    stale = params.stale_days
    columns_sql = f"""
SELECT column_name, applicable, filled, CAST(filled AS DOUBLE) / nullif(applicable, 0) AS share
FROM ({COLUMNS_SQL}) c WHERE applicable > 0 ORDER BY place
"""
    tables = (
        inputs.table("total", Text("客户档案", "Customer records"), TOTAL_COLUMNS, ("what",), TOTAL_SQL, stale_days=stale),
        inputs.table("columns", Text("各列填写率", "Share filled by column"), COLUMN_COLUMNS, ("column_name",), columns_sql),
        inputs.table("groups", Text("按分支机构与责任人", "By branch and owner"), GROUP_COLUMNS, ("dimension", "part"),
                     GROUPS_SQL, stale_days=stale),
        inputs.table("freshness", Text("距最近动静", "Since last news"), FRESH_COLUMNS, ("band",), FRESH_SQL),
        inputs.table("ownership", Text("责任人缺失与争议", "Owners missing and in dispute"), OWNER_COLUMNS, ("issue",),
                     OWNERS_SQL),
        inputs.table("disputes", Text("归属争议", "Disputes"), DISPUTE_COLUMNS, ("place",), DISPUTES_SQL, listed=params.listed),
    )  # fmt: skip
    result = Result(
        "records", tables=tuple(replace(t, appendix=t.id in ("total", "groups", "freshness")) for t in tables)
    )
    figure = Figure(
        "columns",
        "bar",
        Text("客户档案各列的填写率", "Share filled by column"),
        "columns",
        "column_name",
        ("share",),
    )
    return replace(result, figures=(figure,), claims=tuple(_claims(result)))


def _claims(result: Result) -> Iterator[Claim]:
    total = result.table("total").records()[0]
    whole, n = {"what": "全部"}, total["records"]
    emptiest = min(result.table("columns"), key=lambda row: (row["share"], row["column_name"]))
    yield Claim(
        "complete", "records/complete",
        {
            "records": Cell("total", whole, "records"), "share": Cell("total", whole, "filled"),
            "filled": Cell("columns", {"column_name": emptiest["column_name"]}, "share"),
        },
        n, BASE, labels={"column": (emptiest["column_name"], "column")}, topic="records", summary=False, figure="columns",
    )  # fmt: skip
    for says, issue, cases in (("owners", "none", "missing"), ("disputes", "dispute", "disputes")):
        row = result.table("ownership").find({"issue": issue})
        if row is not None and row["cases"]:
            at = {"issue": issue}
            yield Claim(
                says, f"records/{says}",
                {cases: Cell("ownership", at, "cases"), "money": Cell("ownership", at, "net_revenue")},
                n, BASE, topic=f"records_{says}", money=max(0.0, float(row["net_revenue"])), certainty=0.3,
                summary=row["cases"] * 2 <= n,  # where most have none, owners are not used
            )  # fmt: skip
    if total["stale"]:
        yield Claim(
            "stale", "records/stale", {"stale": Cell("total", whole, "stale"), "days": Cell("total", whole, "days")},
            n, BASE, topic="records_stale", summary=False,
        )  # fmt: skip


ANALYSIS = Analysis(
    name="records",
    title=Text("客户档案", "Customer records"),
    question=Text(
        "客户档案是否完整、新鲜，谁负责谁，有没有缺责任人或归属争议？",
        "How complete and fresh are the customer records, and are owners missing or in dispute?",
    ),
    section="data",
    params=Params,
    run=run,
    text=TEXT,
    reads=("customers", "customer_keys", "customer_facts", "contacts", "feedback"),
    needs=("customers",),
    order=60,
)
