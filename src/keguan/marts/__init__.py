"""SQL of the marts: text only; the application runs it and the store keeps it."""
