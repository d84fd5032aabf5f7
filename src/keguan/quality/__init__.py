"""Cleaning: what is quarantined and why, and what each line is."""
