"""python fit.py HISTORIES.npz: CPU seconds, growth of the peak memory and parameters of BG/NBD in lifetimes."""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
from lifetimes import BetaGeoFitter  # type: ignore[import-not-found]  # is in the environment of its own


def main(path: str) -> None:
    """One fit in weeks; importing and reading are left out, as they are for Keguan."""
    rows = np.load(path)
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    fitter = BetaGeoFitter()
    fitter.fit(rows["repeats"].astype(float), rows["last"] / 7, rows["age"] / 7)
    spent = time.process_time() - start
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{'lifetimes: BG/NBD fit':<38} {spent:.2f} s  + {grown:4.0f} MB")
    print("   ", {name: round(float(value), 3) for name, value in fitter.params_.items()})


if __name__ == "__main__":
    main(sys.argv[1])
