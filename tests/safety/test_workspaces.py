"""The attacker hands over a whole workspace folder, or its settings."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from keguan.app import engines
from keguan.app.ingest import workshop
from keguan.core import config
from keguan.core.errors import KeguanError, UsageError, WorkspaceError
from keguan.engine import memory
from keguan.store import delta
from keguan.store.workspace import FOLDERS, Store
from safety.conftest import Issued


@pytest.mark.parametrize("part", FOLDERS)
def test_a_folder_that_leads_out_is_refused(part: str, issued: Issued, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (issued.workspace / part).rename(outside)
    (issued.workspace / part).symlink_to(outside)
    with pytest.raises(WorkspaceError, match="leads out"):
        Store(issued.workspace)


@pytest.mark.parametrize("part", ["orders", "orders/_delta_log"])
def test_a_table_that_leads_out_is_refused(part: str, issued: Issued, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (issued.workspace / "tables" / part).rename(outside)
    (issued.workspace / "tables" / part).symlink_to(outside)
    with pytest.raises(WorkspaceError, match="leads out"):
        Store(issued.workspace)


def test_a_workspace_may_itself_be_reached_over_a_link(issued: Issued, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(issued.workspace)
    assert Store(tmp_path / "link").catalog.versions


PATHS = ("../../secret.parquet", "/etc/passwd", "file:///etc/passwd", "s3://bucket/x.parquet", "%2e%2e%2fsecret.parquet",
         "https://evil.example/x.parquet", "sub/../../x.parquet")  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_a_log_that_names_files_elsewhere_reads_none_of_them(path: str, issued: Issued) -> None:
    store = Store(issued.workspace)
    entry = (
        issued.workspace
        / "tables"
        / "orders"
        / "_delta_log"
        / f"{store.catalog.versions['orders']:020d}.json"
    )
    lines = [json.loads(line) for line in entry.read_text("utf-8").splitlines()]
    for line in lines:
        if "add" in line:
            line["add"]["path"] = path
    entry.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    try:
        files = Store(issued.workspace).files_at({"orders": store.catalog.versions["orders"]})["orders"]
    except KeguanError:
        return
    assert all(Path(file).parent == issued.workspace / "tables" / "orders" for file in files)


@pytest.mark.parametrize("path", PATHS)
def test_a_checkpoint_that_names_files_elsewhere_opens_none_of_them(path: str, issued: Issued) -> None:
    """The log proper is gone, so that the checkpoint alone tells which files there are."""
    table = issued.workspace / "tables" / "orders"
    version = Store(issued.workspace).catalog.versions["orders"]
    DeltaTable(str(table), version=version).create_checkpoint()
    (file,) = (table / "_delta_log").glob("*.checkpoint.parquet")
    actions = pq.read_table(file)
    rows = actions.to_pylist()
    for row in rows:
        if row["add"] is not None:
            row["add"]["path"] = path
    pq.write_table(pa.Table.from_pylist(rows, schema=actions.schema), file)
    for entry in (table / "_delta_log").glob("*.json"):
        entry.write_text("", "utf-8")
    seen = DeltaTable(str(table), version=version).get_add_actions()["path"].to_pylist()
    assert seen
    assert Path(seen[0]).name not in [
        own.name for own in table.glob("*.parquet")
    ]  # the checkpoint is what is read
    with pytest.raises(ValueError, match="outside the table"):
        delta.listing(table, version)
    with pytest.raises(WorkspaceError):
        Store(issued.workspace).files_at({"orders": version})


DOORS = {
    "enable_external_access": "true", "lock_configuration": "false", "allowed_directories": "['/']", "proxy": "'http://x'",
    "memory_limit": '"99999999999999TB"', "threads": "1000000000", "engine": '"http://evil"',
    "spark_master": '"spark://evil:7077"', "timezone": '"/etc/passwd"', "currency": '"<b>"', "language": '"../en"',
    "min_n": "99999999999999999999", "material_share": "1e308", "material_relative": "nan", "name": "['x']",
}  # fmt: skip


@pytest.mark.parametrize("name", DOORS)
def test_settings_open_no_door(name: str, tmp_path: Path) -> None:
    """Each is refused for what it is: the message names the setting, and its file."""
    (tmp_path / "keguan.toml").write_text(f"{name} = {DOORS[name]}", "utf-8")
    with pytest.raises(UsageError) as caught:
        config.load(tmp_path, {})
    assert caught.value.where.setting == name
    assert caught.value.where.file == str(tmp_path / "keguan.toml")
    assert caught.value.allowed is not None or caught.value.do is not None


@pytest.mark.parametrize("limit", ["999999TB", "999999 TiB"])
def test_a_memory_limit_never_exceeds_the_machine(limit: str, issued: Issued) -> None:
    """Well-formed, but no machine has it: the engine that answers and the one that imports keep within this one."""
    (issued.workspace / "keguan.toml").write_text(f'memory_limit = "{limit}"', "utf-8")
    there = memory.of_machine()
    assert there is not None
    store = Store(issued.workspace)
    asked = "SELECT current_setting('memory_limit') AS held"
    engine = engines.opened(store)
    with workshop.Workshop(store) as (importing, _):
        held = importing.execute(asked).fetchall()[0][0]
    for found in (held, engine.query(asked).to_pylist()[0]["held"]):
        assert memory.byte_count(found) <= there
        assert memory.byte_count(found) > there / 2
    engine.close()


def test_a_limit_that_the_machine_has_is_kept(issued: Issued) -> None:
    (issued.workspace / "keguan.toml").write_text('memory_limit = "200MB"', "utf-8")
    engine = engines.opened(Store(issued.workspace))
    held = engine.query("SELECT current_setting('memory_limit') AS held").to_pylist()[0]["held"]
    assert memory.byte_count(held) == pytest.approx(200e6, rel=0.01)
    with pytest.raises(
        WorkspaceError, match="memory_limit"
    ):  # 800 MB that cannot be spilled; the way out is named
        engine.query("SELECT length(list(range)) AS n FROM range(100000000)")
    engine.close()


def test_settings_larger_than_settings_are_not_read(tmp_path: Path) -> None:
    with (tmp_path / "keguan.toml").open("wb") as out:
        out.truncate(300 << 20)
    with pytest.raises(UsageError):
        config.load(tmp_path, {})
