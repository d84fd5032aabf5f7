"""Every capability has a test that names it, and docs/coverage.md says which."""

from __future__ import annotations

import pytest

from docs.coverage import CAPABILITIES, PAGE, page, shown


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_every_capability_has_a_test_that_names_it(capability: str) -> None:
    assert capability in {item.capability for item in shown()}


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "run python tests/docs/coverage.py"
