"""Fields as a network's own functions read them: one that the network does not name is an error, not an empty value."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

_PLACE = re.compile(r"\[[0-9]+\]")


class UndeclaredFieldError(Exception):
    """A function of a network reads a field inside an object or a list that its `Arrivals` do not name: its mistake."""


class DeclaredFields(Mapping[str, bytes]):
    """The fields of an item. Of what is inside objects and lists only named fields are read from a request.

    So a field that nobody named would be missing from every request, and its texts would be ignored in silence.

    >>> fields = DeclaredFields({"who": b"1"}, {"who", "type"})
    >>> fields.get("type"), fields["who"]
    (None, b'1')
    >>> fields.get("event.name")
    Traceback (most recent call last):
    ...
    sms_gateway.channels.http.bodies.declared_fields.UndeclaredFieldError: name 'event.name' in Arrivals.also
    """

    def __init__(self, fields: Mapping[str, bytes], declared: Collection[str], *, is_entry: bool = False) -> None:
        """Take `declared`, the paths that are read; `is_entry` of the entry of a list: then all names are inside it."""
        self._fields = fields
        self._declared = declared
        self._is_entry = is_entry

    def __getitem__(self, name: str) -> bytes:
        """Return a field; raises UndeclaredFieldError, and KeyError for one that is not there."""
        if name in self._fields:
            return self._fields[name]
        is_inside = self._is_entry or "." in name or "[" in name
        if is_inside and _PLACE.sub("[]", name) not in self._declared:
            raise UndeclaredFieldError(f"name {name!r} in Arrivals.also")
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        """Go through the names of those that are there."""
        return iter(self._fields)

    def __len__(self) -> int:
        """Return how many are there."""
        return len(self._fields)
