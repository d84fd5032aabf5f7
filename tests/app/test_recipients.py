"""What an SMS or e-mail tool exports, one row a recipient, is the table of campaign members."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from keguan.app.ingest import ImportOptions
from keguan.app.workspace import Workspace
from received import rows, write

HEADERS = (
    ("活动编号", "客户编号", "发送时间", "送达时间", "打开时间", "点击时间"),
    ("Campaign ID", "Customer ID", "Sent at", "Delivered at", "First opened at", "First clicked at"),
)


@pytest.mark.parametrize("header", HEADERS, ids=("zh", "en"))
def test_times_of_sending_delivery_opening_and_click_are_stored(
    header: tuple[str, ...], tmp_path: Path
) -> None:
    """covers: J5. Moments in UTC, days local; a step that did not happen stays empty."""
    path = write(
        tmp_path / "export.csv", header,
        ("M1", "C1", "2025-03-01 23:30", "2025-03-01 23:31", "2025-03-02 00:10", "2025-03-02 00:11"),
        ("M1", "C2", "2025-03-01 23:30", "", "", ""),
    )  # fmt: skip
    workspace = Workspace.init(tmp_path / "w")
    workspace.load(path, options=ImportOptions())
    found = rows(workspace, "SELECT * FROM all_campaign_members ORDER BY source_row")
    assert len(found) == 2
    first, second = found
    assert first["sent_at"] == datetime(2025, 3, 1, 15, 30)
    assert (first["sent_on"], first["delivered_on"]) == (date(2025, 3, 1), date(2025, 3, 1))
    assert (first["opened_on"], first["clicked_on"]) == (date(2025, 3, 2), date(2025, 3, 2))
    assert first["day"] == date(2025, 3, 1)
    assert (second["delivered_on"], second["opened_on"], second["clicked_on"]) == (None, None, None)
