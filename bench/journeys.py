"""Funnel, path and browse on many events: CPU seconds and peak memory of whole processes against a bare scan.

python -m bench.journeys [EVENTS]     default 5000000; files go to bench/work
"""

from __future__ import annotations

import subprocess
import sys

from bench.measure import WORK, Measured, best, python

RUNS = 3
WHAT = ((), ("funnel",), ("path",), ("browse",), ("funnel", "path"))


def main(events: int) -> None:
    """Measures and prints, with sessions of the source and with sessions found by inactivity."""
    print(f"{events:,} events\n{'':44}{'CPU s':>8}{'MB':>8}  x the scan")
    for kind in ((), ("no-sessions",)):
        subprocess.run(python("generate_events.py", str(events), str(WORK), *kind), check=True)
        name = "_".join((f"events_{events}", *(word.replace("-", "_") for word in kind)))
        scan = best(RUNS, *python("event_scan.py", str(WORK / f"{name}.parquet")))
        shown("bare scan of the needed columns" + ("" if not kind else ", no session ids"), scan, scan)
        shown("marts of events made anew", best(RUNS, *python("keguan_sessions.py", str(WORK / name))), scan)
        for names in WHAT:
            shown(
                "keguan: " + (" + ".join(names) or "opening the workspace"),
                best(RUNS, *python("keguan_journeys.py", str(WORK / name), *names)),
                scan,
            )


def shown(words: str, found: Measured, scan: Measured) -> None:
    """One row."""
    print(f"{words:44}{found.cpu:8.2f}{found.peak:8.0f}  {found.cpu / scan.cpu:6.1f}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000)
