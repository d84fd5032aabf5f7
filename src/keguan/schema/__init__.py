"""Canonical tables and vocabularies."""
