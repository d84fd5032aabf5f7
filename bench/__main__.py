"""`make bench`: CPU seconds, peak memory and ratios, measured in one run on this machine.

python -m bench [LINES ...]     default 1000000; data, workspaces and results.json go to bench/work
python -m bench picture         draws docs/performance.svg from results.json
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bench.measure import WORK, Measured, best, keguan, measure, peer, python
from bench.picture import draw

RESULTS = WORK / "results.json"
SMALL = 1_000_000  # up to here the best of three runs, beyond it one
MEMORY_LIMIT = {100_000_000: "3400MB"}  # of the engine; the process stays under 4 GB

Row = tuple[str, Measured]


def bench(lines: int) -> dict[str, Measured]:
    """All measures of one size."""
    subprocess.run(python("generate.py", str(lines), str(WORK)), check=True)
    parquet, csv = WORK / f"lines_{lines}.parquet", WORK / f"lines_{lines}.csv"
    workspace, runs = WORK / f"workspace_{lines}", 3 if lines <= SMALL else 1
    os.environ["KEGUAN_MEMORY_LIMIT"] = MEMORY_LIMIT.get(lines, "")  # of every process that is measured
    found: dict[str, Measured] = {}
    if csv.exists():
        found["convert"] = best(runs, *python("convert.py", str(csv), str(WORK / "converted.parquet")))
    found["import"] = min((imported(lines, csv if csv.exists() else parquet) for _ in range(runs)), key=cpu)
    found["scan"] = best(runs, *python("bare_scan.py", str(parquet)))
    found["sql"] = best(runs, *python("plain_sql.py", str(parquet)))
    found["four"] = best(runs, *python("keguan_four.py", str(workspace)))
    found["marts"] = best(runs, *python("keguan_marts.py", str(workspace)))
    if lines <= 10_000_000:  # beyond it the notebooks need more memory than most machines have
        found["pandas"] = best(runs, *peer("pandas", "notebook.py", str(parquet)))
        found["polars"] = best(runs, *peer("polars", "notebook.py", str(parquet)))
    day = measure(*python("keguan_day.py", str(workspace), str(WORK / f"day_{lines}.parquet")))
    for line in day.printed.splitlines():
        name, seconds = line.split()
        found[f"day_{name}"] = Measured(float(seconds), day.peak)
    return found


def cpu(what: Measured) -> float:
    """What runs are ranked by."""
    return what.cpu


def imported(lines: int, file: Path) -> Measured:
    """A first import into an empty workspace."""
    workspace = WORK / f"workspace_{lines}"
    shutil.rmtree(workspace, ignore_errors=True)
    subprocess.run(keguan("init", str(workspace)), check=True, stdout=subprocess.DEVNULL)
    return measure(*keguan("import", str(file), "-w", str(workspace)))


def small_things() -> dict[str, Measured]:
    """What a user waits for often."""
    return {
        "help": best(5, *keguan("--help")),
        "package": best(5, sys.executable, "-c", "import keguan"),
        "python": best(5, sys.executable, "-c", "pass"),
    }


# name of the row -> (measure, measure it is compared with, in words)
TABLE = (
    ("DuckDB converts the CSV to Parquet", "convert", None, ""),
    ("keguan import", "import", "convert", "x the conversion"),
    ("bare scan of the needed columns", "scan", None, ""),
    ("plain SQL over the lines", "sql", "scan", "x the scan"),
    ("pandas notebook", "pandas", "scan", "x the scan"),
    ("Polars notebook", "polars", "scan", "x the scan"),
    ("keguan: marts made anew", "marts", "sql", "x the plain SQL"),
    ("keguan overview + rfm + abc_class + cohort", "four", "sql", "x the plain SQL"),
    ("", "four", "scan", "x the scan"),
    ("", "four", "pandas", "x pandas"),
    ("warm: the four, before the day", "day_first", None, ""),
    ("warm: one day appended, marts up to date", "day_append", "import", "x the first import"),
    ("warm: the four again", "day_again", "day_first", "x the four before"),
)


def shown(lines: int, found: dict[str, Measured]) -> None:
    """Prints one table."""
    print(f"\n{lines:,} lines\n{'':46}{'CPU s':>9}{'MB':>8}  ratio")
    for words, name, base, of in TABLE:
        if name in found:
            ratio = f"{found[name].cpu / found[base].cpu:7.3f} {of}" if base and base in found else ""
            figures = f"{found[name].cpu:9.2f}{found[name].peak:8.0f}" if words else " " * 17
            print(f"{words:46}{figures}  {ratio}")
    sys.stdout.flush()


def main(arguments: list[str]) -> None:
    """Measures, prints, keeps."""
    WORK.mkdir(exist_ok=True)
    kept = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    if arguments == ["picture"]:
        draw(kept)
        return
    small = small_things()
    print(", ".join(f"{name} {item.cpu:.2f} s" for name, item in small.items()))
    for size in map(int, arguments or [str(SMALL)]):
        found = bench(size)
        shown(size, found)
        kept[str(size)] = {name: [item.cpu, item.peak] for name, item in found.items()}
        RESULTS.write_text(json.dumps(kept, indent=1), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
