"""The engine in process: pinned files, typed empty tables, read-only and locked to its folders."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from keguan.engine.duckdb_engine import DuckDBEngine, identifier, quoted
from keguan.engine.protocol import Engine
from keguan.schema.tables import ENTITIES, PRODUCTS
from stored import ids, products

ARROW = {
    "text": pa.string(), "integer": pa.int32(), "bigint": pa.int64(), "decimal": pa.decimal128(18, 4),
    "date": pa.date32(), "timestamp": pa.timestamp("us"), "boolean": pa.bool_(),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "workspace"
    inside.mkdir()
    return inside


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    beside = tmp_path / "workspace-secret"  # begins like the allowed folder
    beside.mkdir()
    (beside / "list.csv").write_text("phone\n13800000000\n")
    return beside


@pytest.fixture
def engine(folder: Path) -> Iterator[DuckDBEngine]:
    made = DuckDBEngine([folder])
    yield made
    made.close()


def test_it_is_an_engine(engine: DuckDBEngine) -> None:
    as_protocol: Engine = engine
    assert as_protocol.name == "duckdb"


def test_only_the_named_files_are_read(engine: DuckDBEngine, folder: Path) -> None:
    first, second = products(folder, "a.parquet", "1", "2"), products(folder, "b.parquet", "3")
    products(folder, "c.parquet", "4")  # a later version lies in the same folder
    engine.register(PRODUCTS, [first, second])
    assert ids(engine) == ["1", "2", "3"]
    products(folder, "d.parquet", "5")
    assert ids(engine) == ["1", "2", "3"]


def test_two_versions_stand_side_by_side(engine: DuckDBEngine, folder: Path) -> None:
    old, new = products(folder, "a.parquet", "1"), products(folder, "b.parquet", "2")
    engine.register(PRODUCTS, [old], name="products_before")
    engine.register(PRODUCTS, [old, new])
    assert ids(engine, "products_before") == ["1"]
    assert ids(engine) == ["1", "2"]


def test_a_name_is_registered_again_with_and_without_files(engine: DuckDBEngine, folder: Path) -> None:
    file = products(folder, "a.parquet", "1")
    for files, expected in (([], []), ([file], ["1"]), ([], []), ([file], ["1"])):
        engine.register(PRODUCTS, files)
        assert ids(engine) == expected


@pytest.mark.parametrize("name", ENTITIES)
def test_an_empty_table_has_the_types_of_a_filled_one(name: str, engine: DuckDBEngine, folder: Path) -> None:
    entity = ENTITIES[name]
    path = folder / "one.parquet"
    pq.write_table(
        pa.table(
            [pa.array([None], type=ARROW[item.type]) for item in entity.fields], names=list(entity.names)
        ),
        path,
    )
    engine.register(entity, [str(path)], name="filled")
    engine.register(entity, [])
    empty = engine.query(f"SELECT * FROM {name}")
    assert len(empty) == 0
    assert empty.column_names == list(entity.names)
    assert empty.schema.types == [ARROW[item.type] for item in entity.fields]
    assert engine.query("SELECT * FROM filled").schema == empty.schema


def test_names_of_files_and_views_are_quoted(engine: DuckDBEngine, folder: Path) -> None:
    engine.register(PRODUCTS, [products(folder, "老板's 订单 (1).parquet", "1")], name='odd "name"')
    assert ids(engine, identifier('odd "name"')) == ["1"]
    assert quoted("it's") == "'it''s'"


def test_parameters_are_bound_by_name(engine: DuckDBEngine) -> None:
    row = engine.query(
        "SELECT $day AS day, $text AS text, $money AS money, $none IS NULL AS missing",
        {"day": date(2024, 2, 29), "text": "'; DROP TABLE x; --", "money": Decimal("12.3400"), "none": None},
    ).to_pylist()[0]
    assert row == {
        "day": date(2024, 2, 29), "text": "'; DROP TABLE x; --", "money": Decimal("12.3400"), "missing": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT $first_day AS x", 2),  # $first is no part of it
        ("SELECT $first AS x -- and $first_day", 1),
        ("SELECT length('$first_day') AS x", 10),
        ("SELECT $first + $first_day AS x", 3),
        ("SELECT 7 AS x", 7),
    ],
)
def test_parameters_that_the_query_does_not_name_do_no_harm(
    sql: str, expected: int, engine: DuckDBEngine
) -> None:
    params = {"first": 1, "first_day": 2, "other": 3}
    assert engine.query(sql, params).column("x").to_pylist() == [expected]
    assert [batch.to_pylist() for batch in engine.stream(sql, params)] == [[{"x": expected}]]


def test_a_number_of_numpy_is_a_number(engine: DuckDBEngine) -> None:
    assert engine.query("SELECT $x AS x", {"x": np.float64(0.1)}).to_pylist() == [{"x": 0.1}]


def test_a_parameter_that_is_missing_is_an_error(engine: DuckDBEngine) -> None:
    with pytest.raises(ValueError, match="no value for day"):
        engine.query("SELECT $day AS x")


def test_a_stream_comes_in_batches_and_other_queries_run_between_them(engine: DuckDBEngine) -> None:
    stream = engine.stream("SELECT range AS n FROM range(350000) WHERE range < $limit", {"limit": 300_000})
    first = next(stream)
    assert 0 < len(first) <= 200_000
    assert engine.query("SELECT 1 AS one").to_pylist() == [{"one": 1}]
    rest = sum(len(batch) for batch in stream)
    assert len(first) + rest == 300_000


def test_a_stream_that_is_left_early_blocks_nothing(engine: DuckDBEngine) -> None:
    stream = engine.stream("SELECT range AS n FROM range(1000000)")
    next(stream)
    stream.close()
    assert engine.query("SELECT 1 AS one").to_pylist() == [{"one": 1}]


def test_what_is_materialised_is_computed_once_and_seen_by_streams(
    engine: DuckDBEngine, folder: Path
) -> None:
    engine.register(PRODUCTS, [products(folder, "a.parquet", "1")])
    engine.materialise("kept", "SELECT product_id FROM products")
    engine.register(PRODUCTS, [])
    assert ids(engine, "kept") == ["1"]
    assert [batch.to_pylist() for batch in engine.stream("SELECT * FROM kept")] == [[{"product_id": "1"}]]


def test_a_name_changes_between_query_and_table(engine: DuckDBEngine) -> None:
    engine.view("x", "SELECT 1 AS n")
    engine.materialise("x", "SELECT n + 1 AS n FROM x")  # reads what it replaces
    engine.materialise("x", "SELECT n + 1 AS n FROM x")
    assert engine.query("SELECT n FROM x").to_pylist() == [{"n": 3}]
    engine.view("x", "SELECT 9 AS n")
    assert engine.query("SELECT n FROM x").to_pylist() == [{"n": 9}]


READS = (
    "SELECT * FROM read_csv('{file}')",
    "SELECT * FROM '{file}'",
    "SELECT * FROM read_text('{file}')",
    "SELECT * FROM read_blob('{file}')",
    "SELECT * FROM read_text('{inside}/../{beside}/list.csv')",
    "SELECT * FROM glob('{outside}/*')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM read_parquet('https://example.com/x.parquet')",
    "SELECT * FROM parquet_schema('{file}')",
)


@pytest.mark.parametrize("sql", READS)
def test_no_other_file_can_be_read(sql: str, engine: DuckDBEngine, folder: Path, outside: Path) -> None:
    text = sql.format(file=outside / "list.csv", outside=outside, beside=outside.name, inside=folder)
    with pytest.raises(duckdb.Error):
        engine._connection.execute(text)
    for run in (engine.query, lambda sql: list(engine.stream(sql)), lambda sql: engine.materialise("x", sql)):
        with pytest.raises((duckdb.Error, ValueError)):
            run(text)


STATEMENTS = (
    "ATTACH '{folder}/x.db' AS x",
    "ATTACH ':memory:' AS x",
    "COPY (SELECT 1 AS a) TO '{folder}/x.csv'",
    "COPY (SELECT 1 AS a) TO '{folder}/x.parquet' (FORMAT parquet)",
    "EXPORT DATABASE '{folder}/x'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "SET allowed_directories = ['/']",
    "SET threads = 1",
    "RESET lock_configuration",
    "PRAGMA threads = 1",
    "CREATE TABLE x AS SELECT 1 AS a",
    "CREATE SECRET (TYPE s3)",
    "DROP VIEW products",
    "INSERT INTO products SELECT * FROM products",
    "SELECT 1; SELECT 2",
    "SELECT 1 AS a; COPY (SELECT 1) TO '{folder}/x.csv'",
    "",
)


@pytest.mark.parametrize("where", ["inside", "outside"])
@pytest.mark.parametrize("sql", STATEMENTS)
def test_a_text_is_one_select_and_nothing_is_written(
    sql: str, where: str, engine: DuckDBEngine, folder: Path, outside: Path
) -> None:
    engine.register(PRODUCTS, [])
    text = sql.format(folder=folder if where == "inside" else outside)
    before = sorted(folder.rglob("*")) + sorted(outside.rglob("*"))
    for run in (engine.query, lambda sql: list(engine.stream(sql))):
        with pytest.raises(ValueError, match="one SELECT"):
            run(text)
    for make in (engine.view, engine.materialise):
        with pytest.raises(ValueError, match="one SELECT"):
            make("x", text)
    assert sorted(folder.rglob("*")) + sorted(outside.rglob("*")) == before
    assert ids(engine) == []


@pytest.mark.parametrize(
    "sql",
    [
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET allowed_directories = ['/']",
        "RESET threads",
        "LOAD httpfs",
        "COPY (SELECT 1) TO '{outside}/x.csv'",
        "ATTACH '{outside}/x.db' AS x",
    ],
)
def test_below_the_guard_the_connection_is_locked_too(sql: str, engine: DuckDBEngine, outside: Path) -> None:
    with pytest.raises(duckdb.Error):
        engine._connection.execute(sql.format(outside=outside))


def test_an_unknown_table_is_never_a_variable_of_python(engine: DuckDBEngine) -> None:
    customers_by_mistake = pa.table({"phone": ["138"]})
    assert len(customers_by_mistake) == 1
    with pytest.raises(duckdb.Error, match="customers_by_mistake"):
        engine.query("SELECT * FROM customers_by_mistake")


def test_answers_do_not_depend_on_the_machine_s_zone(engine: DuckDBEngine) -> None:
    sql = "SELECT CAST(TIMESTAMPTZ '2024-01-01 23:30:00+00' AS DATE) AS day"
    assert engine.query(sql).to_pylist() == [{"day": date(2024, 1, 1)}]


def test_limits_are_taken_and_nothing_stays_behind(folder: Path) -> None:
    engine = DuckDBEngine([folder], memory_limit="200MB", threads=1)
    spill = Path(engine._spill.name)
    settings = engine.query(
        "SELECT current_setting('threads') AS threads, current_setting('memory_limit') AS memory"
    ).to_pylist()[0]
    assert settings == {"threads": 1, "memory": "190.7 MiB"}
    assert spill.is_dir()
    engine.close()
    engine.close()
    assert not spill.exists()
    with pytest.raises(duckdb.Error):
        engine.query("SELECT 1")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_an_allowed_folder_may_be_reached_over_a_link(tmp_path: Path, folder: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)
    file = products(folder, "a.parquet", "1")
    engine = DuckDBEngine([link])
    engine.register(PRODUCTS, [file])
    assert ids(engine) == ["1"]
    engine.close()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_a_link_inside_leads_nowhere_outside(engine: DuckDBEngine, folder: Path, outside: Path) -> None:
    (folder / "file.csv").symlink_to(outside / "list.csv")
    (folder / "sub").symlink_to(outside)
    for path in ("file.csv", "sub/list.csv"):
        with pytest.raises(duckdb.Error):
            engine._connection.execute(f"SELECT * FROM read_csv('{folder / path}')")


def test_no_warning_reaches_a_user(engine: DuckDBEngine, recwarn: pytest.WarningsRecorder) -> None:
    engine.query("SELECT $a AS a", {"a": 1})
    list(engine.stream("SELECT $a AS a", {"a": 1}))
    assert [str(item.message) for item in recwarn] == []
