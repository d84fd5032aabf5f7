"""The use case 'budget': curves of return and splits of a budget, from a flat table of weeks or days."""
