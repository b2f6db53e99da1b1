"""The fields of a request at an HTTP endpoint, as octets, so that a text is kept as received in any charset.

It reads JSON (RFC 8259), XML, a form (application/x-www-form-urlencoded), multipart/form-data (RFC 7578) and the query
of a URL. The body itself shows what it is: many senders declare another type, or none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from enum import Enum
from urllib.parse import unquote_to_bytes

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder

from sms_gateway.channels.http.bodies.bad_field import BadField
from sms_gateway.channels.http.bodies.json_values import MAX_VALUES, decode_json, digits_of, octets_of, read_inside
from sms_gateway.channels.http.bodies.xml_fields import MAX_ELEMENTS, read_leaves

MAX_FIELDS = 64
"""Providers send about ten; a request with more is no text."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Of UTF-8: some senders write it before JSON, a form or a text. It has no meaning."""

FORM_TYPE = "application/x-www-form-urlencoded"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_BLANKS = b" \t\r\n\0"  # a zero octet: JSON in UTF-16
_FORM = re.compile(rb"\s*[A-Za-z0-9_.%+\[\]-]{1,100}=")

_NO_IDS = frozenset({"null", "nil", "none", "undefined", "nan", "n/a", "na", "false", "true", "unknown", "empty"})
_EMPTY_IN_PLACE = "0-_.:{}()[]\"' "
"""Values of an id that was never filled in: `0`, `""`, `00000000-0000-0000-0000-000000000000`."""

_EACH = "[]"
_OR = "|"
_PLACE = r"\[([0-9]{1,5})\]"  # a body of 64 KiB has no longer list


class Shape(Enum):
    """How the fields are written in a body."""

    JSON = "json"
    FORM = "form"
    MULTIPART = "multipart"
    XML = "xml"


Fields = Mapping[str, bytes]
"""Values by field name; the first one counts when a name comes twice. / The name of a value inside objects and lists
is its path: `payload.message`, `results[0].to`."""


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


def read_json(raw: bytes, wanted: Collection[str] = (), places: Collection[str] | None = None) -> Fields | BadField:
    r"""Read a JSON object; never raises. A `wanted` field must be a string or a number.

    With `places` (`places_of`) only those values inside lists and objects are read.

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
            fields[name] = octets_of(value)
        elif isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1:
            fields[name] = digits_of(int(value))
        elif value is not None and name in wanted:
            return BadField(field=name, advice="send it as a string")
        elif isinstance(value, dict | list):
            inside = read_inside(value, name, places)
            if inside is None or len(fields) + len(inside) > MAX_VALUES:
                return BadField(field=name, advice=f"send at most {MAX_VALUES} values in it")
            fields |= {path: octets for path, octets in inside.items() if path not in fields}
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


def names_of(path: str) -> tuple[str, ...]:
    """Return the paths that `a|b` names: where networks or their partners call one field by several names.

    >>> names_of("User_ID|user_id"), names_of("text")
    (('User_ID', 'user_id'), ('text',))
    """
    return tuple(path.split(_OR))


def value_at(fields: Fields, path: str | None) -> bytes | None:
    """Return the value at the first of a field's paths (`names_of`) that is there; None where none is.

    >>> value_at({"user_id": b"1"}, "User_ID|user_id"), value_at({}, "id"), value_at({}, None)
    (b'1', None, None)
    """
    found = (fields[name] for name in names_of(path or "") if name in fields)
    return next(found, None)


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


def entries_at(raw: bytes, path: str) -> int | None:
    """Return how many entries the list at a path of a JSON text has, null left out; None when no list is there.

    >>> entries_at(b'{"results": [{}, null]}', "results"), entries_at(b'{"messages": []}', "results")
    (1, None)
    """
    try:
        found: object = json.loads(decode_json(raw))
    except (ValueError, RecursionError):
        return None
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return sum(entry is not None for entry in found) if isinstance(found, list) else None


def read_any_json(raw: bytes) -> Fields:
    """Read the values of any JSON text by their paths; none of one that holds too many. Never raises.

    >>> read_any_json(b'[{"ok": true}]'), read_any_json(b"OK")
    ({'[0].ok': b'true'}, {})
    """
    try:
        found: object = json.loads(decode_json(raw))
    except (ValueError, RecursionError):
        return {}
    return read_inside(found) or {}


def read_any(raw: bytes) -> Fields:
    """Read the values of any JSON text by their paths, or of XML by the names of their elements; never raises.

    >>> read_any(b'{"code": 7}'), read_any(b"<r><code>7</code></r>"), read_any(b"OK")
    ({'code': b'7'}, {'code': b'7'}, {})
    """
    return _first_leaves(raw) or {} if shape_of(raw, "") is Shape.XML else read_any_json(raw)


def read_xml(raw: bytes) -> Fields | BadField:
    """Read the elements of an XML body that hold only characters, by their local names; never raises.

    >>> read_xml(b"<S:Envelope xmlns:S='s'><S:Body><m:mo xmlns:m='m'><text>HD</text></m:mo></S:Body></S:Envelope>")
    {'text': b'HD'}
    """
    advice = f"send whole XML of at most {MAX_ELEMENTS} elements, without a document type"
    fields = _first_leaves(raw)
    return BadField(field=None, advice=advice) if fields is None else fields


def _first_leaves(raw: bytes) -> Fields | None:
    leaves = read_leaves(raw)
    return None if leaves is None else {leaf.name: leaf.value for leaf in reversed(leaves)}


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
    >>> shape_of(b"<text>HD</text>", "text/plain").name, shape_of(b"HD", "text/plain")
    ('XML', None)
    """
    declared = content_type.partition(";")[0].strip().lower()
    if declared == "multipart/form-data":
        return Shape.MULTIPART
    body = raw.removeprefix(BYTE_ORDER_MARK)
    if body.removeprefix(_UTF16_MARKS[0]).removeprefix(_UTF16_MARKS[1]).lstrip(_BLANKS)[:1] == b"<":
        return Shape.XML
    if body.lstrip(_BLANKS)[:1] in (b"{", b"[") or body[:2] in _UTF16_MARKS:
        return Shape.JSON
    if _FORM.match(body):
        return Shape.FORM
    return Shape.JSON if "json" in declared else Shape.FORM if declared == FORM_TYPE else None


def read_body(
    raw: bytes, content_type: str, wanted: Collection[str], places: Collection[str] | None = None
) -> Fields | BadField:
    """Read a body by what it is (`shape_of`); never raises. For `wanted` and `places` see `read_json`."""
    match shape_of(raw, content_type):
        case Shape.JSON:
            return read_json(raw, wanted, places)
        case Shape.FORM:
            return read_form(raw)
        case Shape.MULTIPART:
            return read_multipart(raw, parse_options_header(content_type)[1].get("boundary", ""))
        case Shape.XML:
            return read_xml(raw)
        case None:
            return BadField(field=None, advice=f"send a JSON object, or a form ({FORM_TYPE})")


def _unquote(octets: bytes) -> bytes:
    return unquote_to_bytes(octets.replace(b"+", b" "))
