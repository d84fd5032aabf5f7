"""The commands, one module per concern; importing this package registers them all."""

from __future__ import annotations

from keguan.cli.commands import (
    actions,
    analyses,
    audience,
    budget,
    comment,
    customer,
    demo,
    experiment,
    export,
    imports,
    models,
    report,
    segments,
    strategies,
    uplift,
    workspace,
)

__all__ = [
    "actions",
    "analyses",
    "audience",
    "budget",
    "comment",
    "customer",
    "demo",
    "experiment",
    "export",
    "imports",
    "models",
    "report",
    "segments",
    "strategies",
    "uplift",
    "workspace",
]
