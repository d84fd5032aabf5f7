"""Campaigns: when each ran, who was in it, what members did, and what the tests against its control say."""
