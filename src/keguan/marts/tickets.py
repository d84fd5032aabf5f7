"""Tickets of a kind (complaints, opinions, enquiries, suggestions) with their state and the time they took.

state     solved; unsolved (closed without a solution); open; 'unknown' where the file says nothing about it
days      from the day raised to the day solved; of a ticket not solved, to the as-of day (its time is censored:
          one closed unsolved stays unsolved). NULL where it was solved on an unknown or an earlier day, or the state is
          unknown. A suggestion is answered when it is closed either way
ended     1 when its time ended on a known day, else 0
A product is told by its name, else its id. A ticket needs no customer. Unknown attributes read 待核实.
"""

from __future__ import annotations

from collections.abc import Sequence

ATTRIBUTES = ("topic", "product", "unit", "representative", "region", "channel")

_NAMED = ", ".join(
    f"coalesce({'product_name, ' if name == 'product' else ''}"
    f"nullif(trim({'product_id' if name == 'product' else name}), ''), '待核实') AS {name}"
    for name in ATTRIBUTES
)


def tickets_sql(kinds: Sequence[str], *, states_known: bool) -> str:
    """CTE `tickets` of these kinds; parameters $as_of and $since (first day). `states_known`: whether the file
    tells of solutions at all, so that one without a status is open."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return f"""
tickets AS (
  SELECT feedback_id, kind, account_no, day, timely, {_NAMED},
         nullif(trim(reason), '') AS reason, state,
         CASE WHEN ends AND resolved_on >= day THEN 1 ELSE 0 END AS ended,
         CASE WHEN ends AND resolved_on < day THEN NULL
              WHEN ends THEN date_diff('day', day, resolved_on)
              WHEN state IN ('open', 'unsolved') THEN date_diff('day', day, $as_of) END AS days
  FROM (
    SELECT *, state = 'solved' OR (state = 'unsolved' AND kind = 'suggestion') AS ends
    FROM (
      SELECT f.*, nullif(trim(p.name), '') AS product_name,
             CASE WHEN status = 'unsolved' THEN 'unsolved'
                  WHEN status = 'solved' OR resolved_on IS NOT NULL THEN 'solved'
                  WHEN status = 'open' THEN 'open'
                  ELSE '{"open" if states_known else "unknown"}' END AS state
      FROM feedback f
      LEFT JOIN products p ON p.product_id = f.product_id
      WHERE f.kind IN ({listed}) AND f.day >= $since
    ) read
  ) judged
)"""


def grouped_sql(tickets: str, attributes: Sequence[str] = ATTRIBUTES) -> str:
    """Counts by attribute, value, state and time; the $top values of an attribute by name, the rest as 其他."""
    parts = "\n  UNION ALL\n".join(
        f"  SELECT '{name}' AS dimension, {name} AS value, state, ended, days, timely FROM tickets"
        for name in attributes
    )
    return f"""
WITH {tickets}, long AS (
{parts}
), sizes AS (
  SELECT dimension, value, count(*) AS size FROM long GROUP BY dimension, value
), ranked AS (
  SELECT dimension, value, row_number() OVER (PARTITION BY dimension ORDER BY size DESC, value) AS place
  FROM sizes
)
SELECT l.dimension, CASE WHEN r.place <= $top THEN l.value ELSE '其他' END AS value,
       l.state, l.ended, l.days, count(*) AS tickets,
       sum(CASE WHEN l.timely IS NULL THEN 0 ELSE 1 END) AS judged,
       sum(CASE WHEN l.timely THEN 1 ELSE 0 END) AS in_time
FROM long l JOIN ranked r ON r.dimension = l.dimension AND r.value = l.value
GROUP BY l.dimension, CASE WHEN r.place <= $top THEN l.value ELSE '其他' END, l.state, l.ended, l.days
ORDER BY dimension, value, state, ended, days
"""
