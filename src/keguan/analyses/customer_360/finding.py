"""Which account is meant: a customer id as given, another key (phone, e-mail), or an account number as #12."""

from __future__ import annotations

from keguan.analysis import Inputs
from keguan.core.errors import UsageError, Where
from keguan.core.text import Text, same

# The shapes of the ids there are, with no letter and no digit of any of them.
FORMS_SQL = """
SELECT form, count(*) AS customers
FROM (
  SELECT regexp_replace(regexp_replace(regexp_replace(customer_id, '[0-9]', '9', 'g'), '[A-Za-z]', 'A', 'g'),
                        '[^ -~]', '文', 'g') AS form
  FROM customers WHERE customer_id IS NOT NULL
) shapes
GROUP BY form ORDER BY customers DESC, form LIMIT 3
"""
LOOKUPS = (
    "SELECT DISTINCT account_no FROM customers WHERE customer_id = $given ORDER BY account_no LIMIT 6",
    "SELECT DISTINCT account_no FROM customer_keys WHERE key_value = $given ORDER BY account_no LIMIT 6",
)
BY_NUMBER = """
SELECT account_no FROM customers WHERE account_no = $number
UNION SELECT account_no FROM customer_facts WHERE account_no = $number
"""


def account_of(inputs: Inputs, given: str) -> int:
    """The account number. UsageError when nobody, or more than one, has this id; no other customer is named."""
    text = given.strip()
    if "*" in text:
        raise _masked(text)
    if "\x00" in text:  # no engine reads it in a query, and no stored id has it
        raise _unknown(inputs, text)
    for sql in LOOKUPS:
        found = [
            row["account_no"]
            for row in inputs.query(sql, given=text).to_pylist()
            if row["account_no"] is not None
        ]
        if len(found) == 1:
            return int(found[0])
        if found:
            raise _several(text, [int(number) for number in found])
    digits = text.removeprefix("#")
    if digits.isascii() and digits.isdecimal() and len(digits) <= 9:
        rows = inputs.query(BY_NUMBER, number=int(digits)).to_pylist()
        if rows:
            return int(rows[0]["account_no"])
    raise _unknown(inputs, text)


def _masked(text: str) -> UsageError:
    return UsageError(
        Text(
            "遮盖过的编号不是客户编号：不同的客户会遮盖成同一个样子",
            "A masked id is no customer id: several customers look alike",
        ),
        Where(column="customer"),
        found=text,
        do=Text("给出完整的客户编号，或 #账户号", "give the whole customer id, or #account number"),
    )


def _several(text: str, numbers: list[int]) -> UsageError:
    listed = ", ".join(f"#{number}" for number in numbers[:5]) + (" …" if len(numbers) > 5 else "")
    return UsageError(
        Text(
            "有几个账户用这个编号（来自不同的来源）",
            "More than one account has this id (from different sources)",
        ),
        Where(column="customer"),
        found=text,
        allowed=same(listed),
        do=Text("用账户号指明是哪一个", "say which one by its account number"),
    )


def _unknown(inputs: Inputs, text: str) -> UsageError:
    forms = [row["form"] for row in inputs.query(FORMS_SQL).to_pylist()]
    zh = "，".join(f"形如 {form}" for form in forms)
    en = ", ".join(f"ids of the form {form}" for form in forms)
    note = Text("（9 为数字，A 为字母，文为其他文字）", " (9: a digit, A: a letter, 文: another character)")
    return UsageError(
        Text("没有这个客户", "There is no such customer"),
        Where(column="customer"),
        found=text,
        allowed=Text(f"{zh}{note.zh}；或 #账户号", f"{en}{note.en}; or #account number") if forms
        else Text("#账户号", "#account number"),
        do=Text("核对编号后重试", "check the id and try again"),
    )  # fmt: skip
