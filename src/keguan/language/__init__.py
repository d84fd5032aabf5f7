"""Texts of customers in Chinese and English: words, sentiment, themes, quotations. Works offline, on this machine only.

Owns its stop words and its sentiment lexicon. Imports nothing of Keguan but `core`; knows no tables.
"""
