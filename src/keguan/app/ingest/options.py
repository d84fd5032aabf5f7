"""Options of an import that can be judged before any file is read."""

from __future__ import annotations

import re
from collections.abc import Mapping

from keguan.app.ingest.report import ImportOptions
from keguan.core.errors import UsageError, Where
from keguan.core.text import Text, same
from keguan.mapping.model import ENTITY_KINDS, ORDER_KEYS, DateOrder
from keguan.schema.audiences import FROZEN_SOURCE

DATE_ORDERS: Mapping[str, DateOrder] = {"day": "day", "month": "month", "dmy": "day", "mdy": "month"}
REPEATED_LINES = ("keep", "drop")
CURRENCY = Text("ISO 4217 币种代码，如 CNY、USD", "an ISO 4217 code such as CNY or USD")
SOURCE = Text(
    f"1 至 40 个字符的名称，「{FROZEN_SOURCE}」除外",
    f"a name of 1 to 40 characters other than '{FROZEN_SOURCE}'",
)


def check(options: ImportOptions) -> None:
    """Raises UsageError for the first option whose value is not one of those allowed."""
    _one_of("--date-order", options.date_order, ("day", "month"), DATE_ORDERS)
    _one_of("--order-key", options.order_key, ORDER_KEYS, ORDER_KEYS)
    _one_of("--table", options.table, ENTITY_KINDS, ENTITY_KINDS)
    _one_of("--repeated-lines", options.repeated_lines, REPEATED_LINES, REPEATED_LINES)
    if options.currency is not None and not re.fullmatch("[A-Z]{3}", options.currency):
        raise _wrong("--currency", options.currency, CURRENCY)
    if not 1 <= len(options.source.strip()) <= 40 or options.source.strip() == FROZEN_SOURCE:
        raise _wrong("--source", options.source, SOURCE)


def _one_of(
    option: str, value: str | None, shown: tuple[str, ...], allowed: Mapping[str, object] | tuple[str, ...]
) -> None:
    if value is not None and value not in allowed:
        raise _wrong(option, value, same(" | ".join(shown)))


def _wrong(option: str, found: str, allowed: Text) -> UsageError:
    return UsageError(
        Text("导入选项有误", "An option of the import is wrong"),
        Where(setting=option),
        found=found,
        allowed=allowed,
        do=Text("改正选项后重试", "correct the option and try again"),
    )
