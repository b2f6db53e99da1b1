"""Alarms: what is wrong with the service, since when, and how the people on duty are told."""
