"""Identity: which account a key belongs to."""
