"""The command line. A door holds no logic: it parses, calls a use case, prints."""

from __future__ import annotations


def main() -> None:
    """Entry point of `keguan`."""
    from keguan.cli.main import run

    run()
