"""HUY: withdraw a ticket by its number; with the code of a dossier, or alone, end the notices.

Other words are no such command. With the conversation `GRAMMAR` is read; without it `ALONE`, where notices are on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from parsers.commands import ReceiptCode
from parsers.commands.conversation import WithdrawTicket
from parsers.commands.notices import Subscribe
from parsers.fields.codes.ticket_numbers import find_numbers
from parsers.grammar import Grammar, Service, Vocabulary
from parsers.grammars.conversation.content import count_words, is_courtesy, numbered, shown_numbers, why_words
from parsers.grammars.keyword_writing import number_follows
from parsers.grammars.subscription import codes_behind
from parsers.misread import Misread
from parsers.text.excerpt import Excerpt
from parsers.text.normal_form import NormalText, fold
from parsers.text.reactions import ReactionKind, read_reaction

_THANKS = re.compile(r"(?<![^\W_])(?:CAM\s+ON|THANKS?|VANG)(?![^\W_])")
_NOTICES = re.compile(
    r"(?:[\W_]|(?:DANG\s*KY|DK|NHAN|TIN|TIN\s*NHAN|SMS|THONG\s*BAO|BAO|THEO\s*DOI|TAT\s*CA|HET|GIUP|TOI|EM|NHE|A|DI"
    r"|CAM\s+ON|XIN)(?![^\W_]))*"
)
"""Words that say that notices are to end."""


def _read(body: Excerpt, today: date, service: Service) -> WithdrawTicket | None:
    del today
    has_notices = service.vocabulary.named(Subscribe.name) is not None
    found = numbered(body)
    if not found.numbers:
        return _end_notices(body, service) if has_notices or not count_words(body.folded) else None
    words = _THANKS.sub("", fold(found.words))
    has_more_words = not is_courtesy(words)
    may_be_code = has_notices and not has_more_words and any(one.is_bare for one in find_numbers(body.folded))
    codes = _codes_in(body, service) if may_be_code else ()
    return WithdrawTicket(numbers=found.numbers, codes=codes, has_more_words=has_more_words)


def _end_notices(body: Excerpt, service: Service) -> WithdrawTicket | None:
    if _NOTICES.fullmatch(body.folded) is not None:
        return WithdrawTicket()
    codes = _codes_in(body, service)
    return WithdrawTicket(codes=codes) if codes else None


def _codes_in(body: Excerpt, service: Service) -> tuple[ReceiptCode, ...]:
    codes = codes_behind(body, service._replace(with_secrets=False))
    if isinstance(codes, Misread) and service.with_secrets:
        codes = codes_behind(body, service)
    return () if isinstance(codes, Misread) else tuple(replace(code, secret=None) for code in codes)


def _read_alone(body: Excerpt, today: date, service: Service) -> WithdrawTicket | None:
    del today
    return _end_notices(body, service)


def _stop(text: Excerpt, today: date, service: Service) -> WithdrawTicket | None:
    """Read `STOP` and `dung gui tin`, as the conversation reads them."""
    del today, service
    reaction = read_reaction(NormalText(text.shown))
    return WithdrawTicket() if reaction is not None and reaction.kind is ReactionKind.STOP else None


def _printed(command: WithdrawTicket) -> dict[str, object]:
    printed: dict[str, object] = {"tickets": shown_numbers(command.numbers)}
    return printed | {"codes": [code.written for code in command.codes]} if command.codes else printed


def _official_form(command: WithdrawTicket, keyword: str, vocabulary: Vocabulary) -> str:
    del vocabulary
    codes: Sequence[str] = () if command.numbers else [code.written for code in command.codes]
    return " ".join([keyword, *shown_numbers(command.numbers), ", ".join(codes)]).rstrip()


GRAMMAR = Grammar(
    command=WithdrawTicket,
    service="withdrawal",
    default_keywords=("HUY",),
    is_conversation=True,
    writing=number_follows,
    read=_read,
    printed=_printed,
    official_form=_official_form,
    why=why_words,
    holds_codes=True,
)

ALONE = replace(GRAMMAR, is_conversation=False, read=_read_alone, alone=_stop, is_greeted=True)
"""The same where notices are on and the conversation is off."""
