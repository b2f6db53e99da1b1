"""The placeholders of the phrases of notices: those that each needs, and those that it may hold besides."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from handlers.wording.phrases import Phrase


class NoticeNames(NamedTuple):
    """The placeholders of one phrase."""

    needed: frozenset[str]
    allowed: frozenset[str]


def _names(needed: str = "", more: str = "") -> NoticeNames:
    wanted = frozenset(needed.split())
    return NoticeNames(wanted, wanted | frozenset(more.split()))


_SERVICE = "short_code hotline"
_NOTICE = f"{_SERVICE} code"
_STOP = "code withdrawal short_code"
"""Every notice names its dossier and says how to stop."""

NOTICE_PLACEHOLDERS: Mapping[Phrase, NoticeNames] = MappingProxyType(
    {
        Phrase.SUBSCRIBED: _names("withdrawal short_code", f"{_SERVICE} codes"),
        Phrase.SUBSCRIBED_PARTLY: _names("withdrawal", f"{_SERVICE} codes others"),
        Phrase.UNSUBSCRIBED: _names("", _SERVICE),
        Phrase.UNSUBSCRIBED_ONE: _names("", f"{_SERVICE} codes"),
        Phrase.NO_SUBSCRIPTION: _names("", _SERVICE),
        Phrase.NOT_SUBSCRIBED: _names("", f"{_SERVICE} codes"),
        Phrase.HELP_SUBSCRIPTION: _names("subscription withdrawal short_code", _SERVICE),
        Phrase.HELP_SUBSCRIPTION_CLOSED: _names("subscription withdrawal short_code", _SERVICE),
        Phrase.HELP_UNSUBSCRIBE: _names("withdrawal short_code", _SERVICE),
        Phrase.LINE_SUBSCRIPTION: _names("subscription"),
        Phrase.COPY_SUBSCRIPTION: _names("subscription receipt_code"),
        Phrase.COPY_SUBSCRIPTION_CLOSED: _names("subscription receipt_code"),
        Phrase.NOTICE_RECEIVED: _names(_STOP, f"{_NOTICE} due"),
        Phrase.NOTICE_REFUSED: _names(f"{_STOP} hotline", _NOTICE),
        Phrase.NOTICE_PAPERS: _names(f"{_STOP} wanted", f"{_NOTICE} fix"),
        Phrase.NOTICE_PAPERS_UNSAID: _names(f"{_STOP} hotline", _NOTICE),
        Phrase.NOTICE_PAYMENT: _names(f"{_STOP} wanted", f"{_NOTICE} fix"),
        Phrase.NOTICE_PAYMENT_UNSAID: _names(f"{_STOP} hotline", _NOTICE),
        Phrase.NOTICE_WITHDRAWN: _names(f"{_STOP} hotline", _NOTICE),
        Phrase.NOTICE_STOPPED: _names(f"{_STOP} hotline", _NOTICE),
        Phrase.NOTICE_DONE: _names(_STOP, f"{_NOTICE} pick_up"),
        Phrase.NOTICE_DONE_POST: _names(_STOP, _NOTICE),
        Phrase.NOTICE_DONE_ONLINE: _names(_STOP, f"{_NOTICE} pick_up"),
        Phrase.NOTICE_RETURNED: _names(f"{_STOP} hotline", _NOTICE),
        Phrase.NOTICE_DUE: _names(f"{_STOP} due", _NOTICE),
        Phrase.NOTICE_CHANGED: _names(_STOP, f"{_NOTICE} subscription"),
        Phrase.NOTICE_LATE: _names(f"{_STOP} due", f"{_NOTICE} new_due"),
    }
)
"""A phrase that is not here may hold none."""
