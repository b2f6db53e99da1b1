"""The values inside a JSON text (RFC 8259) by their paths, as octets: `payload.message`, `results[0].to`.

What passes a bound is no value of a network, or ends the reading: nothing is left out of what is asked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

MAX_VALUES = 10_000
"""Values of one body: a thousand delivery reports, each with what a network reads of it. More are refused."""

MAX_DEPTH = 8
"""Lists and objects inside each other that are read; no field of a network is deeper."""

LONGEST_PATH = 256
"""Characters; no field of a network has a longer path, and each value costs the memory of its own."""

_PLACE = re.compile(r"\[\d*\]")
_ENDS = re.compile(r"[.\[]")


def places_of(paths: Iterable[str]) -> frozenset[str]:
    """Return these paths and those of the objects and lists around them, where `[]` is any place in a list.

    >>> sorted(places_of(["results[0].to"]))
    ['results', 'results[]', 'results[].to']
    """
    written = {_PLACE.sub("[]", path) for path in paths}
    return frozenset(written | {path[: end.start()] for path in written for end in _ENDS.finditer(path)})


def decode_json(raw: bytes) -> str:
    """Return the words of a JSON text in UTF-8, UTF-16 or UTF-32, with a byte order mark or without.

    Octets that are none of these become lone surrogates (surrogateescape). Raises ValueError.
    """
    return raw.decode(json.detect_encoding(raw), "surrogateescape")


def read_inside(value: object, path: str = "", places: Collection[str] | None = None) -> dict[str, bytes] | None:
    """Return the values inside a list or an object, with `places` (`places_of`) only those; None for too many.

    >>> read_inside({"to": [1, True], "price": {"sum": 0.5}}, "sent", places_of(["sent.to[]"]))
    {'sent.to[0]': b'1', 'sent.to[1]': b'true'}
    """
    reader = _Reader(places=places)
    reader.read(value, path, _PLACE.sub("[]", path), MAX_DEPTH)
    return None if len(reader.fields) > MAX_VALUES else reader.fields


@dataclass(kw_only=True, slots=True)
class _Reader:
    places: Collection[str] | None
    fields: dict[str, bytes] = field(default_factory=dict)

    def read(self, value: object, path: str, place: str, depth: int) -> None:
        """Write the values at and inside a path; `place` is the path without the numbers of entries."""
        if len(self.fields) > MAX_VALUES or len(path) > LONGEST_PATH or value is None:
            return
        if self.places is not None and place and place not in self.places:
            return
        if isinstance(value, dict):
            for name, inner in value.items() if depth else ():
                dot = "." if path else ""
                self.read(inner, f"{path}{dot}{name}", f"{place}{dot}{name}", depth - 1)
        elif isinstance(value, list):
            for number, inner in enumerate(value) if depth else ():
                self.read(inner, f"{path}[{number}]", f"{place}[]", depth - 1)
        elif isinstance(value, str):
            self.fields.setdefault(path, octets_of(value))
        elif isinstance(value, bool):
            self.fields.setdefault(path, b"true" if value else b"false")
        elif isinstance(value, int | float):
            self.fields.setdefault(path, _number(value))


def octets_of(value: str) -> bytes:
    """Return the octets of a string in JSON, which may be no UTF-8."""
    try:
        return value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        # JSON can escape a lone surrogate, which is no octet either; it is kept as UTF-8 would write it.
        return value.encode("utf-8", "surrogatepass")


def digits_of(value: int) -> bytes:
    """Return a whole number in digits; nothing for one beyond all: Python refuses to write more than 4,300 digits."""
    return b"%d" % value if abs(value) < 1 << 128 else b""


def _number(value: float) -> bytes:
    """Write a number as JSON does, without the fraction of a whole one."""
    return digits_of(int(value)) if value == value // 1 else repr(value).encode()
