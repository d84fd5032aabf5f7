"""`make bench`: CPU seconds, peak memory and ratios, measured in one run on this machine.

python bench/run.py [LINES ...]        default 1000000; data and workspaces go to bench/work
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
WORK = HERE / "work"


@dataclass(frozen=True)
class Measured:
    """One finished process: user + system CPU seconds and peak memory in MB."""

    cpu: float
    peak: float


def measure(*command: str) -> Measured:
    """Runs a command to its end; the operating system accounts for it."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Measured(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def best(runs: int, *command: str) -> Measured:
    """The run with the least CPU of several; the machine is shared and noise only adds."""
    return min((measure(*command) for _ in range(runs)), key=lambda item: item.cpu)


def python(script: str, *arguments: str) -> tuple[str, ...]:
    """A script of this folder under this interpreter."""
    return (sys.executable, str(HERE / script), *arguments)


def bench(lines: int) -> None:
    """Prints the table for one size."""
    subprocess.run(python("generate.py", str(lines), str(WORK)), check=True)
    csv, parquet = WORK / f"lines_{lines}.csv", WORK / f"lines_{lines}.parquet"
    workspace = WORK / f"workspace_{lines}"
    keguan = (sys.executable, "-m", "keguan")
    runs = 3 if lines <= 1_000_000 else 1

    def import_once() -> Measured:
        shutil.rmtree(workspace, ignore_errors=True)
        subprocess.run((*keguan, "init", str(workspace)), check=True, stdout=subprocess.DEVNULL)
        return measure(*keguan, "import", str(csv), "-w", str(workspace))

    convert = best(runs, *python("convert.py", str(csv), str(WORK / "converted.parquet")))
    imported = min((import_once() for _ in range(runs)), key=lambda item: item.cpu)
    scan = best(runs, *python("bare_scan.py", str(parquet)))
    sql = best(runs, *python("plain_sql.py", str(parquet)))
    pandas = best(runs, *python("pandas_notebook.py", str(parquet)))
    four = best(runs, *python("keguan_four.py", str(workspace)))
    print(f"\n{lines:,} lines")
    print(f"{'':44}{'CPU s':>8}{'MB':>8}  ratio")
    row("DuckDB converts the CSV to Parquet", convert)
    row("keguan import of the same CSV", imported, convert, "x the conversion")
    row("bare scan of the needed columns", scan)
    row("plain SQL over the lines", sql, scan, "x the scan")
    row("pandas notebook", pandas, scan, "x the scan")
    row("keguan overview + rfm + abc_class + cohort", four, scan, "x the scan")
    print(f"{'':62}{four.cpu / sql.cpu:.2f} x the plain SQL, {four.cpu / pandas.cpu:.2f} x pandas")


def row(name: str, what: Measured, base: Measured | None = None, of: str = "") -> None:
    """One line of the table."""
    ratio = f"{what.cpu / base.cpu:6.2f} {of}" if base else ""
    print(f"{name:44}{what.cpu:8.2f}{what.peak:8.0f}  {ratio}")


if __name__ == "__main__":
    WORK.mkdir(exist_ok=True)
    for size in sys.argv[1:] or ["1000000"]:
        bench(int(size))
