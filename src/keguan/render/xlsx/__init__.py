"""The Excel form of a report."""
