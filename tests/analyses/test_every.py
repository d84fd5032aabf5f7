"""What holds for every analysis: odd inputs, wording, evidence, order and scale."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from keguan import registry
from keguan.analysis import Analysis
from keguan.app.checking import faults
from keguan.app.inputs import PinnedInputs
from keguan.cli.output import as_json
from keguan.core.text import LANGUAGES
from keguan.engine.duckdb_engine import DuckDBEngine
from keguan.evidence.wording import vague_words
from keguan.result import Result
from shop import Shop
from shops import ODD, all_results, full

NAMES = registry.names()


# Classes by thresholds in yuan: other money is another class.
FIXED_THRESHOLDS = ("absolute", "proposed", "agreement", "absolute_cuts")


Computed = tuple[PinnedInputs, dict[str, Result]]
Shops = Callable[[str], Computed]


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Shops:
    """Every analysis over one shop, computed once for all tests that ask for it."""
    folder = tmp_path_factory.mktemp("shops")
    made = {**ODD, "full again": full, "shuffled": shuffled, "scaled": lambda: full(100)}

    known: dict[str, Computed] = {}

    def over(name: str) -> Computed:
        if name not in known:
            known[name] = all_results(DuckDBEngine([folder]), made[name](), folder / name)
        return known[name]

    return over


def shuffled() -> Shop:
    """The full shop with its rows in another order."""
    shop, rng = full(), random.Random(3)
    for rows in (shop.lines, shop.orders, *shop.records.values()):
        rng.shuffle(rows)
    return shop


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", NAMES)
def test_odd_inputs_give_a_result_whose_claims_stand(name: str, odd: str, shops: Shops) -> None:
    analysis = registry.get(name)
    result = shops(odd)[1][name]
    assert result.analysis == name
    assert result.tables or result.notes
    for claim in result.claims:
        assert faults(result, analysis, claim) == (), claim.key
        assert type(claim.money) in (int, float), claim.key  # the summary ranks by products of it
    for language in LANGUAGES:
        json.loads(as_json(result, analysis, language))


@pytest.mark.parametrize("name", NAMES)
def test_shuffled_rows_give_the_same_result(name: str, shops: Shops) -> None:
    assert content(shops("full")[1][name]) == content(shops("shuffled")[1][name])


@pytest.mark.parametrize("name", NAMES)
def test_the_same_rows_give_the_same_result_twice(name: str, shops: Shops) -> None:
    assert content(shops("full")[1][name]) == content(shops("full again")[1][name])


@pytest.mark.parametrize("name", NAMES)
def test_keys_of_claims_and_rows_are_unique(name: str, shops: Shops) -> None:
    result = shops("full")[1][name]
    keys = [claim.key for claim in result.claims]
    assert len(keys) == len(set(keys))
    assert all(key.startswith(f"{name}/") for key in keys)
    for table in result.tables:
        rows = [tuple(row[part] for part in table.key) for row in table.records()]
        assert len(rows) == len(set(rows)), table.id


@pytest.mark.parametrize("name", NAMES)
def test_scaled_money_scales_money_and_leaves_counts(name: str, shops: Shops) -> None:
    plain, scaled = shops("full")[1][name], shops("scaled")[1][name]
    for table in plain.tables:
        if table.id in FIXED_THRESHOLDS:
            continue
        other = scaled.table(table.id)
        for column in table.columns:
            here = [row[column.name] for row in table.records()]
            there = [row[column.name] for row in other.records()]
            if column.unit == "count":
                assert here == there, f"{table.id}.{column.name}"
            if column.unit == "money":
                pairs = [
                    (float(x) * 100, float(y)) for x, y in zip(here, there, strict=True) if x is not None
                ]
                for wanted, found in pairs:
                    assert found == pytest.approx(wanted, rel=1e-4, abs=1), f"{table.id}.{column.name}"


@pytest.mark.parametrize("name", NAMES)
def test_figures_name_tables_and_columns_that_exist(name: str, shops: Shops) -> None:
    result = shops("full")[1][name]
    for figure in result.figures:
        table = result.table(figure.table)
        names = {column.name for column in table.columns}
        wanted = {figure.x, *figure.y, *figure.line_y, *figure.where}
        wanted |= {item for item in (figure.series, figure.low, figure.high, figure.hatch) if item}
        assert wanted <= names, figure.id


@pytest.mark.parametrize("name", NAMES)
def test_relations_name_every_customer_once(name: str, shops: Shops) -> None:
    inputs, results = shops("full")
    result = results[name]
    for relation in result.relations:
        counts = "count(*) AS n, count(DISTINCT account_no) AS d, count(label) AS l"
        sql = f"SELECT {counts} FROM ({relation.sql}) r"
        row = inputs.query(sql, **dict(relation.params)).to_pylist()[0]
        assert row["n"] == row["d"] == row["l"]
        assert row["n"] > 0


@pytest.mark.parametrize("name", NAMES)
def test_sql_in_a_table_gives_its_rows_again(name: str, shops: Shops) -> None:
    inputs, results = shops("full")
    result = results[name]
    for table in result.tables:
        if table.sql is not None and table.method is None:
            again = inputs.query(table.sql, **dict(table.params))
            assert len(again) == len(table.rows), table.id
        assert table.lineage is not None


@pytest.mark.parametrize("name", NAMES)
def test_texts_are_there_in_both_languages_and_not_vague(name: str) -> None:
    analysis: Analysis = registry.get(name)
    for key, text in analysis.text.items():
        assert text.zh, key
        assert text.en, key
        assert not vague_words(text.zh), key
        assert not vague_words(text.en), key
    for item in analysis.fields():
        assert item.metadata["help"].zh
        assert item.metadata["help"].en


@pytest.mark.parametrize("name", NAMES)
def test_it_has_a_page(name: str) -> None:
    page = Path(__file__).parents[2] / "docs" / "analyses" / f"{name}.md"
    assert page.exists(), f"docs/analyses/{name}.md"


def test_the_shop_engine_is_locked(tmp_path: Path) -> None:
    engine = DuckDBEngine([tmp_path])
    with pytest.raises(Exception, match=r"(?i)permission|disabled|may not call"):
        engine.query("SELECT * FROM read_csv('/etc/hostname')")


def content(result: Result) -> str:
    """Tables and sentences as text, comparable."""
    tables = {table.id: table.records() for table in result.tables}
    claims = [
        (claim.key, {n: str(result.value(v)) for n, v in claim.values.items()}) for claim in result.claims
    ]
    notes = [note.says.zh for note in result.notes]
    return json.dumps([tables, claims, notes], default=str, ensure_ascii=False, sort_keys=True)
