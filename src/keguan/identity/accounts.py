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

# Further keys that stand in the order rows beside the customer's own (a second id column, phone, e-mail,
# WeChat, tax number), with the first row that tells each.
OTHER_KEYS = """
WITH told AS (
  SELECT customer_key, key_type, key_value, min(rid) AS rid
  FROM (
    SELECT customer_key, rid, unnest([
      {'key_type': other_key_type, 'key_value': other_key},
      {'key_type': 'phone', 'key_value': phone},
      {'key_type': 'email', 'key_value': email},
      {'key_type': 'wechat', 'key_value': wechat},
      {'key_type': 'tax_no', 'key_value': tax_no}
    ], recursive := true)
    FROM good
    WHERE customer_key IS NOT NULL AND coalesce(other_key, phone, email, wechat, tax_no) IS NOT NULL)
  WHERE key_value IS NOT NULL
  GROUP BY customer_key, key_type, key_value
)
SELECT a.account_no, t.customer_key AS customer_id, t.key_type, t.key_value, g.load_id, g.source_row
FROM told t
JOIN accounts a ON a.key_value = t.customer_key
JOIN good g ON g.rid = t.rid
"""
