"""Terms of each area of analysis, kept apart from those that every area shares."""
