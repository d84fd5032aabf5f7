"""Makes events for the bench and keeps them as an import does: nine a session, six sessions a visitor, half a year.

python bench/generate_events.py EVENTS FOLDER [no-sessions]   writes FOLDER/events_<EVENTS>.parquet and the workspace
                                                              FOLDER/events_<EVENTS>; the same rows each time
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import duckdb

from keguan.app.ingest import event_marts
from keguan.app.ingest.workshop import Workshop
from keguan.schema.tables import ENTITIES
from keguan.store.delta import NewFile
from keguan.store.workspace import Change, Store

# Every figure is arithmetic on the row number; ids are hashes, as those of real logs. A seventh of phones cannot pay in
# two weeks of spring.
EVENTS = """
WITH base AS (
  SELECT i, i // 9 AS s, i % 9 AS k, ((i * 7919) % 10007) AS b, (((i // 9) * 2654435761) % 1000003) AS u,
         ((i * 40503) % 65521) AS a,
         TIMESTAMP '2025-01-01' + INTERVAL 1 SECOND * CAST((i // 9) * (15552000.0 / ({events} / 9.0)) AS BIGINT) AS begun
  FROM range(0, {events}) t(i)
)
SELECT substr(md5(CAST(u % {visitors} AS VARCHAR)), 1, 16) AS visitor_id,
       {session} AS session_id,
       begun + INTERVAL 1 SECOND * CAST(k * 40 + b % 30 AS BIGINT) AS occurred_at,
       CAST(begun AS DATE) AS day,
       CASE WHEN k = 0 THEN ['home', 'promo_page', 'search', 'catalog'][1 + u % 4]
            WHEN k < 5 OR u % 5 < 3
            THEN ['catalog', 'product_view', 'search', 'filter_results', 'product_view', 'wishlist_add', 'compare',
                  'account_page'][1 + b % 8]
            WHEN k = 5 THEN 'add_to_cart'
            WHEN k = 6 THEN 'shipping_details'
            WHEN k = 7 THEN 'payment_details'
            WHEN (u // 7) % 3 = 1 AND begun BETWEEN TIMESTAMP '2025-04-07' AND TIMESTAMP '2025-04-21' THEN 'support_chat'
            WHEN b % 10 < 7 THEN 'purchase'
            ELSE 'support_chat' END AS name,
       '/p/' || CAST(a % 400 AS VARCHAR) AS page, 'P' || CAST(a % 5000 AS VARCHAR) AS product_id,
       ['organic', 'paid_search', 'email', 'social', 'direct'][1 + u % 5] AS traffic_source,
       ['desktop', 'mobile', 'tablet'][1 + (u // 7) % 3] AS device,
       CAST(b % 200 AS DECIMAL(18, 4)) AS dwell_seconds,
       '{{"user_lifecycle": "' || ['new', 'returning', 'loyal'][1 + (u // 11) % 3] || '"}}' AS properties
FROM base
"""
GIVEN = "substr(md5('s' || CAST(s AS VARCHAR)), 1, 20)"
NONE = "CAST(NULL AS VARCHAR)"


def main(events: int, folder: Path, session: str) -> None:
    """Writes what is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"events_{events}" if session == GIVEN else f"events_{events}_no_sessions"
    workspace = folder / name
    if (workspace / "ready").exists():
        return
    shutil.rmtree(workspace, ignore_errors=True)
    store = Store.init(workspace)
    made = EVENTS.format(events=events, visitors=max(events // 54, 1), session=session)
    given = set(duckdb.sql(made).columns)
    columns = ", ".join(
        item.name
        if item.name in given
        else f"CAST(NULL AS {'INTEGER' if 'int' in item.type else 'VARCHAR'}) AS {item.name}"
        for item in ENTITIES["events"].fields
    )
    rows = f"SELECT {columns} FROM ({made}) e"
    with store.writing():  # it takes away what no version names, so the file is written inside
        path = store.new_file("events")
        duckdb.sql(f"COPY ({rows}) TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)")
        shutil.copy(path, folder / f"{name}.parquet")
        change = Change("events", (NewFile(path, events),))
        with Workshop(store) as (connection, _):
            marts = event_marts.make(connection, store, change)
        store.commit([change, *marts])
    (workspace / "ready").touch()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), NONE if "no-sessions" in sys.argv else GIVEN)
