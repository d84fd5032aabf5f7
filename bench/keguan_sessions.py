"""The marts of events made anew from the committed events, as a first import makes them.

python bench/keguan_sessions.py WORKSPACE     prints what was made, and CPU seconds without the start of the process
"""

import sys
import time
from pathlib import Path

from keguan.app.ingest import event_marts
from keguan.app.ingest.workshop import Workshop
from keguan.store.workspace import Change, Store

begun = time.process_time()
store = Store(Path(sys.argv[1]))
with Workshop(store) as (connection, _):
    for change in event_marts.make(connection, store, Change("events")):
        for file in change.add:
            print(change.table, file.rows, file.path.stat().st_size)
            file.path.unlink()
print("seconds", f"{time.process_time() - begun:.3f}")
