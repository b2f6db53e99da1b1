"""What went over the wire, field by field with its hex: of a text that came, and of each segment that went out.

Of a PDU or request the gateway keeps what the text needs: who, to whom, the coding and the octets. What is shown is
made of that; the telling digits are hidden in the hex as they are in the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from db.message_log import AnswerRow, WholeMessage
from sms_gateway.settings.model import ChannelSettings
from sms_gateway.smpp.text import Encoding, split_text
from sms_gateway.web.admin.shown import keeps_codes
from sms_gateway.web.masking import hidden_places, mask_number, mask_octets

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


def fields_of_text(whole: WholeMessage, channel: ChannelSettings | None, *, clear: bool) -> Sequence[WireField]:
    """Return what is kept of a text's fields: of deliver_sm (SMPP 3.4 §4.6.1), or of its channel's HTTP request."""
    text = whole.text
    sender = text.sender if clear else mask_number(text.sender)
    if channel is not None:
        return (
            WireField(name=channel.sender_field, octets=_address_hex(text.sender, clear=clear)[:-3], meaning=sender),
            WireField(
                name=channel.recipient_field,
                octets=_address_hex(text.recipient, clear=True)[:-3],
                meaning=text.recipient,
            ),
            WireField(name=channel.text_field, octets="", meaning=str(len(whole.octets))),
        )
    return (
        WireField(name="source_addr", octets=_address_hex(text.sender, clear=clear), meaning=sender),
        WireField(name="destination_addr", octets=_address_hex(text.recipient, clear=True), meaning=text.recipient),
        WireField(
            name="data_coding", octets=f"{whole.data_coding & 0xFF:02x}", meaning=encoding_name(whole.data_coding)
        ),
        WireField(name="sm_length", octets=f"{min(len(whole.octets), 255):02x}", meaning=str(len(whole.octets))),
    )


def octets_of_text(whole: WholeMessage, *, clear: bool) -> tuple[Sequence[str], ...]:
    """Return a text's octets in hex, line by line."""
    if clear:
        return _lines([f"{octet:02x}" for octet in whole.octets])
    return _lines(mask_octets(whole.octets, data_coding=whole.data_coding, keeps_codes=keeps_codes(whole.text)))


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


def _address_hex(address: str, *, clear: bool) -> str:
    octets = [f"{octet:02x}" for octet in address.encode("latin-1", "replace")]
    if not clear:
        shown = mask_number(address)
        hidden = range(shown.find("***"), len(octets) - 4) if "***" in shown else range(0)
        octets = ["**" if place in hidden else octet for place, octet in enumerate(octets)]
    return " ".join([*octets, "00"])


def _lines(octets: Sequence[str]) -> tuple[Sequence[str], ...]:
    return tuple(octets[start : start + OCTETS_A_LINE] for start in range(0, len(octets), OCTETS_A_LINE))
