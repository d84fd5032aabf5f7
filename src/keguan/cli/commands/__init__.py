"""The commands, one module per concern; importing this package registers them all."""

from __future__ import annotations

from keguan.cli.commands import (
    analyses,
    audience,
    comment,
    customer,
    demo,
    experiment,
    export,
    imports,
    models,
    report,
    segments,
    workspace,
)

__all__ = [
    "analyses",
    "audience",
    "comment",
    "customer",
    "demo",
    "experiment",
    "export",
    "imports",
    "models",
    "report",
    "segments",
    "workspace",
]
