"""Every function that Keguan's queries call gives the same answer on DuckDB and on Spark, edge values included.

CASES holds, for each name of spark_sql.PORTABLE and each operator, expressions over one table of edge values.
The functions that are really in use are found by listening to an engine while marts are built and all analyses
run; whoever uses a new one gets an error on Spark until it stands in PORTABLE, and a failure here until it
has its cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa
import pytest
import sqlglot
from sqlglot import exp

from keguan.core.text import Scalar
from keguan.engine.duckdb_engine import DuckDBEngine
from keguan.engine.spark_engine import SparkEngine
from keguan.engine.spark_sql import PORTABLE, to_spark
from on_spark import need_spark, small_engine
from shops import all_results, busy

# Half-way values, signs, zero, NULL, large ones; Sundays, ends of months, a leap day; empty and odd texts.
VALUES = """
SELECT * FROM (VALUES
  (1, 0, CAST(0 AS BIGINT), CAST('0' AS DECIMAL(18, 4)), CAST('0' AS DOUBLE), DATE '2024-02-29', '', TRUE),
  (2, -7, CAST(-9007199254740993 AS BIGINT), CAST('-2.5000' AS DECIMAL(18, 4)), CAST('-2.5' AS DOUBLE),
   DATE '2024-12-29', '客观 a\\b|c''d', FALSE),
  (3, 7, CAST(9007199254740993 AS BIGINT), CAST('54321.9999' AS DECIMAL(18, 4)), CAST('2.5' AS DOUBLE),
   DATE '2023-01-01', 'Zoë 😀', NULL),
  (4, 1, CAST(-1 AS BIGINT), CAST('0.0001' AS DECIMAL(18, 4)), CAST('0.00015' AS DOUBLE),
   DATE '1969-12-31', '  x%_ ', TRUE),
  (5, 2147483647, CAST(2 AS BIGINT), CAST('3.4999' AS DECIMAL(18, 4)), CAST('-0.00025' AS DOUBLE),
   DATE '2025-01-31', 'a|b|c', FALSE),
  (6, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (7, 65521, CAST(65521 AS BIGINT), CAST('-0.5000' AS DECIMAL(18, 4)), CAST('123456789.00005' AS DOUBLE),
   DATE '2024-01-31', 'C:\\x\\y.csv', TRUE),
  (8, 2, CAST(1 AS BIGINT), CAST('1.5000' AS DECIMAL(18, 4)), CAST('0.285' AS DOUBLE),
   DATE '2000-03-31', 'É', FALSE)
) AS t(id, i, b, m, x, d, s, f)
"""

CASES: Mapping[str, tuple[str, ...]] = {
    # numbers
    "abs": ("abs(i)", "abs(b)", "abs(m)", "abs(x)"),
    "ceil": ("ceil(m)", "ceil(x)", "CAST(ceil(x) AS BIGINT)"),
    "floor": ("floor(m)", "floor(x)", "CAST(floor(x) AS BIGINT)", "CAST(floor(2 * sqrt(abs(x))) AS INTEGER)"),
    "greatest": (
        "greatest(i, 3)",
        "greatest(m, CAST(0 AS DECIMAL(18, 4)))",
        "greatest(s, 'b')",
        "greatest(d, DATE '2024-01-01')",
    ),
    "least": ("least(i, 3)", "least(b, i)", "least(s, 'b')", "least(d, DATE '2024-01-01')"),
    "pow": (
        "round(CAST(power(abs(x), 1.5) AS DOUBLE), 6)",
        "round(CAST(power(1 + abs(m), -0.25) AS DOUBLE), 6)",
    ),
    "round": (
        "round(CAST(x AS DOUBLE))",
        "round(CAST(x AS DOUBLE), 2)",
        "round(CAST(x AS DOUBLE), 4)",
        "round(CAST(m AS DOUBLE), 3)",
    ),
    "sign": ("CAST(sign(i) AS INTEGER)", "CAST(sign(m) AS INTEGER)", "CAST(sign(x) AS INTEGER)"),
    "sqrt": ("sqrt(abs(x))", "sqrt(CAST(abs(m) AS DOUBLE))"),
    "nullif": ("nullif(i, 0)", "nullif(m, 0)", "nullif(x, 0)", "nullif(s, '')"),
    "cast": (
        "CAST(x AS BIGINT)",
        "CAST(m AS BIGINT)",
        "CAST(i > 0 AS BIGINT)",
        "CAST(i AS INTEGER)",
        "CAST(x AS DECIMAL(18, 4))",
        "CAST(x AS DECIMAL(18, 6))",
        "CAST(x AS DECIMAL(38, 4))",
        "CAST(x / 7 AS DECIMAL(18, 4))",
        "CAST(m AS DECIMAL(18, 2))",
        "CAST(m AS DECIMAL(18, 0))",
        "CAST(i AS DECIMAL(18, 4))",
        "CAST(b AS VARCHAR)",
        "CAST(m AS VARCHAR)",
        "CAST(d AS VARCHAR)",
        "CAST(f AS VARCHAR)",
        "CAST(CAST(x / 3 AS DECIMAL(18, 6)) AS VARCHAR)",
        "CAST(m AS DOUBLE)",
        "CAST(b AS DOUBLE)",
        "CAST('2.5' AS DOUBLE)",
        "CAST('2024-02-29' AS DATE)",
        "CAST(NULL AS VARCHAR)",
        "CAST(i + 0.5 AS BIGINT)",
        "CAST(x - 1 AS DECIMAL(18, 4))",
        "CAST(d AS TIMESTAMP)",
    ),
    # choices
    "case": (
        "CASE WHEN i > 0 THEN m WHEN i < 0 THEN -m ELSE 0 END",
        "CASE s WHEN '' THEN 1 ELSE 0 END",
        "CASE WHEN f THEN 'x' END",
    ),
    "coalesce": (
        "coalesce(i, -1)",
        "coalesce(m, 0)",
        "coalesce(s, '待核实')",
        "coalesce(d, DATE '1970-01-01')",
    ),
    "if": ("if(i > 0, 1, 0)", "if(f, m, NULL)"),
    "and": ("f AND i > 0", "f AND NULL"),
    "or": ("f OR i > 0", "f OR NULL"),
    "exists": (
        "EXISTS (SELECT 1 FROM edges e WHERE e.i = edges.b)",
        "EXISTS (SELECT 1 FROM edges e WHERE e.i = -edges.i) OR i = 0",
    ),
    # days
    "datediff": (
        "date_diff('day', d, DATE '2024-03-01')",
        "date_diff('day', DATE '2024-03-01', d)",
        "date_diff('month', d, DATE '2024-03-01')",
        "date_diff('month', DATE '2024-02-29', d)",
        "date_diff('year', d, DATE '2024-01-01')",
        "date_diff('second', TIMESTAMP '2024-01-31 23:59:59.999999', CAST(d AS TIMESTAMP))",
        "date_diff('second', CAST(d AS TIMESTAMP), TIMESTAMP '1969-12-31 00:00:00.000001')",
        "date_diff('microsecond', TIMESTAMP '1900-01-01 00:00:00.5', CAST(d AS TIMESTAMP))",
    ),
    "datefromparts": ("make_date(year(d), month(d), 1)",),
    "day": ("day(d)",),
    "month": ("month(d)",),
    "quarter": ("quarter(d)",),
    "year": ("year(d)", "year(d) * 12 + month(d) - 1"),
    "dayofweek": ("dayofweek(d)",),
    "dayofweekiso": ("isodow(d)",),
    "lastday": ("last_day(d)",),
    # texts
    "chr": ("('a' || chr(0) || 'b')", "(s || chr(0) || '')", "chr(65)"),
    "concat": ("concat(s, '·', s)",),
    "contains": ("contains(s, 'a')", "contains(s, '\\')", "contains(s, '')"),
    "endswith": ("ends_with(s, 'c')",),
    "startswith": ("starts_with(s, 'a')", "starts_with(s, '')"),
    "left": ("left(s, 2)",),
    "right": ("right(s, 2)",),
    "length": ("length(s)",),
    "lower": ("lower(s)",),
    "upper": ("upper(s)",),
    "trim": ("trim(s)", "ltrim(s)", "rtrim(s)"),
    "md5": ("md5(s)", "left(md5(s), 3)"),
    "replace": ("replace(s, '|', '\\')", "replace(s, '\\', '/')"),
    "regexpreplace": (r"regexp_replace(s, '^.*[/\\]', '')", r"regexp_replace(s, '[^a-z]', '', 'g')"),
    "splitpart": (
        "split_part(s, '|', 1)",
        "split_part(s, '|', 2)",
        "split_part(s, '\\', 2)",
        "split_part(s, ' / ', 1)",
    ),
    "strposition": ("strpos(s, 'a')", "strpos(s, '|')", "instr(s, 'zz')"),
    "substring": ("substr(s, 2)", "substr(s, 1, 3)", "substring(s, 3, 2)"),
    # sums
    "avg": ("avg(CAST(m AS DOUBLE))", "avg(CAST(i AS DOUBLE))", "avg(CAST(NULL AS DOUBLE))"),
    "median": ("median(CAST(m AS DOUBLE))", "median(CAST(i AS DOUBLE)) FILTER (WHERE id < 5)"),
    "count": ("count(*)", "count(s)", "count(DISTINCT i)", "count(DISTINCT CASE WHEN i > 0 THEN s END)"),
    "countif": ("count_if(i > 0)", "count_if(f)"),
    "max": ("max(m)", "max(s)", "max(d)", "max(f)"),
    "min": ("min(m)", "min(s)", "min(d)", "min(f)"),
    "sum": (
        "sum(i)",
        "sum(b)",
        "sum(m)",
        "sum(-m)",
        "CAST(sum(i) AS BIGINT)",
        "CAST(sum(m) AS DECIMAL(18, 4))",
        "sum(CASE WHEN f THEN 1 ELSE 0 END)",
        "sum(i) FILTER (WHERE id > 100)",
    ),
    "logicaland": ("bool_and(f)",),
    "logicalor": ("bool_or(f)",),
    "bitwiseoragg": ("bit_or(CAST(id AS BIGINT))",),
    "bit_count": ("bit_count(CAST(b AS BIGINT))", "bit_count(CAST(id AS BIGINT) | 64)"),
    # windows
    "rownumber": (
        "row_number() OVER (ORDER BY s, id)",
        "row_number() OVER (ORDER BY m DESC NULLS LAST, id)",
        "row_number() OVER (PARTITION BY f ORDER BY i, id DESC)",
    ),
    "rank": ("rank() OVER (ORDER BY i)",),
    "denserank": ("dense_rank() OVER (ORDER BY i DESC)",),
    "lag": ("lag(d) OVER (ORDER BY id)", "lag(s) OVER (PARTITION BY f ORDER BY d, id)"),
    "lead": ("lead(m) OVER (ORDER BY id)", "lead(i) OVER (PARTITION BY f ORDER BY id)"),
    # operators
    "add": ("i + 0.5", "b + i", "m + m", "x + m", "d + 1"),
    "sub": ("i - m", "x - i", "m - 1"),
    "mul": ("m * 3", "m * m / 7", "x * m", "0.05 * m", "CAST(i % 65521 AS BIGINT) * (i % 65521) * 48271"),
    "div": (
        "i / 3",
        "m / 3",
        "x / 3",
        "b / nullif(i, 0)",
        "m / nullif(m, 0)",
        "100.0 * i / 7",
        "(i + 1.0) / 2 * 3",
    ),
    "mod": ("i % 5", "b % 7", "-i % 3"),
    "neg": ("-i + 0.0", "-m", "-b"),
    "dpipe": ("s || '|' || s", "s || NULL"),
    "eq": ("s = 'É'", "m = 0"),
    "neq": ("s <> ''", "i <> 2"),
    "gt": ("s > 'a'", "m > i"),
    "gte": ("x >= m", "d >= DATE '2024-01-31'"),
    "lt": ("s < 'Zoë'", "s < '客'", "i < 0.5"),
    "lte": ("x <= 2.5", "m <= 3.4999"),
    "between": ("i BETWEEN 0 AND 7", "d BETWEEN DATE '2024-01-01' AND DATE '2024-12-31'"),
    "in": ("s IN ('', 'É')", "i IN (1, NULL)", "id IN (1, 5)"),
    "is": ("i IS NULL", "f IS TRUE"),
    "not": ("NOT f", "i IS NOT NULL"),
    "nullsafeeq": ("i IS NOT DISTINCT FROM b",),
    "nullsafeneq": ("i IS DISTINCT FROM 7",),
    "bitwiseand": ("id & 5",),
    "bitwiseor": ("id | 8",),
    "bitwiseleftshift": ("CAST(1 AS BIGINT) << id", "CAST(abs(i) AS BIGINT) << 6"),
    "bitwiserightshift": ("abs(b) >> 6", "CAST(id AS BIGINT) >> id"),
}

AGGREGATES = {
    "avg",
    "median",
    "count",
    "countif",
    "max",
    "min",
    "sum",
    "logicaland",
    "logicalor",
    "bitwiseoragg",
}
ALL = [(name, sql) for name, cases in CASES.items() for sql in cases]


def called(sql: str) -> set[str]:
    """Functions of a query, as sqlglot names them."""
    nodes = (node for node in sqlglot.parse_one(sql, dialect="duckdb").walk() if isinstance(node, exp.Func))
    return {node.name.lower() if isinstance(node, exp.Anonymous) else node.key for node in nodes}


class Listening(DuckDBEngine):
    """DuckDB that remembers every query with its parameters filled in."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.heard: set[str] = set()

    def view(self, name: str, sql: str) -> None:
        """Remembered unless it reads files, which is the engine's own."""
        if "read_parquet" not in sql:
            self.heard.add(sql)
        super().view(name, sql)

    def materialise(self, name: str, sql: str) -> None:
        """Remembered."""
        self.heard.add(sql)
        super().materialise(name, sql)

    def prepared(self, sql: str, params: Mapping[str, Scalar] | None = None) -> str:
        """Queries and streams pass here."""
        ready = super().prepared(sql, params)
        self.heard.add(ready)
        return ready


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Every query of the marts, the analyses and their relations on a busy shop."""
    engine = Listening([tmp_path_factory.getbasetemp()])
    inputs, results = all_results(engine, busy(), tmp_path_factory.mktemp("shop"))
    for result in results.values():
        for relation in result.relations:
            inputs.query(relation.sql, **dict(relation.params))
    engine.close()
    return engine.heard


def test_every_function_in_use_is_known_and_has_cases(heard: set[str]) -> None:
    in_use = set[str]().union(*map(called, heard))
    assert len(heard) > 60
    assert in_use <= PORTABLE
    assert {"sum", "median", "rownumber", "datediff", "splitpart", "regexpreplace"} <= in_use


def test_every_query_in_use_can_be_said_to_spark(heard: set[str]) -> None:
    for sql in heard:
        assert to_spark(sql)


def test_every_known_function_has_cases_that_call_it() -> None:
    assert set(CASES) >= PORTABLE
    for name, sql in ALL:
        keys = {node.key for node in sqlglot.parse_one(f"SELECT {sql}", dialect="duckdb").walk()}
        assert name in keys | called(f"SELECT {sql}"), sql


@pytest.fixture(scope="module")
def engines() -> Iterator[tuple[DuckDBEngine, SparkEngine]]:
    need_spark()
    duckdb, spark = DuckDBEngine([]), small_engine()
    for engine in (duckdb, spark):
        engine.materialise("edges", VALUES)
    yield duckdb, spark
    duckdb.close()
    spark.close()


def rows(sql: str, name: str) -> str:
    """The expression over the edge values: one row, or a row for each."""
    if name in AGGREGATES:
        return f"SELECT {sql} AS answer FROM edges"
    return f"SELECT id, {sql} AS answer FROM edges ORDER BY id"


@pytest.mark.spark
@pytest.mark.parametrize(("name", "sql"), ALL, ids=[sql for _, sql in ALL])
def test_both_engines_give_the_same_answer(
    name: str, sql: str, engines: tuple[DuckDBEngine, SparkEngine]
) -> None:
    answers: list[pa.Table] = [engine.query(rows(sql, name)) for engine in engines]
    assert answers[0].schema == answers[1].schema
    assert answers[0].to_pylist() == answers[1].to_pylist()


@pytest.mark.spark
@pytest.mark.parametrize(
    "where",
    ["i IN (SELECT id FROM edges)", "i NOT IN (SELECT id FROM edges)", "b NOT IN (SELECT i FROM edges)",
     "id < 5 AND b IN (SELECT i FROM edges)", "m <> 0", "NOT (i > 2)", "f", "s || '' > ''"],
)  # fmt: skip
def test_both_engines_keep_the_same_rows(where: str, engines: tuple[DuckDBEngine, SparkEngine]) -> None:
    answers = [
        engine.query(f"SELECT id FROM edges WHERE {where} ORDER BY id").to_pylist() for engine in engines
    ]
    assert answers[0] == answers[1]


@pytest.mark.spark
@pytest.mark.parametrize(
    "order",
    ["s, id", "s DESC, id", "i NULLS FIRST, id", "m DESC, id", "d, id", "f DESC NULLS FIRST, id", "x, id"],
)
def test_both_engines_order_alike(order: str, engines: tuple[DuckDBEngine, SparkEngine]) -> None:
    for sql in (f"SELECT id FROM edges ORDER BY {order}", f"SELECT id FROM edges ORDER BY {order} LIMIT 3"):
        answers = [engine.query(sql).to_pylist() for engine in engines]
        assert answers[0] == answers[1]
