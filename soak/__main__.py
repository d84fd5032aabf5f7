"""`python -m soak [crash|fuzz] [--rounds N] [--seed S]`: without a name, both. Ends with 1 when anything failed."""

from __future__ import annotations

import argparse
import importlib
import random
import sys

# Rounds of a whole trial; each part is a module of this package with `main(rounds, seed) -> failures`.
PARTS = {"crash": 500, "fuzz": 10_000}


def main(arguments: list[str]) -> int:
    """Runs the parts asked for, one after the other; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m soak", description=__doc__)
    parser.add_argument("part", nargs="?", choices=PARTS, help="default: all")
    parser.add_argument("--rounds", type=int, help="default: crash 500, fuzz 10000")
    parser.add_argument("--seed", type=int, help="default: a new one, which is printed")
    parser.add_argument("--only", type=int, help="this one round of the part, to repeat a failure")
    asked = parser.parse_args(arguments)
    seed = random.SystemRandom().randrange(1_000_000) if asked.seed is None else asked.seed
    failures = 0
    for part in [asked.part] if asked.part else PARTS:
        rounds = asked.rounds or PARTS[part]
        print(f"{part}: {rounds:,} rounds, seed {seed}", flush=True)
        one = {} if asked.only is None else {"only": asked.only}
        failures += int(importlib.import_module(f"soak.{part}").main(rounds, seed, **one))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
