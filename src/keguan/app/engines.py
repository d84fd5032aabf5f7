"""The engine that a workspace asks for, opened on its tables; the other one is not even imported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from keguan.core.config import CHOICES
from keguan.core.errors import UsageError, Where
from keguan.core.text import Text, same
from keguan.engine.protocol import Engine
from keguan.store.workspace import Store

FEW_BYTES = 4 << 20  # of a table's files: one or two groups of rows, each of which one thread reads anyway


def opened(store: Store, files: Mapping[str, Sequence[str]] | None = None) -> Engine:
    """An engine without tables; `files`: those of the tables that it will read, where they are known.

    DependencyError where Spark is asked for and not installed.
    """
    config = store.config
    if config.engine == "spark":
        from keguan.engine.spark_engine import SparkEngine
        from keguan.engine.spark_session import SparkSettings

        return SparkEngine(
            SparkSettings(config.spark_master, config.memory_limit or None, config.threads or None)
        )
    from keguan.engine.duckdb_engine import DuckDBEngine

    return DuckDBEngine(
        [store.folder / "tables"],
        memory_limit=config.memory_limit or None,
        threads=config.threads or (1 if files is not None and _small(files) else None),
    )


def _small(files: Mapping[str, Sequence[str]]) -> bool:
    """Whether more threads would only wait for each other: a sixth of the CPU of a small workspace's queries."""
    try:
        return all(sum(Path(file).stat().st_size for file in some) < FEW_BYTES for some in files.values())
    except OSError:
        return False  # the engine says what is wrong with a file


def on(store: Store, engine: str | None) -> Store:
    """The workspace with another engine than its settings say; None: with theirs. UsageError lists them."""
    if engine is not None:
        if engine not in CHOICES["engine"]:
            raise UsageError(
                Text("没有这个计算引擎", "There is no such engine"),
                Where(setting="--engine"),
                found=engine,
                allowed=same(" | ".join(CHOICES["engine"])),
                do=Text("改正选项后重试", "correct the option and try again"),
            )
        store.config = replace(store.config, engine=engine)
    return store
