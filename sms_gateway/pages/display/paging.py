"""Ids of rows in addresses: of one row, and of the row below which a page of a list begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import abort, request, url_for

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


def _url(endpoint: str, values: Mapping[str, str]) -> str:
    return url_for(endpoint, _anchor=None, _method=None, _scheme=None, _external=None, **values)


def addresses_of(endpoint: str, name: str, **values: str) -> Callable[[int], str]:
    """Return what makes the address of each row from its id, the part `name`: a list of rows asks Flask once."""
    before, _, after = _url(endpoint, {name: str(MAX_KEY), **values}).partition(str(MAX_KEY))
    return lambda row_id: f"{before}{row_id}{after}"
