"""Engines that run the one SQL text, and what can be read from that text."""
