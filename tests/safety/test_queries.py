"""The attacker writes the query: what the connection of analyses can be made to read, write, change or run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from keguan.core.errors import InputError
from keguan.engine import duckdb_engine
from keguan.engine.duckdb_engine import DuckDBEngine
from keguan.engine.reach import forbidden
from keguan.schema.tables import CUSTOMERS
from shop import write

HARMLESS = {"generate_series", "json_each", "json_tree", "range", "read_parquet", "repeat", "unnest",
            "histogram", "histogram_values", "icu_calendar_names"}  # fmt: skip


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "w" / "tables"
    folder.mkdir(parents=True)
    (tmp_path / "w" / "keguan.toml").write_text('name = "secret"\n')
    (folder / "notes.txt").write_text("inside")
    pq.write_table(pa.table({"a": [1]}), tmp_path / "list.parquet")
    (tmp_path / "list.csv").write_text("phone\n13800000000\n")
    (folder / "link.parquet").symlink_to(tmp_path / "list.parquet")
    (folder / "sub").symlink_to(tmp_path)
    return folder


@pytest.fixture
def engine(tables: Path) -> Iterator[DuckDBEngine]:
    made = DuckDBEngine([tables])
    yield made
    made.close()


READS = (
    "read_csv('{out}/list.csv')", "read_csv_auto('{out}/list.csv')", "sniff_csv('{out}/list.csv')",
    "read_text('{out}/list.csv')", "read_blob('{out}/list.csv')", "read_json('{out}/list.csv')",
    "read_json_objects('{out}/list.csv')", "read_ndjson_auto('{out}/list.csv')",
    "read_parquet('{out}/list.parquet')", "parquet_scan('{out}/list.parquet')",
    "parquet_metadata('{out}/list.parquet')", "parquet_kv_metadata('{out}/list.parquet')",
    "parquet_file_metadata('{out}/list.parquet')", "query_table(['{out}/list.parquet'])",
    "read_parquet('{in}/link.parquet')", "read_parquet('{in}/sub/list.parquet')",
    "read_parquet('{in}/*.parquet')", "read_text('{in}/../keguan.toml')", "read_text('../keguan.toml')",
    "read_text('file://{out}/list.csv')", "read_text('file:{out}/list.csv')", "read_text('~/.bashrc')",
    "read_text('/etc/passwd')", "read_blob('/proc/self/environ')", "read_blob('/dev/stdin')",
    "glob('{in}/../*')", "glob('{in}/sub/*')", "glob('/etc/*')", "glob('/**')",
    "'{out}/list.parquet'", "'/etc/passwd'", "'{in}/link.parquet'", "'https://example.com/x.csv'",
    "read_parquet('https://example.com/x.parquet')", "read_parquet('s3://bucket/x.parquet')",
    "read_parquet('http://127.0.0.1:9/x.parquet')", "read_parquet('hf://datasets/x/y.parquet')",
    "read_duckdb('{out}/x.db')", "duckdb_secrets()", "duckdb_extensions()",
    "json_execute_serialized_sql(json_serialize_sql('FROM read_text(''/etc/passwd'')'))",
)  # fmt: skip


@pytest.mark.parametrize("source", READS)
def test_the_connection_reads_nothing_outside_the_tables(
    source: str, engine: DuckDBEngine, tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock of the connection itself, without the guard on texts above it."""
    monkeypatch.chdir(tables)
    sql = "SELECT * FROM " + source.replace("{in}", str(tables)).replace("{out}", str(tmp_path))
    with pytest.raises(duckdb.Error):
        engine._connection.execute(sql).fetchall()
    with pytest.raises((duckdb.Error, ValueError)):
        engine.query(sql)


def test_secrets_of_the_environment_are_out_of_reach(
    engine: DuckDBEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hush")
    for sql in ("SELECT getenv('SECRET_TOKEN')", "SELECT getvariable('SECRET_TOKEN') IS NULL AS x"):
        try:
            assert "hush" not in str(engine.query(sql).to_pylist())
        except (duckdb.Error, ValueError):
            continue


# Each of these is one SELECT, and yet changes something: found to work on the locked connection.
CALLS = (
    "FROM enable_profiling(save_location := '{at}/orders.json', format := 'json')",
    "SELECT * FROM enable_logging(storage := 'file', storage_path := '{at}/log')",
    "SELECT * FROM \"enable_logging\"('QueryLog', storage := 'file', storage_config := {'path': '{at}/log'})",
    "SELECT * FROM system.main.Enable_Profiling /* /* */ */ (save_location := '{at}/x.json', format := 'json')",
    "SELECT * FROM enable_logging --\n (storage := 'file', storage_path := '{at}/log')",
    "SELECT * FROM disable_profiling()",
    "SELECT * FROM truncate_duckdb_logs()",
    "SELECT * FROM checkpoint()",
    "SELECT * FROM query('FROM ena' || 'ble_logging(storage := ''file'', storage_path := ''{at}/log'')')",
    "SELECT * FROM json_execute_serialized_sql('{}')",
    "SELECT write_log('x')",
    "WITH a AS (SELECT * FROM enable_profiling(save_location := '{at}/x.json', format := 'json')) SELECT 1 AS x",
)  # fmt: skip


@pytest.mark.parametrize("sql", CALLS)
def test_a_select_that_would_write_is_refused(
    sql: str, engine: DuckDBEngine, tables: Path, tmp_path: Path
) -> None:
    before = sorted(tmp_path.rglob("*"))
    for at in (tables, tmp_path):
        text = sql.replace("{at}", str(at))
        for run in (engine.query, lambda s: list(engine.stream(s)), lambda s: engine.view("v", s),
                    lambda s: engine.materialise("t", s)):  # fmt: skip
            with pytest.raises(ValueError, match="may not call"):
                run(text)
    assert engine.query("SELECT 1 AS one").to_pylist() == [{"one": 1}]
    assert sorted(tmp_path.rglob("*")) == before


def test_every_table_function_of_the_engine_is_known_to_be_harmless_or_refused() -> None:
    """A new version of the engine that brings a new one fails here, before it opens a door."""
    with duckdb.connect() as connection:
        names = {row[0] for row in connection.execute(
            "SELECT function_name FROM duckdb_functions() WHERE function_type IN ('table', 'table_macro')"
        ).fetchall()}  # fmt: skip
    assert "enable_logging" in names
    assert {name for name in names if not forbidden(f"SELECT * FROM {name}(1)")} <= HARMLESS


@pytest.mark.parametrize(
    "sql",
    ["SELECT summary FROM t WHERE glob = 'query' AND (a) > 1", "SELECT count(*) AS query FROM read_parquet(['x'])",
     "SELECT enable_x FROM t, (SELECT 1)"],
)  # fmt: skip
def test_names_that_are_only_words_are_let_through(sql: str) -> None:
    assert forbidden(sql) is None


def test_the_lock_holds_in_a_process_of_its_own(tables: Path) -> None:
    """`enable_logging` to a place outside ends the process; the guard keeps it alive."""
    code = (
        "import sys; from pathlib import Path; from keguan.engine.duckdb_engine import DuckDBEngine\n"
        f"engine = DuckDBEngine([Path({str(tables)!r})])\n"
        "try: engine.query(\"SELECT * FROM enable_logging(storage := 'file', storage_path := '/nowhere/log')\")\n"
        "except ValueError: pass\n"
        "print(engine.query('SELECT 7 AS n').to_pylist()); engine.close()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[{'n': 7}]"), done.stderr


@pytest.mark.parametrize("folder", ["province=假", "customer_id=EVIL", "__hive=1"])
def test_the_name_of_a_folder_never_becomes_data(folder: str, tmp_path: Path) -> None:
    """The engine takes 'column=value' in a path for a column of the rows, in place of the real one."""
    place = tmp_path / folder
    place.mkdir()
    file = write(CUSTOMERS, [{"customer_id": "C1", "province": "四川", "account_no": 1}], place)
    engine = DuckDBEngine([place])
    engine.register(CUSTOMERS, [str(file)])
    found = engine.query("SELECT customer_id, province FROM customers").to_pylist()
    engine.close()
    assert found == [{"customer_id": "C1", "province": "四川"}]


def test_an_answer_larger_than_memory_should_hold_is_refused(
    engine: DuckDBEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duckdb_engine, "MOST_COLLECTED", 1_000_000)
    assert len(engine.query("SELECT range AS n FROM range(100000)")) == 100_000
    with pytest.raises(InputError, match="too large") as caught:
        engine.query("SELECT range AS n FROM range(1000000000)")  # a thousand million rows: 8 GB
    assert "太大" in caught.value.paragraph("zh")
    assert engine.query("SELECT sum(range) AS n FROM range(1000000)").num_rows == 1


def test_spilled_rows_are_private(engine: DuckDBEngine) -> None:
    assert os.stat(engine._spill.name).st_mode & 0o077 == 0
