"""The report: document types, recipes, and composing Results into one Document."""
