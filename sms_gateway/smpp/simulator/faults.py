"""How the simulated carrier behaves, and misbehaves."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from db.schema import ReceiptState


class MessageIds(StrEnum):
    """How the carrier writes the id of a message, in its response and in its receipt."""

    HEX = "hex"  # hexadecimal in both
    DECIMAL = "decimal"  # decimal in both
    MIXED = "mixed"  # hexadecimal in the response, decimal in the receipt: as some large carriers do


@dataclass(frozen=True, kw_only=True, slots=True)
class Faults:
    """What goes wrong; times in seconds, shares from 0 to 1. The default is a carrier without fault."""

    response_delay: float = 0.0  # before each submit_sm_resp
    receipt_delay: float = 0.0  # between the response and the receipt
    throttle_share: float = 0.0  # of submit_sm answered with ESME_RTHROTTLED
    reject_share: float = 0.0  # of submit_sm answered with ESME_RINVDSTADR
    lose_share: float = 0.0  # of submit_sm that are taken and never answered
    receipts: bool = True  # whether receipts are sent at all
    receipt_state: ReceiptState = ReceiptState.DELIVERED  # what they say
    receipt_class: bool = True  # whether they are marked as receipts in esm_class
    receipt_tlvs: bool = True  # whether they carry receipted_message_id and message_state
    message_ids: MessageIds = MessageIds.HEX
    retry_delay: float = 1.0  # before a refused deliver_sm is sent again
    window: int = 10  # deliver_sm without a response, at most, on one bind
