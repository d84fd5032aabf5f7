"""The workspace on disk: Delta tables, catalog, pinned versions, saved runs."""
