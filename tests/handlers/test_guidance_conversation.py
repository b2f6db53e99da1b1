"""HD with the services of the conversation on: one segment, with every keyword."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from handlers.answer import Answer
from handlers.commands import HANDLERS
from handlers.context import Context, ServiceFacts
from handlers.guidance import guide, show_help
from handlers.handler import Handler, Handlers
from handlers.wording.phrases import Phrase
from parsers.commands import Command, ShowHelp
from parsers.commands.conversation import (
    AskQuestion,
    CallUrgently,
    FileProposal,
    FileReport,
    FileSuggestion,
    FindContact,
    ShowTicketStatus,
)
from tests.handlers.surroundings import CONVERSING_SERVICES

LINES: Mapping[type[Command], tuple[Phrase, Phrase]] = {
    AskQuestion: (Phrase.LINE_QUESTION, Phrase.HELP_QUESTION),
    FileReport: (Phrase.LINE_REPORT, Phrase.HELP_REPORT),
    FileProposal: (Phrase.LINE_PROPOSAL, Phrase.HELP_PROPOSAL),
    FileSuggestion: (Phrase.LINE_SUGGESTION, Phrase.HELP_SUGGESTION),
    CallUrgently: (Phrase.LINE_URGENT, Phrase.HELP_URGENT),
    ShowTicketStatus: (Phrase.LINE_TICKET_STATUS, Phrase.HELP_TICKET_STATUS),
    FindContact: (Phrase.LINE_CONTACTS, Phrase.HELP_CONTACTS),
}


def unanswered(command: Command, context: Context) -> Answer:
    raise AssertionError(command, context)


ALL = Handlers(
    [
        *HANDLERS.every,
        *(
            Handler(command=command, service=command.name, handle=unanswered, line=line, help=more)
            for command, (line, more) in LINES.items()
        ),
    ]
)


def keywords(service: ServiceFacts) -> list[str]:
    return [service.keywords[handler.service] for handler in ALL.listed(service)]


@pytest.mark.parametrize("name", CONVERSING_SERVICES)
def test_the_list_of_all_commands_is_one_segment_and_names_each(name: str) -> None:
    service = CONVERSING_SERVICES[name]
    text = show_help(ShowHelp(topic=None), service, ALL).text
    assert len(text) <= 160
    assert [keyword for keyword in keywords(service) if keyword not in text] == []


def test_with_the_usual_keywords_the_list_says_what_each_is_for() -> None:
    text = show_help(ShowHelp(topic=None), CONVERSING_SERVICES["usual, vi"], ALL).text
    assert text == (
        "Soan gui 8188: TK (mo tai khoan); DVC (tra ho so); HOI (hoi); PA (phan anh); KN (kien nghi); GY (gop y); "
        "SOS (khan cap); TT (xem yeu cau); LH (lien he)."
    )


def test_a_list_of_keywords_alone_says_how_to_ask_for_more() -> None:
    text = show_help(ShowHelp(topic=None), CONVERSING_SERVICES["longest, en"], ALL).text
    assert text.endswith("KEYWORDS; HUONGDAN TAIKHOAN (how to). 0236 3881888 11")


def test_where_citizens_text_to_no_number_the_channel_is_named_and_what_needs_a_phone_is_not() -> None:
    text = show_help(ShowHelp(topic=None), replace(CONVERSING_SERVICES["usual, vi"], said_as="Zalo"), ALL).text
    assert text.startswith("Soan gui Zalo: DVC")
    assert "8188" not in text


def test_a_service_that_is_off_is_not_listed() -> None:
    service = CONVERSING_SERVICES["usual, vi"]
    alone = replace(
        service, keywords={name: service.keywords[name] for name in ("register_account", "question", "help")}
    )
    assert show_help(ShowHelp(topic=None), alone, ALL).text == (
        "Soan gui 8188: TK, ho ten, so CCCD, ngay sinh (mo tai khoan); HOI noi dung (hoi can bo); HD TK, HD HOI "
        "(huong dan). Ho tro: 1022"
    )


@pytest.mark.parametrize("command", LINES, ids=lambda command: command.name)
def test_the_help_of_a_command_names_its_keyword(command: type[Command]) -> None:
    service = CONVERSING_SERVICES["longest, vi"]
    text = guide(command.name, service, ALL)
    assert service.keywords[command.name] in text
    assert len(text) <= 160
