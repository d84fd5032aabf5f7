"""The use cases 'actions': cards of what is to be done, by whom and until when, kept in the workspace with their history."""
