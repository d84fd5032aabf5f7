"""Sentences and notes about settlement."""

from __future__ import annotations

from collections.abc import Iterator

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.corrected import corrected
from keguan.result import Cell, Claim, Note, Result, Test

WHOLE = {"grade": "*"}


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


def settlement_claims(result: Result) -> Iterator[Claim]:
    """What is overdue, who owes most, what is paid in time, and grades that pay late."""
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


def settlement_notes(inputs: Inputs, result: Result) -> Iterator[Note]:
    """What is withheld or missing."""
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
