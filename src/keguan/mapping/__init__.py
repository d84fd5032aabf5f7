"""Columns of received files matched to the canonical tables, with reasons; and the SQL that reads them."""
