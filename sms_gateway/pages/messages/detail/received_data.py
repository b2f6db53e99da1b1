"""What was received, field by field: the PDUs of a text or its request, else what is stored of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from db.reports.message_log import WholeMessage
from db.store.address import TEL, Address, kind_of, value_of
from db.store.phone_numbers import mask_number
from sms_gateway.channels.http.network import TextFields
from sms_gateway.channels.http.stored_request import KeptField, KeptRequest, read_kept_request
from sms_gateway.channels.smpp.inspect.dissection import Carries, Dissected, PduField, dissect
from sms_gateway.channels.smpp.inspect.field_values import MEANINGS, Meaning
from sms_gateway.pages.display.encodings import encoding_name
from sms_gateway.pages.messages.detail.masked_octets import address_in_hex, covered, hex_of, text_in_hex
from sms_gateway.pages.messages.detail.octets import WireField
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.language import say
from sms_gateway.web.masking import mask_octets, mask_text, readable

MOST_SHOWN = 64
"""PDUs shown on one page; no citizen's text has more parts."""
MOST_FIELDS_SHOWN = 2000
"""Their fields on one page, after which no further PDU is shown; 64 parts as phones send them have 1,600."""

_PDU_HEAD = b"\x00"
_NAME_CHARACTERS = 64
_PLAIN = TextFields(sender="from", recipient="to", text="text")  # of a channel that the settings do not name any more
_VALUE_CHARACTERS = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownUnit:
    """One PDU, or the request, as the page shows it."""

    title: str
    length: int
    fields: tuple[WireField, ...]


def units_of_text(whole: WholeMessage, names: TextFields | None, *, clear: bool) -> Sequence[ShownUnit]:
    """Return the PDUs of a text in the order of the parts, or its request. Never raises.

    The first octet shows which of the two it is: a PDU begins with the first of four octets of a length below 2^24.
    When the octets of a text are not kept, the fields that are known are returned.
    """
    wire = whole.wire
    if not wire:
        return [ShownUnit(title="", length=len(whole.octets), fields=tuple(_known_fields(whole, names, clear=clear)))]
    if wire.startswith(_PDU_HEAD):
        return [_pdu(each, cells, clear=clear) for each, cells in _with_text(whole, dissect(wire), clear=clear)]
    request = read_kept_request(wire)
    if request is None:
        field = WireField(name="?", octets=" ".join(hex_of(wire) if clear else covered(wire)), meaning=_unread())
        return [ShownUnit(title="", length=len(wire), fields=(field,))]
    return [_request(whole, request, names or _PLAIN, clear=clear)]


def _with_text(
    whole: WholeMessage, pdus: Sequence[Dissected], *, clear: bool
) -> Iterator[tuple[Dissected, Iterator[str]]]:
    """Return each PDU with the hex of its text; personal data is searched in all parts together."""
    cells = text_in_hex(whole, b"".join(pdu.text for pdu in pdus), clear=clear)
    place, fields = 0, 0
    for pdu in pdus[:MOST_SHOWN]:
        length = len(pdu.text)
        fields += len(pdu.fields)
        if fields > MOST_FIELDS_SHOWN:
            return
        yield pdu, iter(cells[place : place + length])
        place += length


def _pdu(pdu: Dissected, text: Iterator[str], *, clear: bool) -> ShownUnit:
    return ShownUnit(
        title=pdu.name,
        length=sum(len(field.octets) for field in pdu.fields),
        fields=tuple(_pdu_field(field, text, clear=clear) for field in pdu.fields),
    )


def _pdu_field(field: PduField, text: Iterator[str], *, clear: bool) -> WireField:
    words = field.words
    match field.carries:
        case Carries.TEXT:
            cells: Sequence[str] = [next(text) for _ in field.octets]
        case Carries.ADDRESS:
            cells = address_in_hex(field.octets, clear=clear)
            words = words if clear else tuple(_masked(word) for word in words)
        case Carries.UNKNOWN if not clear:
            cells = [*hex_of(field.octets[: field.head]), *covered(field.octets[field.head :])]
        case _:
            cells = hex_of(field.octets)
    meaning = " · ".join(_shown_meaning(word) for word in words)
    return WireField(offset=field.offset, name=field.name, octets=" ".join(cells), meaning=meaning)


def _masked(meaning: Meaning) -> Meaning:
    return mask_number(meaning) if isinstance(meaning, str) else meaning


def _shown_meaning(meaning: Meaning) -> str:
    return readable(meaning)[:_VALUE_CHARACTERS] if isinstance(meaning, str) else say(meaning)


def _unread() -> str:
    return say(MEANINGS.message("unread"))


def _request(whole: WholeMessage, request: KeptRequest, names: TextFields, *, clear: bool) -> ShownUnit:
    return ShownUnit(
        title=readable(f"{request.method} {request.content_type}".strip()),
        length=sum(len(field.value or b"") for field in request.fields),
        fields=tuple(_request_field(whole, field, names, clear=clear) for field in request.fields),
    )


def _request_field(whole: WholeMessage, field: KeptField, names: TextFields, *, clear: bool) -> WireField:
    name = _shown(field.name, _NAME_CHARACTERS, clear=clear)
    if field.value is None:
        return WireField(name=name, octets="", meaning=say("wire.removed"))
    value = field.value.decode("utf-8", "replace")
    length = say("wire.octets", count=len(field.value))
    if field.name == names.text:
        cells = text_in_hex(whole, field.value, clear=clear)
        meaning = length
    elif _holds_sender(whole.text.sender, field.name, value, names):
        cells = _sender_in_hex(whole.text.sender, field.value, clear=clear)
        meaning = _shown_sender(whole.text.sender, value[:_VALUE_CHARACTERS], clear=clear)
    elif field.name == names.recipient:
        cells = address_in_hex(field.value, clear=clear)
        address = value[:_VALUE_CHARACTERS]
        meaning = address if clear else mask_number(address)
    else:
        cells = hex_of(field.value) if clear else _careful_hex(field.value)
        meaning = _shown(value, _VALUE_CHARACTERS, clear=clear) if value.isprintable() else length
    return WireField(name=name, octets=" ".join(cells), meaning=readable(meaning))


def _shown(words: str, most: int, *, clear: bool) -> str:
    return readable(words[:most]) if clear else mask_text(words, keeps_codes=False, most=most)


def _careful_hex(value: bytes) -> Sequence[str]:
    """Return the hex of a field that could be anything; all of it is hidden when it is not plain text."""
    if not (value.isascii() and value.decode("ascii").isprintable()):
        return covered(value)
    return mask_octets(value, data_coding=0, keeps_codes=False)


def _holds_sender(sender: Address, name: str, value: str, names: TextFields) -> bool:
    """Return whether a field holds the sender. An address that is no number could be in any field."""
    return name == names.sender or (kind_of(sender) != TEL and value_of(sender) in value)


def _sender_in_hex(sender: Address, octets: bytes, *, clear: bool) -> Sequence[str]:
    """Return the octets of a sender. In an address of another kind any octet could tell who it is: all are hidden."""
    return address_in_hex(octets, clear=clear) if clear or kind_of(sender) == TEL else covered(octets)


def _shown_sender(sender: Address, received: str, *, clear: bool) -> str:
    """Return a sender as received; masked, one of another kind is shown as on every page."""
    if clear:
        return received
    return mask_number(received) if kind_of(sender) == TEL else dependencies().addresses.mask(sender)


def _known_fields(whole: WholeMessage, names: TextFields | None, *, clear: bool) -> Iterator[WireField]:
    """Return what is left of a deliver_sm (SMPP 3.4 §4.6.1) or a request whose octets are not kept."""
    text = whole.text
    sender = WireField(
        name="source_addr" if names is None else names.sender,
        octets=" ".join(_sender_in_hex(text.sender, text.sender.encode("latin-1", "replace"), clear=clear)),
        meaning=_shown_sender(text.sender, text.sender, clear=clear),
    )
    recipient = WireField(
        name="destination_addr" if names is None else names.recipient or "-",
        octets=" ".join(hex_of(text.recipient.encode("latin-1", "replace"))),
        meaning=text.recipient,
    )
    if names is not None:
        yield from (sender, recipient)
        yield WireField(name=names.text, octets="", meaning=say("wire.octets", count=len(whole.octets)))
        return
    yield from (replace(one, octets=f"{one.octets} 00") for one in (sender, recipient))
    coding = whole.data_coding & 0xFF
    yield WireField(name="data_coding", octets=f"{coding:02x}", meaning=encoding_name(whole.data_coding))
    length = len(whole.octets)
    yield WireField(name="sm_length", octets=f"{min(length, 255):02x}", meaning=str(length))
