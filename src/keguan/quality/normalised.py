"""The columns of a received row that are brought to one form, whatever the file: B5 of the import.

What a cell said stays in the raw rows; a value that is not recognised is kept as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from keguan.quality.industries import industry_sql
from keguan.quality.phones import phone_sql
from keguan.quality.regions import city_sql, city_within_sql, province_sql, region_sql

# `country` is no part: a country is a region of a shop that sells abroad, and keeps the name it has there.
FORMS: Mapping[str, Callable[[str], str]] = {
    "region": region_sql,
    "province": province_sql,
    "city": city_sql,
    "industry_code": industry_sql,
    "phone": phone_sql,
}


def replaced_sql(given: Collection[str], row: str = "f") -> tuple[str, ...]:
    """SQL: items of a REPLACE list ('... AS province') for those columns of `row` that a file gives.

    A city that only its province's column tells (四川省成都市) is taken from there, so that with `province`
    the row must have a `city`, if only of NULLs.
    """
    items = []
    for name, form in FORMS.items():
        if name == "city" and "province" in given:
            city = f"coalesce({city_sql(f'{row}.city')}, {city_within_sql(f'{row}.province')})"
            items.append(f"{city} AS city")
        elif name in given:
            items.append(f"{form(f'{row}.{name}')} AS {name}")
    return tuple(items)
