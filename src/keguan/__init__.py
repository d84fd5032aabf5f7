"""Keguan 客观: from a company's customer data to an analysis report that proves each of its sentences."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["ImportOptions", "KeguanError", "Workspace", "__version__"]

if TYPE_CHECKING:
    from keguan.app.ingest import ImportOptions
    from keguan.app.workspace import Workspace
    from keguan.core.errors import KeguanError

# Loaded on first use: `keguan --help` must not pay for the engine.
_PUBLIC = {
    "Workspace": "keguan.app.workspace",
    "ImportOptions": "keguan.app.ingest",
    "KeguanError": "keguan.core.errors",
}


def __getattr__(name: str) -> Any:
    if (module := _PUBLIC.get(name)) is not None:
        return getattr(import_module(module), name)
    raise AttributeError(name)
