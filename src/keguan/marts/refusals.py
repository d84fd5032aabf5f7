"""Who does not agree to a use of the data: the last word of each customer on a purpose. SQL text only."""

from __future__ import annotations

from collections.abc import Sequence

from keguan.engine.literals import quoted


def refused_sql(purposes: Sequence[str], consents: str = "consents") -> str:
    """Accounts whose last word on one of the purposes is no; of two words at one moment the refusal counts.

    `consents`: the table to read, where it is not the one cut at the as-of date."""
    return f"{_last_words(purposes, consents, 0)} AND NOT granted"


def granted_sql(purposes: Sequence[str], consents: str = "consents") -> str:
    """Accounts whose last word on one of the purposes is yes."""
    return f"{_last_words(purposes, consents, 0)} AND granted"


def forbidden_sql(purposes: Sequence[str], consents: str = "consents") -> str:
    """Accounts whose last word on one of these wishes not to be contacted is yes; of two at one moment the wish counts."""
    return f"{_last_words(purposes, consents, 1)} AND granted"


def _last_words(purposes: Sequence[str], consents: str, first: int) -> str:
    """`first`: which answer counts of two at one moment, 1 for yes."""
    listed = ", ".join(quoted(purpose) for purpose in purposes)
    return f"""
SELECT DISTINCT account_no FROM (
  SELECT account_no, granted,
         row_number() OVER (PARTITION BY account_no, purpose
                            ORDER BY given_at DESC NULLS LAST, CASE WHEN granted THEN {1 - first} ELSE {first} END) AS place
  FROM {consents} WHERE account_no IS NOT NULL AND lower(purpose) IN ({listed})
) words WHERE place = 1"""
