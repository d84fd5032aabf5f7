"""The marts made anew from the committed lines, as a first import makes them.   python bench/keguan_marts.py WORKSPACE"""

import sys
from pathlib import Path

from keguan.app.ingest import marts
from keguan.app.ingest.workshop import Workshop
from keguan.app.ingest.write import scan
from keguan.store.workspace import Change, Store

store = Store(Path(sys.argv[1]))
with Workshop(store) as (connection, _):
    for name in ("batch_lines", "replaced_lines"):
        connection.execute(f"CREATE TEMP VIEW {name} AS {scan((), 'order_lines')}")
    made = marts.make(connection, store, Change("order_lines"), Change("orders"))
    for change in made:
        for file in change.add:
            print(change.table, file.rows)
            file.path.unlink()
