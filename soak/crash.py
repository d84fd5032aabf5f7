"""Kills imports, merges, reports and exports at any moment, and looks at what is left.

Two kinds of rounds: at a numbered moment (before or within each call that changes the disk; every number comes
before any comes twice) and at a random time. In every fifth round a second process reads all the while.
After the kill: the workspace opens and holds exactly a committed state; every file under its final name is whole; the
same command run again says what it rolled back, ends in the state that was due, and leaves nothing behind.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from keguan.store import catalog as catalogs
from keguan.store.workspace import Store
from soak import children, facts
from soak.children import ChildFailedError
from soak.flows import FLOWS, SETTINGS, Flow, World, import_again, import_first
from soak.moments import armed

MOST_FAILURES = 5
READER_EVERY = 5
BY_TIME_EVERY = 3
ORDER = tuple(
    flow for turn in range(max(flow.weight for flow in FLOWS)) for flow in FLOWS if flow.weight > turn
)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A flow that nobody killed: its moments, how long it took, the states it passed through."""

    moments: int
    seconds: float
    states: tuple[str, ...]


@dataclass
class Trial:
    """All rounds in one scratch folder, which goes when nothing failed."""

    seed: int
    folder: Path
    rehearsals: dict[str, Rehearsal] = field(default_factory=dict)
    rolled_back: int = 0
    committed: int = 0

    @property
    def world(self) -> World:
        return World(self.folder / "files")

    def prepare(self) -> None:
        """Files, the workspaces that flows begin on, and one whole run of each flow."""
        self.world.write()
        self._child(self._make_starts)
        for flow in FLOWS:
            told = self._child(partial(self._rehearse, flow))
            self.rehearsals[flow.name] = Rehearsal(told["moments"], told["seconds"], tuple(told["states"]))
            print(f"  {flow.name}: {told['moments']} moments, {told['seconds']:.2f} s", flush=True)

    def _child(self, work: Callable[[], Any]) -> Any:
        return children.done(work, self.folder / "answer.json")

    def _make_starts(self) -> None:
        starts = self.folder / "starts"
        Store.init(starts / "empty", SETTINGS)
        Store.init(starts / "base", SETTINGS)
        import_first(self.world, starts / "base")
        shutil.copytree(starts / "base", starts / "torn")
        committed = (starts / "torn" / catalogs.FILE).read_bytes()
        import_again(self.world, starts / "torn")
        (starts / "torn" / catalogs.FILE).write_bytes(committed)  # died just before its commit

    def _start(self, flow: Flow, name: str) -> Path:
        place = self.folder / name / "w"
        shutil.rmtree(place.parent, ignore_errors=True)
        place.parent.mkdir(parents=True)
        if flow.start is not None:
            shutil.copytree(self.folder / "starts" / flow.start, place)
        return place

    def _rehearse(self, flow: Flow) -> dict[str, Any]:
        place = self._start(flow, "rehearsal")
        states = [] if flow.start is None else [facts.state(place)]
        begun = time.monotonic()
        flow.run(self.world, place)
        seconds = time.monotonic() - begun
        place = self._start(flow, "rehearsal")
        inner = catalogs.replace

        def seen(folder: Path, catalog: catalogs.Catalog) -> None:
            inner(folder, catalog)
            states.append(facts.state(place))

        catalogs.replace = seen
        clock = armed(None)
        flow.run(self.world, place)
        facts.outputs(place, place.with_name("out"))
        return {"moments": clock.count, "seconds": seconds, "states": states}

    def round(self, number: int) -> None:
        """One kill and what follows; AssertionError or ChildFailedError tells what is wrong."""
        flow = ORDER[number % len(ORDER)]
        turn = number // len(ORDER) * flow.weight + ORDER[: number % len(ORDER)].count(flow)
        chance = random.Random(f"{self.seed}/{number}")
        known = self.rehearsals[flow.name]
        place = self._start(flow, "round")
        reader = self._reader(place, known.states) if turn % READER_EVERY == 0 and flow.start else None
        try:
            if turn % BY_TIME_EVERY == BY_TIME_EVERY - 1:
                self._kill_at_time(flow, place, chance.uniform(0, 1.05 * known.seconds))
            else:
                self._kill_at_moment(flow, place, self._moment(flow, turn - turn // BY_TIME_EVERY))
        finally:
            if reader is not None:
                self._stop(reader)
        told = self._child(lambda: self._check(flow, place, known.states))
        self.rolled_back += told["rolled_back"]
        self.committed += told["committed"]

    def _moment(self, flow: Flow, turn: int) -> int:
        """Every moment once, in an order of the seed, then all again."""
        numbers = list(range(1, self.rehearsals[flow.name].moments + 1))
        random.Random(f"{self.seed}/{flow.name}").shuffle(numbers)
        return numbers[turn % len(numbers)]

    def _kill_at_moment(self, flow: Flow, place: Path, moment: int) -> None:
        def work() -> None:
            armed(moment)
            flow.run(self.world, place)

        answer = self.folder / "victim.json"
        self.how = f"{flow.name}, moment {moment} of {self.rehearsals[flow.name].moments}"
        children.ended(children.begun(work, answer))
        self._no_error(answer)

    def _kill_at_time(self, flow: Flow, place: Path, seconds: float) -> None:
        answer = self.folder / "victim.json"
        self.how = f"{flow.name}, after {seconds:.3f} s"
        child = children.begun(lambda: flow.run(self.world, place), answer)
        time.sleep(seconds)
        children.killed(child)
        self._no_error(answer)

    def _no_error(self, answer: Path) -> None:
        """A process that got to its end before the kill must have ended well."""
        if answer.exists() and "error" in (text := answer.read_text("utf-8")):
            raise ChildFailedError(text)

    def _reader(self, place: Path, states: Sequence[str]) -> int:
        def work() -> None:
            allowed = list(states)
            while True:
                seen = facts.state(place)
                if seen not in allowed:
                    raise AssertionError("a reader saw what was never committed, or an earlier state again")
                allowed = allowed[allowed.index(seen) :]

        return children.begun(work, self.folder / "reader.json")

    def _stop(self, reader: int) -> None:
        over, _ = os.waitpid(reader, os.WNOHANG)
        if over:
            raise ChildFailedError("reader: " + (self.folder / "reader.json").read_text("utf-8"))
        children.killed(reader)

    def _check(self, flow: Flow, place: Path, states: Sequence[str]) -> dict[str, bool]:
        out, left, now = place.with_name("out"), (0, 0), ""
        if (place / catalogs.FILE).exists():
            if (now := facts.state(place)) not in states:
                raise AssertionError(f"{now} was never committed")
            facts.outputs(place, out)
            left = facts.remains(place)
        elif flow.start is not None:
            raise AssertionError("the catalog is gone")
        said = _said(lambda: flow.run(self.world, place))
        if sum(left) and said != left:
            raise AssertionError(f"{left} (versions, files) were left, {said} were said to be rolled back")
        if facts.state(place) != states[-1]:
            raise AssertionError("run again, it does not end in the state that was due")
        if facts.remains(place) != (0, 0) or list((place / "raw").glob("import-*")):
            raise AssertionError(f"{facts.remains(place)} left behind for good")
        return {"rolled_back": bool(sum(left)), "committed": now == states[-1]}


def _said(work: Callable[[], None]) -> tuple[int, int]:
    """What the stores opened by `work` say they rolled back."""
    opened: list[Store] = []
    inner = Store.__init__

    def seen(self: Store, folder: Path) -> None:
        inner(self, folder)
        opened.append(self)

    Store.__init__ = seen  # type: ignore[method-assign]  # for this child only
    work()
    versions = sum(store.recovered.versions for store in opened)
    return versions, sum(store.recovered.files for store in opened)


def main(rounds: int, seed: int, only: int | None = None) -> int:
    """Runs the rounds (or one of them) and prints failures with the command that repeats each; gives their number."""
    folder = Path(tempfile.mkdtemp(prefix="keguan-soak-"))
    trial, failures, begun = Trial(seed, folder), 0, time.monotonic()
    children.warm()
    trial.prepare()
    done = 0
    for number in range(rounds) if only is None else [only]:
        try:
            trial.round(number)
        except (AssertionError, ChildFailedError) as error:
            failures += 1
            shutil.copytree(folder / "round", folder / f"failed-{number}", dirs_exist_ok=True)
            print(
                f"  FAILED round {number}: {trial.how}\n{error}\n  workspace: {folder / f'failed-{number}'}"
            )
            print(f"  again: python -m soak crash --seed {seed} --only {number}", flush=True)
        done += 1
        if failures == MOST_FAILURES:
            break
        if done % 50 == 0:
            print(f"  {done} rounds, {failures} failures, {time.monotonic() - begun:.0f} s", flush=True)
    print(f"crash: {done} rounds, {failures} failures, {time.monotonic() - begun:.0f} s; the last state was committed in "
          f"{trial.committed}, remains were rolled back and told in {trial.rolled_back}")  # fmt: skip
    if not failures:
        shutil.rmtree(folder)
    return failures
