"""One day more, and the four analyses again: CPU seconds inside one warm process.

python bench/keguan_day.py WORKSPACE DAY.parquet     prints 'first', 'append' and 'again' with their seconds
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from keguan.app.analyse import Session
from keguan.app.ingest import ingest
from keguan.store.workspace import Store

FOUR: tuple[tuple[str, dict[str, str]], ...] = (
    ("overview", {}),
    ("rfm", {"stability": "false"}),
    ("abc_class", {}),
    ("cohort", {}),
)


def four(folder: Path) -> None:
    """From committed tables, in a session of their own."""
    with Session(Store(folder)) as session:
        for name, params in FOUR:
            session.run(name, params)


def timed(name: str, what: Callable[[], object]) -> None:
    """Prints CPU seconds, so that the start of the process does not count."""
    begun = time.process_time()
    what()
    print(name, f"{time.process_time() - begun:.3f}")


folder, day = Path(sys.argv[1]), sys.argv[2]
four(folder)  # imports and file caches
timed("first", lambda: four(folder))
timed("append", lambda: ingest(Store(folder), [day]))
timed("again", lambda: four(folder))
