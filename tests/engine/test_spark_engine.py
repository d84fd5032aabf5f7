"""Spark keeps the contract of the engine: pinned files, typed answers, one SELECT, nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from keguan.core.errors import DependencyError
from keguan.engine.duckdb_engine import DuckDBEngine
from keguan.engine.protocol import Engine
from keguan.engine.spark_engine import SparkEngine, location
from keguan.engine.spark_session import SparkSettings, megabytes, session
from keguan.schema.tables import ENTITIES, PRODUCTS
from on_spark import need_spark, small_engine
from shop import write
from stored import ids, products

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkEngine]:
    need_spark()
    made = small_engine()
    yield made
    made.close()


def test_it_is_an_engine(spark: SparkEngine) -> None:
    as_protocol: Engine = spark
    assert as_protocol.name == "spark"


def test_only_the_named_files_are_read(spark: SparkEngine, tmp_path: Path) -> None:
    first, second = products(tmp_path, "a.parquet", "1", "2"), products(tmp_path, "b.parquet", "3")
    products(tmp_path, "c.parquet", "4")  # a later version lies in the same folder
    spark.register(PRODUCTS, [first, second])
    spark.register(PRODUCTS, [first], name="products_before")
    assert ids(spark) == ["1", "2", "3"]
    assert ids(spark, "products_before") == ["1", "2"]


@pytest.mark.parametrize("name", ["工作 [1]", "{a,b}", "50% *", "a?b", "back\\slash", "plus+hash#"])
def test_a_folder_s_name_is_never_a_pattern(name: str, spark: SparkEngine, tmp_path: Path) -> None:
    spark.register(PRODUCTS, [products(tmp_path / name, "a.parquet", "1")])
    assert ids(spark) == ["1"]


def test_an_address_of_an_object_store_stays_as_it_is() -> None:
    assert location("s3a://bucket/t/a.parquet") == "s3a://bucket/t/a.parquet"


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=ENTITIES)
def test_tables_have_the_types_of_duckdb_empty_and_filled(
    entity: Any, spark: SparkEngine, tmp_path: Path
) -> None:
    values = {
        "text": "字", "integer": 1, "bigint": 2**40, "decimal": Decimal("1.2345"), "date": date(2024, 2, 29),
        "timestamp": datetime(2024, 2, 29, 23, 59, 59, 999999), "boolean": True,
    }  # fmt: skip
    file = str(write(entity, [{item.name: values[item.type] for item in entity.fields}, {}], tmp_path))
    duckdb = DuckDBEngine([tmp_path])
    sql = f"SELECT * FROM {entity.name} ORDER BY {entity.names[0]}"
    for files in ([], [file]):
        for engine in (duckdb, spark):
            engine.register(entity, files)
        assert spark.query(sql) == duckdb.query(sql)
        assert list(spark.stream(sql)) == list(duckdb.stream(sql))
    duckdb.close()


@pytest.mark.parametrize(
    "value",
    [None, True, -5, 2**40, 0.1, -1e-300, Decimal("-12.3450"), date(2024, 2, 29),
     datetime(2024, 3, 31, 2, 30, 0, 1), "", "it's", "back\\slash\\n", "行\n列", "'; DROP TABLE t; --", "%_$x"],
    ids=repr,
)  # fmt: skip
def test_parameters_come_back_as_they_went_in(value: Any, spark: SparkEngine) -> None:
    duckdb = DuckDBEngine([])
    sql = "SELECT $x AS x, 1 AS one"
    expected = duckdb.query(sql, {"x": value})
    assert (
        spark.query(sql, {"x": value}).column("x").to_pylist() == expected.column("x").to_pylist() == [value]
    )
    duckdb.close()


def test_a_parameter_without_a_value_is_an_error(spark: SparkEngine) -> None:
    with pytest.raises(ValueError, match="no value for day"):
        spark.query("SELECT $day AS x")


@pytest.mark.parametrize(
    "sql",
    ["", "SELECT 1; SELECT 2", "DROP VIEW products", "CREATE TABLE x AS SELECT 1 AS a", "SET x = 1",
     "INSERT INTO products SELECT * FROM products", "CACHE TABLE products", "ADD JAR '/x.jar'"],
)  # fmt: skip
def test_a_text_is_one_select(sql: str, spark: SparkEngine) -> None:
    for run in (spark.query, lambda text: list(spark.stream(text))):
        with pytest.raises(Exception, match=r"one SELECT|syntax error"):
            run(sql)
    for make in (spark.view, spark.materialise):
        with pytest.raises(Exception, match=r"one SELECT|syntax error"):
            make("x", sql)


@pytest.mark.parametrize(
    "sql",
    ["SELECT * FROM parquet.`{file}`", "SELECT * FROM '{file}'", "SELECT * FROM read_parquet('{file}')",
     "SELECT * FROM csv.`/etc/passwd`", "SELECT * FROM read_csv('/etc/passwd')",
     "SELECT java_method('java.lang.System', 'exit', 1)", "SELECT reflect('java.lang.System', 'getenv', 'PATH')"],
)  # fmt: skip
def test_no_file_and_no_method_of_java_can_be_reached(sql: str, spark: SparkEngine, tmp_path: Path) -> None:
    file = products(tmp_path, "a.parquet", "1")
    with pytest.raises(Exception, match=r"(?i)error|permission|disabled|not exist|not known|may not call"):
        spark.query(sql.format(file=file))


def test_below_the_translation_files_are_closed_too(spark: SparkEngine, tmp_path: Path) -> None:
    file = products(tmp_path, "a.parquet", "1")
    with pytest.raises(Exception, match=r"TABLE_OR_VIEW_NOT_FOUND|not found|UNSUPPORTED"):
        spark._spark.sql(f"SELECT * FROM parquet.`{file}`").collect()


def test_what_nobody_compared_is_refused(spark: SparkEngine) -> None:
    for sql in (
        "SELECT hash('a') AS h", "SELECT avg(x) AS a FROM (VALUES (1.5)) t(x)", "SELECT round(1.25, 1) AS r",
        "SELECT power(2.5, 1.5) AS p", "SELECT date_diff('week', DATE '2024-01-01', DATE '2024-02-01') AS w",
        "SELECT regexp_replace('aa', 'a', 'b') AS r", "SELECT DATE '2024-01-31' + INTERVAL 1 MONTH AS d",
        "SELECT 'a' LIKE 'a%' AS l", "SELECT 1 IN (SELECT 2) AS i", "SELECT 1 AS x WHERE 1 = 1 OR 1 IN (SELECT 2)",
    ):  # fmt: skip
        with pytest.raises(ValueError, match="not known to be equal"):
            spark.query(sql)


def test_views_follow_their_tables_and_tables_stay(spark: SparkEngine, tmp_path: Path) -> None:
    spark.register(PRODUCTS, [products(tmp_path, "a.parquet", "1")])
    spark.view("seen", "SELECT product_id FROM products")
    spark.materialise("kept", "SELECT product_id FROM products")
    spark.register(PRODUCTS, [])
    assert ids(spark, "seen") == []
    assert ids(spark, "kept") == ["1"]


def test_a_name_changes_between_query_and_table(spark: SparkEngine) -> None:
    spark.view("x", "SELECT 1 AS n")
    spark.materialise("x", "SELECT n + 1 AS n FROM x")  # reads what it replaces
    spark.materialise("x", "SELECT n + 1 AS n FROM x")
    assert spark.query("SELECT n FROM x").to_pylist() == [{"n": 3}]
    spark.view("x", "SELECT 9 AS n")
    assert spark.query("SELECT n FROM x").to_pylist() == [{"n": 9}]


def test_a_long_chain_of_tables_does_not_grow_the_plan(spark: SparkEngine) -> None:
    spark.materialise("chain", "SELECT 1 AS n")
    for _ in range(12):  # each reads the one before three times: 3^12 plans, were they remembered
        spark.materialise(
            "chain", "SELECT a.n FROM chain a JOIN chain b ON b.n = a.n JOIN chain c ON c.n = a.n"
        )
    assert spark.query("SELECT n FROM chain").to_pylist() == [{"n": 1}]


def test_a_stream_comes_in_batches(spark: SparkEngine, tmp_path: Path) -> None:
    numbers = [f"{number:06d}" for number in range(250_000)]
    columns = {item.name: pa.nulls(len(numbers)) for item in PRODUCTS.fields}
    columns["product_id"] = pa.array(numbers)
    file = tmp_path / "many.parquet"
    pq.write_table(pa.table(columns).cast(pq.read_schema(products(tmp_path, "a.parquet", "1"))), file)
    spark.register(PRODUCTS, [str(file)])
    stream = spark.stream("SELECT product_id FROM products ORDER BY product_id")
    first = next(stream)
    assert len(first) == 100_000
    assert spark.query("SELECT 1 AS one").to_pylist() == [{"one": 1}]  # between batches
    assert pa.Table.from_batches([first, *stream]).column(0).to_pylist() == numbers


def test_engines_do_not_see_each_other_and_leave_a_session_as_it_was(spark: SparkEngine) -> None:
    from pyspark.sql import SparkSession

    mine = SparkSession(spark._spark.sparkContext)
    before = mine.conf.get("spark.sql.session.timeZone")
    other = small_engine()
    other.view("private", "SELECT 1 AS n")
    with pytest.raises(Exception, match="private"):
        spark.query("SELECT n FROM private")
    assert not mine.catalog.tableExists("private")
    other.close()
    assert not other._spark.catalog.tableExists("private")
    assert mine.conf.get("spark.sql.session.timeZone") == before
    assert spark.query("SELECT 1 AS one").to_pylist() == [{"one": 1}]


def test_memory_in_spark_s_units() -> None:
    assert megabytes("4GB") == 3814
    assert megabytes("1.5 GiB") == 1536
    assert megabytes("512MB") == 488
    assert megabytes("1K") == 1


@pytest.mark.parametrize("gone", ["pyspark", "java"])
def test_what_is_missing_is_named_with_the_line_that_installs_it(
    gone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if gone == "pyspark":
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    else:
        need_spark()
        from pyspark import SparkContext

        monkeypatch.setattr(SparkContext, "_active_spark_context", None)
        monkeypatch.setattr("shutil.which", lambda name: None)
        monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(DependencyError) as caught:
        session(SparkSettings())
    for language in ("zh", "en"):
        assert 'pip install "keguan[spark]"' in caught.value.paragraph(language)
        assert "Java 17" in caught.value.paragraph(language)


def test_a_view_over_a_table_that_became_a_view_is_looked_up_each_time(
    spark: SparkEngine, tmp_path: Path
) -> None:
    spark.register(PRODUCTS, [products(tmp_path, "a.parquet", "1")])
    spark.view("before", "SELECT product_id FROM products")
    spark.view("products", "SELECT '7' AS product_id")
    spark.view("seen", "SELECT product_id FROM products")
    assert (ids(spark, "before"), ids(spark, "seen")) == (["7"], ["7"])
    spark.materialise("products", "SELECT '8' AS product_id")
    assert (ids(spark, "before"), ids(spark, "seen")) == (["8"], ["8"])


def test_days_in_turn_show_the_rows_of_their_day(spark: SparkEngine, tmp_path: Path) -> None:
    spark.register(PRODUCTS, [products(tmp_path, "a.parquet", "1", "2")], name="all_products")
    for limit, seen in (("2", ["1"]), ("3", ["1", "2"]), ("2", ["1"])):
        spark.view("products", f"SELECT * FROM all_products WHERE product_id < '{limit}'")
        spark.view("again", "SELECT product_id FROM products")
        assert ids(spark, "again") == seen
