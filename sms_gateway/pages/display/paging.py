"""Ids of rows in addresses: of one row, and of the row below which a page of a list begins."""

from __future__ import annotations

from flask import abort, request

MAX_KEY = (1 << 63) - 1


def bounded(row_id: int) -> int:
    """Return an id of an address; raise 404 for one that no row can have."""
    return row_id if row_id <= MAX_KEY else abort(404)


def read_before() -> int | None:
    """Return the key below which a page begins, from its address; raise 404 for one that no row can have."""
    before = request.args.get("before", type=int)
    if before is not None and not 0 <= before <= MAX_KEY:
        abort(404)
    return before
