"""Strategies: plug-ins that prescribe, one file each, and the matrix that says what to do for which customers."""

NO_PLUGINS = ("matrix",)  # modules here that are no analysis
