from __future__ import annotations

import duckdb

from keguan.mapping.show import describe
from mapping.staged import fitted

COLUMNS = ["订单号", "手机号", "客户姓名", "金额", "日期", "身份证号", "记录数", "备注"]


def test_every_received_column_is_shown_with_its_use_or_the_reason(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    rows = [
        [
            f"A{i}",
            f"1381234{i % 30:04d}",
            "欧阳小明",
            "9.5",
            "2024-03-05",
            "110101199003070011",
            "1",
            f"备{i}",
        ]
        for i in range(60)
    ]
    fit = fitted(connection, COLUMNS, rows)
    shown = describe(fit.proposal.accepted(), fit.profiles, "zh", fit.proposal.doubts)
    assert [row.column for row in shown if row.target != "phone"] == COLUMNS
    by_target = {row.target: row for row in shown}
    assert by_target["customer_key"].column == "手机号"
    assert by_target["customer_key"].examples[0] == "138****0000"
    assert by_target["customer_key"].doubts
    assert by_target["amount"].examples == ("9.5",)
    unused = {row.column: row for row in shown if row.target is None}
    assert "个人信息" in unused["身份证号"].reason
    assert "每行都是 1" in unused["记录数"].reason
    assert unused["备注"].reason == "没有对应的标准列"
    everything = " ".join(example for row in shown for example in row.examples)
    assert "欧阳小明" not in everything
    assert "110101199003070011" not in everything
    english = describe(fit.proposal.accepted(), fit.profiles, "en")
    assert all(row.reason.isascii() for row in english if row.reason)
