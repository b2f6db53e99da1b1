"""What a handler returns: the text to send, and what operators may see of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum

from db.schema import DossierStatus
from db.store.record import record
from handlers.wording.fit import cheaper
from handlers.wording.plain import unaccented


class Outcome(StrEnum):
    """The result of a command; logged and counted, so free of personal data."""

    ACCOUNT_OPENED = "account_opened"  # a new account; the answer carries a first password
    ACCOUNT_EXISTS = "account_exists"  # the same phone asked again; the answer has the user name and how to reset
    ACCOUNT_REFUSED = "account_refused"  # the identity number has an account from another phone, or had one then
    STATUS_TOLD = "status_told"  # every code asked for was found
    STATUS_PARTLY_TOLD = "status_partly_told"  # some codes were found
    STATUS_NOT_FOUND = "status_not_found"  # no code was found, or none opened by its secret
    STATUS_WITHHELD = "status_withheld"  # too many codes asked for; the same words as for a wrong code
    REGISTRATION_LIMITED = "registration_limited"  # too many TK from this phone, or for this identity number
    REGISTRATION_CLOSED = "registration_closed"  # too many TK of everybody; asked to come again later
    HOUR_LIMIT_TOLD = "hour_limit_told"  # a notice that the hour is used up; then silence
    DAY_LIMIT_TOLD = "day_limit_told"  # a notice that the day is used up; then silence
    WORDS_NEEDED = "words_needed"  # a picture, a sticker or a file without words; asked for words
    PHONE_NEEDED = "phone_needed"  # a command that needs a phone, from an address that is none; asked for an SMS
    ACCOUNTS_OFF = "accounts_off"  # TK while an operator has switched it off
    LOOK_UPS_OFF = "look_ups_off"  # DVC
    NOTICES_OFF = "notices_off"  # DK
    TABLE_OFF = "table_off"  # an own table or own answer
    REST_TOLD = "rest_told"  # a command from a number blocked as a machine's; one notice a day
    THANKED = "thanked"  # thanks or ok: nothing was asked, so nothing is answered
    HELPED = "helped"  # help was asked for and given
    CORRECTED = "corrected"  # a misread was answered with what to correct
    APOLOGISED = "apologised"  # handling failed several times; the answer says that an operator looks


@record
class Answer:
    """One answer to one text.

    `text` goes to the citizen. `masked` is the same text with every secret in it replaced by `****`, or None when
    it holds no secret; logs and pages show `masked` and never `text` of such an answer. An empty `text` is not sent.
    """

    text: str
    outcome: str  # an Outcome, or a command's own
    masked: str | None = None
    told: Sequence[tuple[str, DossierStatus]] = ()  # the codes of the dossiers whose state it tells


def cheapest(answer: Answer, segments_of: Callable[[str], int]) -> Answer:
    """Return the answer in the letters that take fewer segments: with the accents of its wording, or without."""
    text = cheaper(answer.text, segments_of)
    if text is answer.text:
        return answer
    return replace(answer, text=text, masked=None if answer.masked is None else unaccented(answer.masked))
