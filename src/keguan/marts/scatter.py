"""An order of customers that has nothing to do with them, for an even sample. SQL text only.

Account numbers grow with the day of a customer's first row; a step of 7919 round a prime circle spreads neighbours apart,
the same on any engine and in any order of rows. Numbers are widened first: a product of two INTEGERs overflows.
"""

from __future__ import annotations

SCATTERED = "CAST(account_no AS BIGINT) % 1000003 * 7919 % 1000003, account_no"
