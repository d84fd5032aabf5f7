"""What earlier imports into a workspace say of files that arrive."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from keguan.app.ingest.reading import ReadFile
from keguan.app.ingest.report import FileReport, ImportOptions
from keguan.app.ingest.write import scan
from keguan.engine.literals import quoted
from keguan.mapping import model
from keguan.store.workspace import Store


def source_key(store: Store, connection: duckdb.DuckDBPyConnection, source: str) -> model.OrderKey | None:
    """How the latest order file of the source told orders apart; None without one."""
    loads = scan(store.files("loads"), "loads")
    found = connection.execute(
        f"SELECT regexp_extract(form, 'order-key=([a-z+]+)', 1) FROM ({loads}) "
        f"WHERE source = {quoted(source)} AND entity = 'orders' ORDER BY load_id DESC LIMIT 1"
    ).fetchall()
    return next((key for key in model.ORDER_KEYS if found and found[0][0] == key), None)


def known_reports(
    store: Store, connection: duckdb.DuckDBPyConnection, files: Sequence[ReadFile], options: ImportOptions
) -> dict[tuple[str, str], FileReport]:
    """Files whose very bytes were imported into this source before; they change nothing."""
    loads = scan(store.files("loads"), "loads")
    found = connection.execute(f"SELECT sha256 FROM ({loads}) WHERE source = {quoted(options.source)}")
    seen = {row[0] for row in found.fetchall()}
    return {
        (file.sha256, file.label): FileReport(
            file.label, file.mapping.entity, file.mapping.name, 0, 0, 0, 0, 0, "", known_before=True
        )
        for file in files
        if file.sha256 in seen
    }
