"""Octets on the page: those of a text, and each segment of an answer as it went out, field by field with its hex.

A segment's fields are made anew from the answer's words; the telling digits are hidden in the hex as in the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from db.message_log import AnswerRow, WholeMessage
from sms_gateway.smpp.text import Encoding, split_text
from sms_gateway.web.admin.hidden import text_in_hex
from sms_gateway.web.admin.shown import keeps_codes
from sms_gateway.web.masking import hidden_places

OCTETS_A_LINE = 16
_HEADER = 6
_SIGN = "¤"
_SIGN_SEPTET = b"\x24"  # GSM 03.38 §6.2.1

ENCODINGS = {0: "GSM 03.38", 1: "ASCII", 3: "Latin-1", 4: "binary", 8: "UCS-2"}
"""Data codings by name (SMPP 3.4 §5.2.19); 0 is the carrier's default, here GSM 03.38."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WireField:
    """One field: the standard's name of it, its octets in hex, and what they mean."""

    name: str
    octets: str
    meaning: str
    offset: int | None = None  # from the beginning of its PDU


@dataclass(frozen=True, kw_only=True, slots=True)
class SegmentOnWire:
    """One segment of an answer as it is written: its fields, and the text's octets."""

    number: int
    fields: tuple[WireField, ...]
    octets: tuple[Sequence[str], ...]


def encoding_name(data_coding: int | None) -> str:
    """Name a data coding."""
    if data_coding is None:
        return ""
    return ENCODINGS.get(data_coding, f"0x{data_coding:02x}")


def octets_of_text(whole: WholeMessage, *, clear: bool) -> tuple[Sequence[str], ...]:
    """Return a text's octets in hex, line by line."""
    return _lines(text_in_hex(whole, whole.octets, clear=clear))


def segments_of_answer(whole: WholeMessage, answer: AnswerRow, *, clear: bool) -> Iterator[SegmentOnWire]:
    """Return the segments of an answer as submit_sm carries them (SMPP 3.4 §4.4.1); of a secret its masked twin."""
    if answer.shown is None:
        return
    text = answer.shown if clear else _hide(answer.shown, keeps_codes=keeps_codes(whole.text))
    cut = split_text(text, answer.reference)
    for number, octets in enumerate(cut.user_data, start=1):
        head, body = (octets[:_HEADER], octets[_HEADER:]) if len(cut.user_data) > 1 else (b"", octets)
        yield SegmentOnWire(
            number=number,
            fields=tuple(_fields_of_segment(cut.encoding, octets, head)),
            octets=_lines(_hex(body, cut.encoding, clear=clear)),
        )


def _fields_of_segment(encoding: Encoding, octets: bytes, head: bytes) -> Iterator[WireField]:
    coding = encoding.value
    if head:
        yield WireField(name="esm_class", octets="40", meaning="UDHI")
    yield WireField(name="data_coding", octets=f"{coding:02x}", meaning=encoding_name(coding))
    yield WireField(name="sm_length", octets=f"{len(octets):02x}", meaning=str(len(octets)))
    if head:
        yield WireField(name="user_data_header", octets=head.hex(" "), meaning=f"{head[3]}: {head[5]}/{head[4]}")


def _hide(text: str, *, keeps_codes: bool) -> str:
    """Put a sign that nobody writes in the place of each hidden digit, so that the cuts stay where they are."""
    hidden = hidden_places(text, keeps_codes=keeps_codes)
    return "".join(_SIGN if place in hidden else letter for place, letter in enumerate(text))


def _hex(octets: bytes, encoding: Encoding, *, clear: bool) -> Sequence[str]:
    width, sign = (2, _SIGN.encode("utf-16-be")) if encoding is Encoding.UCS2 else (1, _SIGN_SEPTET)
    written: list[str] = []
    for start in range(0, len(octets), width):
        some = octets[start : start + width]
        written.extend("**" if some == sign and not clear else f"{octet:02x}" for octet in some)
    return written


def _lines(octets: Sequence[str]) -> tuple[Sequence[str], ...]:
    return tuple(octets[start : start + OCTETS_A_LINE] for start in range(0, len(octets), OCTETS_A_LINE))
