"""The attacker hands over a whole workspace folder, or its settings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from keguan.core import config
from keguan.core.errors import KeguanError, UsageError, WorkspaceError
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


@pytest.mark.parametrize(
    "line",
    ["enable_external_access = true", "lock_configuration = false", "allowed_directories = ['/']", "proxy = 'http://x'",
     'memory_limit = "99999999999999TB"', "threads = 1000000000", 'engine = "http://evil"', 'timezone = "/etc/passwd"',
     "min_n = 99999999999999999999", "material_share = 1e308"],
)  # fmt: skip
def test_settings_open_no_door(line: str, tmp_path: Path) -> None:
    (tmp_path / "keguan.toml").write_text(line, "utf-8")
    with pytest.raises(UsageError):
        config.load(tmp_path, {})


def test_settings_larger_than_settings_are_not_read(tmp_path: Path) -> None:
    with (tmp_path / "keguan.toml").open("wb") as out:
        out.truncate(300 << 20)
    with pytest.raises(UsageError):
        config.load(tmp_path, {})
