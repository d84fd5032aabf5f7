"""CPU seconds and peak memory of whole processes, as the operating system accounts for them."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
WORK = HERE / "work"


@dataclass(frozen=True)
class Measured:
    """One finished process: user + system CPU seconds, peak memory in MB, and what it printed."""

    cpu: float
    peak: float
    printed: str = ""


def measure(*command: str) -> Measured:
    """Runs a command to its end. SystemExit when it fails."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Measured(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, printed)


def best(runs: int, *command: str) -> Measured:
    """The run with the least CPU of several; the machine is shared and noise only adds."""
    return min((measure(*command) for _ in range(runs)), key=lambda item: item.cpu)


def python(script: str, *arguments: str) -> tuple[str, ...]:
    """A script of this folder under this interpreter."""
    return (sys.executable, str(HERE / script), *arguments)


def keguan(*arguments: str) -> tuple[str, ...]:
    """The command line under this interpreter."""
    return (sys.executable, "-m", "keguan", *arguments)


def peer(name: str, script: str, *arguments: str) -> tuple[str, ...]:
    """A script of a peer under an interpreter of its own, which is made when it is missing."""
    folder, environment = HERE / "peers" / name, WORK / f"environment-{name}"
    interpreter = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not (environment / "ready").exists():
        subprocess.run((sys.executable, "-m", "venv", str(environment)), check=True)
        install = (
            str(interpreter),
            "-m",
            "pip",
            "install",
            "--quiet",
            "-r",
            str(folder / "requirements.txt"),
        )
        subprocess.run(install, check=True)
        (environment / "ready").touch()
    return (str(interpreter), str(folder / script), *arguments)
