"""Rendering: Document -> file, and back to its marked texts. One module per format."""
