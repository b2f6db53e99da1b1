"""Octets on the page: those of a text, and those of each segment of an answer, field by field.

A segment's fields are made again from the answer's words, by the rules of its link. The hex hides the same digits as
the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from db.reports.message_log import AnswerRow, WholeMessage
from sms_gateway.channels.smpp.coding.text import Encoding, split_text
from sms_gateway.pages.display.encodings import name_on_link
from sms_gateway.pages.messages.detail.masked_octets import text_in_hex
from sms_gateway.pages.messages.row_display import keeps_codes
from sms_gateway.settings.link_model import Alphabet
from sms_gateway.web.masking import hidden_places

OCTETS_A_LINE = 16
_HEADER = 6
_TWINS = "@", "?"
"""Replace a hidden digit. Both take one unit in every alphabet, and differ in every bit in which digits differ."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WireField:
    """One field: its name in the standard, its octets in hex, and their meaning."""

    name: str
    octets: str
    meaning: str
    offset: int | None = None  # from the beginning of its PDU


@dataclass(frozen=True, kw_only=True, slots=True)
class SegmentOnWire:
    """One segment of an answer: its fields, and the text's octets."""

    number: int
    fields: tuple[WireField, ...]
    octets: tuple[str, ...]  # in hex, line by line


def octets_of_text(whole: WholeMessage, *, clear: bool) -> tuple[str, ...]:
    """Return a text's octets in hex, line by line."""
    return _lines(text_in_hex(whole, whole.octets, clear=clear))


def segments_of_answer(
    whole: WholeMessage, answer: AnswerRow, alphabet: Alphabet, *, clear: bool
) -> Iterator[SegmentOnWire]:
    """Return the segments of an answer as submit_sm has them (SMPP 3.4 §4.4.1); of a secret the masked text.

    `alphabet` is that of its link.
    """
    if answer.shown is None:
        return
    texts = (answer.shown,) * 2 if clear else _twins(answer.shown, keeps_codes=keeps_codes(whole.text))
    cut, twin = (split_text(text, answer.reference, alphabet) for text in texts)
    start = _HEADER if len(cut.user_data) > 1 else 0
    for number, (octets, others) in enumerate(zip(cut.user_data, twin.user_data, strict=True), start=1):
        yield SegmentOnWire(
            number=number,
            fields=tuple(_fields_of_segment(cut.encoding, alphabet, octets, octets[:start])),
            octets=_lines(_hex(octets[start:], others[start:], cut.encoding)),
        )


def _fields_of_segment(encoding: Encoding, alphabet: Alphabet, octets: bytes, head: bytes) -> Iterator[WireField]:
    coding = encoding.value
    if head:
        yield WireField(name="esm_class", octets="40", meaning="UDHI")
    yield WireField(name="data_coding", octets=f"{coding:02x}", meaning=name_on_link(coding, alphabet))
    yield WireField(name="sm_length", octets=f"{len(octets):02x}", meaning=str(len(octets)))
    if head:
        yield WireField(name="user_data_header", octets=head.hex(" "), meaning=f"{head[3]}: {head[5]}/{head[4]}")


def _twins(text: str, *, keeps_codes: bool) -> tuple[str, ...]:
    """Put a sign in place of each hidden digit, and another sign in a twin text, so that the segments are cut alike."""
    hidden = hidden_places(text, keeps_codes=keeps_codes)
    return tuple("".join(sign if place in hidden else char for place, char in enumerate(text)) for sign in _TWINS)


def _hex(octets: bytes, twin: bytes, encoding: Encoding) -> Sequence[str]:
    """Write octets in hex, with stars where the twin differs: a hidden digit, packed or not, has bits there."""
    width = 2 if encoding is Encoding.UCS2 else 1
    written: list[str] = []
    for start in range(0, len(octets), width):
        some = octets[start : start + width]
        written.extend(f"{octet:02x}" if some == twin[start : start + width] else "**" for octet in some)
    return written


def _lines(octets: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(octets[start : start + OCTETS_A_LINE]) for start in range(0, len(octets), OCTETS_A_LINE))
