"""Delivery receipts as carriers write them (SMPP 3.4 appendix B, §5.3.2.12, §5.3.2.35)."""

from __future__ import annotations

from datetime import datetime

from db.schema import ReceiptState
from sms_gateway.smpp import codes
from sms_gateway.smpp.shortmessage import ShortMessage
from sms_gateway.smpp.simulator.faults import Faults

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
    """Return the receipt of a segment: from the handset back to the short code."""
    word, number = _WORDS[faults.receipt_state]
    delivered = int(faults.receipt_state is ReceiptState.DELIVERED)
    text = (
        f"id:{receipt_id} sub:001 dlvrd:{delivered:03d} submit date:{at:%y%m%d%H%M} done date:{at:%y%m%d%H%M}"
        f" stat:{word} err:{0 if delivered else 1:03d} text:"
    )
    tlvs = ((codes.RECEIPTED_MESSAGE_ID, receipt_id.encode("ascii") + b"\x00"), (codes.MESSAGE_STATE, bytes([number])))
    return ShortMessage(
        source=answer.destination,
        source_ton=answer.dest_ton,
        source_npi=answer.dest_npi,
        destination=answer.source,
        dest_ton=answer.source_ton,
        dest_npi=answer.source_npi,
        esm_class=codes.ESM_RECEIPT if faults.receipt_class else 0,
        user_data=text.encode("ascii"),
        tlvs=tlvs if faults.receipt_tlvs else (),
    )
