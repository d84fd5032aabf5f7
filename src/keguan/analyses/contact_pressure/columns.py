"""Columns of the tables about contacts."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.marts.change_columns import Q
from keguan.result import Column

WILSON = Text("Wilson 95% 区间", "Wilson 95% interval")
CONTACTS = Column("contacts", Text("触达次数", "Contacts"), "count")
CUSTOMERS = Column("customers", Text("被触达客户", "Customers contacted"), "count")
SEVERAL = Column("several", Text("一周内听到多个部门", "Heard from several departments in a week"), "count",
                 note=Text("ISO 周（周一至周日）", "ISO week, Monday to Sunday"))  # fmt: skip
INTERVAL = (
    Column("low", Text("区间下限", "Interval from"), "share", role="low", note=WILSON),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
)

SUMMARY_COLUMNS = (
    Column("months", Text("窗口（月）", "Window (months)"), "count", role="key"),
    CONTACTS, CUSTOMERS,
    Column("each", Text("人均触达", "Contacts per customer"), "number", 1),
    SEVERAL,
    Column("share", Text("占被触达客户", "Of the customers contacted"), "share"),
    *INTERVAL,
    Column("busiest", Text("一周内最多", "Most in one week"), "count"),
)  # fmt: skip
GROUP_COLUMNS = (
    Column("dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="contact_dimension"),
    Column("value", Text("取值", "Value"), "label", role="key", vocabulary="unknown"),
    CONTACTS, CUSTOMERS,
    Column("each", Text("人均触达", "Contacts per customer"), "number", 1),
    Column("response_rate", Text("有回应", "Responded"), "share",
           note=Text("打开、点击或回复 / 有结果的触达", "opened, clicked or replied / contacts whose outcome is known")),
    Column("unsubscribed", Text("退订", "Unsubscribed"), "count"),
    Column("rate", Text("退订率", "Unsubscribed, share"), "share",
           note=Text("退订 / 有结果的触达", "unsubscribed / contacts whose outcome is known")),
    *INTERVAL,
    Column("difference", Text("与其余相差", "Against the others"), "points",
           note=Text("Newcombe 95% 区间", "Newcombe 95% interval")),
    Column("difference_low", Text("相差下限", "Difference, from"), "points"),
    Column("difference_high", Text("相差上限", "Difference, to"), "points"),
    Q,
    Column("cost", Text("成本", "Cost"), "money"),
)  # fmt: skip
MONTH_COLUMNS = (
    Column("month", Text("月份", "Month"), "month", role="key"),
    CONTACTS, CUSTOMERS,
    Column("each", Text("人均触达", "Contacts per customer"), "number", 2),
    Column("unfinished", Text("月份不完整", "Month not whole"), "text", role="note"),
)  # fmt: skip
WEEK_COLUMNS = (
    Column("week", Text("周", "Week"), "text", role="key"),
    CUSTOMERS, CONTACTS, SEVERAL,
    Column("share", Text("占当周被触达客户", "Of the customers contacted that week"), "share"),
    *INTERVAL,
    Column("unfinished", Text("周不完整", "Week not whole"), "text", role="note"),
)  # fmt: skip
PAIR_COLUMNS = (
    Column("first", Text("部门", "Department"), "label", role="key", vocabulary="unknown"),
    Column("second", Text("另一部门", "Other department"), "label", role="key", vocabulary="unknown"),
    Column(
        "weeks",
        Text("同周触达", "In the same week"),
        "count",
        note=Text("一位客户的一周计一次", "a week of a customer counts once"),
    ),
    Column("customers", Text("客户数", "Customers"), "count"),
)
DOSE_COLUMNS = (
    Column("outcome", Text("其后", "Afterwards"), "label", role="key", vocabulary="contact_outcome"),
    Column("dose", Text("触达次数", "Contacts"), "label", role="key", vocabulary="contact_dose"),
    Column("customers", Text("客户数", "Customers"), "count"),
    Column("hits", Text("发生", "Had it"), "count"),
    Column("rate", Text("占比", "Share"), "share"),
    *INTERVAL,
)
TREND_COLUMNS = (
    Column("outcome", Text("其后", "Afterwards"), "label", role="key", vocabulary="contact_outcome"),
    Column("dose_days", Text("计次天数", "Days counted"), "count"),
    Column("outcome_days", Text("观察天数", "Days observed"), "count"),
    Column("customers", Text("被触达客户", "Customers contacted"), "count"),
    Column("least", Text("次数最少一档", "Fewest contacts"), "share"),
    Column("least_dose", Text("次数最少一档的次数", "Contacts of the lowest band"), "label", vocabulary="contact_dose"),
    Column("most_dose", Text("次数最多一档的次数", "Contacts of the highest band"), "label", vocabulary="contact_dose"),
    Column("most", Text("次数最多一档", "Most contacts"), "share",
           note=Text("客户不少于最低人数的最高一档", "the highest band with enough customers")),
    Column("z", Text("趋势 z", "Trend, z"), "number", 2, note=Text("Cochran-Armitage 检验", "Cochran-Armitage test")),
    Column("p", Text("p 值", "p"), "number", 4),
    Q,
)  # fmt: skip
