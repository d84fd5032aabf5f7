"""Account numbers: a dense integer for each key of a customer in a source, given once, never changed."""

from __future__ import annotations

# Keys of the batch that the workspace does not know yet, numbered by first appearance.
NEW_ACCOUNTS = """
WITH seen AS (
  SELECT customer_key AS key_value, min(rid) AS first_rid, any_value(load_id) AS load_id
  FROM keyed WHERE customer_key IS NOT NULL GROUP BY customer_key
)
SELECT CAST($next_account - 1 + row_number() OVER (ORDER BY s.first_rid) AS INTEGER) AS account_no,
       s.key_value, s.first_rid, s.load_id
FROM seen s
LEFT JOIN known_keys k ON k.key_value = s.key_value
WHERE k.key_value IS NULL
"""

# Every key of the batch with its account, known before or new.
ACCOUNTS = """
SELECT key_value, account_no FROM known_keys
UNION ALL
SELECT key_value, account_no FROM new_accounts
"""

# Further keys that stand beside the customer's key one to one (a second id column, phone, e-mail).
OTHER_KEYS = """
SELECT DISTINCT a.account_no, g.customer_key AS customer_id, g.other_key_type AS key_type,
       g.other_key AS key_value, min(g.load_id) OVER (PARTITION BY g.other_key_type, g.other_key) AS load_id
FROM good g JOIN accounts a ON a.key_value = g.customer_key
WHERE g.other_key IS NOT NULL
"""
