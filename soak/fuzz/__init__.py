"""The mutation fuzzer: real files, changed at random, go through the import. Each ends in an import whose books
hold, or in a documented error; never in anything else.

    python -m soak.fuzz --rounds 10000 --seed 1          many mutants
    python -m soak.fuzz --repeat 1:57 --keep folder      one of them again, the file kept
"""

from __future__ import annotations

from soak.fuzz.watch import main

__all__ = ["main"]
