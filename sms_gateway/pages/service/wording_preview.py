"""The preview of a sentence: its placeholders filled, and its segments counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time

from db.schema.ticket_states import TicketState
from handlers.context import DEFAULT_KEYWORDS, ServiceFacts
from handlers.conversation.answers.asks import list_choices
from handlers.conversation.answers.moments import day_in_words, hours_in_words, moment_in_words, time_in_words
from handlers.conversation.answers.sentence import word
from handlers.conversation.answers.status import list_lines
from handlers.conversation.answers.ticket_facts import TicketFacts
from handlers.guidance import list_commands, list_topics
from handlers.handler import Handlers
from handlers.wording.catalogue import placeholders
from handlers.wording.fit import cheaper
from handlers.wording.phrases import Phrase
from handlers.wording.plain import unaccented
from parsers.grammars import NOTICES
from parsers.grammars.conversation import CONVERSATION
from sms_gateway.channels.smpp.coding.text import Encoding, count_segments
from sms_gateway.settings.switches import LOOK_UP_DOSSIER

SAMPLES: Mapping[str, str] = {
    "short_code": "8188",
    "hotline": "1022",
    "price": "1500 dong/tin",
    "user_name": "anv",
    "password": "k3h9xmq2pa",
    "days": "3",
    "place": "Cong dich vu cong",
    "code": "000.00.12.H17-230815-0007",
    "received": "15/08/2023",
    "due": "30/08/2023",
    "wanted": "ban sao CCCD",
    "pick_up": "Bo phan Mot cua",
    "wrong": "31/02/1990",
    "number": "YC482173051",
    "other": "YC613509427",
    "near": "YC613509427",
    "unit": "UBND phuong Hai Chau",
    "subject": "den duong hong",
    "ahead": "13",
    "count": "5",
    "more": "2",
    "asked": "so nha, ten duong",
    "reason": "Cong ty Dien luc",
    "where": "Cong an phuong Hai Chau",
    "words": "chay o chung cu 12 Tran Phu",
    "ward": "phuong Hai Chau",
    "minutes": "5",
    "score": "2",
    "digit": "1",
    "phone": "0236 3822222",
    "address": "76 Quang Trung",
    "other_language": "EN",
    "hour": "17",
    "minute": "30",
    "day_number": "30",
    "month_number": "11",
    "codes": "000.00.12.H17-230815-0007",
    "others": "HS777-2023",
    "fix": "nop tai Bo phan Mot cua",
    "new_due": "05/09/2023",
    **{
        grammar.service: grammar.default_keywords[0]
        for grammar in (*NOTICES, *CONVERSATION)
        if grammar.default_keywords
    },
}
"""Samples for the placeholders of the preview; the office's own words are the same in every language."""

_NOW = datetime(2026, 11, 30, 10, 30, tzinfo=UTC)
_TICKETS = (
    TicketFacts(number="YC482173051", state=TicketState.OPEN, subject="den duong hong", due=_NOW),
    TicketFacts(number="YC613509427", state=TicketState.PENDING_CITIZEN, subject="ho ga mat nap"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """One form as citizens would get it, as an answer of its own."""

    form: str
    shown: str  # what is sent
    characters: int
    segments: int
    is_gsm: bool
    accented_segments: int | None  # its segments with accents; None when it has none
    keeps_accents: bool


def preview(form: str, service: ServiceFacts, handlers: Handlers) -> Preview:
    """Fill a form with samples in the language of the service, and count its segments."""
    shown = _filled(form, service, handlers)
    sent = cheaper(shown, service.segments_of)
    encoding, _ = count_segments(sent)
    return Preview(
        form=form,
        shown=sent,
        characters=len(sent),
        segments=service.segments_of(sent),
        is_gsm=encoding is Encoding.GSM,
        accented_segments=None if unaccented(shown) == shown else service.segments_of(shown),
        keeps_accents=sent == shown,
    )


def _filled(form: str, service: ServiceFacts, handlers: Handlers) -> str:
    """Fill in the samples; a placeholder without a sample shows its own name, and a faulty form stays as it is."""
    keywords = {**DEFAULT_KEYWORDS, **service.keywords}  # those of a service that is off are the product's
    samples = {
        **SAMPLES,
        **keywords,
        "keyword": keywords[LOOK_UP_DOSSIER],
        **_composed(service),
        "commands": "; ".join(forms[0] for forms in list_commands(service, handlers)),
        "topics": list_topics(service, handlers),
    }
    try:
        return form.format_map({name: samples.get(name, name) for name in placeholders(form)})
    except (ValueError, KeyError, IndexError, AttributeError):
        return form


def _composed(service: ServiceFacts) -> Mapping[str, str]:
    """Return the samples that are sentences or words of the language themselves."""
    said = {
        "state": Phrase.STATE_4,
        "why": Phrase.CLOSED_ANSWERED,
        "how_to_reply": Phrase.HOW_TO_REPLY,
        "how_to_rate": Phrase.HOW_TO_RATE,
        "now": Phrase.OPEN_NOW,
        "stored": Phrase.STORED_TEXTS,
        "weekday": Phrase.MONDAY,
        "first": Phrase.MONDAY,
        "last": Phrase.FRIDAY,
    }
    day = day_in_words(_NOW, service)
    moment = moment_in_words(_NOW, service)[0]
    hours = [(time(7, 30), time(11, 30)), (time(13, 30), time(17, 30))]
    return {
        **{name: word(phrase, service) for name, phrase in said.items()},
        **dict.fromkeys(("due_time", "opens"), moment),
        **dict.fromkeys(("day", "last_day"), day),
        "time": time_in_words(time(17, 30), service),
        "hours": hours_in_words([hours] * 5, service),
        "digits": f"1 {word(Phrase.OR, service)} 2",
        "numbers": f" {word(Phrase.OR, service)} ".join(ticket.number for ticket in _TICKETS),
        "choices": list_choices(_TICKETS, service)[0],
        "tickets": list_lines(_TICKETS, service)[0],
        "copy": word(Phrase.BLANK_FULL_NAME, service),
    }
