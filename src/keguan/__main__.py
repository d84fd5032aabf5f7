"""`python -m keguan`."""

from __future__ import annotations

from keguan.cli import main

main()
