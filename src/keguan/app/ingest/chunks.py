"""Parts of a large batch that can be made into orders and lines one after the other, so that memory stays small."""

from __future__ import annotations

from keguan.app.ingest.batch import Batch

ROWS = 8_000_000  # of one part
_LONGEST = 20_000  # rows looked at for the begin of an order


def ranges(batch: Batch) -> tuple[tuple[int, int], ...]:
    """First and last rid of each part; no order lies in two of them.

    One part where the batch is small, or where orders are scattered over the files.
    """
    bounds = batch.connection.execute("SELECT min(rid), max(rid), count(*) FROM kept").fetchall()
    first, last, count = bounds[0]
    if not count or count <= ROWS * 3 // 2:
        return ((first or 0, last or 0),)
    starts = [first, *_starts(batch)]
    ends = [*(start - 1 for start in starts[1:]), last]
    parts = tuple(zip(starts, ends, strict=True))
    return parts if _apart(batch, starts) else ((first, last),)


def _starts(batch: Batch) -> list[int]:
    """Rows at which a new order begins, about ROWS apart; small files of a batch share a part."""
    found: list[int] = []
    files = batch.connection.execute(
        "SELECT min(rid), max(rid) FROM kept GROUP BY file_no ORDER BY file_no"
    ).fetchall()
    held = 0  # rows in the part so far
    for low, high in files:
        if held and held + high - low > ROWS:
            found.append(low)
            held = 0
        for place in range(low + ROWS - held, high - ROWS // 2, ROWS):
            found += _next_order(batch, place)
            held = -(place - low)
        held += high - low + 1
    return found


def _next_order(batch: Batch, place: int) -> list[int]:
    """The first row from `place` on that begins an order."""
    near = batch.connection.execute(
        f"""
        SELECT min(rid) FROM (
          SELECT rid, order_id, lag(order_id) OVER (ORDER BY rid) AS before
          FROM kept WHERE rid BETWEEN {place} AND {place + _LONGEST}) t
        WHERE before IS NOT NULL AND order_id <> before
        """
    ).fetchall()[0][0]
    return [] if near is None else [int(near)]


def _apart(batch: Batch, starts: list[int]) -> bool:
    """Whether each order lies in one part. By hashes: two orders taken for one cost speed, never a figure."""
    part = " ".join(f"WHEN rid < {start} THEN {number}" for number, start in enumerate(starts[1:]))
    found = batch.connection.execute(
        f"SELECT 1 FROM (SELECT hash(order_id) AS h, CASE {part} ELSE {len(starts)} END AS part FROM kept) t "
        "GROUP BY h HAVING min(part) <> max(part) LIMIT 1"
    ).fetchall()
    return not found
