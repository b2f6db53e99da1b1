"""What the sentences teach is read and filed as they say: nobody pays for a text that is then asked back."""

from __future__ import annotations

import re
from datetime import date

import pytest

from db.schema.ticket_states import AskKind, TicketKind, TicketState
from handlers.conversation.filing import file
from handlers.conversation.filing.filed import Does, Filed
from handlers.conversation.situation import NEW, Ask, OwnTicket, Situation
from handlers.wording.catalogues import CATALOGUES
from handlers.wording.phrases import Phrase
from parsers import read
from parsers.commands.conversation import Remark
from parsers.misread import Misread
from parsers.vocabulary import CONVERSATION_VOCABULARY
from tests.handlers.conversation.answers.cases import TICKET, UNIT, WITH_KEYWORDS, A, B, answers_about
from tests.handlers.surroundings import CONVERSATION_KEYWORDS, CONVERSING_SERVICES

TODAY = date(2026, 11, 28)
KEYWORDS = "|".join((*CONVERSATION_KEYWORDS.values(), "HD", "DVC"))
TAUGHT = re.compile(
    rf"(?:[Ss]oan|[Tt]ext|[Ss]oan lai|again|[Xx]em|Status|All)[: ]+"
    rf"(?P<text>(?:{KEYWORDS})\b[^.,;?]*?)(?: gui | to | de |[.,;?]|$)"
)
WRITTEN = {
    "noi dung": "may gio thi mo cua",
    "words": "may gio thi mo cua",
    "ten don vi hoac phuong": "phuong Hai Chau",
    "and the name of a unit or ward": "phuong Hai Chau",
    "and the number": A,
    "and its number": A,
    "so yeu cau": A,
    "so tu 1 (kem) den 5 (rat tot)": "4",
    "and 1 (bad) to 5 (very good)": "4",
    "so 1 den 5": "4",
    "ma": "000.00.12.H17-230815-0007",
    "code": "000.00.12.H17-230815-0007",
}


def as_written(taught: str) -> str:
    """Put content in the place of the words that stand for it."""
    keyword, _, content = taught.partition(" ")
    for words, instead in WRITTEN.items():
        content = re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", instead, content)
    return f"{keyword} {content}".strip()


@pytest.mark.parametrize("name", ["usual, vi", "usual, en", "keyed, vi", "keyed, en"])
def test_every_text_that_a_sentence_teaches_is_read_as_a_command(name: str) -> None:
    service = CONVERSING_SERVICES[name]
    every = {**answers_about(TICKET, UNIT), **WITH_KEYWORDS}
    taught = {as_written(found["text"]) for answer in every.values() for found in TAUGHT.finditer(answer(service))}
    readings = {text: read(text, today=TODAY, vocabulary=CONVERSATION_VOCABULARY) for text in taught}
    assert len(readings) >= 8
    assert {text: one for text, one in readings.items() if isinstance(one, Misread | Remark)} == {}


OPEN = OwnTicket(number=A, kind=TicketKind.REPORT, state=TicketState.OPEN, hours=5)
OTHER = OwnTicket(number=B, kind=TicketKind.REPORT, state=TicketState.OPEN, hours=30)
RESOLVED = OwnTicket(number=A, kind=TicketKind.REPORT, state=TicketState.RESOLVED, hours=5)
PENDING = OwnTicket(number=A, kind=TicketKind.REPORT, state=TicketState.PENDING_CITIZEN, hours=5)


def filed(text: str, situation: Situation) -> Filed:
    reading = read(text, today=TODAY, vocabulary=CONVERSATION_VOCABULARY)
    return file(reading, text, situation)


@pytest.mark.parametrize(
    ("text", "ticket", "does", "state"),
    [
        ("DA XONG", OPEN, Does.CLOSE, TicketState.CLOSED),
        ("CHUA XONG", OPEN, Does.ENTRY, TicketState.OPEN),
        ("DA XONG", RESOLVED, Does.CLOSE, TicketState.CLOSED),
        ("CHUA XONG", RESOLVED, Does.REOPEN, TicketState.OPEN),
        (f"TL {A} DA XONG", OPEN, Does.CLOSE, TicketState.CLOSED),
        (f"TL {A} CHUA XONG", OPEN, Does.ENTRY, TicketState.OPEN),
        (f"TL {A} CHUA XONG", RESOLVED, Does.REOPEN, TicketState.OPEN),
        ("4", RESOLVED, Does.RATE, TicketState.CLOSED),
        ("DG 4", RESOLVED, Does.RATE, TicketState.CLOSED),
        ("so nha 25, duong Le Duan", PENDING, Does.ENTRY, TicketState.OPEN),
        (f"TL {A} so nha 25, duong Le Duan", PENDING, Does.ENTRY, TicketState.OPEN),
        (f"HUY {A}", OPEN, Does.WITHDRAW, TicketState.CLOSED),
    ],
)
def test_a_reply_that_a_sentence_asks_for_does_what_it_says(
    text: str, ticket: OwnTicket, does: Does, state: TicketState
) -> None:
    answer = filed(text, Situation(tickets=(ticket,)))
    assert (answer.does, answer.ticket, answer.state) == (does, A, state)


@pytest.mark.parametrize(
    ("digit", "does", "ticket"), [("1", Does.ENTRY, A), ("2", Does.ENTRY, B), ("3", Does.NEW_TICKET, None)]
)
def test_each_digit_of_the_question_which_files_the_kept_text(digit: str, does: Does, ticket: str | None) -> None:
    ask = Ask(kind=AskKind.WHICH, seconds=60, choices=(A, B, NEW), kept_text="van chua thay ai den sua")
    answer = filed(digit, Situation(tickets=(OPEN, OTHER), ask=ask))
    assert (answer.does, answer.ticket) == (does, ticket)


@pytest.mark.parametrize(("digit", "does"), [("1", Does.NEW_TICKET), ("2", Does.DROP)])
def test_each_digit_of_the_question_whether_to_send_does_what_it_says(digit: str, does: Does) -> None:
    ask = Ask(kind=AskKind.SEND_KEPT, seconds=60, kept_text="den lai hong roi")
    assert filed(digit, Situation(ask=ask)).does is does


@pytest.mark.parametrize("language", list(CATALOGUES))
def test_no_sentence_teaches_a_reply_in_a_language_that_is_not_read(language: str) -> None:
    """Reactions are read in Vietnamese, so every language asks for the same words."""
    for form in CATALOGUES[language].sentences[Phrase.UNCLEAR]:
        assert {"DA XONG", "CHUA XONG"} == set(re.findall(r"(?:DA|CHUA) XONG", form))
