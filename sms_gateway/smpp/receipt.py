"""Delivery receipts: told from texts by esm_class or by shape, read in any dialect (SMPP 3.4 §5.2.12, appendix B)."""

from __future__ import annotations

import re

from db.record import record
from db.schema import ReceiptState
from sms_gateway.settings.model import Alphabet
from sms_gateway.smpp import codes
from sms_gateway.smpp.shortmessage import MAX_MESSAGE_ID, ShortMessage
from sms_gateway.smpp.text import decode_text
from sms_gateway.smpp.tlv import tlv_value

_RECEIPT_TYPES = frozenset({codes.ESM_RECEIPT, 0x20})  # §5.2.12: receipt, intermediate notification
_MAX_SHAPE = 400
"""No receipt text is longer; a longer one is cut before it is searched."""

_FIELD = re.compile(
    r"(?i)(?<![a-z])(id|sub|dlvrd|submit[ _]?date|done[ _]?date|stat(?:us|e)?|err(?:or)?)[ ]?[:=][ ]?([^\s,;\x00]*)"
)
_ERROR = re.compile(r"(?:^|[\s,;])(?:err|ERR)(?:or|OR)?[ ]?[:=][ ]?([^\s,;\x00]*)")
_TEXT_FIELD = re.compile(r"(?i)[\s,;]text[ ]?[:=]")
_USUAL = re.compile(
    r"id:([0-9A-Za-z-]{1,64}) sub:[0-9]{1,5} dlvrd:[0-9]{1,5} submit date:[0-9]{1,14} done date:[0-9]{1,14}"
    r" stat:([A-Za-z]{4,16}) err:([0-9A-Za-z]{1,16})(?!\S)",
    re.ASCII,
)
"""The form that appendix B of SMPP 3.4 shows, which most carriers keep to: one match instead of a search for names."""

_NAMES = {"stat": "stat", "erro": "err", "subm": "submit date", "done": "done date"}
_STATES = {
    "ENRO": ReceiptState.ENROUTE,
    "SENT": ReceiptState.ENROUTE,
    "BUFF": ReceiptState.ENROUTE,
    "SCHE": ReceiptState.ENROUTE,
    "DELI": ReceiptState.DELIVERED,
    "EXPI": ReceiptState.EXPIRED,
    "DELE": ReceiptState.DELETED,
    "UNDE": ReceiptState.UNDELIVERABLE,
    "FAIL": ReceiptState.UNDELIVERABLE,
    "ACCE": ReceiptState.ACCEPTED,
    "UNKN": ReceiptState.UNKNOWN,
    "REJE": ReceiptState.REJECTED,
    "SKIP": ReceiptState.REJECTED,
}
_STATES_BY_NUMBER = (
    ReceiptState.ENROUTE,  # 0 is SCHEDULED in later versions
    ReceiptState.ENROUTE,
    ReceiptState.DELIVERED,
    ReceiptState.EXPIRED,
    ReceiptState.DELETED,
    ReceiptState.UNDELIVERABLE,
    ReceiptState.ACCEPTED,
    ReceiptState.UNKNOWN,
    ReceiptState.REJECTED,
    ReceiptState.REJECTED,  # 9 is SKIPPED in later versions
)


@record
class Receipt:
    """What a receipt says; the id is None when it names no message, so that nobody can use it."""

    message_id: str | None
    state: ReceiptState
    error: str | None


def read_receipt(message: ShortMessage, alphabet: Alphabet) -> Receipt | None:
    """Read a delivery receipt; None when the message is a text of a citizen.

    It is a receipt when esm_class says so, when it carries receipted_message_id, or when its text has the shape of one:
    some carriers forget esm_class, and answering a receipt as if it were a command would go on for ever.
    """
    tlv_id = tlv_value(message.tlvs, codes.RECEIPTED_MESSAGE_ID)
    declared = tlv_id is not None or message.esm_class & codes.ESM_TYPE in _RECEIPT_TYPES
    packs = alphabet is Alphabet.GSM_PACKED  # then the letters of a shape are nowhere in the octets
    if not declared and not packs and not _may_have_shape(message.user_data):
        return None
    octets = message.user_data or tlv_value(message.tlvs, codes.MESSAGE_PAYLOAD) or b""
    text = decode_text(octets, message.data_coding, alphabet)
    tlv_state = tlv_value(message.tlvs, codes.MESSAGE_STATE)
    state = _state_of_number(tlv_state[0]) if tlv_state else None
    if tlv_id and state is not None:  # the parameters say it all, but for the error: no need to take the text apart
        found = _ERROR.search(text[:_MAX_SHAPE])
        fields = {"err": found[1]} if found else {}
    else:
        fields = _read_fields(text)
    if not declared and not _has_shape(fields):
        return None
    message_id = tlv_id.split(b"\x00", 1)[0].decode("latin-1") if tlv_id else fields.get("id", "")
    return Receipt(
        message_id=message_id[:MAX_MESSAGE_ID] or None,
        state=state or _state_of(fields.get("stat", "")) or ReceiptState.UNKNOWN,
        error=_read_error(message, fields.get("err", "")),
    )


def _may_have_shape(octets: bytes) -> bool:
    """Tell cheaply whether a text can be a receipt: every one says `stat` or `err` or `dlvrd`, in whatever coding."""
    head = octets[:_MAX_SHAPE].replace(b"\x00", b"").lower()
    return b"id" in head and (b"stat" in head or b"dlvrd" in head or b"err" in head)


def _has_shape(fields: dict[str, str]) -> bool:
    """Tell whether these fields make a receipt: an id, and a state or two more of the usual names."""
    return "id" in fields and (("stat" in fields and _state_of(fields["stat"]) is not None) or len(fields) >= 3)  # noqa: PLR2004 - see above


def _read_fields(text: str) -> dict[str, str]:
    """Read `name:value` in any order, by any separator; the first of each name counts, the echoed text does not.

    Of the usual form only what is asked for later is returned; a law in the tests holds the two readings equal.
    """
    usual = _USUAL.match(text)
    if usual is not None:
        return {"id": usual[1], "stat": usual[2], "err": usual[3]}
    head = text[:_MAX_SHAPE]
    end = _TEXT_FIELD.search(head)
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(head[: end.start()] if end else head):
        fields.setdefault(_NAMES.get(name[:4].lower(), name.lower()), value.strip("\x00\"'"))
    return fields


def _state_of(word: str) -> ReceiptState | None:
    """Read a state as a word, by its first four letters (DELIVRD, DELIVERED), or as a number."""
    if word.isascii() and word.isdigit():
        return _state_of_number(int(word[:4]))
    return _STATES.get(word[:4].upper())


def _state_of_number(number: int) -> ReceiptState | None:
    return _STATES_BY_NUMBER[number] if number < len(_STATES_BY_NUMBER) else None


def _read_error(message: ShortMessage, word: str) -> str | None:
    """Take the error code from the text, else from the TLV (§5.3.2.31: network and code); at most 16 characters."""
    tlv = tlv_value(message.tlvs, codes.NETWORK_ERROR_CODE)
    if not word and tlv is not None and len(tlv) == 3:  # noqa: PLR2004 - §5.3.2.31: an octet and a 16-bit number
        word = f"{int.from_bytes(tlv[1:], 'big'):03d}"
    return word[:16] or None
