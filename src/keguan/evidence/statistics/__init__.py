"""Statistics that analyses share, one idea per file, computed from counts and sums, never from rows."""
