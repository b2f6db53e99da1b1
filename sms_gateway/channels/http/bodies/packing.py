"""Packed bodies (Content-Encoding, RFC 9110 §8.4.1), unpacked up to a bound."""

from __future__ import annotations

import zlib

from sms_gateway.channels.http.bodies.bad_field import BadField

MAX_BODY_OCTETS = 64 * 1024
"""A text of 255 segments in UTF-8, percent-encoded, and the fields beside it fit."""

_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32


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
