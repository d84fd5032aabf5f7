from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keguan.core.errors import InputError
from keguan.core.text import Text
from keguan.mapping.model import ColumnRule, Ignored, Mapping
from keguan.mapping.toml import dumps, load, loads, save

MAPPING = Mapping(
    name="订单",
    entity="orders",
    fingerprint="0123456789abcdef",
    columns=(
        ColumnRule("order_number", ('订单 "编号"',), Text("因为", "because")),
        ColumnRule("customer_key", ("会员.ID",), Text("甲", "a"), ("integral_float",), key_type="account"),
        ColumnRule("ordered_at", ("日期", "时间"), Text("合成", "joined"), ("dmy", "timed"), join=" "),
        ColumnRule("category", ("大类", "小类"), Text("路径", "path"), join=" / "),
        ColumnRule("amount", ("金额(万元)",), Text("乙", "b"), factor=Decimal(10_000), meaning="paid"),
    ),
    order_key="number",
    decimal=",",
    currency="CNY",
    missing=("没有",),
    ignored=(Ignored("记录数", Text("每行都是 1", "every row says 1")),),
)


def test_what_is_saved_is_loaded_again(tmp_path: Path) -> None:
    save(MAPPING, tmp_path / "m.toml")
    assert load(tmp_path / "m.toml") == MAPPING
    assert [path.name for path in tmp_path.iterdir()] == ["m.toml"]
    text = (tmp_path / "m.toml").read_text(encoding="utf-8")
    assert "# 可以手工修改" in text
    assert "because" in text


_NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(_NAMES, min_size=1, max_size=3, unique=True), _NAMES, _NAMES, st.decimals(1, 10**8, places=4))
def test_any_column_name_and_reason_comes_back(names: list[str], zh: str, en: str, factor: Decimal) -> None:
    rule = ColumnRule("amount", tuple(names), Text(zh, en), factor=factor, join=zh)
    mapping = Mapping(
        en, "orders", "x", (rule,), ignored=tuple(Ignored(name, Text(zh, en)) for name in names)
    )
    assert loads(dumps(mapping)) == mapping


def test_a_short_hand_edit_is_enough() -> None:
    text = 'entity = "orders"\n[columns.order_id]\nfrom = "单号"\n[columns.amount]\nfrom = ["钱"]\nfactor = 10000\n'
    mapping = loads(text)
    assert [rule.target for rule in mapping.columns] == ["order_number", "amount"]
    assert mapping.columns[1].factor == 10_000
    assert mapping.columns[0].reason.zh == "手工指定"


@pytest.mark.parametrize(
    ("before", "after", "key", "found", "allowed"),
    [
        ('entity = "orders"', 'entity = "order"', "entity", "order", "customers"),
        ('order_key = "number"', 'order_key = "nr"', "order_key", "nr", "number+customer+day"),
        ("[columns.amount]", "[columns.turnover]", "columns.turnover", "turnover", "unit_price"),
        ('meaning = "paid"', 'meaning = "net"', "columns.amount.meaning", "net", "before_discount"),
        ('forms = ["dmy", "timed"]', 'forms = ["ddmmyy"]', "columns.ordered_at.forms", "ddmmyy", "mdy"),
        ('forms = ["dmy", "timed"]', 'forms = ["dmy", "mdy"]', "columns.ordered_at.forms", "dmy, mdy", "dmy"),
        ('factor = "10000"', 'factor = "viel"', "columns.amount.factor", "viel", "10000"),
        ('key_type = "account"', 'key_type = "konto"', "columns.customer_key.key_type", "konto", "nickname"),
        ('from = ["日期", "时间"]', "from = []", "columns.ordered_at.from", "[]", "column"),
        ('join = " / "', 'joined = " / "', "columns.category.joined", "joined", "meaning"),
        ('decimal = ","', 'decimal = ";"', "decimal", ";", "."),
    ],
)
def test_a_wrong_edit_is_named(before: str, after: str, key: str, found: str, allowed: str) -> None:
    text = dumps(MAPPING)
    assert before in text
    with pytest.raises(InputError) as raised:
        loads(text.replace(before, after), "orders.toml")
    error = raised.value
    assert (error.where.file, error.where.column, error.found) == ("orders.toml", key, found)
    assert error.allowed is not None
    assert allowed in error.allowed.en


def test_broken_toml_says_the_line() -> None:
    with pytest.raises(InputError) as raised:
        loads('entity = "orders"\n[columns\n', "orders.toml")
    assert raised.value.where.row == 2
