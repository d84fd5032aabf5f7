"""Analyses of events by Keguan from committed tables.   python bench/keguan_journeys.py WORKSPACE NAME ..."""

import sys
from pathlib import Path

from keguan.app.analyse import Session
from keguan.store.workspace import Store

with Session(Store(Path(sys.argv[1]))) as session:
    for name in sys.argv[2:]:
        print(name, len(session.run(name).tables))
