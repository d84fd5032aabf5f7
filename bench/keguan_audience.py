"""An audience of a million customers with a holdout, and its list as CSV.   python -m bench.keguan_audience [CUSTOMERS]

Prints CPU seconds and peak memory of each command as a whole process.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

from bench import generate_audience
from bench.measure import WORK, Measured, keguan, measure

SEGMENT = "everybody/买过"


def main(customers: int) -> None:
    """Imports the shop once; makes, lists and exports an audience of everybody in it."""
    files, workspace = WORK / f"audience_{customers}", WORK / f"audience_workspace_{customers}"
    generate_audience.main(customers, files)
    shutil.rmtree(workspace, ignore_errors=True)
    subprocess.run(keguan("init", str(workspace)), check=True, stdout=subprocess.DEVNULL)
    received = [str(path) for path in sorted(files.glob("*.parquet"))]
    subprocess.run(keguan("import", *received, "-w", str(workspace)), check=True, stdout=subprocess.DEVNULL)
    (workspace / "segments").mkdir(exist_ok=True)
    shutil.copy(files / "everybody.toml", workspace / "segments")
    place = ("-w", str(workspace))
    shown("keguan audience", measure(*keguan("audience", SEGMENT, "--channel", "sms", *place)))
    listed = measure(*keguan("audience", "list", "--format", "json", *place)).printed
    number = json.loads(listed)["tables"]["audiences"]["rows"][0][0]
    shown(
        "keguan audience export",
        measure(*keguan("audience", "export", number, str(WORK / "list.csv"), *place)),
    )


def shown(what: str, measured: Measured) -> None:
    """One line."""
    print(f"{what:28}{measured.cpu:8.2f} CPU s{measured.peak:8.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
