"""One list of columns that an import brings to one form."""

from __future__ import annotations

import duckdb

from keguan.quality.normalised import FORMS, replaced_sql


def test_a_row_as_stored() -> None:
    items = ", ".join(replaced_sql(("province", "phone", "industry_code", "name")))
    row = duckdb.sql(
        f"SELECT f.* REPLACE ({items}) FROM (SELECT '四川省成都市' AS province, CAST(NULL AS VARCHAR) AS city, "
        "'138-0013-8000' AS phone, '教育' AS industry_code, '四川省' AS name) f"
    ).fetchall()
    assert row == [("四川", "成都", "+8613800138000", "P", "四川省")]


def test_only_columns_that_are_given() -> None:
    assert replaced_sql(("name", "country")) == ()
    assert [item.split(" AS ")[-1] for item in replaced_sql(("city", "phone"), "k")] == ["city", "phone"]
    assert [item.split(" AS ")[-1] for item in replaced_sql(tuple(FORMS))] == list(FORMS)
