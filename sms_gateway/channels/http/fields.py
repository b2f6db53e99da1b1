"""The fields of a request at an HTTP endpoint, as octets, so that a text is kept as received in any charset.

It reads JSON (RFC 8259), a form (application/x-www-form-urlencoded), multipart/form-data (RFC 7578) and the query of a
URL. The body itself shows what it is: many senders declare another type, or none.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from urllib.parse import unquote_to_bytes

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder

MAX_FIELDS = 64
"""Providers send about ten; a request with more is no text."""

MAX_VALUES = 2000
"""Values read inside the lists and objects of one body: a hundred receipts fit. The rest is left out."""

MAX_DEPTH = 8
"""Lists and objects inside each other that are read; deeper ones are left out."""

DEFAULT_CHARSET = "utf-8"

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Of UTF-8: some senders write it before JSON, a form or a text. It has no meaning."""

FORM_TYPE = "application/x-www-form-urlencoded"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_BLANKS = b" \t\r\n\0"  # a zero octet: JSON in UTF-16
_FORM = re.compile(rb"\s*[A-Za-z0-9_.%+\[\]-]{1,100}=")
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32

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
"""Charsets a provider may declare, and how each is read: Latin-1 as the larger set that senders really mean."""


_NO_IDS = frozenset({"null", "nil", "none", "undefined", "nan", "n/a", "na", "false", "true", "unknown", "empty"})
_EMPTY_IN_PLACE = "0-_.:{}()[]\"' "
"""Values of an id that was never filled in: `0`, `""`, `00000000-0000-0000-0000-000000000000`."""

_EACH = "[]"
_PLACE = r"\[([0-9]{1,4})\]"  # MAX_VALUES has four digits


@dataclass(frozen=True, kw_only=True, slots=True)
class BadField:
    """Why a request cannot be read; `advice` names the fix and never the value."""

    field: str | None
    advice: str


class Shape(Enum):
    """How the fields are written in a body."""

    JSON = "json"
    FORM = "form"
    MULTIPART = "multipart"


Fields = Mapping[str, bytes]
"""Values by field name; the first one counts when a name comes twice. / The name of a value inside objects and lists
is its path: `payload.message`, `results[0].to`."""


def codec_of(declared: str | None) -> str:
    """Return the codec for a declared charset; an unknown one is read as UTF-8, and the octets are kept anyway.

    >>> codec_of("ISO-8859-1"), codec_of("klingon"), codec_of(None)
    ('cp1252', 'utf-8', 'utf-8')
    """
    return CHARSETS.get((declared or DEFAULT_CHARSET).strip().lower(), DEFAULT_CHARSET)


def is_id(value: str) -> bool:
    """Return whether a provider's id is a real one, and not what its software writes when it has none.

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
    pieces = [piece for piece in raw.removeprefix(BYTE_ORDER_MARK).split(b"&") if piece]
    if len(pieces) > MAX_FIELDS:
        return BadField(field=None, advice=f"send at most {MAX_FIELDS} fields")
    fields: dict[str, bytes] = {}
    for piece in pieces:
        name, _, value = piece.partition(b"=")
        fields.setdefault(_unquote(name).decode("utf-8", "replace"), _unquote(value))
    return fields


def read_json(raw: bytes, wanted: Collection[str] = ()) -> Fields | BadField:
    r"""Read a JSON object; never raises. A `wanted` field must be a string or a number.

    Octets that are no UTF-8 are kept inside their string (as the text of a broken provider's encoder).

    >>> read_json(b'{"id": 7, "payload": {"text": "HD", "to": ["8188"]}}')
    {'id': b'7', 'payload.text': b'HD', 'payload.to[0]': b'8188'}
    """
    try:
        found: object = json.loads(decode_json(raw))
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
        elif isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1:
            fields[name] = _digits(int(value))
        elif value is not None and name in wanted:
            return BadField(field=name, advice="send it as a string")
        elif isinstance(value, dict | list):
            _read_inside(value, name, fields, MAX_DEPTH)
    return fields


def values_at(fields: Fields, path: str) -> tuple[bytes, ...]:
    """Return the value at a path, or those of each entry when the path holds `[]`; nothing where there is none.

    An entry without a value is left out: it may be null.

    >>> values_at({"ids[0]": b"1", "ids[2]": b"2"}, "ids[]"), values_at({"id": b"3"}, "id"), values_at({}, "id")
    ((b'1', b'2'), (b'3',), ())
    """
    if _EACH not in path:
        return (fields[path],) if path in fields else ()
    each = re.compile(_PLACE.join(re.escape(part) for part in path.split(_EACH)))
    found = ((each.fullmatch(name), value) for name, value in fields.items())
    by_place = [(tuple(map(int, match.groups())), value) for match, value in found if match is not None]
    return tuple(value for _, value in sorted(by_place))


def items_at(fields: Fields, path: str) -> list[Fields]:
    """Return the entries of the list at a path, each with the fields beside the list.

    >>> items_at({"sent": b"9", "results[0].to": b"1", "results[1].to": b"2"}, "results")
    [{'sent': b'9', 'to': b'1'}, {'sent': b'9', 'to': b'2'}]
    """
    entry = re.compile(rf"{re.escape(path)}\[(\d+)\]\.(.+)", re.DOTALL)
    beside: dict[str, bytes] = {}
    items: dict[str, dict[str, bytes]] = {}
    for name, value in fields.items():
        inside = entry.fullmatch(name)
        if inside is None:
            beside[name] = value
        else:
            items.setdefault(inside[1], {})[inside[2]] = value
    return [beside | item for item in items.values()]


def read_any_json(raw: bytes) -> Fields:
    """Read the values of any JSON text by their paths, as far as it can be read; never raises.

    >>> read_any_json(b'[{"ok": true}]'), read_any_json(b"OK")
    ({'[0].ok': b'true'}, {})
    """
    fields: dict[str, bytes] = {}
    try:
        found: object = json.loads(decode_json(raw))
    except (ValueError, RecursionError):
        return fields
    _read_inside(found, "", fields, MAX_DEPTH)
    return fields


def _read_inside(value: object, path: str, fields: dict[str, bytes], depth: int) -> None:
    """Write the values inside lists and objects by their paths."""
    if len(fields) >= MAX_VALUES or value is None:
        return
    if isinstance(value, dict) and depth:
        for name, inner in value.items():
            _read_inside(inner, f"{path}.{name}" if path else name, fields, depth - 1)
    elif isinstance(value, list) and depth:
        for number, inner in enumerate(value):
            _read_inside(inner, f"{path}[{number}]", fields, depth - 1)
    elif isinstance(value, str):
        fields.setdefault(path, _octets(value))
    elif isinstance(value, bool):
        fields.setdefault(path, b"true" if value else b"false")
    elif isinstance(value, int | float):
        fields.setdefault(path, _number(value))


def decode_json(raw: bytes) -> str:
    """Return the words of a JSON text in UTF-8, UTF-16 or UTF-32, with a byte order mark or without.

    Octets that are none of these become lone surrogates (surrogateescape). Raises ValueError.
    """
    return raw.decode(json.detect_encoding(raw), "surrogateescape")


def read_multipart(raw: bytes, boundary: str) -> Fields | BadField:
    r"""Read multipart/form-data (RFC 7578); files are left out. Never raises.

    >>> read_multipart(b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nHD\r\n--b--\r\n', "b")
    {'text': b'HD'}
    """
    decoder = MultipartDecoder(boundary.encode("latin-1", "replace"), max_parts=MAX_FIELDS)
    fields: dict[str, bytes] = {}
    values: list[bytes] = []
    name = None
    try:
        decoder.receive_data(raw)
        decoder.receive_data(None)  # that is all
        while not isinstance(happened := decoder.next_event(), Epilogue):
            if isinstance(happened, Field | File):
                name, values = happened.name if isinstance(happened, Field) else None, []
            elif isinstance(happened, Data):
                values.append(happened.data)
                if name is not None and not happened.more_data:
                    fields.setdefault(name, b"".join(values))
    except (ValueError, RequestEntityTooLarge):  # no such boundary in it; more parts than allowed
        return BadField(field=None, advice=f"send whole multipart/form-data of at most {MAX_FIELDS} fields")
    return fields


def shape_of(raw: bytes, content_type: str) -> Shape | None:
    """Return what a body is, by its content; the declared type decides on multipart, and when nothing else shows.

    >>> shape_of(b' {"text": "HD"}', "application/x-www-form-urlencoded").name, shape_of(b"text=HD", "").name
    ('JSON', 'FORM')
    >>> shape_of(b"<text>HD</text>", "text/xml")
    """
    declared = content_type.partition(";")[0].strip().lower()
    if declared == "multipart/form-data":
        return Shape.MULTIPART
    body = raw.removeprefix(BYTE_ORDER_MARK)
    if body.lstrip(_BLANKS)[:1] in (b"{", b"[") or body[:2] in _UTF16_MARKS:
        return Shape.JSON
    if _FORM.match(body):
        return Shape.FORM
    return Shape.JSON if "json" in declared else Shape.FORM if declared == FORM_TYPE else None


def read_body(raw: bytes, content_type: str, wanted: Collection[str]) -> Fields | BadField:
    """Read a body by what it is (`shape_of`); never raises."""
    match shape_of(raw, content_type):
        case Shape.JSON:
            return read_json(raw, wanted)
        case Shape.FORM:
            return read_form(raw)
        case Shape.MULTIPART:
            return read_multipart(raw, parse_options_header(content_type)[1].get("boundary", ""))
        case None:
            return BadField(field=None, advice=f"send a JSON object, or a form ({FORM_TYPE})")


def unpack_body(raw: bytes, encoding: str, most: int) -> bytes | BadField:
    """Undo Content-Encoding gzip or deflate (RFC 9110 §8.4.1) up to `most` octets; any other encoding is a BadField."""
    match encoding.strip().lower():
        case "" | "identity":
            return raw
        case "gzip" | "x-gzip" | "deflate":
            unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
            try:
                octets = unpacker.decompress(raw, most)
            except zlib.error:
                return BadField(field=None, advice="send a whole gzip body, or one without Content-Encoding")
            whole = unpacker.eof and not unpacker.unconsumed_tail
            return octets if whole else BadField(field=None, advice=f"send at most {most} octets, unpacked")
        case _:
            return BadField(field=None, advice="send the body as gzip, or without Content-Encoding")


def _unquote(octets: bytes) -> bytes:
    return unquote_to_bytes(octets.replace(b"+", b" "))


def _octets(value: str) -> bytes:
    try:
        return value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        # JSON can escape a lone surrogate, which is no octet either; it is kept as UTF-8 would write it.
        return value.encode("utf-8", "surrogatepass")


def _number(value: float) -> bytes:
    """Write a number as JSON does, without the fraction of a whole one."""
    return _digits(int(value)) if value == value // 1 else repr(value).encode()


def _digits(value: int) -> bytes:
    # Bounded: Python refuses to write out a number of more than 4,300 digits.
    return b"%d" % value if abs(value) < 1 << 128 else b""
