"""Analyses: plug-ins that describe, one file each."""
