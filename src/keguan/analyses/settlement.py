"""Who pays when: due and paid, overdue and for how long, money in and out, by customer and credit grade.

Method: sums of recorded payments as of the day. A payment is in time when paid on its due day or before; share in time with
Wilson's interval, each credit grade against all others (Benjamini-Hochberg); days late by their median (order statistics). A
payment still open counts as late once its day has passed, and its days late are those until now (at least).

Source: Wilson (1927); Conover (1999); Benjamini and Hochberg (1995).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from keguan.analysis import Analysis, Inputs, param
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.corrected import corrected
from keguan.evidence.statistics.median_of_counts import median_of_counts
from keguan.evidence.statistics.two_proportions import two_proportions
from keguan.evidence.statistics.wilson import wilson
from keguan.result import Cell, Claim, Column, Figure, Note, Result, Table, Test
from keguan.schema.vocabulary import UNKNOWN

FALSE_DISCOVERY = 0.05
WHOLE = {"grade": "*"}


@dataclass(frozen=True)
class Params:
    """Parameters of the analysis."""

    accounts: int = param(20, "列出逾期最多的几位客户", "how many customers with the largest overdue amount")


TEXT = {
    "overdue": Text(
        "截至报告日，{overdue} 已到期未付，占到期金额的 {share}，涉及 {accounts} 位客户（n={n}，{base}）。",
        "{overdue} is due and unpaid, {share} of all that was due, from {accounts} customers (n={n}, {base}).",
    ),
    "none": Text("到期款项均已付清（n={n}，{base}）。", "All that was due has been paid (n={n}, {base})."),
    "in_time": Text(
        "到期款项中 {share} 按时付清（95% 区间 {low} 至 {high}）；晚付的中位数 {late} 天（n={n}，{base}）。",
        "Of the payments due {share} were paid in time (95% interval {low} to {high}); those late by {late} days "
        "(median; n={n}, {base}).",
    ),
    "grade": Text(
        "信用等级「{grade}」的款项 {share} 按时付清（95% 区间 {low} 至 {high}），显著低于其他等级的 {rest}（n={n}，{base}）。",
        "Of the payments of credit grade '{grade}' {share} were paid in time (95% interval {low} to {high}), "
        "significantly lower than {rest} of the "
        "other grades (n={n}, {base}).",
    ),
    "account": Text(
        "逾期最多的是账户 {account}：{overdue}，最早的一笔已逾期 {days} 天（n={n}，{base}）。",
        "The largest overdue amount is that of account {account}: {overdue}, the oldest payment {days} days late "
        "(n={n}, {base}).",
    ),
}

# One row a payment: money in is positive. Late days of an open payment are those until the as-of day.
_PAYMENTS = f"""
payments_then AS (
  SELECT p.payment_id, p.account_no, p.amount, p.due_on, p.paid_on, p.order_id,
         CASE WHEN p.amount > 0 AND p.due_on <= $as_of THEN 1 ELSE 0 END AS is_due,
         CASE WHEN p.amount > 0 AND p.due_on < $as_of AND p.paid_on IS NULL THEN 1 ELSE 0 END AS is_overdue,
         CASE WHEN p.amount > 0 AND p.due_on <= $as_of AND p.paid_on <= p.due_on THEN 1 ELSE 0 END AS in_time,
         date_diff('day', p.due_on, coalesce(p.paid_on, $as_of)) AS late_days
  FROM payments p
), grades AS (
  SELECT account_no, max(credit_grade) AS grade, max(settlement_cycle_days) AS cycle FROM customers
  WHERE account_no IS NOT NULL GROUP BY account_no
), graded AS (
  SELECT p.*, coalesce(g.grade, '{UNKNOWN}') AS grade,
  g.cycle FROM payments_then p LEFT JOIN grades g ON g.account_no = p.account_no
)"""
_SUMS = """count(*) AS payments, count(DISTINCT account_no) AS accounts,
       CAST(sum(is_due) AS BIGINT) AS due_count, CAST(sum(in_time) AS BIGINT) AS in_time,
       sum(CASE WHEN is_due = 1 THEN amount ELSE 0 END) AS due,
       sum(CASE WHEN is_due = 1 AND paid_on IS NOT NULL THEN amount ELSE 0 END) AS paid,
       sum(CASE WHEN is_overdue = 1 THEN amount ELSE 0 END) AS overdue,
       count(DISTINCT CASE WHEN is_overdue = 1 THEN account_no END) AS overdue_accounts,
       sum(CASE WHEN paid_on IS NOT NULL AND amount > 0 THEN amount ELSE 0 END) AS money_in,
       sum(CASE WHEN paid_on IS NOT NULL AND amount < 0 THEN -amount ELSE 0 END) AS money_out"""
GRADES_SQL = f"""
WITH {_PAYMENTS}
SELECT '*' AS grade, {_SUMS} FROM graded HAVING count(*) > 0
UNION ALL
SELECT grade, {_SUMS} FROM graded GROUP BY grade
ORDER BY grade
"""
LATE_SQL = f"""
WITH {_PAYMENTS}
SELECT grade, late_days, count(*) AS payments FROM graded WHERE is_due = 1 AND late_days > 0 AND in_time = 0
GROUP BY grade, late_days ORDER BY grade, late_days
"""
AGE_SQL = f"""
WITH {_PAYMENTS}, aged AS (
  SELECT account_no, amount,
         CASE WHEN late_days <= 30 THEN '1-30' WHEN late_days <= 60 THEN '31-60'
              WHEN late_days <= 90 THEN '61-90' ELSE '90+' END AS age
  FROM graded WHERE is_overdue = 1
)
SELECT age, count(*) AS payments, count(DISTINCT account_no) AS accounts, sum(amount) AS overdue
FROM aged GROUP BY age ORDER BY age
"""
# The agreed cycle beside the days from the order (else the due day less the cycle) to the payment.
ACCOUNTS_SQL = f"""
WITH {_PAYMENTS}, ordered AS (
  SELECT order_id, min(day) AS order_day FROM orders WHERE order_id IN (SELECT order_id FROM payments) GROUP BY order_id
), by_account AS (
  SELECT g.account_no, max(g.grade) AS grade, max(g.cycle) AS cycle,
         sum(CASE WHEN is_due = 1 THEN amount ELSE 0 END) AS due,
         sum(CASE WHEN is_due = 1 AND paid_on IS NOT NULL THEN amount ELSE 0 END) AS paid,
         sum(CASE WHEN is_overdue = 1 THEN amount ELSE 0 END) AS overdue,
         max(CASE WHEN is_overdue = 1 THEN late_days END) AS oldest,
         median(CAST(CASE WHEN g.paid_on IS NOT NULL AND g.amount > 0 THEN date_diff('day', o.order_day,
         g.paid_on) END AS DOUBLE)) AS actual,
         sum(CASE WHEN paid_on IS NOT NULL AND amount > 0 THEN amount ELSE 0 END) AS money_in,
         sum(CASE WHEN paid_on IS NOT NULL AND amount < 0 THEN -amount ELSE 0 END) AS money_out,
         count(*) AS payments
  FROM graded g LEFT JOIN ordered o ON o.order_id = g.order_id
  WHERE g.account_no IS NOT NULL GROUP BY g.account_no
)
SELECT CAST(account_no AS VARCHAR) AS account, grade, due, paid, overdue, oldest, cycle, actual, money_in, money_out, payments
FROM by_account ORDER BY overdue DESC, due DESC, account_no LIMIT $accounts
"""
MONTHS_SQL = f"""
WITH {_PAYMENTS}, moved AS (
  SELECT year(paid_on) * 12 + month(paid_on) - 1 AS month_no, amount FROM graded WHERE paid_on IS NOT NULL
)
SELECT CAST(CAST(floor(month_no / 12) AS INTEGER) AS VARCHAR) || '-'
         || right('0' || CAST(month_no % 12 + 1 AS VARCHAR), 2) AS month,
       sum(CASE WHEN amount > 0 THEN amount ELSE 0 END) AS money_in,
       sum(CASE WHEN amount < 0 THEN -amount ELSE 0 END) AS money_out, count(*) AS payments
FROM moved GROUP BY month_no ORDER BY month
"""

DUE = Column("due", Text("到期金额", "Amount due"), "money")
PAID = Column("paid", Text("其中已付", "Of it paid"), "money")
OVERDUE = Column("overdue", Text("逾期未付", "Overdue"), "money")
IN = Column("money_in", Text("收款", "Money in"), "money")
OUT = Column(
    "money_out",
    Text("付出", "Money out"),
    "money",
    note=Text("负数款项，如退款", "negative payments, such as refunds"),
)
PAYMENTS = Column("payments", Text("款项数", "Payments"), "count")
GRADE_COLUMNS = (
    Column("grade", Text("信用等级", "Credit grade"), "label", role="key", vocabulary="unknown"),
    Column("accounts", Text("客户数", "Customers"), "count"),
    PAYMENTS,
    DUE,
    PAID,
    OVERDUE,
    Column("overdue_share", Text("逾期占到期", "Overdue of due"), "share"),
    Column("overdue_accounts", Text("逾期客户", "Customers overdue"), "count"),
    Column("due_count", Text("到期款项数", "Payments due"), "count"),
    Column("share", Text("按时付清", "Paid in time"), "share"),
    Column("low", Text("区间下限", "Interval from"), "share", role="low", note=Text("Wilson 95% 区间", "Wilson 95% interval")),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
    Column("rest", Text("其他等级", "Other grades"), "share"),
    Column("q", Text("q 值", "q"), "number", 4, note=Text("Benjamini-Hochberg 校正后的 p", "p corrected by Benjamini-Hochberg")),
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="against_rest"),
    Column("late", Text("晚付天数中位数", "Days late, median"), "days", 1,
           note=Text("未付的按已逾期天数计", "open ones by the days until now")),
    Column("late_low", Text("天数下限", "Days from"), "days", 1, role="low"),
    Column("late_high", Text("天数上限", "Days to"), "days", 1, role="high"),
    IN,
    OUT,
)  # fmt: skip
AGE_COLUMNS = (
    Column("age", Text("逾期天数", "Days overdue"), "text", role="key"),
    PAYMENTS,
    Column("accounts", Text("客户数", "Customers"), "count"),
    OVERDUE,
)
ACCOUNT_COLUMNS = (
    Column("account", Text("账户", "Account"), "text", role="key",
           note=Text("工作区内的客户编号，不含个人信息", "the customer's number in the workspace, no personal data")),
    Column("grade", Text("信用等级", "Credit grade"), "label", vocabulary="unknown"),
    OVERDUE,
    Column("oldest", Text("最早逾期(天)", "Oldest (days)"), "days"),
    DUE,
    PAID,
    Column("cycle", Text("约定结账周期(天)", "Agreed cycle (days)"), "days"),
    Column("actual", Text("实际天数中位数", "Actual days, median"), "days", 1,
           note=Text("下单日到付款日", "from the order to the payment")),
    IN,
    OUT,
    PAYMENTS,
)  # fmt: skip
MONTH_COLUMNS = (Column("month", Text("月份", "Month"), "month", role="key"), IN, OUT, PAYMENTS)


def run(inputs: Inputs, params: Params) -> Result:
    """Tables grades, ages, accounts, months."""
    if not inputs.has("payments"):
        text = Text(
            "没有收付款：导入款项（客户、应付日、实付日、金额）后可看结算",
            "No payments: import them with customer, due day, paid day, amount",
        )
        return Result("settlement", notes=(Note(text, "missing"),))
    tables = (
        _grades(inputs),
        inputs.table("ages", Text("逾期账龄", "Age of what is overdue"), AGE_COLUMNS, ("age",), AGE_SQL),
        inputs.table("accounts", Text("各客户的结算", "Settlement by customer"), ACCOUNT_COLUMNS, ("account",), ACCOUNTS_SQL,
                     accounts=params.accounts),
        inputs.table("months", Text("每月收款与付出", "Money in and out by month"), MONTH_COLUMNS, ("month",), MONTHS_SQL),
    )  # fmt: skip
    result = Result("settlement", tables=tuple(replace(t, appendix=t.id == "months") for t in tables))
    return replace(
        result, figures=_figures(result), claims=tuple(_claims(result)), notes=tuple(_notes(inputs, result))
    )


def _grades(inputs: Inputs) -> Table:
    least = inputs.settings.min_n
    late: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for cell in inputs.query(LATE_SQL).to_pylist():
        for grade in (cell["grade"], "*"):
            late[grade].append((float(cell["late_days"]), cell["payments"]))
    rows = [_grade(row, late[row["grade"]], least) for row in inputs.query(GRADES_SQL).to_pylist()]
    rows.sort(key=lambda row: (row["grade"] != "*", row["grade"]))
    _compare(rows, least)
    return inputs.computed(
        "grades", Text("结算与信用等级", "Settlement by credit grade"), GRADE_COLUMNS, ("grade",), rows,
        method="wilson, two_proportions, benjamini_hochberg, median_of_counts", sql=GRADES_SQL,
    )  # fmt: skip


def _grade(row: Mapping[str, Any], late: Sequence[tuple[float, int]], least: int) -> dict[str, Any]:
    n, x = row["due_count"], row["in_time"]
    ends, days = (wilson(x, n) if n >= least else None), median_of_counts(late)
    out: dict[str, Any] = {
        **row, "verdict": "untested", "share": x / n if ends else None, "low": ends.low if ends else None,
        "high": ends.high if ends else None, "overdue_share": float(row["overdue"] / row["due"]) if row["due"] > 0 else None,
    }  # fmt: skip
    if days and days.n >= least:
        out |= {"late": days.value, "late_low": days.low, "late_high": days.high}
    return out


def _compare(rows: Sequence[dict[str, Any]], least: int) -> None:
    """Each known grade against all other payments."""
    if not rows:
        return
    whole, tested = rows[0], []
    for row in rows[1:]:
        n, x = whole["due_count"] - row["due_count"], whole["in_time"] - row["in_time"]
        if row["share"] is not None and n >= least:
            row["rest"] = x / n
            tested.append((row, two_proportions(row["in_time"], row["due_count"], x, n)))
    for (row, _), q in zip(tested, benjamini_hochberg([p for _, p in tested]), strict=True):
        side = "above" if row["share"] > row["rest"] else "below"
        row |= {"q": q, "verdict": side if q <= FALSE_DISCOVERY else "plain"}


def _figures(result: Result) -> tuple[Figure, ...]:
    if not len(result.table("months").rows):
        return ()
    return (
        Figure(
            "months",
            "bar",
            Text("每月收款与付出", "Money in and out by month"),
            "months",
            "month",
            ("money_in", "money_out"),
        ),
    )


def _claims(result: Result) -> Iterator[Claim]:
    whole = result.table("grades").find(WHOLE)
    if whole is None or not whole["due_count"]:
        return
    base = Text("到期的款项", "payments due")
    if whole["overdue"] > 0:
        yield Claim(
            "overdue", "settlement/overdue",
            {"overdue": Cell("grades", WHOLE, "overdue"), "share": Cell("grades", WHOLE, "overdue_share"),
             "accounts": Cell("grades", WHOLE, "overdue_accounts")},
            n=whole["due_count"], base=base, money=float(whole["overdue"]), certainty=1.0, topic="overdue",
        )  # fmt: skip
        first = result.table("accounts").records()[0]
        if first["overdue"] > 0:
            key = {"account": first["account"]}
            yield Claim(
                "account", "settlement/account",
                {"account": Cell("accounts", key, "account"), "overdue": Cell("accounts", key, "overdue"),
                "days": Cell("accounts", key, "oldest")},
                n=first["payments"], base=Text("该客户的款项", "payments of the "
                                                         "customer"), money=float(first["overdue"]), topic="overdue_account",
                summary=False,
            )  # fmt: skip
    else:
        yield Claim(
            "none",
            "settlement/none",
            {},
            n=whole["due_count"],
            base=base,
            certainty=0.4,
            topic="overdue",
            summary=False,
        )
    if whole["share"] is not None and whole["late"] is not None:
        names = {"share": "share", "low": "low", "high": "high", "late": "late"}
        yield Claim(
            "in_time", "settlement/in_time", {name: Cell("grades", WHOLE, column) for name, column in names.items()},
            n=whole["due_count"], base=base, strength="estimate", certainty=0.7, topic="paid_in_time", summary=False,
        )  # fmt: skip
    for row in [row for row in result.table("grades") if row["verdict"] == "below"][:3]:
        key = {"grade": row["grade"]}
        yield Claim(
            "grade", f"settlement/grade/{row['grade']}", {name: Cell("grades", key, name) for name in ("share",
            "low", "high", "rest")},
            n=row["due_count"], base=Text("该等级到期的款项", "payments due of the grade"), strength="tested",
            test=Test("two proportions", True, None, row["low"], row["high"], corrected(row["q"])),
            labels={"grade": (row["grade"], "unknown")}, money=float(row["overdue"]), certainty=1 - row["q"],
            topic="paid_by_grade",
        )  # fmt: skip


def _notes(inputs: Inputs, result: Result) -> Iterator[Note]:
    least = inputs.settings.min_n
    whole = result.table("grades").find(WHOLE)
    if whole is None or whole["due_count"] < least:
        yield Note(
            Text(
                f"到期款项少于 {least} 笔，按时付清的占比不予给出",
                f"Fewer than {least} payments due: the share paid in time is withheld",
            ),
            "withheld",
        )
    if not inputs.has_values("payments", "due_on"):
        yield Note(
            Text("款项没有应付日，看不出逾期", "Payments have no due day: nothing can be overdue"), "missing"
        )
    if not inputs.has_values("customers", "credit_grade"):
        yield Note(
            Text(
                "客户没有信用等级：导入后可按等级比较",
                "Customers have no credit grade: import it to compare grades",
            ),
            "missing",
        )


ANALYSIS = Analysis(
    name="settlement",
    title=Text("结算与回款", "Settlement"),
    question=Text(
        "到期多少、付了多少、谁逾期多久，各信用等级付款是否及时？",
        "What was due and paid, who is overdue and for how long, and which credit grades pay in time?",
    ),
    section="value",
    params=Params,
    run=run,
    text=TEXT,
    reads=("payments", "customers", "orders"),
    needs=("payments",),
    order=60,
)
