"""Webhooks: events sent to systems of the city, in the form of Standard Webhooks."""
