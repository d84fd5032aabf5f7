"""Every mart and analysis gives the same on Spark as on DuckDB: tables, figures and claims, cell by cell, exactly."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from keguan import registry
from keguan.app import engines
from keguan.app.analyse import Session
from keguan.app.inputs import PinnedInputs
from keguan.app.workspace import Workspace
from keguan.cli.output import as_json
from keguan.core.text import LANGUAGES
from keguan.engine.duckdb_engine import DuckDBEngine
from keguan.result import Result
from keguan.store.workspace import Store
from on_spark import need_spark, small_engine
from shops import ODD, all_results

pytestmark = pytest.mark.spark
NAMES = registry.names()

# (shop, analysis) -> why the engines differ there. Strict: a gap that closes must be taken out.
ENGINE_GAPS: Mapping[tuple[str, str], str] = {}

# Spark takes minutes a shop: the one that has everything, and the one that lacks most. In that all tables but those of orders
# are empty.
COMPARED = ("full", "unknown everything")

# What reads every mart of a real shop; the others are compared on the small ones.
ON_REAL_ROWS = (
    "overview",
    "revenue_bridge",
    "rfm",
    "abc_class",
    "cohort",
    "lifecycle",
    "product_mix",
    "profile",
    "retention",
)

MARTS = (
    "returns_open", "return_candidates", "return_links_0", "return_links_1", "return_links_2", "return_links_3",
    "return_links", "all_purchases", "purchases", "order_lines", "orders", "placed_orders", "first_day_orders",
    "first_order", "all_customer_facts", "customer_facts", "all_event_sessions", "all_session_names", "all_event_transitions",
)  # fmt: skip

Computed = tuple[PinnedInputs, dict[str, Result]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    need_spark()
    return tmp_path_factory.mktemp("shops")


@cache
def both(odd: str, folder: Path) -> tuple[Computed, Computed]:
    """All analyses of one shop, on DuckDB and on Spark."""
    here = folder / odd
    return (
        all_results(DuckDBEngine([folder]), ODD[odd](), here / "duckdb"),
        all_results(small_engine(), ODD[odd](), here / "spark"),
    )


def marked(odd: str, name: str) -> Any:
    """The case, expected to fail where a gap is known."""
    gap = ENGINE_GAPS.get((odd, name))
    marks = [pytest.mark.xfail(reason=gap, strict=True)] if gap else []
    return pytest.param(odd, name, marks=marks, id=f"{odd}-{name}")


@pytest.mark.parametrize(("odd", "name"), [marked(odd, name) for odd in COMPARED for name in NAMES])
def test_an_analysis_is_the_same_on_both_engines(odd: str, name: str, folder: Path) -> None:
    (_, duckdb), (_, spark) = both(odd, folder)
    same(duckdb[name], spark[name])


def same(one: Result, other: Result) -> None:
    """Equal to the last digit."""
    assert [table.id for table in one.tables] == [table.id for table in other.tables]
    for table in one.tables:
        twin = other.table(table.id)
        assert table.rows.schema == twin.rows.schema, table.id
        assert table.rows.to_pylist() == twin.rows.to_pylist(), table.id
        assert dataclasses.replace(table, rows=twin.rows) == twin  # titles, columns, SQL, parameters, lineage
    assert one.figures == other.figures
    assert one.claims == other.claims
    assert one.notes == other.notes
    assert one.relations == other.relations
    for language in LANGUAGES:
        analysis = registry.get(one.analysis)
        assert as_json(one, analysis, language) == as_json(other, analysis, language)


@pytest.mark.parametrize("name", [name for name in NAMES if name in ("abc_class", "lifecycle", "rfm")])
def test_a_relation_streams_the_same_customers(name: str, folder: Path) -> None:
    (on_duckdb, results), (on_spark, _) = both("full", folder)
    assert results[name].relations
    for relation in results[name].relations:
        sql = f"SELECT * FROM ({relation.sql}) r ORDER BY account_no"
        streams = [
            pa.Table.from_batches(inputs.stream(sql, **dict(relation.params)))
            for inputs in (on_duckdb, on_spark)
        ]
        assert streams[0] == streams[1]
        assert len(streams[0]) > 0


@pytest.mark.parametrize("mart", MARTS)
@pytest.mark.parametrize("odd", ["full", "unknown everything"])
def test_a_mart_is_the_same_on_both_engines(odd: str, mart: str, folder: Path) -> None:
    (on_duckdb, _), (on_spark, _) = both(odd, folder)
    tables = [inputs.query(f"SELECT * FROM {mart}") for inputs in (on_duckdb, on_spark)]
    assert tables[0].schema == tables[1].schema
    assert sorted(map(str, tables[0].to_pylist())) == sorted(map(str, tables[1].to_pylist()))


@pytest.mark.slow
def test_a_real_workspace_is_the_same_on_both_engines(tmp_path: Path, data_sets: Path) -> None:
    need_spark()
    folder = data_sets / "online_retail"
    if not folder.is_dir():
        pytest.skip(f"no {folder}")
    Workspace.init(tmp_path).load(*sorted(folder.glob("*.csv.gz")))
    with opened(tmp_path, "duckdb") as one, opened(tmp_path, "spark") as other:
        for name in ON_REAL_ROWS:
            same(one.run(name), other.run(name))


def opened(folder: Path, engine: str) -> Session:
    return Session(engines.on(Store(folder), engine))
