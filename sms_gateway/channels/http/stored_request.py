"""A request at an HTTP endpoint as it is stored beside its text: its body or query, without what proves who sent it.

It is a JSON object in UTF-8: `method`, `content_type`, `content` (its octets as Latin-1) and `removed`, the names of
the fields whose values were removed. Headers are not stored: they have the channel's secret or signature.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote_to_bytes, urlencode

from sms_gateway.channels.http.bodies.bad_field import BadField
from sms_gateway.channels.http.bodies.json_values import decode_json
from sms_gateway.channels.http.bodies.xml_fields import read_leaves
from sms_gateway.channels.http.fields import BYTE_ORDER_MARK, Shape, read_body, shape_of

MAX_CONTENT = 64 * 1024
"""Octets of a body or query that are stored: as many as an HTTP endpoint reads. Of a longer query nothing is stored."""

MOST_FIELDS = 64
_TELLING_SECRET = 8  # a shorter one is removed as a whole value only: it can be part of a text by chance

_AUTHENTICATOR = re.compile(
    r"pass(?!port)|pwd|secret|token|signature|checksum|credential|auth(?!or$)|private|jwt|bearer|cookie|session|"
    r"(?:api|access|client|shared|mac|sign|hash)[-_ ]?key|[-_ .]key\d*$|hmac|nonce|mat[-_ ]?khau|chu[-_ ]?ky|"
    r"bao[-_ ]?mat|pin[-_ ]?code|^(?:sign|sig|key|hash|mac|digest|md5|sha\d*|otp|pin)(?:sum)?\d*$",
    re.IGNORECASE,
)
"""Names of fields that prove who sent a request, as aggregators call them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptField:
    """One field of a request; its value is None when it was removed."""

    name: str
    value: bytes | None


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptRequest:
    """A request as pages show it: its fields in their order, with repetitions.

    The name of a field inside objects and lists is its path, as `sms_gateway.channels.http.fields` writes it.
    """

    method: str
    content_type: str
    fields: tuple[KeptField, ...]


def keep_request(
    *, method: str, content_type: str, content: bytes, secrets: Collection[str], own: Collection[str]
) -> bytes | None:
    """Return what is stored of a request whose fields could be read; None when it is too long.

    Removed are values under a name that means a secret, except in `own`, the paths of the fields that a text is read
    from. The channel's secrets are removed under any name. Objects and lists without a field of `own` are removed too,
    since they could hold anything. Of XML, what is in an element with a field of `own` is stored, as a form.
    """
    if len(content) > MAX_CONTENT:
        return None
    known = tuple(secret.encode() for secret in secrets if secret)
    judge = _Judge(secrets=known, own=frozenset(own))
    match Shape.FORM if method == "GET" else shape_of(content, content_type):
        case Shape.JSON:
            rest, removed = _cut_json(content, judge)
        case Shape.MULTIPART:
            rest, removed = _cut_form(_as_form(content, content_type), judge)
        case Shape.XML:
            rest, removed = _cut_xml(content, judge)
        case _:
            rest, removed = _cut_form(content.removeprefix(BYTE_ORDER_MARK), judge)
    kept = {
        "method": method,
        "content_type": content_type[:200],
        "content": rest.decode("latin-1"),
        "removed": removed,
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def read_kept_request(kept: bytes) -> KeptRequest | None:
    """Read what was stored; of a text that came in parts, the fields of all its requests. None for no such request."""
    requests = [_read_kept(line) for line in kept.split(b"\n") if line] or [None]
    first = requests[0]
    if first is None:
        return None
    fields = tuple(field for request in requests if request is not None for field in request.fields)
    return replace(first, fields=fields[:MOST_FIELDS])


def _read_kept(kept: bytes) -> KeptRequest | None:
    try:
        told = json.loads(kept)
        content, removed = told["content"].encode("latin-1"), set(told["removed"])
        content_type = str(told["content_type"])
        is_json = told["method"] != "GET" and shape_of(content, "") is Shape.JSON
        pairs = list(_leaves(_pairs(content))) if is_json else _form_pairs(content)
        method = str(told["method"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    fields = tuple(KeptField(name=name, value=None if name in removed else value) for name, value in pairs)
    return KeptRequest(method=method, content_type=content_type, fields=fields)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Judge:
    """Decides which values are removed."""

    secrets: Collection[bytes]
    own: frozenset[str]

    def removes(self, name: str, value: bytes, path: str | None = None) -> bool:
        if (path or name) not in self.own and _AUTHENTICATOR.search(name):
            return True
        return any(value == secret or (len(secret) >= _TELLING_SECRET and secret in value) for secret in self.secrets)

    def leads_to_own(self, path: str) -> bool:
        """Return whether a field that the text is read from is inside this object or list."""
        return any(own.startswith((f"{path}.", f"{path}[")) for own in self.own)


def _cut_form(content: bytes, judge: _Judge) -> tuple[bytes, list[str]]:
    pieces, removed = [], []
    for piece in content.split(b"&"):
        name, equals, value = piece.partition(b"=")
        shown = _unquoted(name).decode("utf-8", "replace")
        if judge.removes(shown, _unquoted(value)):
            removed.append(shown)
            pieces.append(name + equals)
        else:
            pieces.append(piece)
    return b"&".join(pieces), removed


def _cut_xml(content: bytes, judge: _Judge) -> tuple[bytes, list[str]]:
    """Write as a form what is in the elements that hold the text's own fields: a SOAP header holds passwords."""
    leaves = read_leaves(content) or ()
    firsts = {leaf.name: leaf for leaf in reversed(leaves)}
    parents = {leaf.parent for name, leaf in firsts.items() if name in judge.own}
    kept = [leaf for leaf in leaves if leaf.parent in parents and not judge.removes(leaf.name, leaf.value)]
    names = {leaf.name for leaf in kept}
    removed = list(dict.fromkeys(leaf.name for leaf in leaves if leaf.name not in names))
    return urlencode([(leaf.name, leaf.value) for leaf in kept] + [(name, b"") for name in removed]).encode(), removed


def _as_form(content: bytes, content_type: str) -> bytes:
    """Write the fields of multipart/form-data as a form; of one that could not be read, nothing."""
    fields = read_body(content, content_type, ())
    return b"" if isinstance(fields, BadField) else urlencode(dict(fields)).encode()


def _cut_json(content: bytes, judge: _Judge) -> tuple[bytes, list[str]]:
    """Remove values; a body without any stays as received."""
    pairs = _pairs(content)
    removed: list[str] = []
    rest = ""
    if any(_is_nested(value) or judge.removes(name, _octets(value)) for name, value in pairs):
        rest = _without(pairs, "", "", judge, removed)
    if not removed:
        return decode_json(content).encode("utf-8", "surrogateescape"), []
    return rest.encode("utf-8", "surrogateescape"), removed


def _without(value: object, name: str, path: str, judge: _Judge, removed: list[str]) -> str:
    """Write a value without its removed parts; collect their paths."""
    if path and (not judge.leads_to_own(path) if _is_nested(value) else judge.removes(name, _octets(value), path)):
        removed.append(path)
        return "null"
    if isinstance(value, tuple):
        inside = (f"{_dump(key)}:{_without(one, key, _below(path, key), judge, removed)}" for key, one in value)
        return f"{{{','.join(inside)}}}"
    if isinstance(value, list):
        entries = (_without(one, name, f"{path}[{number}]", judge, removed) for number, one in enumerate(value))
        return f"[{','.join(entries)}]"
    return _dump(value)


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, bytes]]:
    """Return the values inside objects and lists with the paths to them."""
    if isinstance(value, tuple):
        for key, inner in value:
            yield from _leaves(inner, _below(path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _leaves(inner, f"{path}[{number}]")
    else:
        yield path, _octets(value)


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _pairs(content: bytes) -> Sequence[tuple[str, object]]:
    found: object = json.loads(decode_json(content), object_pairs_hook=tuple)
    if not isinstance(found, tuple):
        raise TypeError("no JSON object")
    return found


def _form_pairs(content: bytes) -> Sequence[tuple[str, bytes]]:
    pieces = (piece.partition(b"=") for piece in content.split(b"&") if piece)
    return [(_unquoted(name).decode("utf-8", "replace"), _unquoted(value)) for name, _, value in pieces]


def _is_nested(value: object) -> bool:
    return isinstance(value, tuple | list)


def _dump(value: object) -> str:
    written = json.dumps(value, ensure_ascii=False)
    try:
        written.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a surrogate pair, which came as an escape
        return json.dumps(value)
    return written


def _octets(value: object) -> bytes:
    """Return a JSON value's octets: of a string those that came, of anything else how it is written."""
    if value is None:
        return b"null"
    if not isinstance(value, str):
        return json.dumps(value).encode()
    try:
        return value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogatepass")


def _unquoted(octets: bytes) -> bytes:
    return unquote_to_bytes(octets.replace(b"+", b" "))
