"""Who does not agree to a use of the data: the last word of each customer on a purpose. SQL text only."""

from __future__ import annotations

from collections.abc import Sequence

from keguan.engine.literals import quoted


def refused_sql(purposes: Sequence[str]) -> str:
    """Accounts whose last word on one of the purposes is no; of two words at one moment the refusal counts."""
    listed = ", ".join(quoted(purpose) for purpose in purposes)
    return f"""
SELECT DISTINCT account_no FROM (
  SELECT account_no, granted,
         row_number() OVER (PARTITION BY account_no, purpose
                            ORDER BY given_at DESC NULLS LAST, CASE WHEN granted THEN 1 ELSE 0 END) AS place
  FROM consents WHERE account_no IS NOT NULL AND lower(purpose) IN ({listed})
) words WHERE place = 1 AND NOT granted"""
