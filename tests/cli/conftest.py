"""The command line inside this process: the same entry, without the cost of a new interpreter."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ended import Ended
from keguan.cli import language as languages
from keguan.cli.main import run

Cli = Callable[..., Ended]


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs `keguan ARGUMENTS` and gives exit code, standard output and standard error."""

    def call(*arguments: str | Path, language: str = "en") -> Ended:
        monkeypatch.setenv("KEGUAN_LANGUAGE", language)
        monkeypatch.setattr(sys, "argv", ["keguan", *map(str, arguments)])
        languages._chosen.clear()
        capsys.readouterr()
        code = 0
        try:
            run()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert "unforeseen" not in err, err
        assert "未预料" not in err, err
        return Ended(code, out, err)

    return call
