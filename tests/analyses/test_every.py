"""What holds for every analysis: odd inputs, wording, evidence, order and scale."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from keguan import registry
from keguan.analysis import Analysis, Settings
from keguan.app.checking import faults
from keguan.cli.output import as_json
from keguan.core.text import LANGUAGES
from keguan.engine.duckdb_engine import DuckDBEngine
from keguan.evidence.wording import vague_words
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 20)
NAMES = registry.names()


def busy(factor: int = 1) -> Shop:
    """Sixty customers over two years with returns, guests, two channels and three products."""
    shop, rng = Shop(), random.Random(7)
    for account in range(1, 61):
        day = date(2023, 7, 1) + timedelta(days=rng.randrange(500))
        for _ in range(rng.choice([1, 1, 2, 3, 6, 12])):
            amount = Decimal(rng.randrange(500, 30000)) / 100 * factor
            product = rng.choice(["P1001", "P1002", "P1003"])
            channel, region = rng.choice(["官网", "APP"]), rng.choice(["四川", "广东"])
            shop.buy(account, day, amount, product=product, quantity=2, hour=rng.randrange(24),
                     channel=channel, region=region, cost=amount / 2)  # fmt: skip
            if rng.random() < 0.1:
                back = day + timedelta(days=rng.randrange(1, 20))
                shop.give_back(account, back, amount, product=product, quantity=2)
            day += timedelta(days=rng.randrange(5, 90))
    for number in range(30):
        shop.buy(None, date(2024, 1, 1) + timedelta(days=number * 15), 20 * factor)
    shop.products = [
        {"product_id": f"P100{n}", "name": f"商品{n}", "category": f"大类 / 中类 / 小类{n}"}
        for n in (1, 2, 3)
    ]
    return shop


def one_customer() -> Shop:
    shop = Shop()
    shop.buy(1, date(2025, 6, 1), 10)
    return shop


def guests_only() -> Shop:
    shop = Shop()
    for number in range(5):
        shop.buy(None, date(2025, 6, 1 + number), 10)
    return shop


def all_equal() -> Shop:
    shop = Shop()
    for account in range(1, 50):
        shop.buy(account, date(2025, 6, 1), 10)
    return shop


def all_returned() -> Shop:
    shop = Shop()
    for account in range(1, 41):
        shop.buy(account, date(2025, 5, 1), 10)
        shop.give_back(account, date(2025, 5, 3), 10)
    return shop


def unknown_everything() -> Shop:
    """No product, no channel, no region, no cost, no time of day."""
    shop = Shop()
    for account in range(1, 41):
        shop.buy(account, date(2025, 5, 1 + account % 20), 10, channel=None, region=None)
    for line in shop.lines:
        line["product_id"] = None
        line["quantity"] = None
        line["unit_price"] = None
    for order in shop.orders:
        order["has_time"] = False
    return shop


ODD = {
    "empty": Shop,
    "one customer": one_customer,
    "guests only": guests_only,
    "all equal": all_equal,
    "all returned": all_returned,
    "unknown everything": unknown_everything,
    "busy": busy,
}


# Classes by thresholds in yuan: other money is another class.
FIXED_THRESHOLDS = ("absolute", "proposed", "agreement", "absolute_cuts")


def run(name: str, shop: Shop, folder: Path, as_of: date = AS_OF) -> Result:
    """The analysis with default parameters; what it uses is run on the same shop."""
    folder.mkdir(parents=True, exist_ok=True)
    analysis = registry.get(name)
    uses = {used: run(used, shop, folder / used, as_of) for used in analysis.uses}
    raw = analysis.run(shop.inputs(folder, as_of, Settings(currency="CNY"), **uses), analysis.params())
    return raw.pinned(as_of=as_of, params={}, versions={"orders": 1}, code="test")


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", NAMES)
def test_odd_inputs_give_a_result_whose_claims_stand(name: str, odd: str, tmp_path: Path) -> None:
    analysis = registry.get(name)
    result = run(name, ODD[odd](), tmp_path)
    assert result.analysis == name
    assert result.tables or result.notes
    for claim in result.claims:
        assert faults(result, analysis, claim) == (), claim.key
    for language in LANGUAGES:
        json.loads(as_json(result, analysis, language))


@pytest.mark.parametrize("name", NAMES)
def test_shuffled_rows_give_the_same_result(name: str, tmp_path: Path) -> None:
    shop, shuffled = busy(), busy()
    rng = random.Random(3)
    rng.shuffle(shuffled.lines)
    rng.shuffle(shuffled.orders)
    first, second = run(name, shop, tmp_path / "a"), run(name, shuffled, tmp_path / "b")
    assert content(first) == content(second)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_rows_give_the_same_result_twice(name: str, tmp_path: Path) -> None:
    assert content(run(name, busy(), tmp_path / "a")) == content(run(name, busy(), tmp_path / "b"))


@pytest.mark.parametrize("name", NAMES)
def test_keys_of_claims_and_rows_are_unique(name: str, tmp_path: Path) -> None:
    result = run(name, busy(), tmp_path)
    keys = [claim.key for claim in result.claims]
    assert len(keys) == len(set(keys))
    assert all(key.startswith(f"{name}/") for key in keys)
    for table in result.tables:
        rows = [tuple(row[part] for part in table.key) for row in table.records()]
        assert len(rows) == len(set(rows)), table.id


@pytest.mark.parametrize("name", NAMES)
def test_scaled_money_scales_money_and_leaves_counts(name: str, tmp_path: Path) -> None:
    plain, scaled = run(name, busy(), tmp_path / "a"), run(name, busy(100), tmp_path / "b")
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
def test_figures_name_tables_and_columns_that_exist(name: str, tmp_path: Path) -> None:
    result = run(name, busy(), tmp_path)
    for figure in result.figures:
        table = result.table(figure.table)
        names = {column.name for column in table.columns}
        wanted = {figure.x, *figure.y, *figure.line_y, *figure.where}
        wanted |= {item for item in (figure.series, figure.low, figure.high, figure.hatch) if item}
        assert wanted <= names, figure.id


@pytest.mark.parametrize("name", NAMES)
def test_relations_name_every_customer_once(name: str, tmp_path: Path) -> None:
    shop = busy()
    analysis = registry.get(name)
    inputs = shop.inputs(
        tmp_path, AS_OF, **{used: run(used, shop, tmp_path / used) for used in analysis.uses}
    )
    for relation in analysis.run(inputs, analysis.params()).relations:
        counts = "count(*) AS n, count(DISTINCT account_no) AS d, count(label) AS l"
        sql = f"SELECT {counts} FROM ({relation.sql}) r"
        row = inputs.query(sql, **dict(relation.params)).to_pylist()[0]
        assert row["n"] == row["d"] == row["l"]
        assert row["n"] > 0


@pytest.mark.parametrize("name", NAMES)
def test_sql_in_a_table_gives_its_rows_again(name: str, tmp_path: Path) -> None:
    shop = busy()
    analysis = registry.get(name)
    inputs = shop.inputs(
        tmp_path, AS_OF, **{used: run(used, shop, tmp_path / used) for used in analysis.uses}
    )
    for table in analysis.run(inputs, analysis.params()).tables:
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
    with pytest.raises(Exception, match=r"(?i)permission|disabled"):
        engine.query("SELECT * FROM read_csv('/etc/hostname')")


def content(result: Result) -> str:
    """Tables and sentences as text, comparable."""
    tables = {table.id: table.records() for table in result.tables}
    claims = [
        (claim.key, {n: str(result.value(v)) for n, v in claim.values.items()}) for claim in result.claims
    ]
    notes = [note.says.zh for note in result.notes]
    return json.dumps([tables, claims, notes], default=str, ensure_ascii=False, sort_keys=True)
