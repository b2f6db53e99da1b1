"""Ids of rows in addresses."""

from __future__ import annotations

from flask import abort

MAX_KEY = (1 << 63) - 1


def bounded(row_id: int) -> int:
    """Return an id of an address; 404 for one that no row can have."""
    return row_id if row_id <= MAX_KEY else abort(404)
