"""overview, RFM, ABC and cohorts by Keguan from committed tables.   python bench/keguan_four.py WORKSPACE"""

import sys
from pathlib import Path

from keguan.app.analyse import Session
from keguan.store.workspace import Store

with Session(Store(Path(sys.argv[1]))) as session:
    for name, params in (
        ("overview", {}),
        ("rfm", {"stability": "false"}),
        ("abc_class", {}),
        ("cohort", {}),
    ):
        print(name, len(session.run(name, params).tables))
