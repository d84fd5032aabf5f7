"""Words inside cells: reasons for missing values, order states, kinds of customer, currencies."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def _terms() -> Mapping[str, Mapping[str, list[str]]]:
    text = files("keguan.mapping").joinpath("terms.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def missing_words() -> tuple[str, ...]:
    """Lower-case cells that give a reason for a missing value instead of a value."""
    return tuple(_terms()["missing"]["words"])


@cache
def guest_words() -> tuple[str, ...]:
    """Lower-case cells in a customer column that mean 'nobody known'."""
    return tuple(_terms()["missing"]["guests"])


@cache
def vocabulary(name: str) -> Mapping[str, str]:
    """word as received (lower case) -> stored value, for 'status', 'kind' and 'currency'."""
    return {word: value for value, words in _terms()[name].items() for word in words}


@cache
def _record_terms() -> Mapping[str, Mapping[str, list[str]]]:
    text = files("keguan.mapping").joinpath("record_terms.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def record_terms(name: str) -> Mapping[str, str]:
    """word as received (lower case) -> stored value, for 'boolean', 'levels' or 'kind.column' ('feedback.status');
    empty where cells of the column are kept as received."""
    return {word: value for value, words in _record_terms().get(name, {}).items() for word in words}


@cache
def signature_words(name: str) -> tuple[str, ...]:
    """Headers typical of a kind of file, e.g. 'event' or 'subscription'."""
    return tuple(_terms()["signatures"][name])


def currency_of(text: str) -> str | None:
    """ISO code of a currency word or sign; None when it is none."""
    return vocabulary("currency").get(text.strip().lower())
