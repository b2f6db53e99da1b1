"""A message PDU taken apart for people: every field with its place, its octets and its meaning (SMPP 3.4 §4, §5).

Off the hot path and never raising: a PDU is a stranger's octets. What cannot be read is one field of octets, and
everything before it is still shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from sms_gateway.channels.smpp.inspect.field_names import ADDRESSES, LAYOUTS, STRINGS, TLVS, TlvKind
from sms_gateway.channels.smpp.inspect.field_values import (
    Meaning,
    data_coding_words,
    esm_class_words,
    means,
    registered_delivery_words,
    table_word,
)
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.framing import HEADER_LENGTH

MOST_PDUS = 256
MOST_FIELDS = 400
"""Of one PDU; a text has thirty. Further parameters are one field of octets."""

_SERVICE_TYPE = 6
_TIME = 17  # §4.4.1, with the NUL

_TLV_HEAD = 4


class Carries(Enum):
    """What a field's octets hold, so that pages know what to hide."""

    FACTS = "facts"  # nobody's data
    ADDRESS = "address"  # a telephone number or a sender's name
    TEXT = "text"  # the words of the message, or a part of them
    UNKNOWN = "unknown"  # could be anything


@dataclass(frozen=True, kw_only=True, slots=True)
class PduField:
    """One field: where it begins in its PDU, the standard's name, its octets and what they mean."""

    offset: int
    name: str
    octets: bytes
    words: tuple[Meaning, ...] = ()
    carries: Carries = Carries.FACTS
    head: int = 0  # so many octets at the beginning are type and length, without personal data


@dataclass(frozen=True, kw_only=True, slots=True)
class Dissected:
    """One PDU by its fields, header first."""

    name: str
    fields: tuple[PduField, ...]

    @property
    def text(self) -> bytes:
        """Return the octets of the text, without its header."""
        return b"".join(field.octets for field in self.fields if field.carries is Carries.TEXT)


def dissect(octets: bytes) -> tuple[Dissected, ...]:
    """Take apart PDUs that follow one another; never raises."""
    found: list[Dissected] = []
    place = 0
    while place < len(octets) and len(found) < MOST_PDUS:
        length = int.from_bytes(octets[place : place + 4], "big")
        end = place + length if length >= HEADER_LENGTH else len(octets)
        found.append(_dissect_one(octets[place:end]))
        place = end
    return tuple(found)


def _dissect_one(pdu: bytes) -> Dissected:
    cursor = _Cursor(pdu)
    fields: list[PduField] = []
    for field in _fields(cursor):
        fields.append(field)
        if len(fields) == MOST_FIELDS:
            break
    rest = pdu[cursor.place :]
    if rest:
        fields.append(
            PduField(offset=cursor.place, name="?", octets=rest, words=(means("unread"),), carries=Carries.UNKNOWN)
        )
    return Dissected(name=codes.command_name(int.from_bytes(pdu[4:8], "big")), fields=tuple(fields))


class _Cursor:
    """Reads from a position on; a field that runs past the end is no field, and the position stays before it."""

    def __init__(self, pdu: bytes) -> None:
        self.pdu = pdu
        self.place = 0

    def take(self, length: int) -> bytes | None:
        if self.place + length > len(self.pdu):
            return None
        found = self.pdu[self.place : self.place + length]
        self.place += length
        return found

    def take_string(self) -> bytes | None:
        end = self.pdu.find(0, self.place)
        return None if end < 0 else self.take(end + 1 - self.place)


def _fields(cursor: _Cursor) -> Iterator[PduField]:
    """Return the fields in the order of the wire, as far as they can be read."""
    for name in ("command_length", "command_id", "command_status", "sequence_number"):
        octets = cursor.take(4)
        if octets is None:
            return
        yield PduField(offset=cursor.place - 4, name=name, octets=octets, words=_header_words(name, octets))
    command = int.from_bytes(cursor.pdu[4:8], "big")
    layout = LAYOUTS.get(command)
    if layout is None:
        return
    seen: dict[str, int] = {}
    for name in layout:
        field = _string_field(cursor, name) if name in STRINGS else _octet_field(cursor, name)
        if field is None:
            return
        if len(field.octets) == 1:
            seen[name] = field.octets[0]
        yield field
    has_header = bool(seen.get("esm_class", 0) & codes.ESM_UDHI)
    if "sm_length" in seen:
        text = cursor.take(seen["sm_length"])
        if text is None:
            return
        yield from _text_fields(cursor.place - len(text), "short_message", text, has_header=has_header)
    yield from _tlv_fields(cursor, has_header=has_header)


def _header_words(name: str, octets: bytes) -> tuple[Meaning, ...]:
    value = int.from_bytes(octets, "big")
    match name:
        case "command_id":
            return (codes.command_name(value),)
        case "command_status":
            return (codes.status_name(value),)
        case _:
            return (str(value),)


def _string_field(cursor: _Cursor, name: str) -> PduField | None:
    octets = cursor.take_string()
    if octets is None:
        return None
    words = (octets[:-1].decode("latin-1") if len(octets) > 1 else means("empty"),)
    carries = Carries.ADDRESS if name in ADDRESSES else Carries.FACTS
    if carries is Carries.FACTS and len(octets) > (_SERVICE_TYPE if name == "service_type" else _TIME):
        carries, words = Carries.UNKNOWN, (means("octets", count=len(octets)),)
    return PduField(offset=cursor.place - len(octets), name=name, octets=octets, words=words, carries=carries)


def _octet_field(cursor: _Cursor, name: str) -> PduField | None:
    octets = cursor.take(1)
    if octets is None:
        return None
    return PduField(
        offset=cursor.place - 1,
        name=name,
        octets=octets,
        words=_octet_words(name, octets[0], is_deliver=cursor.pdu[4:8] == codes.DELIVER_SM.to_bytes(4, "big")),
    )


def _octet_words(name: str, value: int, *, is_deliver: bool) -> tuple[Meaning, ...]:
    match name:
        case "source_addr_ton" | "dest_addr_ton":
            return (table_word("ton", value),)
        case "source_addr_npi" | "dest_addr_npi":
            return (table_word("npi", value),)
        case "esm_class":
            return esm_class_words(value, is_deliver=is_deliver)
        case "registered_delivery":
            return registered_delivery_words(value)
        case "data_coding":
            return data_coding_words(value)
        case "replace_if_present_flag":
            return (table_word("replace", value),)
        case _:
            return (str(value),)


def _text_fields(offset: int, name: str, octets: bytes, *, has_header: bool) -> Iterator[PduField]:
    """Return the user data header, when a valid one is there, by its elements (3GPP TS 23.040 §9.2.3.24); the text."""
    start = 0
    if has_header and octets and octets[0] < len(octets):
        start = 1 + octets[0]
        yield PduField(offset=offset, name="UDHL", octets=octets[:1], words=(str(octets[0]),))
        yield from _elements(offset, octets, start)
    yield PduField(
        offset=offset + start,
        name=name,
        octets=octets[start:],
        words=(means("octets", count=len(octets) - start),),
        carries=Carries.TEXT,
    )


def _elements(offset: int, octets: bytes, end: int) -> Iterator[PduField]:
    place = 1
    while place < end:
        stop = place + 2 + octets[place + 1] if place + 1 < end else end + 1
        whole = octets[place : min(stop, end)]
        words = _element_words(whole) if stop <= end else ()
        yield PduField(
            offset=offset + place,
            name=f"UDH IE {whole[0]:02x}",
            octets=whole,
            words=words or (means("unread"),),
            carries=Carries.FACTS if words else Carries.UNKNOWN,
            head=min(2, len(whole)),
        )
        place = stop


def _element_words(element: bytes) -> tuple[Meaning, ...]:
    content = element[2:]
    match element[0], len(content):
        case 0x00, 3:
            return (
                means("udh.part", value=f"{content[2]}/{content[1]}"),
                means("udh.reference", value=str(content[0])),
            )
        case 0x08, 4:
            reference = int.from_bytes(content[:2], "big")
            return (means("udh.part", value=f"{content[3]}/{content[2]}"), means("udh.reference", value=str(reference)))
        case 0x04, 2:
            return (means("udh.ports", value=f"{content[0]}, {content[1]}"),)
        case 0x05, 4:
            ports = f"{int.from_bytes(content[:2], 'big')}, {int.from_bytes(content[2:], 'big')}"
            return (means("udh.ports", value=ports),)
        case 0x24, 1:
            return (means("udh.single_shift", value=str(content[0])),)
        case 0x25, 1:
            return (means("udh.locking_shift", value=str(content[0])),)
        case _:
            return ()


def _tlv_fields(cursor: _Cursor, *, has_header: bool) -> Iterator[PduField]:
    while len(cursor.pdu) - cursor.place >= _TLV_HEAD:
        start = cursor.place
        tag, length = (int.from_bytes(cursor.pdu[at : at + 2], "big") for at in (start, start + 2))
        if start + _TLV_HEAD + length > len(cursor.pdu):
            return
        cursor.place = start + _TLV_HEAD + length
        head, value = cursor.pdu[start : start + _TLV_HEAD], cursor.pdu[start + _TLV_HEAD : cursor.place]
        name, kind = TLVS.get(tag, (f"TLV 0x{tag:04x}", TlvKind.UNKNOWN))
        if kind is TlvKind.TEXT:
            yield PduField(offset=start, name=f"{name}: TLV", octets=head, words=(means("octets", count=length),))
            yield from _text_fields(start + _TLV_HEAD, name, value, has_header=has_header)
        else:
            words, carries = _tlv_words(name, kind, value)
            yield PduField(offset=start, name=name, octets=head + value, words=words, carries=carries, head=_TLV_HEAD)


def _tlv_words(name: str, kind: TlvKind, value: bytes) -> tuple[tuple[Meaning, ...], Carries]:
    """Return what a parameter holds; one whose length is not the standard's could be anything."""
    unknown = (means("octets", count=len(value)),), Carries.UNKNOWN
    match kind:
        case TlvKind.INTEGER:
            return ((str(int.from_bytes(value, "big")),), Carries.FACTS) if 0 < len(value) <= 4 else unknown  # noqa: PLR2004 - §3.1: integers have at most four octets
        case TlvKind.CHOICE:
            return ((table_word(name, value[0]),), Carries.FACTS) if len(value) == 1 else unknown
        case TlvKind.NETWORK_ERROR:
            if len(value) != 3:  # noqa: PLR2004 - §5.3.2.31: type and a code of two octets
                return unknown
            code = str(int.from_bytes(value[1:], "big"))
            return (table_word("network", value[0]), code), Carries.FACTS
        case TlvKind.STRING:
            return (value.rstrip(b"\x00").decode("latin-1"),), Carries.FACTS
        case TlvKind.ADDRESS | TlvKind.TEXT | TlvKind.UNKNOWN:
            return unknown
