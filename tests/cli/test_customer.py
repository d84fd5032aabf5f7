"""`keguan customer`: one customer at the terminal and as JSON; unknown ids and forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Cli

ORDERS = "订单号,下单时间,客户编号,姓名,商品编号,数量,单价\n" + "".join(
    f"{n},2026-0{1 + n % 6}-1{n % 9} 10:00:00,KH{n % 40:04d},王小明{n % 40},SP1,1,50\n" for n in range(120)
)


@pytest.fixture
def workspace(tmp_path: Path, cli: Cli) -> Path:
    (tmp_path / "orders.csv").write_text(ORDERS, "utf-8")
    assert cli("init", tmp_path / "ws").code == 0
    assert cli("import", tmp_path / "orders.csv", "-w", tmp_path / "ws").code == 0
    return tmp_path / "ws"


def test_a_customer_as_json(workspace: Path, cli: Cli) -> None:
    """covers: C6"""
    ended = cli("customer", "KH0003", "-w", workspace, "--format", "json")
    assert ended.code == 0
    found = ended.json()
    assert found["analysis"] == "customer_360"
    facts = {row[0]: row[1] for row in found["tables"]["facts"]["rows"]}
    assert float(facts["net_revenue"]) == 150
    assert any("Account #" in claim["text"] for claim in found["claims"])


def test_a_customer_at_the_terminal_is_masked(workspace: Path, cli: Cli) -> None:
    """covers: C6"""
    masked = cli("customer", "KH0003", "-w", workspace, language="zh")
    assert masked.code == 0
    assert "时间线" in masked.out
    assert "王小明" not in masked.out
    shown = cli("customer", "KH0003", "-w", workspace, "--show-personal", language="zh")
    assert "王小明3" in shown.out


def test_an_unknown_id_ends_with_2_and_names_nobody(workspace: Path, cli: Cli) -> None:
    """covers: C6"""
    ended = cli("customer", "KH9999", "-w", workspace)
    assert ended.code == 2
    assert "AA9999" in ended.err
    assert "KH00" not in ended.err
    assert "王" not in ended.err


@pytest.mark.parametrize(
    ("arguments", "said"), [(("KH0003", "--format", "csv"), "text | json"), (("  ",), "customer id")]
)
def test_wrong_arguments_are_explained(
    arguments: tuple[str, ...], said: str, workspace: Path, cli: Cli
) -> None:
    ended = cli("customer", *arguments, "-w", workspace)
    assert ended.code == 2
    assert said in ended.err
