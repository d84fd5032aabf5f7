"""One Spark per process: the one that is running already, else one that Keguan starts and stops.

Every engine gets a session of its own on it: its views and settings are seen by nobody else, and a user's
own session keeps its own.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import re
import shutil
import sys
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from keguan.core.errors import DependencyError
from keguan.core.text import Text, same
from keguan.engine.memory import byte_count, within_machine

if TYPE_CHECKING:
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

INSTALL = Text(
    'pip install "keguan[spark]"；Java 17 或更新（Debian/Ubuntu: apt install default-jre-headless）',
    'pip install "keguan[spark]", and Java 17 or newer (Debian/Ubuntu: apt install default-jre-headless)',
)

# What the answers depend on: set in every session, whatever the machine's own configuration says.
ANSWERS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.caseSensitive": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.legacy.storeAnalyzedPlanForView": "false",
    "spark.sql.runSQLOnFiles": "false",  # SQL names registered tables, never files
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "100000",
}

# Of a Spark that Keguan starts. A quiet one: the user's terminal shows the answer and nothing else.
OWN = {
    "spark.app.name": "keguan",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


@dataclass(frozen=True, slots=True)
class SparkSettings:
    """How to start Spark where none is running. An empty `master`: what Spark's own configuration says."""

    master: str = "local[*]"
    memory_limit: str | None = None  # of the driver; with a local master that is everything
    threads: int | None = None  # instead of the cores of local[*]


def session(settings: SparkSettings) -> SparkSession:
    """A session of its own on the process's Spark. DependencyError where pyspark or Java is missing."""
    if importlib.util.find_spec("pyspark") is None:
        raise DependencyError(Text("没有安装 Spark", "Spark is not installed"), do=INSTALL)
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    context: Any = SparkContext._active_spark_context  # pyspark has no public way to ask without starting
    if context is None or context._jsc is None:
        context = _started(settings)
    fresh = SparkSession(context).newSession()
    for name, value in ANSWERS.items():
        fresh.conf.set(name, value)
    if context.master.startswith("local"):  # 200 partitions, the default, are for a cluster
        fresh.conf.set("spark.sql.shuffle.partitions", str(max(2, context.defaultParallelism)))
    return fresh


def megabytes(limit: str) -> int:
    """'4GB' or '1.5 GiB' in Spark's megabytes (2^20), at least one."""
    return max(1, int(byte_count(limit) / 2**20))


def _started(settings: SparkSettings) -> SparkContext:
    """Spark, started with its messages in a file that is quoted only when it does not come up."""
    from pyspark import SparkConf, SparkContext
    from pyspark.logger import PySparkLogger

    if "PYSPARK_GATEWAY_PORT" in os.environ:  # spark-submit has started it and settled everything
        return SparkContext.getOrCreate()
    if not _java():
        raise DependencyError(
            Text("没有找到 Java，Spark 需要它", "Spark needs Java, which is not here"), do=INSTALL
        )
    conf = SparkConf().setAll(list(OWN.items()))
    if settings.master:
        conf.setMaster(_master(settings))
    if settings.master.startswith("local"):  # models run in Pythons beside Java: this one, not PATH's
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if settings.memory_limit:
        conf.set("spark.driver.memory", f"{megabytes(within_machine(settings.memory_limit))}m")
    messages = tempfile.TemporaryFile()  # noqa: SIM115  # Java writes to it as long as it lives
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Spark speaks of pandas, which nobody here asks it to use
            context = SparkContext(gateway=_gateway(conf, messages), conf=conf)
    except Exception as error:  # whatever keeps it from starting, Java has said why
        raise _not_started(error, messages) from error
    context.setLogLevel("ERROR")
    PySparkLogger.getLogger("SQLQueryContextLogger").setLevel(
        "CRITICAL"
    )  # else it prints what is raised, too
    atexit.register(context.stop)
    return context


def _master(settings: SparkSettings) -> str:
    if settings.threads and settings.master == "local[*]":
        return f"local[{settings.threads}]"
    return settings.master


def _java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java") is not None or (home is not None and Path(home, "bin").is_dir())


def _gateway(conf: Any, messages: IO[bytes]) -> Any:
    from pyspark.java_gateway import launch_gateway

    launch: Any = launch_gateway  # untyped
    return launch(conf, {"stdout": messages, "stderr": messages})


def _not_started(error: Exception, messages: IO[bytes]) -> DependencyError:
    messages.seek(0)
    said = [line.strip() for line in messages.read().decode("utf-8", "replace").splitlines()]
    told = [line for line in said if re.search(r"Error|Exception|not found|JAVA", line)] or said[-1:]
    return DependencyError(
        Text("Spark 没有启动", "Spark did not start"),
        found=told[0] if told else str(error).splitlines()[0],
        allowed=same("Java 17, 21, 25"),
        do=INSTALL,
    )
