"""python fit.py HISTORIES.npz: CPU seconds, growth of the peak memory and parameters of BG/NBD in pymc-marketing (MAP)."""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import pandas as pd
from pymc_marketing.clv import BetaGeoModel  # type: ignore[import-not-found]  # is in the environment of its own


def main(path: str) -> None:
    """One fit in weeks with the default priors; importing and reading are left out, as they are for Keguan."""
    rows = np.load(path)
    data = pd.DataFrame(
        {
            "customer_id": np.arange(len(rows["age"])),
            "frequency": rows["repeats"].astype(float),
            "recency": rows["last"] / 7,
            "T": rows["age"] / 7,
        }
    )
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    model = BetaGeoModel()
    model.fit(data, method="map", progressbar=False)
    spent = time.process_time() - start
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{'pymc-marketing: BG/NBD fit (MAP)':<38} {spent:.2f} s  + {grown:4.0f} MB")
    found = model.fit_result
    print("   ", {name: round(float(found[name].mean()), 3) for name in ("r", "alpha", "a", "b")})


if __name__ == "__main__":
    main(sys.argv[1])
