"""Every campaign that is known of, from its own row, its list of members or the contacts that name it; and its cost."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

# A campaign that names no days has those of its list, else of its contacts. Rows of several sources are one campaign.
LISTING = """
WITH own AS (
  SELECT campaign_id, max(name) AS name, max(strategy) AS strategy, max(segment) AS segment, max(channel) AS channel,
         max(owner) AS owner, max(target) AS target, max(cost) AS cost, max(budget) AS budget,
         min(starts_on) AS starts_on, max(ends_on) AS ends_on
  FROM campaigns WHERE campaign_id IS NOT NULL GROUP BY campaign_id
), members AS (
  SELECT campaign_id, min(day) AS first_listed, count(*) AS listed
  FROM campaign_members WHERE campaign_id IS NOT NULL GROUP BY campaign_id
), touched AS (
  SELECT campaign_id, min(day) AS first_contact, max(day) AS last_contact, sum(cost) AS contact_cost, count(*) AS contacts
  FROM contacts WHERE campaign_id IS NOT NULL GROUP BY campaign_id
), spent AS (
  SELECT campaign_id, sum(amount) AS spend FROM spend WHERE campaign_id IS NOT NULL GROUP BY campaign_id
), ids AS (
  SELECT campaign_id FROM own UNION SELECT campaign_id FROM members UNION SELECT campaign_id FROM touched
)
SELECT i.campaign_id, o.name, o.strategy, o.segment, o.channel, o.owner, o.target, o.cost, o.budget,
       coalesce(o.starts_on, m.first_listed, t.first_contact) AS first_day,
       coalesce(o.ends_on, o.starts_on, m.first_listed, t.last_contact) AS end_day,
       coalesce(m.listed, 0) AS listed, coalesce(t.contacts, 0) AS contacts, t.contact_cost, s.spend
FROM ids i
LEFT JOIN own o ON o.campaign_id = i.campaign_id
LEFT JOIN members m ON m.campaign_id = i.campaign_id
LEFT JOIN touched t ON t.campaign_id = i.campaign_id
LEFT JOIN spent s ON s.campaign_id = i.campaign_id
ORDER BY i.campaign_id
"""


def cost_of(row: Mapping[str, Any]) -> Decimal | None:
    """What a campaign of LISTING cost: as recorded, else contacts and spend that name it; None where nothing is recorded."""
    own: Decimal | None = row["cost"]
    parts = [value for value in (row["contact_cost"], row["spend"]) if value is not None]
    return own if own is not None else sum(parts, Decimal(0)) if parts else None
