"""The filing rules of the design, written a second time: from what a text says and the situation to what must happen.

The rule is held against the product, so it reads no text and uses none of its code. A key that the design leaves open
is not in the result.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.generators.conversation.known import Expected, Known
from tests.generators.conversation.numbers import rating, reply, status, two_numbers, withdrawal, withdrawal_with_words
from tests.generators.conversation.remarks import answers_details, opens, remark
from tests.generators.conversation.said import Meaning, Said
from tests.generators.conversation.situations import Situation


def expected(said: Said, given: Situation) -> Expected | None:
    """Return what must happen; None where the design leaves it open."""
    known = Known(given)
    if "guard" in given:
        return {"rule": "F14", "does": "silent", "kept": False, "ticket": None}
    if said.is_bare and known.find(said.number) is None:
        return None
    by_meaning = BY_MEANING.get(said.meaning)
    if by_meaning is not None:
        return by_meaning(said, known)
    return remark(said, known)


def _plain(said: Said, known: Known) -> Expected:
    del known
    return {"rule": "F1", "does": "command", "command": said.command, "kept": False}


def _bare_withdrawal(said: Said, known: Known) -> Expected:
    del said
    return {"does": "stop" if known.given["subscribed"] else "help", "kept": False}


def _asked_back(said: Said, known: Known) -> Expected:
    del said, known
    return {"rule": "F1", "does": "ask_back", "kept": False}


def _misread(said: Said, known: Known) -> Expected | None:
    return None if known.wants_details else _asked_back(said, known)


def _near_tk(said: Said, known: Known) -> Expected | None:
    if not known.wants_details:
        return _asked_back(said, known)
    return _details(known)


def _near_keyword(said: Said, known: Known) -> Expected | None:
    del said
    if not known.wants_details:
        return {"rule": "F10", "does": "ask_send", "ticket": None, "kept": True}
    return _details(known)


def _details(known: Known) -> Expected | None:
    """Answer what was asked: F4, or F15 where the text before was for the same ticket."""
    rule: Expected = {} if "previous" in known.given else {"rule": "F4"}
    return rule | answers_details(known.f4, known) if known.f4 is not None else None


def _code(said: Said, known: Known) -> Expected | None:
    if not known.asks("details"):
        return None if known.wants_details else _plain(said, known)
    return _details(known)


def _signs(said: Said, known: Known) -> Expected:
    del said, known
    return {"rule": "F8", "does": "silent", "kept": False}


BY_MEANING: dict[Meaning, Callable[[Said, Known], Expected | None]] = {
    **dict.fromkeys((Meaning.QUESTION, Meaning.REPORT, Meaning.PROPOSAL, Meaning.SUGGESTION, Meaning.SOS), opens),
    Meaning.PLAIN: _plain,
    Meaning.BARE_KEYWORD: _plain,
    Meaning.NUMBER: status,
    Meaning.TT_NUMBER: status,
    Meaning.REPLY: reply,
    Meaning.INSIDE: reply,
    Meaning.INSIDE_TWO: two_numbers,
    Meaning.RATING: rating,
    Meaning.WITHDRAWAL: withdrawal,
    Meaning.WITHDRAWAL_WITH_WORDS: withdrawal_with_words,
    Meaning.BARE_WITHDRAWAL: _bare_withdrawal,
    Meaning.WITH_PERSON: _asked_back,
    Meaning.MISREAD: _misread,
    Meaning.NEAR_TK: _near_tk,
    Meaning.NEAR_KEYWORD: _near_keyword,
    Meaning.CODE: _code,
    Meaning.SIGNS: _signs,
}
