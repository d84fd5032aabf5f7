"""The orders of a batch: one row for all its lines, in the workspace's zone and in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from keguan.app.ingest.batch import Batch
from keguan.engine.literals import quoted
from keguan.quality import judge

# What an order row takes from its lines: the same on every line, so the largest value is the value.
ORDER_ATTRIBUTES = (
    "channel", "store", "region", "province", "country", "device", "status", "status_at", "paid_at",
    "shipped_at", "delivered_at", "order_amount", "shipping_fee", "coupon", "campaign_id", "currency",
)  # fmt: skip

# Times of an order; in the zone of its `ordered_at`.
TIMES = ("ordered_at", "status_at", "paid_at", "shipped_at", "delivered_at")

# States that an order reaches only after payment: a file that knows them knows which orders are unpaid.
PAID_STATES = "'paid', 'shipped', 'completed', 'refunded'"


def make_moved(batch: Batch, part: tuple[int, int], *, knows_payment: bool) -> None:
    """Makes the view `moved`: the rows that stay, from the first rid of `part` to its last, each with its local
    day and what moved (judge.MOVEMENT)."""
    movement = judge.MOVEMENT.replace("batch_knows_payment", "TRUE" if knows_payment else "FALSE")
    batch.connection.execute(
        f"""
        CREATE OR REPLACE TEMP VIEW moved AS
        SELECT k.* EXCLUDE (region),
               coalesce(k.region, k.province, k.country) AS region,
               CAST({local_time(batch)} AS DATE) AS day,
               CAST({local_time(batch, "status_at")} AS DATE) AS status_day,
               {movement} AS movement
        FROM kept k WHERE k.rid BETWEEN {part[0]} AND {part[1]}
        """
    )


def knows_payment(batch: Batch) -> bool:
    """Whether the rows, or earlier ones of their source, tell paid orders from unpaid ones."""
    if batch.settings.knows_payment:
        return True
    tests = [f"bool_or(status IN ({PAID_STATES}))"] if batch.has("status") else []
    tests += ["count(paid_at) > 0"] if batch.has("paid_at") else []
    if not tests:
        return False
    found = batch.connection.execute(f"SELECT {' OR '.join(tests)} FROM kept").fetchall()[0][0]
    return bool(found)


def make_orders(batch: Batch, utc: Mapping[str, str]) -> None:
    """Makes `grouped_orders`: one row per order of `moved`; its time is the earliest of its lines. `utc` are
    utc_times of the batch.

    Beside the stored columns: the first and last row of the order (first_rid, last_rid), the number of its
    rows (rows) and the first that is a purchase (opens_rid).
    """
    attributes = "".join(f", max({name}) AS {name}" for name in ORDER_ATTRIBUTES if batch.has(name))
    absent = "".join(f", NULL AS {name}" for name in ORDER_ATTRIBUTES if not batch.has(name))
    is_utc = "bool_or(is_utc)" if batch.any_utc else "FALSE"
    times = ", ".join(f"{utc[name]} AS {name}" if name in utc else f"g.{name}" for name in TIMES)
    batch.connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE grouped_orders AS
        WITH grouped AS (
          SELECT order_id, min(rid) AS first_rid, max(rid) AS last_rid, count(*) AS lines,
                 min(CASE WHEN movement = 'purchase' THEN rid END) AS opens_rid,
                 max(customer_key) AS customer_key, min(ordered_at) AS ordered_at,
                 {is_utc} AS is_utc, bool_or(has_time) AS has_time, sum(amount) AS lines_amount,
                 max(load_id) AS load_id, min(source_row) AS source_row{attributes}
          FROM moved GROUP BY order_id
        ), complete AS (
          SELECT g.*{absent}, {local_time(batch)} AS local_at FROM grouped g
        )
        SELECT g.order_id, a.account_no, {times},
               CAST(local_at AS DATE) AS day, hour(local_at) AS hour, isodow(local_at) AS weekday,
               g.channel, g.store, coalesce(g.region, g.province, g.country) AS region, g.device, g.status,
               CAST(coalesce(g.order_amount, g.lines_amount) AS DECIMAL(18, 4)) AS amount,
               CAST(g.lines_amount AS DECIMAL(18, 4)) AS lines_amount,
               CAST(NULL AS DECIMAL(18, 4)) AS discount, g.shipping_fee, g.coupon, g.campaign_id,
               g.currency, g.lines, g.has_time, {quoted(batch.settings.source)} AS source,
               g.load_id, g.source_row, g.first_rid, g.last_rid, g.opens_rid
        FROM complete g LEFT JOIN accounts a ON a.key_value = g.customer_key
        """
    )


# Orders whose own amount is not that of their lines, with or without postage.
MISMATCHED = """
SELECT load_id, abs(amount - lines_amount) AS amount FROM grouped_orders
WHERE abs(amount - lines_amount) > 0.01
  AND abs(amount - lines_amount - coalesce(shipping_fee, 0)) > 0.01
"""


def local_time(batch: Batch, column: str = "ordered_at") -> str:
    """SQL: the local wall-clock time; times that came as UTC instants are brought to the zone."""
    if not batch.any_utc:
        return column
    zone = quoted(batch.settings.timezone)
    return f"CASE WHEN is_utc THEN timezone({zone}, timezone('UTC', {column})) ELSE {column} END"


def utc_times(batch: Batch) -> dict[str, str]:
    """SQL: the naive UTC time of each time column of `complete`. A zone without change over the batch is one
    subtraction."""
    zone = batch.settings.timezone
    columns = [name for name in TIMES if batch.has(name)]
    first, last = batch.connection.execute(
        f"SELECT least({', '.join(f'min({name})' for name in columns)}), "
        f"greatest({', '.join(f'max({name})' for name in columns)}) FROM kept"
    ).fetchall()[0]
    seconds = constant_offset(zone, first, last) if first else 0
    utc = f"timezone('UTC', timezone({quoted(zone)}, {{0}}))"
    if seconds is not None:
        utc = f"{{0}} - INTERVAL ({seconds}) SECOND"
    return {name: f"CASE WHEN is_utc THEN {name} ELSE {utc.format(name)} END" for name in columns}


def constant_offset(zone: str, first: datetime, last: datetime) -> int | None:
    """Seconds by which the zone is ahead of UTC all through a span; None when it changes inside."""
    place = ZoneInfo(zone)
    offsets = set()
    moment = first.replace(tzinfo=None) - timedelta(days=1)
    while moment <= last.replace(tzinfo=None) + timedelta(days=2):
        offset = moment.replace(tzinfo=place).utcoffset()
        offsets.add(int(offset.total_seconds()) if offset is not None else 0)
        moment += timedelta(days=1)
    return offsets.pop() if len(offsets) == 1 else None
