"""The pages of webhooks: systems of the city that get events."""
