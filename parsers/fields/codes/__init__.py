"""Codes and numbers that the city gives: of dossiers, and of requests."""
