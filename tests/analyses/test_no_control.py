"""Where there is no control the same words say so, wherever they stand."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

from keguan import registry
from keguan.core.text import Text
from keguan.schema import terms

ZH, EN = "无对照，不能归因", "no control, nothing can be attributed"
OTHERS = re.compile(
    r"no attribution|without a control(?: group)?,? nothing is|没有对照(?:组)?，不能归因", re.IGNORECASE
)


def texts() -> Iterator[tuple[str, Text]]:
    """Sentences of plug-ins and terms of vocabularies."""
    for name in registry.names():
        for key, text in registry.get(name).text.items():
            yield f"{name}.{key}", text
    for module in pkgutil.iter_modules(terms.__path__):
        for name, terms_of in vars(importlib.import_module(f"{terms.__name__}.{module.name}")).items():
            if isinstance(terms_of, dict):
                for key, text in terms_of.items():
                    if isinstance(text, Text):
                        yield f"{module.name}.{name}.{key}", text


@pytest.mark.parametrize(
    "place", ["campaigns.CAMPAIGN_ADVICE.no_control", "campaign.described", "promotion.value"]
)
def test_the_words_stand_where_nothing_can_be_attributed(place: str) -> None:
    text = dict(texts())[place]
    assert ZH in text.zh
    assert EN in text.en.lower()


def test_no_other_words_say_it() -> None:
    """covers: J6"""
    assert [place for place, text in texts() if OTHERS.search(text.zh) or OTHERS.search(text.en)] == []
    assert [place for place, text in texts() if (ZH in text.zh) != (EN in text.en.lower())] == []
