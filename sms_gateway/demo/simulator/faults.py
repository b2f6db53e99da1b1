"""How the simulated carrier behaves, and misbehaves."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from db.schema import ReceiptState
from sms_gateway.settings.link_model import Alphabet


class MessageIds(StrEnum):
    """How the carrier writes the id of a message, in its response and in its receipt."""

    HEX = "hex"  # hexadecimal in both
    DECIMAL = "decimal"  # decimal in both
    MIXED = "mixed"  # hexadecimal in the response, decimal in the receipt: as some large carriers do
    MIXED_BACK = "mixed_back"  # decimal in the response, hexadecimal in the receipt
    PADDED = "padded"  # hexadecimal; in the receipt in lower case and with leading zeros
    HALVED = "halved"  # hexadecimal of 64 bits in the response, its lower half in the receipt


class Dialect(StrEnum):
    """How the carrier writes a receipt."""

    STANDARD = "standard"  # as SMPP 3.4 appendix B shows it
    COMMAS = "commas"  # fields parted by commas
    REORDERED = "reordered"  # the state first
    SHORT = "short"  # id and state only, an error that is no number
    UCS2 = "ucs2"  # the standard's text in UCS-2
    PAYLOAD = "payload"  # the standard's text in message_payload
    DATA = "data"  # by data_sm, in parameters alone


@dataclass(frozen=True, kw_only=True, slots=True)
class Faults:
    """What goes wrong; times in seconds, shares from 0 to 1. The default is a carrier without fault."""

    response_delay: float = 0.0  # before each submit_sm_resp
    receipt_delay: float = 0.0  # between the response and the receipt
    receipt_first: bool = False  # receipts come before the response, when the response is delayed
    throttle_share: float = 0.0  # of submit_sm answered with ESME_RTHROTTLED
    storm_every: float = 0.0  # a storm begins so often, in which every submit_sm is throttled; 0: never
    storm_seconds: float = 1.0  # and lasts so long
    reject_share: float = 0.0  # of submit_sm answered with ESME_RINVDSTADR
    lose_share: float = 0.0  # of submit_sm that are taken and never answered
    receipts: bool = True  # whether receipts are sent at all
    receipt_state: ReceiptState = ReceiptState.DELIVERED  # what they say
    receipt_class: bool = True  # whether they are marked as receipts in esm_class
    receipt_tlvs: bool = True  # whether they carry receipted_message_id and message_state
    dialect: Dialect = Dialect.STANDARD
    message_ids: MessageIds = MessageIds.HEX
    alphabet: Alphabet = Alphabet.GSM  # of data_coding 0, both ways
    wrong_id_share: float = 0.0  # of receipts that name a message that never was
    double_share: float = 0.0  # of deliver_sm sent twice
    reorder_share: float = 0.0  # of deliver_sm sent after the one behind it
    corrupt_share: float = 0.0  # of deliver_sm before which a broken copy is sent
    forget_share: float = 0.0  # of deliver_sm whose response is forgotten: sent again once the connection fell
    drop_after: int = 0  # submit_sm taken on one connection, with the next it is broken; 0: never
    fragment_octets: int = 0  # written at once, at most; 0: all
    retry_delay: float = 1.0  # before a refused deliver_sm is sent again
    window: int = 10  # deliver_sm without a response, at most, on one bind
