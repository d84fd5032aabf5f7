"""A campaign as a trial: its members as assigned, what was known of them the day before, what they did in the window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from keguan.analysis import Inputs
from keguan.marts.experiments.arms import CONTROL, arm_sql
from keguan.marts.snapshot_features import PLACE, PLACES
from keguan.models.uplift.design import Feature
from keguan.models.uplift.params import Params

MOST_MEMBERS = 200_000  # of both arms that are learned from; of more a sample
KNOWN = (
    Feature("recency_days"), Feature("tenure_days"), Feature("orders_placed"), Feature("order_days"), Feature("orders_90"),
    Feature("net_revenue"), Feature("returns"), Feature("first_channel", "text"), Feature("first_region", "text"),
)  # fmt: skip
# What was known of customers up to the end of $until, from rows of purchases of these days alone.
FACTS = """
SELECT d.account_no,
       date_diff('day', max(CASE WHEN d.orders > 0 THEN d.day END), $until) AS recency_days,
       date_diff('day', min(CASE WHEN d.orders > 0 THEN d.day END), $until) AS tenure_days,
       CAST(sum(d.orders) AS BIGINT) AS orders_placed,
       CAST(sum(CASE WHEN d.orders > 0 THEN 1 ELSE 0 END) AS BIGINT) AS order_days,
       CAST(sum(CASE WHEN d.day > $lately THEN d.orders ELSE 0 END) AS BIGINT) AS orders_90,
       CAST(sum(d.gross - d.returns) AS DECIMAL(18, 4)) AS net_revenue,
       CAST(sum(d.returns) AS DECIMAL(18, 4)) AS returns,
       max(CASE WHEN f.first_order_on <= $until THEN f.first_channel END) AS first_channel,
       max(CASE WHEN f.first_order_on <= $until THEN f.first_region END) AS first_region
FROM (
  SELECT account_no, day, sum(orders) AS orders, sum(gross) AS gross, sum(returns) AS returns
  FROM purchases WHERE account_no IS NOT NULL AND day <= $until GROUP BY account_no, day
) d LEFT JOIN customer_facts f ON f.account_no = d.account_no
GROUP BY d.account_no
"""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign, its days, its arms with their members, and how many are in none or several."""

    campaign: str
    name: str
    first_day: date
    last_day: date
    arm: str
    members: int
    control: int
    left_out: int

    @property
    def known(self) -> dict[str, date]:
        """Parameters of the facts on the day before."""
        return days_known(self.first_day - timedelta(days=1))


def days_known(until: date) -> dict[str, date]:
    """Parameters of `FACTS`."""
    return {"until": until, "lately": until - timedelta(days=90)}


def campaign_of(inputs: Inputs, params: Params) -> Campaign | None:
    """The campaign that was asked for, or the latest one over with two arms; None without one."""
    also = tuple(name for name in params.control.split(",") if name.strip())
    sql = f"""
WITH assigned AS (
  SELECT campaign_id, account_no, min({arm_sql("arm", also)}) AS arm, max({arm_sql("arm", also)}) AS other, min(day) AS day
  FROM campaign_members WHERE account_no IS NOT NULL AND campaign_id IS NOT NULL GROUP BY campaign_id, account_no
)
SELECT a.campaign_id, max(c.name) AS name, coalesce(max(c.starts_on), min(a.day)) AS first_day,
       coalesce(max(c.ends_on), max(c.starts_on), min(a.day)) AS end_day,
       CASE WHEN a.arm = a.other THEN a.arm END AS arm, count(*) AS members
FROM assigned a LEFT JOIN campaigns c ON c.campaign_id = a.campaign_id
GROUP BY a.campaign_id, CASE WHEN a.arm = a.other THEN a.arm END
ORDER BY a.campaign_id, arm"""
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in inputs.query(sql).to_pylist():
        rows.setdefault(row["campaign_id"], []).append(row)
    found = [item for key in rows if (item := _campaign(key, rows[key], inputs.as_of, params)) is not None]
    return max(found, key=lambda item: (item.first_day, item.campaign), default=None)


def _campaign(key: str, rows: list[dict[str, Any]], as_of: date, params: Params) -> Campaign | None:
    first = min((row["first_day"] for row in rows if row["first_day"]), default=None)
    sizes = {row["arm"]: int(row["members"]) for row in rows}
    treated = {arm: n for arm, n in sizes.items() if arm not in (None, CONTROL)}
    wanted = params.arm.strip()
    if first is None or CONTROL not in sizes or not treated or (wanted and wanted not in treated):
        return None
    name = next((row["name"] for row in rows if row["name"]), key)
    last = max(first, *(row["end_day"] for row in rows if row["end_day"])) + timedelta(days=params.after_days)
    if params.campaign.strip() not in ("", key, name) or last > as_of:
        return None
    arm = wanted or max(treated, key=lambda item: (treated[item], item))
    return Campaign(key, name, first, last, arm, treated[arm], sizes[CONTROL], sizes.get(None, 0))


def members_sql(params: Params) -> str:
    """One row a member of one of both arms: treated, outcome, facts."""
    also = tuple(name for name in params.control.split(",") if name.strip())
    arm = arm_sql("arm", also)
    outcome = (
        "CASE WHEN coalesce(b.orders, 0) > 0 THEN CAST(1 AS DOUBLE) ELSE CAST(0 AS DOUBLE) END"
        if params.metric == "conversion"
        else "coalesce(CAST(b.spend AS DOUBLE), CAST(0 AS DOUBLE))"
    )
    facts = ", ".join(f"k.{feature.name}" for feature in KNOWN)
    return f"""
WITH assigned AS (
  SELECT account_no, min({arm}) AS arm, max({arm}) AS other
  FROM campaign_members WHERE campaign_id = $campaign AND account_no IS NOT NULL AND {PLACE} < $places
  GROUP BY account_no
), bought AS (
  SELECT account_no, sum(orders) AS orders, CAST(sum(gross - returns) AS DECIMAL(18, 4)) AS spend
  FROM purchases WHERE account_no IS NOT NULL AND day >= $first_day AND day <= $last_day GROUP BY account_no
), known AS ({FACTS})
SELECT CASE WHEN a.arm = $arm THEN 1 ELSE 0 END AS treated, {outcome} AS outcome, {facts}
FROM assigned a LEFT JOIN bought b ON b.account_no = a.account_no LEFT JOIN known k ON k.account_no = a.account_no
WHERE a.arm = a.other AND a.arm IN ($arm, '{CONTROL}')
ORDER BY a.account_no"""


def asked_of(campaign: Campaign) -> dict[str, Any]:
    """Parameters of `members_sql`."""
    size = max(campaign.members + campaign.control, 1)
    return {
        "campaign": campaign.campaign, "arm": campaign.arm, "first_day": campaign.first_day, "last_day": campaign.last_day,
        "places": max(1, min(PLACES, PLACES * MOST_MEMBERS // size)), **campaign.known,
    }  # fmt: skip
