"""Stored files for tests of engines: products with these ids and nothing else, and what an engine sees of them."""

from __future__ import annotations

from pathlib import Path

from keguan.engine.protocol import Engine
from keguan.schema.tables import PRODUCTS
from shop import write


def products(folder: Path, name: str, *ids: str) -> str:
    """A Parquet file of that name in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    written = write(PRODUCTS, [{"product_id": id} for id in ids], folder)
    return str(written.rename(folder / name))


def ids(engine: Engine, table: str = "products") -> list[str]:
    """The ids that a registered table holds, in order."""
    return engine.query(f"SELECT product_id FROM {table} ORDER BY product_id").column(0).to_pylist()
