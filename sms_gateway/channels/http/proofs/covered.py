"""What a proof covers: the fields of a request as the endpoint reads them, or every pair of a form."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

from sms_gateway.channels.http.bodies.bad_field import BadField
from sms_gateway.channels.http.bodies.packing import MAX_BODY_OCTETS, unpack_body
from sms_gateway.channels.http.fields import Fields, read_body, read_form
from sms_gateway.channels.http.request import IncomingRequest

MOST_PAIRS = 256
"""A request with more of them is no text; nothing is computed over it."""


def fields_of(request: IncomingRequest) -> Fields:
    """Return the fields of a request; none when it cannot be read."""
    if request.method == "GET":
        fields = read_form(request.query)
    else:
        content = unpack_body(request.read_body(), request.header("Content-Encoding"), MAX_BODY_OCTETS)
        fields = content if isinstance(content, BadField) else read_body(content, request.content_type, ())
    return {} if isinstance(fields, BadField) else fields


def form_pairs(raw: bytes) -> Sequence[tuple[bytes, bytes]] | None:
    r"""Read `a=1&b=2` in its order; None when it has too many fields.

    >>> form_pairs(b"b=2&a=%C4%90+x&a=&c")
    [(b'b', b'2'), (b'a', b'\xc4\x90 x'), (b'a', b''), (b'c', b'')]
    """
    words = raw.decode("latin-1")
    try:
        pairs = parse_qsl(words, keep_blank_values=True, encoding="latin-1", max_num_fields=MOST_PAIRS)
    except ValueError:
        return None
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs]
