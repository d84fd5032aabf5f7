"""Runs trials in a process of their own, one after the other, and ends it when one hangs."""

from __future__ import annotations

import multiprocessing
import os
import queue
import random
import resource
import shutil
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from soak.fuzz.samples import Sample, samples

HANG_SECONDS = 10.0  # of the processor: on a busy machine a round may take longer by the clock
DEEP_SECONDS = 60.0
START_SECONDS = 60.0
LONGEST_WAIT = 6  # times as long by the clock, for a round that waits without working
DEEP = 100  # one in so many rounds runs every analysis
PREPARED = 5  # one in so many goes into a workspace that holds orders already
MEMORY = 6 << 30  # of addresses
ROUNDS_OF_A_PROCESS = 500  # then a fresh one: addresses that libraries keep reserved add up


@dataclass(frozen=True, slots=True)
class Ended:
    """How a round ended; `fault` is empty when it is as it should be."""

    number: int
    outcome: str
    story: str
    fault: str = ""
    seconds: float = 0.0


@dataclass
class Tally:
    """What came of all rounds."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[Ended] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, 0)

    def take(self, ended: Ended) -> None:
        """One more round."""
        self.outcomes["FAULT" if ended.fault else ended.outcome] += 1
        self.slowest = max(self.slowest, (ended.seconds, ended.number))
        if ended.fault:
            self.faults.append(ended)


def main(rounds: int, seed: int, only: int | None = None) -> int:
    """Runs so many rounds, or that one; prints each find with the command that repeats it. 0 when there is none."""
    if only is not None:
        return repeat(f"{seed}:{only}", None)
    tally = run(range(rounds), seed, workers=os.cpu_count() or 1, show=True)
    for outcome, count in tally.outcomes.most_common():
        print(f"{count:7,}  {outcome}")
    print(f"slowest round: {tally.slowest[0]:.1f} s (--repeat {seed}:{tally.slowest[1]})")
    return 1 if tally.faults else 0


def run(numbers: range, seed: int, *, workers: int = 1, show: bool = False) -> Tally:
    """The rounds of these numbers, shared out among so many workers."""
    tally, started = Tally(), time.monotonic()
    for done, ended in enumerate(_shared_out(numbers, seed, workers), 1):
        tally.take(ended)
        if show and ended.fault:
            print(f"--repeat {seed}:{ended.number}  {ended.story}\n    {ended.fault}", flush=True)
        if show and done % 500 == 0:
            print(
                f"  {done:,} rounds, {time.monotonic() - started:.0f} s, {len(tally.faults)} finds",
                flush=True,
            )
    return tally


def _shared_out(numbers: range, seed: int, workers: int) -> Iterator[Ended]:
    """Rounds as they end; every worker has a thread that watches it."""
    ended: queue.SimpleQueue[Ended] = queue.SimpleQueue()

    def watch(share: range) -> None:
        for item in _watched(share, seed):
            ended.put(item)

    for first in range(workers):
        share = numbers[first::workers]
        threading.Thread(target=watch, args=(share,), daemon=True).start()
    for _ in numbers:
        yield ended.get()


def _watched(numbers: range, seed: int) -> Iterator[Ended]:
    """Rounds of a worker; a new one takes over behind a round that hung or ended the process."""
    at = numbers.start
    context = multiprocessing.get_context("spawn")
    shared = "/dev/shm" if Path("/dev/shm").is_dir() else None  # without a disk under it, and quick
    while at < numbers.stop:
        home = tempfile.mkdtemp(prefix="keguan-fuzz-", dir=shared)
        ours, theirs = context.Pipe(duplex=False)
        worker = context.Process(
            target=_work, args=(theirs, range(at, numbers.stop, numbers.step), seed, home), daemon=True
        )
        worker.start()
        theirs.close()
        patience = START_SECONDS
        stop = min(numbers.stop, at + numbers.step * ROUNDS_OF_A_PROCESS)
        try:
            while at < stop:
                if not _heard(ours, worker.pid, patience):
                    yield Ended(at, "hang", "?", f"no end after {patience:.0f} s")
                    break
                told = ours.recv()
                if told is None:  # the import has ended, the analyses begin
                    patience = DEEP_SECONDS
                    continue
                yield told
                at, patience = at + numbers.step, HANG_SECONDS
            else:
                continue
        except EOFError:
            yield Ended(at, "crash", "?", "the process ended")
        finally:
            worker.kill()
            worker.join()
            shutil.rmtree(home, ignore_errors=True)
        at += numbers.step


def _heard(pipe: Connection, process: int | None, patience: float) -> bool:
    """Whether the worker tells something before it has worked for that long."""
    started, worked = time.monotonic(), _cpu_seconds(process)
    while not pipe.poll(0.5):
        waited = time.monotonic() - started
        if waited > patience and (
            _cpu_seconds(process) - worked > patience or waited > LONGEST_WAIT * patience
        ):
            return False
    return True


def _cpu_seconds(process: int | None) -> float:
    """Seconds that a process has worked; as if it always did where the system does not tell."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return time.monotonic()


def _work(pipe: Connection, numbers: range, seed: int, folder: str) -> None:
    """In the worker: every round, each in a folder of its own."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    home, pool = Path(folder), samples()
    prepared = _prepared(pool, home)
    for number in numbers:
        pipe.send(one(pool, seed, number, home, prepared, analysing=lambda: pipe.send(None)))


def one(
    pool: list[Sample],
    seed: int,
    number: int,
    home: Path,
    prepared: Path,
    keep: Path | None = None,
    analysing: Callable[[], None] = lambda: None,
) -> Ended:
    """One round. `analysing` is called when the import has ended and the analyses begin."""
    from soak.fuzz.mutant import make
    from soak.fuzz.trial import run as trial

    started = time.monotonic()
    mutant = make(pool, seed, number)
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / mutant.file_name).write_bytes(mutant.content)
    rng = random.Random(f"{seed}:{number}:trial")
    deep, into = rng.randrange(DEEP) == 0, prepared if rng.randrange(PREPARED) == 0 else None
    with tempfile.TemporaryDirectory(dir=home) as folder:
        tempfile.tempdir = str(Path(folder) / "temporary")
        Path(tempfile.tempdir).mkdir()
        try:
            outcome, fault = trial(mutant, Path(folder), into, rng, analysing if deep else None), ""
        except Exception as error:
            outcome, fault = "fault", f"{type(error).__name__}: {str(error)[:1500]}{_place(error)}"
        except BaseException as error:  # a panic of a reader does not derive from Exception
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            outcome, fault = "fault", f"{type(error).__name__}: {str(error)[:500]}{_place(error)}"
        finally:
            tempfile.tempdir = None
    return Ended(number, outcome, mutant.story, fault, time.monotonic() - started)


def _place(error: BaseException) -> str:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "keguan" in frame.filename]
    return f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


def _prepared(pool: list[Sample], home: Path) -> Path:
    """A workspace that holds a month of orders, and records that the mutants bring again."""
    from keguan.app.ingest import ingest
    from keguan.store.workspace import Store
    from soak.fuzz.draft import Draft
    from soak.fuzz.trial import SETTINGS

    sample = next(item for item in pool if item.name == "demo/orders")
    draft = Draft("orders", list(sample.header or ()), [list(row) for row in sample.rows[:200]])
    (home / "orders.csv").write_bytes(draft.content(random.Random(0)))
    store = Store.init(home / "prepared", SETTINGS)
    files = [home / "orders.csv"]
    for item in pool:
        if item.name.startswith("records/"):
            rows = [list(row) for row in item.rows[:100]]
            files.append(home / f"{item.file_name}.csv")
            files[-1].write_bytes(
                Draft(item.file_name, list(item.header or ()), rows).content(random.Random(0))
            )
    for file in files:
        ingest(store, [str(file)])
    return store.folder


def repeat(name: str, keep: Path | None) -> int:
    """One round again, in this process, with its traceback."""
    seed, number = map(int, name.split(":"))
    home = Path(tempfile.mkdtemp(prefix="keguan-fuzz-"))
    try:
        pool = samples()
        ended = one(pool, seed, number, home, _prepared(pool, home), keep)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    print(ended.story, ended.outcome, ended.fault, f"{ended.seconds:.1f} s", sep="\n", file=sys.stdout)
    return 1 if ended.fault else 0
