"""The HTTP endpoints for systems of the city, below /back-office."""
