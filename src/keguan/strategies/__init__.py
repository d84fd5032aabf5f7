"""Strategies: plug-ins that prescribe, one file each."""
