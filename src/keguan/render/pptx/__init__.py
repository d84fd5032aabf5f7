"""The PowerPoint form: one message a slide, native charts, evidence in the notes."""
