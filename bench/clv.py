"""python -m bench.clv [CUSTOMERS ...]: CPU seconds and memory of the models of lifetime value.

Customers are simulated from the published parameters of CDNOW over two years of days; the engine's counting of equal
histories is left out, so that the figures are those of fitting and scoring alone. lifetimes and pymc-marketing
are measured beside it, each in an environment of its own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from bench.measure import WORK, peer
from keguan.models.clv.beta_geometric import fit_beta_geometric
from keguan.models.clv.candidates import PARETO, made
from keguan.models.clv.cells import cells_of, clock
from keguan.models.clv.gamma_gamma import Spend
from keguan.models.clv.pareto import fit_pareto
from keguan.models.clv.scorer import scorer

DAYS = 728
BATCH = 100_000  # rows that the engine hands over at once


def simulated(customers: int) -> dict[str, np.ndarray]:
    """Repeats, days from first to last purchase, days observed, money of repeat purchases."""
    rng = np.random.default_rng(11)
    rate = rng.gamma(0.55, 1 / 10.6, customers) / 7
    life = rng.exponential(1.0, customers) / np.maximum(rng.gamma(0.61, 1 / 11.7, customers), 1e-12) * 7
    age = rng.integers(DAYS // 4, DAYS, customers)
    x = rng.poisson(rate * np.minimum(life, age))
    x = np.minimum(x, np.minimum(life, age).astype(np.int64))  # a day is one purchase
    share = rng.beta(np.maximum(x, 1), 1)
    last = np.where(x > 0, np.maximum(x, (np.minimum(life, age) * share).astype(np.int64)), 0)
    spent = rng.gamma(6.25 * np.maximum(x, 1)) * 15.4 / rng.gamma(3.74, size=customers)
    return {"repeats": x, "last": last, "age": age, "spent": np.where(x > 0, spent, 0.0)}


def counted(rows: dict[str, np.ndarray]) -> pa.Table:
    """What the engine's GROUP BY hands over: each history once."""
    code = (rows["repeats"] * 1024 + rows["last"]) * 1024 + rows["age"]
    codes, many = np.unique(code, return_counts=True)
    return pa.table(
        {
            "repeats": codes >> 20, "last": (codes >> 10) & 1023, "age": codes & 1023,
            "later": np.zeros_like(codes), "customers": many,
        }
    )  # fmt: skip


def timed(name: str, work: Callable[[], Any]) -> Any:
    """Runs it and prints CPU seconds and the growth of the peak memory."""
    before, start = _peak(), time.process_time()
    found = work()
    print(f"{name:34s} {time.process_time() - start:8.2f} s  +{max(0, _peak() - before):5d} MB", flush=True)
    return found


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def bench(customers: int) -> None:
    """All measures of one size."""
    rows = simulated(customers)
    table, weeks = counted(rows), clock("week")
    print(f"{customers:,} customers, {len(table):,} distinct histories")
    cells = timed("cells", lambda: cells_of(table, weeks))
    bg = timed("BG/NBD fit", lambda: fit_beta_geometric(cells.histories))
    mbg = timed("MBG/NBD fit", lambda: fit_beta_geometric(cells.histories, modified=True))
    pareto = timed("Pareto/NBD fit", lambda: fit_pareto(cells.histories))
    for fit in (bg, mbg, pareto):
        print("   ", {name: round(value, 3) for name, value in fit.values.items()}, fit.converged)
    histories = cells.histories
    days = ((histories.last * 7).round(), cells.ages)
    model = made(PARETO, pareto.estimates)
    for name, moved in (("scores", []), ("scores and mean intervals", pareto.moved())):
        others = tuple(made(PARETO, values) for values in moved)

        build = partial(
            scorer, (histories.repeats, *days), model, others, model, Spend(6.25, 3.74, 15.44), (), weeks, 0.1
        )
        score = timed(f"{name}: tables", build)
        timed(f"{name}: all customers", partial(_scored, score, rows))
    _peers(rows)


def _scored(score: Callable[[pa.RecordBatch], pa.RecordBatch], rows: dict[str, np.ndarray]) -> None:
    size = len(rows["age"])
    for start in range(0, size, BATCH):
        part = {name: values[start : start + BATCH] for name, values in rows.items()}
        count = len(part["age"])
        batch = {
            "account_no": np.arange(start, start + count, dtype=np.int32),
            **part,
            "margin": np.ones(count),
        }
        score(pa.record_batch(batch))


def _peers(rows: dict[str, np.ndarray]) -> None:
    WORK.mkdir(parents=True, exist_ok=True)
    histories = WORK / "histories.npz"
    np.savez(histories, **rows)  # type: ignore[arg-type]  # arrays by name
    for name in ("lifetimes", "pymc_marketing"):
        subprocess.run(peer(name, "fit.py", str(histories)), check=True)


if __name__ == "__main__":
    for size in [int(text) for text in sys.argv[1:]] or [1_000_000]:
        bench(size)
