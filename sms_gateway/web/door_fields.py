"""The fields of a request at an HTTP door, as octets, so that a text is kept as it came whatever its charset.

Three shapes are read: JSON (RFC 8259), a form (application/x-www-form-urlencoded), and the query of a URL.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

MAX_FIELDS = 64
"""Providers send about ten; a request with more is no text."""

DEFAULT_CHARSET = "utf-8"

CHARSETS: Mapping[str, str] = {
    name: codec
    for codec, names in {
        "utf-8": ("utf-8", "utf8", "us-ascii", "ascii"),
        "cp1252": ("iso-8859-1", "latin1", "latin-1", "windows-1252", "cp1252"),
        "cp1258": ("windows-1258", "cp1258"),
        "utf-16-be": ("utf-16be", "utf-16-be", "ucs-2", "ucs2", "utf-16"),
    }.items()
    for name in names
}
"""Charsets a provider may declare, and how each is read: Latin-1 as the superset that senders really mean."""


_NO_IDS = frozenset({"null", "nil", "none", "undefined", "nan", "n/a", "na", "false", "unknown", "empty"})
_EMPTY_IN_PLACE = "0-_.:{}()[]\"' "
"""What an id may hold that was never filled in: `0`, `""`, `00000000-0000-0000-0000-000000000000`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BadField:
    """Why a request cannot be read; `advice` names the mend and never the value."""

    field: str | None
    advice: str


Fields = Mapping[str, bytes]
"""Values by field name; the first one counts when a name comes twice."""


def codec_of(declared: str | None) -> str:
    """Return the codec for a declared charset; an unknown one is read as UTF-8, and the octets are kept anyway.

    >>> codec_of("ISO-8859-1"), codec_of("klingon"), codec_of(None)
    ('cp1252', 'utf-8', 'utf-8')
    """
    return CHARSETS.get((declared or DEFAULT_CHARSET).strip().lower(), DEFAULT_CHARSET)


def is_id(value: str) -> bool:
    """Tell whether a provider's id is one, and not what its software writes when it has none.

    >>> [is_id(value) for value in ("7", "null", "0", "", "(undefined)", "00000000-0000-0000-0000-000000000000")]
    [True, False, False, False, False, False]
    """
    bare = value.strip(_EMPTY_IN_PLACE)
    return bare != "" and bare.casefold() not in _NO_IDS


def read_form(raw: bytes) -> Fields | BadField:
    r"""Read `a=1&b=2`, percent-encoded; never raises.

    >>> read_form(b"from=84905123456&text=TK%2C+A%FF")
    {'from': b'84905123456', 'text': b'TK, A\xff'}
    """
    pieces = [piece for piece in raw.split(b"&") if piece]
    if len(pieces) > MAX_FIELDS:
        return BadField(field=None, advice=f"send at most {MAX_FIELDS} fields")
    fields: dict[str, bytes] = {}
    for piece in pieces:
        name, _, value = piece.partition(b"=")
        fields.setdefault(_unquote(name).decode("utf-8", "replace"), _unquote(value))
    return fields


def read_json(raw: bytes) -> Fields | BadField:
    """Read a JSON object of strings and whole numbers; other values are left out. Never raises.

    Octets that are no UTF-8 are kept inside their string (as the text of a broken provider's encoder).
    """
    try:
        found: object = json.loads(raw.decode("utf-8", "surrogateescape"))
    except (ValueError, RecursionError):
        return BadField(field=None, advice='send a JSON object, such as {"from": …, "to": …, "text": …}')
    if not isinstance(found, dict):
        return BadField(field=None, advice="send a JSON object, not a list or a single value")
    if len(found) > MAX_FIELDS:
        return BadField(field=None, advice=f"send at most {MAX_FIELDS} fields")
    fields: dict[str, bytes] = {}
    for name, value in found.items():
        if isinstance(value, str):
            fields[name] = _octets(value)
        elif isinstance(value, int) and not isinstance(value, bool):
            fields[name] = _digits(value)
        elif value is not None:
            return BadField(field=name, advice="send it as a string")
    return fields


def _unquote(octets: bytes) -> bytes:
    return unquote_to_bytes(octets.replace(b"+", b" "))


def _octets(value: str) -> bytes:
    try:
        return value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        # JSON can escape a lone surrogate, which is no octet either; it is kept as UTF-8 would write it.
        return value.encode("utf-8", "surrogatepass")


def _digits(value: int) -> bytes:
    # Bounded: Python refuses to write out a number of more than 4,300 digits.
    return b"%d" % value if abs(value) < 1 << 128 else b""
