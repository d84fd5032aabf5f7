"""Doctor is killed at every moment of its work too; run again, it ends with the same workspace."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = """
import shutil, sys
from pathlib import Path
from keguan.app.checkup import Scope, check
from keguan.store import catalog
from keguan.store.workspace import Store
from soak import children, facts
from soak.flows import SETTINGS, World, import_again, import_first
from soak.moments import armed

folder = Path(sys.argv[1])
world, base, place, answer = World(folder / "files"), folder / "base", folder / "w", folder / "answer"

def prepare():
    world.write()
    Store.init(base, SETTINGS)
    import_first(world, base)
    due = facts.state(base)
    committed = (base / catalog.FILE).read_bytes()
    import_again(world, base)
    (base / catalog.FILE).write_bytes(b"{")  # a torn import and a damaged catalog
    (base / (catalog.FILE + ".copy")).write_bytes(committed)
    return due

def look():
    return [finding.what.en for finding in check(place, Scope()) if not finding.good]

def doctor(last):
    armed(last)
    return look()

def after():
    assert look() == [], look()
    assert facts.remains(place) == (0, 0)
    return facts.state(place)

children.warm()
due = children.done(prepare, answer)

def start():
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(base, place)

def counted():
    clock = armed(None)
    assert look() == [], look()
    return clock.count

start()
moments = children.done(counted, answer)
for moment in range(1, moments + 1):
    start()
    children.ended(children.begun(lambda: doctor(moment), answer))
    assert children.done(after, answer) == due, moment
print(moments, "moments")
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, which this system does not have")
def test_doctor_killed_at_every_moment(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.split()[0]) > 5
