"""Matrices are multiplied on one thread unless the user says otherwise: see `cli.main`."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

Cli = Callable[..., Any]
NAME = "OPENBLAS_NUM_THREADS"


def test_commands_calculate_on_one_thread(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "")  # so that it is put back afterwards
    monkeypatch.delenv(NAME)
    cli("analyses")
    assert os.environ[NAME] == "1"


def test_what_the_user_has_set_stays(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "3")
    cli("analyses")
    assert os.environ[NAME] == "3"
