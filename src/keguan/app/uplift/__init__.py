"""The use case 'uplift': whom to contact, learned from a flat table of a test."""
