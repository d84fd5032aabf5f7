"""The manifest holds what the document claims, typed, and what each element shows."""

from __future__ import annotations

import json
from decimal import Decimal

from keguan.report.compose import compose
from keguan.report.document import ClaimBlock, Json
from keguan.report.manifest import claim_element, json_value, normal
from keguan.report.recipe import load_recipe
from report import sample


def manifest() -> Json:
    document = compose(sample.results(), sample.analyses(), load_recipe("monthly"), "zh", sample.context())
    return document.manifest


def test_it_is_json_and_names_versions_files_and_queries() -> None:
    found = json.loads(json.dumps(manifest()))
    assert found["versions"] == sample.VERSIONS
    assert found["files"]["orders"] == ["a.parquet", "b.parquet"]
    kpis = found["analyses"]["overview"]["tables"]["kpis"]
    assert kpis["columns"] == ["metric", "value", "unit"]
    assert kpis["n"] == len(sample.KPI_ROWS)
    assert "FROM purchases" in kpis["sql"]
    assert ["gross_revenue", 17431533.18, "money"] in kpis["rows"]


def test_a_claim_keeps_its_cells_and_their_typed_values() -> None:
    claim = next(item for item in manifest()["claims"] if item["key"] == "overview/year_previous")
    assert claim["values"]["net"] == {
        "value": 9120447.9,
        "shown": "912.0万",
        "ref": "comparisons[comparison=year_previous].net_revenue",
    }
    assert claim["values"]["rate"]["shown"] == "26.3%"
    assert claim["strength"] == "tested"
    assert "p = 0.0004" in claim["test"]


def test_items_hold_the_exact_words_of_every_sentence_and_cell() -> None:
    document = compose(sample.results(), sample.analyses(), load_recipe("monthly"), "zh", sample.context())
    items = document.manifest["items"]
    for block in document.blocks():
        if isinstance(block, ClaimBlock):
            assert items[claim_element(block)] == block.text
    assert items["cell:overview.kpis[gross_revenue].value@body"] == "17,431,533.18"
    assert items["cell:rfm.classes[重要价值].customers@body"] == "884"


def test_decimals_become_numbers_where_nothing_is_lost() -> None:
    assert json_value(Decimal("17431533.1800")) == 17431533.18
    assert json_value(Decimal("5.00")) == 5
    assert json_value(Decimal("12345678901234567.8901")) == "12345678901234567.8901"
    assert json_value(float("nan")) is None


def test_normal_form_joins_blanks_and_keeps_control_characters_for_the_form_to_escape() -> None:
    assert normal(" a\t\n b\u3000c\xa0d  ") == "a b c d"
    assert normal("a\x85b\x1cc\x0bd") == "a\x85b\x1cc\x0bd"
