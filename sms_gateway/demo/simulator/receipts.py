"""Delivery receipts as carriers write them (SMPP 3.4 appendix B, §5.3.2.12, §5.3.2.35)."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from db.schema import ReceiptState
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage
from sms_gateway.demo.simulator.faults import Dialect, Faults

_WORDS = {
    ReceiptState.ENROUTE: ("ENROUTE", 1),
    ReceiptState.DELIVERED: ("DELIVRD", 2),
    ReceiptState.EXPIRED: ("EXPIRED", 3),
    ReceiptState.DELETED: ("DELETED", 4),
    ReceiptState.UNDELIVERABLE: ("UNDELIV", 5),
    ReceiptState.ACCEPTED: ("ACCEPTD", 6),
    ReceiptState.UNKNOWN: ("UNKNOWN", 7),
    ReceiptState.REJECTED: ("REJECTD", 8),
}


def receipt_message(answer: ShortMessage, receipt_id: str, faults: Faults, at: datetime) -> ShortMessage:
    """Return the receipt of a segment: from the handset back to the short code, in the carrier's dialect."""
    word, number = _WORDS[faults.receipt_state]
    octets = _write(faults.dialect, receipt_id, word, at)
    parameters = (
        (codes.RECEIPTED_MESSAGE_ID, receipt_id.encode("ascii") + b"\x00"),
        (codes.MESSAGE_STATE, bytes([number])),
    )
    tlvs = parameters if faults.receipt_tlvs or faults.dialect is Dialect.DATA else ()
    if faults.dialect is Dialect.PAYLOAD:
        octets, tlvs = b"", (*tlvs, (codes.MESSAGE_PAYLOAD, octets))
    return ShortMessage(
        source=answer.destination,
        source_ton=answer.dest_ton,
        source_npi=answer.dest_npi,
        destination=answer.source,
        dest_ton=answer.source_ton,
        dest_npi=answer.source_npi,
        esm_class=codes.ESM_RECEIPT if faults.receipt_class else 0,
        data_coding=codes.UCS2 if faults.dialect is Dialect.UCS2 else 0,
        user_data=octets,
        tlvs=tlvs,
    )


def _write(dialect: Dialect, receipt_id: str, word: str, at: datetime) -> bytes:
    """Write the text of a receipt."""
    delivered = int(word == "DELIVRD")
    dates = f"submit date:{at:%y%m%d%H%M} done date:{at:%y%m%d%H%M}"
    error = f"{0 if delivered else 1:03d}"
    standard = f"id:{receipt_id} sub:001 dlvrd:{delivered:03d} {dates} stat:{word} err:{error} text:"
    match dialect:
        case Dialect.STANDARD | Dialect.PAYLOAD:
            return standard.encode("ascii")
        case Dialect.UCS2:
            return standard[:120].encode("utf-16-be")
        case Dialect.COMMAS:
            return f"id:{receipt_id},sub:001,dlvrd:{delivered:03d},stat:{word},err:{error}".encode("ascii")
        case Dialect.REORDERED:
            return f"stat:{word} err:{error} {dates} id:{receipt_id}".encode("ascii")
        case Dialect.SHORT:
            return f"id:{receipt_id} stat:{word} err:{'' if delivered else 'E-'}{error}".encode("ascii")
        case Dialect.DATA:
            return b""
        case _:
            assert_never(dialect)
