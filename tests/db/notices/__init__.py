"""Tests of notices in the database."""
