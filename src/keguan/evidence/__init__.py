"""Evidence: cell references, claim ids, wording rules."""
