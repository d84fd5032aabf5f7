"""Columns of the tables of settlement."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.marts.change_columns import Q
from keguan.result import Column

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
    Q,
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
    Column("oldest", Text("最早逾期（天）", "Oldest (days)"), "days"),
    DUE,
    PAID,
    Column("cycle", Text("约定结账周期（天）", "Agreed cycle (days)"), "days"),
    Column("actual", Text("实际天数中位数", "Actual days, median"), "days", 1,
           note=Text("下单日到付款日", "from the order to the payment")),
    IN,
    OUT,
    PAYMENTS,
)  # fmt: skip
MONTH_COLUMNS = (Column("month", Text("月份", "Month"), "month", role="key"), IN, OUT, PAYMENTS)
