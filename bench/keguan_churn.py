"""Probability of churn over a workspace of orders: features, training, back-test, scoring, apart from what it uses.

python bench/keguan_churn.py WORKSPACE [HORIZON]   prints CPU seconds of the analyses it uses and of the model itself,
customers of the base, and the peak memory of the process in MB
"""

import resource
import sys
import time
from pathlib import Path

from keguan.app.analyse import Session
from keguan.models.churn import ANALYSIS
from keguan.models.churn.params import Params
from keguan.store.workspace import Store

session = Session(Store(Path(sys.argv[1])))
inputs = session.inputs
begun = time.process_time()
for name in ("retention", "churn_reasons", "abc_class"):
    inputs.result(name)
used = time.process_time()
result = ANALYSIS.run(inputs, Params(horizon_days=int(sys.argv[2]) if len(sys.argv) > 2 else 180))
done = time.process_time()
customers = sum(row["customers"] for row in result.table("levels"))
for row in result.table("backtest"):
    print(row["learner"], row["rows"], row["events"], row["auc"])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"used {used - begun:.1f} s, churn {done - used:.1f} s, scored {customers}, peak {peak:.0f} MB")
