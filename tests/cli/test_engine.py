"""`--engine`: the one that is asked for computes, says nothing beside its answer, and the answer is the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from on_spark import need_spark

ORDERS = """order_id,customer,date,product,quantity,price
1,a,2024-01-05,P1,1,10.00
2,b,2024-02-06,P2,2,20.00
3,a,2024-03-07,P1,1,10.00
"""


@pytest.fixture
def workspace(tmp_path: Path, keguan: Any) -> Path:
    folder = tmp_path / "shop [1]"  # the signs of a pattern
    (tmp_path / "orders.csv").write_text(ORDERS)
    assert keguan("init", folder).code == 0
    ended = keguan("import", tmp_path / "orders.csv", "-w", folder)
    assert ended.code == 0, ended.err
    return folder


def test_an_unknown_engine_is_refused_with_those_that_there_are(workspace: Path, keguan: Any) -> None:
    ended = keguan("run", "overview", "-w", workspace, "--engine", "polars")
    assert ended.code == 2
    assert "duckdb | spark" in ended.err


@pytest.mark.spark
@pytest.mark.slow
def test_spark_gives_the_same_answer_and_keeps_the_terminal_clean(workspace: Path, keguan: Any) -> None:
    need_spark()
    answers = [
        keguan("run", "overview", "-w", workspace, "--format", "json", "--engine", engine)
        for engine in ("duckdb", "spark")
    ]
    assert [ended.code for ended in answers] == [0, 0], answers[1].err
    assert answers[0].out == answers[1].out
    assert answers[1].err == answers[0].err
