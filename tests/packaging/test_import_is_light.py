"""`import keguan` and `keguan --help` load nothing heavy: help must come at once."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {
    "deltalake", "duckdb", "fastexcel", "fontTools", "numpy", "pandas", "polars", "pyarrow", "quickjs", "rjieba",
    "lightgbm", "scipy", "sklearn", "sqlglot", "statsforecast", "tomlkit", "xlsxwriter",
}  # fmt: skip
HELP = """
import sys
from keguan.cli import main
sys.argv = ["keguan", "--help"]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
"""
NAMES = """
import json, sys
sys.stderr.write(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""


def loaded(code: str) -> set[str]:
    """The top-level packages that a fresh interpreter has loaded after `code`."""
    done = subprocess.run([sys.executable, "-c", code + NAMES], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr))


def test_import_loads_nothing_outside_the_standard_library() -> None:
    assert loaded("import keguan") & (HEAVY | {"typer", "rich"}) == set()


@pytest.mark.parametrize("code", ["import keguan.cli", HELP], ids=["import", "help"])
def test_command_line_loads_nothing_heavy(code: str) -> None:
    assert loaded(code) & HEAVY == set()


def test_the_check_sees_what_is_loaded() -> None:
    assert "duckdb" in loaded("import duckdb")
