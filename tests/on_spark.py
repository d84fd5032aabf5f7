"""Spark for tests: one per run, quick on tables of a few rows, skipped or required."""

from __future__ import annotations

import importlib.util
import os
import shutil

import pytest

from keguan.engine.spark_engine import SparkEngine
from keguan.engine.spark_session import SparkSettings

SETTINGS = SparkSettings(master="local[2]", memory_limit="1GB")

# Java's second compiler and parallel collector pay off after minutes of equal work; tests are small and all different.
os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")

# Compiling a plan takes longer than running it over ten rows.
SMALL = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
}


def missing() -> str | None:
    """What keeps Spark from running here."""
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark is not installed (pip install 'keguan[spark]')"
    if shutil.which("java") is None:
        return "there is no Java (apt install default-jre-headless)"
    return None


def need_spark() -> None:
    """Skips the test where Spark cannot run; fails it where KEGUAN_REQUIRE_SPARK=1 says that it must."""
    if (why := missing()) is not None:
        if os.environ.get("KEGUAN_REQUIRE_SPARK") == "1":
            pytest.fail(why)
        pytest.skip(why)


def small_engine() -> SparkEngine:
    """An engine for tables of a few rows."""
    engine = SparkEngine(SETTINGS)
    for name, value in SMALL.items():
        engine._spark.conf.set(name, value)
    return engine
