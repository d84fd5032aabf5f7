"""Whom an audience may hold, and who of them is left out by lot. SQL text only; equal on both engines.

The lot of a customer is the MD5 of seed and customer key: it depends neither on the order of rows nor on the
account number, which follows the order in which files came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from keguan.engine.literals import literal, quoted
from keguan.marts.refusals import forbidden_sql, granted_sql, refused_sql
from keguan.schema.audiences import FROZEN_SOURCE

ALWAYS = ("analysis", "profiling")  # a list by segment is both
DO_NOT_CONTACT = ("do_not_contact", "do not contact", "勿扰", "免打扰", "请勿联系")
EVERYWHERE = ("marketing", "营销", "contact", "触达")  # purposes that hold for each channel


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to reach customers: the key that holds the address, and the purposes by which one refuses it."""

    name: str
    key_type: str
    purposes: tuple[str, ...]


CHANNELS: Mapping[str, Channel] = {
    "sms": Channel("sms", "phone", ("sms", "短信")),
    "email": Channel("email", "email", ("email", "e-mail", "邮件", "电子邮件")),
    "social": Channel("social", "wechat", ("social", "wechat", "社交", "微信", "企业微信")),
}

# Reasons in the order in which they are looked at: a customer is counted under the first that holds.
REASONS = (
    "universal_control", "do_not_contact", "refused", "no_consent", "no_address", "unusable_address",
    "contacted_enough", "other_audience", "same_address",
)  # fmt: skip
HASHED = ", ".join(str(length) for length in (32, 40, 56, 64, 96, 128))  # digits of the usual digests


def named_sql(members: str) -> str:
    """The rows of a query with account_no, and beside them customer_id and name: as the customer file has them, else the
    id that the orders name."""
    return f"""
SELECT m.*, coalesce(c.customer_id, k.customer_id) AS customer_id, c.name
FROM ({members}) m
LEFT JOIN (SELECT account_no, min(customer_id) AS customer_id, min(name) AS name FROM customers GROUP BY account_no) c
  ON c.account_no = m.account_no
LEFT JOIN (SELECT account_no, min(key_value) AS customer_id FROM customer_keys
           WHERE key_type = 'account' GROUP BY account_no) k ON k.account_no = m.account_no"""


LOT_DIGITS = 12  # 48 bits: of a million customers two have the same lot once in 500 draws


def lot(seed: str, key: str) -> str:
    """SQL: the lot of a customer key."""
    return f"substring(md5({quoted(seed + '|')} || {key}), 1, {LOT_DIGITS})"


# One key for each account: what its source calls the customer.
ACCOUNT_KEYS = """
SELECT account_no, min(source) AS source, min(key_value) AS key_value
FROM customer_keys WHERE key_type = 'account' AND account_no IS NOT NULL GROUP BY account_no"""
CUSTOMER_KEY = "coalesce({0}.source, '') || '|' || coalesce({0}.key_value, CAST({1}.account_no AS VARCHAR))"


FOUND = "audience_addresses"  # view of `found_sql`


def _keys(channel: Channel) -> str:
    return f"FROM customer_keys WHERE key_type = {quoted(channel.key_type)} AND account_no IS NOT NULL"


def found_sql(channel: Channel) -> str:
    """account_no, address, n: one address of each account on the channel, and how many it has."""
    return f"SELECT account_no, max(key_value) AS address, count(*) AS n {_keys(channel)} GROUP BY account_no"


def addresses_sql(channel: Channel) -> str:
    """account_no, address, usable ('1' or '0') of each account of the view FOUND; of several addresses the latest that
    can be used. Most have one, so that only the others are looked at closely; none of it sorts."""
    load = "right('0000000000' || CAST(coalesce(load_id, 0) AS VARCHAR), 10)"
    row = "right('0000000000000' || CAST(coalesce(source_row, 0) AS VARCHAR), 13)"
    return f"""
SELECT account_no, address, {_usable("address", channel)} AS usable FROM (
  SELECT f.account_no, coalesce(substring(l.latest, 25), f.address) AS address
  FROM {FOUND} f
  LEFT JOIN (
    SELECT account_no, max({_usable("key_value", channel)} || {load} || {row} || key_value) AS latest
    {_keys(channel)} AND account_no IN (SELECT account_no FROM {FOUND} WHERE n > 1)
    GROUP BY account_no
  ) l ON l.account_no = f.account_no
) found"""


def _usable(value: str, channel: Channel) -> str:
    """SQL: '0' for a digest, a masked value and what is no address at all, else '1'."""
    digits = f"regexp_replace(lower({value}), '[0-9a-f]', '', 'g')"
    no_mail = f" OR NOT contains({value}, '@')" if channel.key_type == "email" else ""
    digest = f"CASE WHEN length({value}) IN ({HASHED}) THEN {digits} = '' ELSE FALSE END"
    return f"CASE WHEN {digest} OR contains({value}, '*'){no_mail} THEN '0' ELSE '1' END"


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides who may be in an audience. `consents`: the table of consents to read. `cap_from`: the first day of
    the cap's window."""

    channel: Channel
    purposes: tuple[str, ...]
    consents: str
    granted_only: bool
    cap: int
    cap_from: date
    cap_to: date
    seed: str


def judged_sql(members: str, stratum: str, joins: str, rules: Rules) -> str:
    """account_no, lot, stratum, address, reason (NULL: may be contacted) of each row of the view `members` (account_no).

    Reads the views `audience_universal` and `audience_running` (account_no)."""
    tests = _tests(rules)
    reasons = "\n            ".join(f"WHEN {test} THEN '{name}'" for name, test in tests.items())
    granted = granted_sql(rules.channel.purposes, rules.consents)
    with_consent = f"LEFT JOIN ({granted}) g ON g.account_no = m.account_no" if rules.granted_only else ""
    return f"""
SELECT m.account_no, {lot(rules.seed, CUSTOMER_KEY.format("k", "m"))} AS lot, {stratum} AS stratum, a.address,
       CASE {reasons} END AS reason
FROM {members} m
LEFT JOIN ({ACCOUNT_KEYS}) k ON k.account_no = m.account_no
LEFT JOIN ({addresses_sql(rules.channel)}) a ON a.account_no = m.account_no
LEFT JOIN audience_universal u ON u.account_no = m.account_no
LEFT JOIN ({forbidden_sql(DO_NOT_CONTACT, rules.consents)}) d ON d.account_no = m.account_no
LEFT JOIN ({refused_sql(rules.purposes, rules.consents)}) r ON r.account_no = m.account_no
{with_consent}
LEFT JOIN ({_capped(rules)}) c ON c.account_no = m.account_no
LEFT JOIN audience_running o ON o.account_no = m.account_no
{joins}"""


# Addresses that several customers who may be contacted share: one of them, the lowest lot, stays.
SHARED = """
SELECT address, min(lot) AS lot FROM audience_judged WHERE reason IS NULL GROUP BY address HAVING count(*) > 1"""
PEOPLE = """
SELECT j.account_no, j.lot, j.stratum,
       CASE WHEN j.reason IS NULL AND s.lot <> j.lot THEN 'same_address' ELSE j.reason END AS reason
FROM audience_judged j LEFT JOIN audience_shared s ON s.address = j.address"""


def _tests(rules: Rules) -> dict[str, str]:
    tests = {
        "universal_control": "u.account_no IS NOT NULL",
        "do_not_contact": "d.account_no IS NOT NULL",
        "refused": "r.account_no IS NOT NULL",
        "no_consent": "g.account_no IS NULL",
        "no_address": "a.address IS NULL",
        "unusable_address": "a.usable = '0'",
        "contacted_enough": "c.account_no IS NOT NULL",
        "other_audience": "o.account_no IS NOT NULL",
    }
    return {name: test for name, test in tests.items() if name != "no_consent" or rules.granted_only}


def _capped(rules: Rules) -> str:
    return f"""
SELECT account_no FROM contacts
WHERE account_no IS NOT NULL AND day >= {literal(rules.cap_from)} AND day <= {literal(rules.cap_to)}
GROUP BY account_no HAVING count(*) >= {int(rules.cap)}"""


def running_sql(running: tuple[date, date] | None) -> str:
    """account_no of the members, held out or not, of other audiences with a day in common with these."""
    if running is None:
        return "SELECT account_no FROM all_campaign_members WHERE false"
    first, last = running
    return f"""
SELECT DISTINCT m.account_no FROM all_campaign_members m
JOIN all_audiences n ON n.campaign_id = m.campaign_id
WHERE m.source = {quoted(FROZEN_SOURCE)} AND n.starts_on <= {literal(last)} AND n.ends_on >= {literal(first)}"""


# Whoever shares an address with them hears of their campaign, too.
WITH_ADDRESSES = f"""
SELECT account_no FROM audience_running
UNION
SELECT account_no FROM {FOUND} WHERE address IN (
  SELECT f.address FROM {FOUND} f WHERE f.account_no IN (SELECT account_no FROM audience_running))"""


def assigned_sql(people: str, quotas: Sequence[tuple[str, int]]) -> str:
    """account_no, arm: of each stratum the customers with the lowest lots are held out, as many as its quota says."""
    rows = "\n  UNION ALL ".join(
        f"SELECT {quoted(stratum)} AS stratum, {int(quota)} AS quota" for stratum, quota in quotas
    )
    return f"""
SELECT p.account_no, CASE WHEN p.place <= q.quota THEN 'control' ELSE 'treatment' END AS arm
FROM (
  SELECT account_no, stratum, row_number() OVER (PARTITION BY stratum ORDER BY lot, account_no) AS place
  FROM {people} WHERE reason IS NULL
) p JOIN (
  {rows}
) q ON q.stratum = p.stratum"""


def base_sql(members: str, day: date, last: date) -> str:
    """n, buyers, and sums of net spend and of its square: what the rows of `members` did after `day`, up to `last`."""
    return f"""
SELECT count(*) AS n, sum(CASE WHEN coalesce(b.orders, 0) > 0 THEN 1 ELSE 0 END) AS buyers,
       sum(coalesce(b.spend, CAST(0 AS DOUBLE))) AS spend,
       sum(coalesce(b.spend, CAST(0 AS DOUBLE)) * coalesce(b.spend, CAST(0 AS DOUBLE))) AS squares
FROM {members} m LEFT JOIN (
  SELECT account_no, sum(orders) AS orders, CAST(sum(gross - returns) AS DOUBLE) AS spend
  FROM purchases WHERE account_no IS NOT NULL AND day > {literal(day)} AND day <= {literal(last)} GROUP BY account_no
) b ON b.account_no = m.account_no"""


def universal_sql(seed: str, wanted: int) -> str:
    """account_no of so many of all customers, those with the lowest lots."""
    return f"""
SELECT account_no FROM (
  SELECT c.account_no, row_number() OVER (
           ORDER BY {lot("universal|" + seed, CUSTOMER_KEY.format("k", "c"))}, c.account_no) AS place
  FROM (SELECT DISTINCT account_no FROM customers WHERE account_no IS NOT NULL) c
  LEFT JOIN ({ACCOUNT_KEYS}) k ON k.account_no = c.account_no
) drawn WHERE place <= {int(wanted)}"""


# Tables of which a sample of customers has its part only.
SAMPLED = ("purchases", "customer_facts", "customers")


def sample_sql() -> str:
    """account_no of a sixteenth of all customers."""
    digit = lot("base", "coalesce(source, '') || '|' || key_value")
    return f"""
SELECT DISTINCT account_no FROM customer_keys
WHERE key_type = 'account' AND account_no IS NOT NULL AND substring({digit}, 1, 1) = '0'"""
