"""Strategies: plug-ins that prescribe, one file or folder each. What to do for whom stands in the strategy matrix
(`marts.strategy_matrix`)."""
