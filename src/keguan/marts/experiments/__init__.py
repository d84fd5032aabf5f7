"""Experiments: sums by arm in SQL, tables and sentences. The same for campaigns of a workspace and for a flat table."""
