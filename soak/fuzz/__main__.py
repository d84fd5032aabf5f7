"""`python -m soak.fuzz`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from soak.fuzz.watch import main, repeat

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m soak.fuzz")
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", metavar="SEED:NUMBER")
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    sys.exit(repeat(given.repeat, given.keep) if given.repeat else main(given.rounds, given.seed))
