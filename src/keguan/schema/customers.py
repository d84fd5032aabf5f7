"""Tables about who the customers are: master data, keys, further attributes, persons, consents, contracts."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.schema.entity import ORIGIN, Entity, column

CUSTOMERS = Entity(
    "customers",
    Text("客户", "Customers"),
    ("customer_id",),
    (
        column("customer_id", "text", "客户编号", "Customer id", required=True, privacy="personal"),
        column("account_no", "integer", "账户号", "Account no", derived=True),
        column("kind", "text", "客户类型", "Kind"),
        column("name", "text", "客户名称", "Name", privacy="personal"),
        column("gender", "text", "性别", "Gender", privacy="personal"),
        column("birth_date", "date", "出生日期", "Birth date", privacy="personal"),
        column("occupation", "text", "职业", "Occupation", privacy="personal"),
        column("income", "text", "收入", "Income", privacy="sensitive"),
        column("education", "text", "学历", "Education", privacy="personal"),
        column("industry_code", "text", "行业", "Industry"),
        column("size_staff", "text", "人员规模", "Staff size"),
        column("size_revenue", "text", "营收规模", "Revenue size"),
        column("founded_on", "date", "成立日期", "Founded on"),
        column("country", "text", "国家", "Country"),
        column("province", "text", "省份", "Province"),
        column("city", "text", "城市", "City"),
        column("acquired_channel", "text", "获客渠道", "Acquired through"),
        column("registered_at", "timestamp", "注册时间", "Registered at"),
        column("registered_on", "date", "注册日", "Registered on", derived=True),
        column("owner", "text", "责任人", "Owner"),
        column("branch", "text", "分支机构", "Branch"),
        column("credit_grade", "text", "信用等级", "Credit grade"),
        column("settlement_cycle_days", "integer", "结账周期(天)", "Settlement cycle (days)"),
        column("member_level", "text", "会员等级", "Member level"),
        column("points", "decimal", "积分", "Points"),
        *ORIGIN,
    ),
)

CUSTOMER_KEYS = Entity(
    "customer_keys",
    Text("客户标识", "Customer keys"),
    ("source", "key_type", "key_value"),
    (
        column("account_no", "integer", "账户号", "Account no", derived=True),
        column("customer_id", "text", "客户编号", "Customer id", privacy="personal"),
        column("key_type", "text", "标识类型", "Key type"),
        column("key_value", "text", "标识值", "Key value", required=True, privacy="personal"),
        *ORIGIN,
    ),
)

CUSTOMER_ATTRIBUTES = Entity(
    "customer_attributes",
    Text("客户属性", "Customer attributes"),
    ("account_no", "attribute"),
    (
        column("account_no", "integer", "账户号", "Account no", derived=True),
        column("attribute", "text", "属性", "Attribute", required=True),
        column("attribute_value", "text", "取值", "Attribute value", required=True),
        *ORIGIN,
    ),
)

CONTACT_PERSONS = Entity(
    "contact_persons",
    Text("客户联系人", "Contact persons"),
    ("person_id",),
    (
        column("person_id", "text", "联系人编号", "Person id", privacy="personal"),
        column("account_no", "integer", "账户号", "Account no", derived=True),
        column("name", "text", "姓名", "Person's name", required=True, privacy="personal"),
        column("role", "text", "决策角色", "Role"),
        column("title", "text", "职务", "Title"),
        *ORIGIN,
    ),
)

CONSENTS = Entity(
    "consents",
    Text("授权同意", "Consents"),
    ("account_no", "purpose", "given_at"),
    (
        column("account_no", "integer", "账户号", "Account no", derived=True),
        column("purpose", "text", "用途", "Purpose", required=True),
        column("granted", "boolean", "是否同意", "Granted", required=True),
        column("given_at", "timestamp", "时间", "Given at"),
        column("day", "date", "日期", "Day", derived=True),
        column("consent_source", "text", "取得方式", "Obtained through"),
        *ORIGIN,
    ),
)

SUBSCRIPTIONS = Entity(
    "subscriptions",
    Text("合约", "Subscriptions"),
    ("account_no", "plan"),
    (
        column("account_no", "integer", "账户号", "Account no", derived=True),
        column("plan", "text", "套餐", "Plan"),
        column("started_on", "date", "合约开始日", "Contract started on"),
        column("tenure_months", "integer", "在网月数", "Tenure (months)"),
        column("ended_on", "date", "合约终止日", "Contract ended on"),
        column("churned", "boolean", "已流失", "Churned"),
        column("monthly_amount", "decimal", "月费", "Monthly amount"),
        column("total_amount", "decimal", "累计金额", "Total amount"),
        *ORIGIN,
    ),
)
