"""Models: plug-ins that predict, one file each."""
