"""The text of a delivery receipt, in any dialect, and how it differs from a citizen's text (SMPP 3.4 appendix B).

Pure. A link reads receipts with it, and the guard recognises a receipt that came in as a text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from db.schema import ReceiptState

LONGEST = 400
"""No receipt text is longer; a longer text is cut before it is searched."""

_NAME = r"id|sub|dlvrd|submit[ _§]?date|done[ _§]?date|stat(?:us|e)?|err(?:or)?"
"""Names of fields. Carriers write them in ASCII, and GSM 03.38 has `§` where ASCII has `_`."""

_FIELD = re.compile(rf"(?i)(?<![a-z])({_NAME})[ ]?[:=][ ]?([^\s,;\x00]*)")
_OTHER_FIELD = re.compile(r"(?i)(?<![^\s,;])[a-z][a-z0-9_§-]{0,30}[:=][^\s,;]+")
_ERROR = re.compile(r"(?:^|[\s,;])(?:err|ERR)(?:or|OR)?[ ]?[:=][ ]?([^\s,;\x00]*)")
_TEXT_FIELD = re.compile(r"(?i)[\s,;]text[ ]?[:=]")
_USUAL = re.compile(
    r"id:([0-9A-Za-z-]{1,64}) sub:[0-9]{1,5} dlvrd:[0-9]{1,5} submit date:[0-9]{1,14} done date:[0-9]{1,14}"
    r" stat:([A-Za-z]{4,16}) err:([0-9A-Za-z]{1,16})(?!\S)",
    re.ASCII,
)
"""The form of appendix B of SMPP 3.4, which most carriers use: one match instead of a search for names."""

_BETWEEN = re.compile(r"[\s,;\x00]*")
_NAMES = {"stat": "stat", "erro": "err", "subm": "submit date", "done": "done date"}
_FEWEST_BESIDE = 2
"""Fields besides the id that a receipt without a state in words has at least."""

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


def is_receipt_text(text: str) -> bool:
    """Return whether a text is a receipt, by its shape alone.

    From its beginning to its end, or to `text:`, it consists of `name:value` only. There is an id, and a state in
    words, or at least two of the other fields of a receipt. So a citizen's text is never read as a receipt.

    >>> is_receipt_text("id:1A2B sub:001 dlvrd:001 submit date:2611 done date:2611 stat:DELIVRD err:000 text:")
    True
    >>> is_receipt_text("CMND id: 201499999 stat: DELIVRD"), is_receipt_text("id: 201499999")
    (False, False)
    """
    head = text[:LONGEST]
    folded = head.lower()
    if "id" not in folded or ("stat" not in folded and "dlvrd" not in folded and "err" not in folded):
        return False  # nearly every text
    if _USUAL.match(text):
        return True
    head = _before_the_echo(head)
    if _BETWEEN.fullmatch(_OTHER_FIELD.sub("", _FIELD.sub("", head))) is None:
        return False
    fields = _search(head)
    if not fields.get("id"):
        return False
    state = fields.get("stat", "")
    in_words = not state.isdigit() and state_of(state) is not None
    return in_words or len(fields) > _FEWEST_BESIDE


def read_fields(text: str) -> Mapping[str, str]:
    """Read `name:value` in any order, with any separator; the first of each name counts, the echoed text does not.

    Of the usual form only the fields that are used are returned; a property test compares the two readings.
    """
    usual = _USUAL.match(text)
    if usual is not None:
        return {"id": usual[1], "stat": usual[2], "err": usual[3]}
    return _search(_before_the_echo(text[:LONGEST]))


def read_error(text: str) -> str:
    """Read the error code alone; empty when there is none."""
    found = _ERROR.search(text[:LONGEST])
    return found[1] if found else ""


def state_of(word: str) -> ReceiptState | None:
    """Read a state as a word, by its first four letters (DELIVRD, DELIVERED), or as a number."""
    if word.isascii() and word.isdigit():
        return state_of_number(int(word[:4]))
    return _STATES.get(word[:4].upper())


def state_of_number(number: int) -> ReceiptState | None:
    """Read a state as message_state gives it (SMPP 3.4 §5.2.28)."""
    return _STATES_BY_NUMBER[number] if number < len(_STATES_BY_NUMBER) else None


def _before_the_echo(head: str) -> str:
    end = _TEXT_FIELD.search(head)
    return head[: end.start()] if end else head


def _search(head: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(head):
        fields.setdefault(_NAMES.get(name[:4].lower(), name.lower()), value.strip("\x00\"'"))
    return fields
