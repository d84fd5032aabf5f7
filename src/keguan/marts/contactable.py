"""Who may be contacted over a channel, by consents alone: SQL text only. Addresses, caps and running campaigns are looked at
when an audience is made (`marts.audiences`)."""

from __future__ import annotations

from keguan.marts.audiences import ALWAYS, CHANNELS, DO_NOT_CONTACT, EVERYWHERE
from keguan.marts.refusals import forbidden_sql, refused_sql

ANY = "any"  # a channel that is not known: only what holds for each channel counts


def channel_key(name: str) -> str:
    """The channel of a campaign as somebody wrote it: a name of CHANNELS, else ANY."""
    written = name.strip().lower()
    found = (key for key, channel in CHANNELS.items() if written in (key, *channel.purposes))
    return next(found, ANY)


def contactable_joins(account: str) -> str:
    """Joins that find the refusals of the account in the column `account`."""
    each = "".join(
        f"\n  LEFT JOIN ({refused_sql(channel.purposes)}) no_{key} ON no_{key}.account_no = {account}"
        for key, channel in CHANNELS.items()
    )
    return f"""LEFT JOIN ({forbidden_sql(DO_NOT_CONTACT)}) no_contact ON no_contact.account_no = {account}
  LEFT JOIN ({refused_sql((*ALWAYS, *EVERYWHERE))}) no_any ON no_any.account_no = {account}{each}"""


def contactable_counts() -> str:
    """Columns reach_any, reach_sms ...: customers of a group who may be contacted, over rows joined as above."""
    anyhow = "no_contact.account_no IS NULL AND no_any.account_no IS NULL"
    tests = {ANY: anyhow} | {key: f"{anyhow} AND no_{key}.account_no IS NULL" for key in CHANNELS}
    return ",\n       ".join(
        f"CAST(sum(CASE WHEN {test} THEN 1 ELSE 0 END) AS BIGINT) AS reach_{key}"
        for key, test in tests.items()
    )
