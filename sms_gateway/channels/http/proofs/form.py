"""The fields of a form as a proof covers them: all of them, in octets, a name that comes twice included."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

MOST_PAIRS = 256
"""A request with more of them is no text; nothing is computed over it."""


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
