"""The placeholders of the conversation's phrases: those that each needs, and those that it may hold besides."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from handlers.wording.phrases import Phrase

CONVERSATION = frozenset(
    {
        "question",
        "report",
        "proposal",
        "suggestion",
        "urgent",
        "ticket_status",
        "reply",
        "rating",
        "contacts",
        "withdrawal",
        "privacy",
        "language",
        "acknowledge",
    }
)
"""The services of the conversation, by their names in the settings. In a sentence each stands for its keyword."""


class PhraseNames(NamedTuple):
    """The placeholders of one phrase."""

    needed: frozenset[str]
    allowed: frozenset[str]


def _names(needed: str = "", more: str = "") -> PhraseNames:
    wanted = frozenset(needed.split())
    return PhraseNames(wanted, wanted | frozenset(more.split()))


_SERVICE = "short_code hotline"
_OPENED = f"{_SERVICE} unit ticket_status how_to_reply"

CONVERSATION_PLACEHOLDERS: Mapping[Phrase, PhraseNames] = MappingProxyType(
    {
        Phrase.QUESTION_OPENED: _names("number due_time", _OPENED),
        Phrase.REPORT_OPENED: _names("number due_time", _OPENED),
        Phrase.PROPOSAL_OPENED: _names("number", f"{_OPENED} due_time"),
        Phrase.SUGGESTION_OPENED: _names("number due_time", _OPENED),
        Phrase.CALLER_OPENED: _names("number due_time", _OPENED),
        Phrase.ACCUSATION_OPENED: _names("number", _SERVICE),
        Phrase.OUT_OF_HOURS: _names("number due_time hotline", _OPENED),
        Phrase.OVERLOADED: _names("number due_time hotline", f"{_OPENED} ahead"),
        Phrase.WARD_WANTED: _names("number how_to_reply", _OPENED),
        Phrase.URGENT_CALLED: _names("number", f"{_SERVICE} unit"),
        Phrase.URGENT_FILED: _names("number", f"{_SERVICE} unit"),
        Phrase.URGENT_OFF: _names("hotline", _SERVICE),
        Phrase.REPEATED: _names("number", f"{_SERVICE} question ticket_status"),
        Phrase.DAY_FULL: _names("hotline", f"{_SERVICE} count ticket_status"),
        Phrase.TICKET_STATUS: _names("number state", f"{_SERVICE} subject unit due_time how_to_reply"),
        Phrase.TICKET_THIRD: _names("number", f"{_SERVICE} subject unit due_time reason"),
        Phrase.TICKET_LATE: _names("number state", f"{_SERVICE} subject unit how_to_reply"),
        Phrase.TICKET_THIRD_LATE: _names("number", f"{_SERVICE} subject unit reason"),
        Phrase.PENDING: _names("number how_to_reply", f"{_SERVICE} asked day"),
        Phrase.RESOLVED: _names("number how_to_reply", f"{_SERVICE} day last_day how_to_rate"),
        Phrase.TICKET_CLOSED: _names("number", f"{_SERVICE} subject why reply"),
        Phrase.TICKET_LIST: _names("tickets", f"{_SERVICE} ticket_status"),
        Phrase.TICKET_LIST_MORE: _names("tickets", f"{_SERVICE} more ticket_status"),
        Phrase.NO_TICKETS: _names("hotline", f"{_SERVICE} question"),
        Phrase.NOT_YOURS: _names("number hotline", f"{_SERVICE} ticket_status"),
        Phrase.WRONG_NUMBER: _names("number hotline", f"{_SERVICE} ticket_status"),
        Phrase.WHICH_NUMBER: _names("numbers", f"{_SERVICE} number"),
        Phrase.FILED: _names("number", f"{_SERVICE} question"),
        Phrase.FILED_LOOK_UP: _names("number", f"{_SERVICE} question look_up_dossier"),
        Phrase.REOPENED: _names("number due_time", f"{_SERVICE} unit question"),
        Phrase.WITHDRAWN: _names("number", f"{_SERVICE} reply"),
        Phrase.WITHDRAWN_BEFORE: _names("number", f"{_SERVICE} ticket_status"),
        Phrase.DONE_CLOSED: _names("number", f"{_SERVICE} reply"),
        Phrase.WITHDRAW_SLIP: _names("number near withdrawal", _SERVICE),
        Phrase.WITHDRAW_WANTED: _names("withdrawal", f"{_SERVICE} ticket_status"),
        Phrase.WHICH: _names("choices digits", _SERVICE),
        Phrase.WHICH_MORE: _names("choices digits", f"{_SERVICE} ticket_status"),
        Phrase.WHICH_KEYED: _names("numbers", f"{_SERVICE} reply question ticket_status"),
        Phrase.SEND_KEPT: _names("", _SERVICE),
        Phrase.SEND_KEPT_KEYED: _names("hotline", f"{_SERVICE} question"),
        Phrase.DROPPED: _names("", f"{_SERVICE} question"),
        Phrase.UNCLEAR: _names("number", f"{_SERVICE} withdrawal"),
        Phrase.UNCLEAR_KEYED: _names("number", f"{_SERVICE} reply"),
        Phrase.SCORE_WANTED: _names("number", f"{_SERVICE} how_to_rate"),
        Phrase.RATED: _names("number", f"{_SERVICE} score"),
        Phrase.LOW_RATING: _names("number how_to_reply", f"{_SERVICE} score"),
        Phrase.NOTHING_TO_RATE: _names("", f"{_SERVICE} ticket_status"),
        Phrase.ACCOUNT_IN_QUESTION: _names("copy short_code", _SERVICE),
        Phrase.QUESTION_HINT: _names("question", _SERVICE),
        Phrase.AGENT_ANSWER: _names("number words", _SERVICE),
        Phrase.RESOLVED_TAIL: _names("how_to_reply", f"{_SERVICE} how_to_rate"),
        Phrase.PENDING_TAIL: _names("how_to_reply", f"{_SERVICE} day"),
        Phrase.REMINDER: _names("number day", f"{_SERVICE} asked how_to_reply"),
        Phrase.LATE: _names("number day", f"{_SERVICE} unit"),
        Phrase.NO_REPLY: _names("number", f"{_SERVICE} reply"),
        Phrase.UNMERGED: _names("number other", f"{_SERVICE} reply"),
        Phrase.MERGED: _names("number other", f"{_SERVICE} ticket_status"),
        Phrase.NOT_OURS: _names("number", f"{_SERVICE} unit where"),
        Phrase.DUTY_CALL: _names("number", f"{_SERVICE} acknowledge ward words"),
        Phrase.DUTY_NEXT: _names("number", f"{_SERVICE} acknowledge ward words minutes"),
        Phrase.DUTY_ACKNOWLEDGED: _names("number", f"{_SERVICE} time"),
        Phrase.NOTE_FILED: _names("number", _SERVICE),
        Phrase.SHORT_HELP: _names("hotline", f"{_SERVICE} question report ticket_status help"),
        Phrase.CONVERSATION_OFF: _names("hotline", _SERVICE),
        Phrase.STOPPED: _names("", _SERVICE),
        Phrase.NOTHING_TO_STOP: _names("", f"{_SERVICE} withdrawal"),
        Phrase.PRIVACY: _names("stored hotline", _SERVICE),
        Phrase.LANGUAGE_CHOSEN: _names("", f"{_SERVICE} other_language"),
        Phrase.CONTACT: _names("unit", f"{_SERVICE} phone address hours now"),
        Phrase.CONTACT_UNKNOWN: _names("hotline", f"{_SERVICE} asked contacts"),
        Phrase.HELP_QUESTION: _names("question short_code", _SERVICE),
        Phrase.HELP_REPORT: _names("report short_code", _SERVICE),
        Phrase.HELP_PROPOSAL: _names("proposal short_code", _SERVICE),
        Phrase.HELP_SUGGESTION: _names("suggestion short_code", _SERVICE),
        Phrase.HELP_URGENT: _names("urgent short_code", _SERVICE),
        Phrase.HELP_TICKET_STATUS: _names("ticket_status short_code", _SERVICE),
        Phrase.HELP_REPLY: _names("reply short_code", _SERVICE),
        Phrase.HELP_RATING: _names("rating short_code", _SERVICE),
        Phrase.HELP_CONTACTS: _names("contacts short_code", _SERVICE),
        Phrase.HELP_WITHDRAWAL: _names("withdrawal short_code", _SERVICE),
        Phrase.HELP_PRIVACY: _names("privacy short_code", _SERVICE),
        Phrase.HELP_LANGUAGE: _names("short_code", f"{_SERVICE} language other_language"),
        Phrase.HELP_ACKNOWLEDGE: _names("acknowledge short_code", _SERVICE),
        Phrase.LINE_QUESTION: _names("question"),
        Phrase.LINE_REPORT: _names("report"),
        Phrase.LINE_PROPOSAL: _names("proposal"),
        Phrase.LINE_SUGGESTION: _names("suggestion"),
        Phrase.LINE_URGENT: _names("urgent"),
        Phrase.LINE_TICKET_STATUS: _names("ticket_status"),
        Phrase.LINE_CONTACTS: _names("contacts"),
        Phrase.HOW_TO_REPLY_KEYED: _names("reply number"),
        Phrase.HOW_TO_CALL: _names("hotline"),
        Phrase.HOW_TO_RATE_KEYED: _names("rating"),
        Phrase.LINE_TICKET: _names("number state", "day"),
        Phrase.LINE_TICKET_LATE: _names("number state"),
        Phrase.CHOICE_TICKET: _names("digit number", "subject"),
        Phrase.CHOICE_NEW: _names("digit"),
        Phrase.SHUT_NOW: _names("", "opens"),
        Phrase.MOMENT: _names("time day", "weekday"),
        Phrase.DAY: _names("day_number month_number"),
        Phrase.TIME: _names("hour minute"),
        Phrase.WEEKDAYS: _names("first last"),
    }
)
"""A phrase that is not here may hold none."""

MAY_BE_MISSING = CONVERSATION | {
    *("unit", "due_time", "subject", "asked", "reason", "day", "why", "score", "ahead", "count", "more", "where"),
    *("ward", "words", "phone", "address", "hours", "now", "how_to_rate", "look_up_dossier", "opens", "weekday"),
    *("other_language", "last_day", "near", "stored"),
}
"""What the phrases above do without unless they need it: a value that is unknown, or the keyword of a service that
is off."""
