"""Delivery receipts: recognised by their parameters, by esm_class or by shape (SMPP 3.4 §5.2.12, appendix B)."""

from __future__ import annotations

from collections.abc import Iterator

from db.schema import ReceiptState
from db.store.record import record
from sms_gateway.channels.smpp.coding import gsm
from sms_gateway.channels.smpp.coding.text import decode_text
from sms_gateway.channels.smpp.coding.udh import take_header
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.short_message import MAX_MESSAGE_ID, ShortMessage
from sms_gateway.channels.smpp.pdu.tlv import tlv_value
from sms_gateway.pipeline.dispatch.receipt_texts import (
    LONGEST,
    is_receipt_text,
    read_error,
    read_fields,
    state_of,
    state_of_number,
)
from sms_gateway.settings.link_model import Alphabet

_RECEIPT_TYPES = frozenset({codes.ESM_RECEIPT, 0x20})  # §5.2.12: receipt, intermediate notification


@record
class Receipt:
    """What a receipt says; the id is None when it names no message, so that nobody can use it."""

    message_id: str | None
    state: ReceiptState
    error: str | None


def read_receipt(message: ShortMessage, alphabet: Alphabet) -> Receipt | None:
    """Read a delivery receipt; None when the message is a text of a citizen.

    It is a receipt when esm_class says so, when it has receipted_message_id, or when its text has the shape of one, in
    short_message or in message_payload. Some carriers forget esm_class, and an answer to a receipt as if it were a
    command would go on without end.
    """
    tlv_id = _read_id(message)
    declared = tlv_id is not None or message.esm_class & codes.ESM_TYPE in _RECEIPT_TYPES
    text = _declared_text(message, alphabet) if declared else _shaped_text(message, alphabet)
    if text is None:
        return None
    tlv_state = tlv_value(message.tlvs, codes.MESSAGE_STATE)
    state = state_of_number(tlv_state[0]) if tlv_state else None
    if tlv_id and state is not None:  # the parameters say it all, but for the error: no need to take the text apart
        return Receipt(message_id=tlv_id, state=state, error=_read_error(message, read_error(text)))
    fields = read_fields(text)
    message_id = tlv_id or _as_written(fields.get("id", ""))
    return Receipt(
        message_id=message_id[:MAX_MESSAGE_ID] or None,
        state=state or state_of(fields.get("stat", "")) or ReceiptState.UNKNOWN,
        error=_read_error(message, fields.get("err", "")),
    )


def _read_id(message: ShortMessage) -> str | None:
    """Read receipted_message_id; None when there is none, or an empty one, which says nothing."""
    value = tlv_value(message.tlvs, codes.RECEIPTED_MESSAGE_ID)
    return value.split(b"\x00", 1)[0].decode("latin-1")[:MAX_MESSAGE_ID] or None if value else None


def _as_written(message_id: str) -> str:
    """Return an id as the carrier wrote it: what is `_` in ASCII was read as `§` in the GSM alphabet.

    >>> _as_written("a§1"), _as_written("a-1")
    ('a_1', 'a-1')
    """
    septets = None if message_id.isascii() else gsm.encode(message_id)
    return message_id if septets is None else septets.decode("latin-1")


def _declared_text(message: ShortMessage, alphabet: Alphabet) -> str:
    return decode_text(next(_places(message), b""), message.data_coding, alphabet)


def _shaped_text(message: ShortMessage, alphabet: Alphabet) -> str | None:
    """Return the text that has the shape of a receipt, anywhere in the message."""
    packs = alphabet is Alphabet.GSM_PACKED  # then the letters of a shape are nowhere in the octets
    for octets in _places(message):
        if packs or _may_have_shape(octets):
            text = decode_text(octets, message.data_coding, alphabet)
            if is_receipt_text(text):
                return text
    return None


def _places(message: ShortMessage) -> Iterator[bytes]:
    """Return where a text can be, without the header of user data; nothing of a part of a long text."""
    for octets in (message.user_data, tlv_value(message.tlvs, codes.MESSAGE_PAYLOAD) if message.tlvs else None):
        if octets and message.esm_class & codes.ESM_UDHI:
            part, rest = take_header(octets)
            if part is None or message.esm_class & codes.ESM_TYPE:
                yield rest
        elif octets:
            yield octets


def _may_have_shape(octets: bytes) -> bool:
    """Return at low cost whether a text can be a receipt: every one has `stat` or `err` or `dlvrd`, in any coding."""
    head = octets[: 2 * LONGEST].replace(b"\x00", b"").lower()
    return b"id" in head and (b"stat" in head or b"dlvrd" in head or b"err" in head)


def _read_error(message: ShortMessage, word: str) -> str | None:
    """Take the error code from the text, else from the TLV (§5.3.2.31: network and code); at most 16 characters."""
    tlv = tlv_value(message.tlvs, codes.NETWORK_ERROR_CODE)
    if not word and tlv is not None and len(tlv) == 3:  # noqa: PLR2004 - §5.3.2.31: an octet and a 16-bit number
        word = f"{int.from_bytes(tlv[1:], 'big'):03d}"
    return word[:16] or None
