"""The use case 'export mart': tables for BI tools that PostgreSQL can load, with a dictionary of every column."""
