"""Analyses: plug-ins that describe, one file each, or one folder of the same name."""
