"""What is said of the commands of the conversation: help, the list of HD, and who carries them out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db.store.engine import Database
from handlers import NotFiledError, handle
from handlers.commands import HANDLERS
from handlers.commands.conversation import ALL_HANDLERS, CONVERSATION
from handlers.context import ServiceFacts
from handlers.conversation.effects.outcomes import FilingOutcome
from handlers.guidance import guide
from handlers.wording.catalogues import CATALOGUES
from parsers.commands.conversation import AskQuestion
from parsers.grammars.conversation import CONVERSATION as GRAMMARS
from tests.handlers.surroundings import context
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import keywords_on

ON = ServiceFacts(keywords=keywords_on())
languages = pytest.mark.parametrize("language", list(CATALOGUES))


def test_every_grammar_has_its_handler() -> None:
    assert [one.command for one in CONVERSATION] == [grammar.command for grammar in GRAMMARS]
    assert [one.service for one in CONVERSATION] == [grammar.service for grammar in GRAMMARS]


@languages
def test_the_list_and_the_help_of_each_command_fit_into_a_segment(language: str) -> None:
    service = replace(ON, wording=CATALOGUES[language])
    assert "HOI" in guide(None, service, ALL_HANDLERS)
    for topic in (None, *(one.name for one in CONVERSATION)):
        assert len(guide(topic, service, ALL_HANDLERS)) <= 160, topic


def test_what_is_off_is_not_listed() -> None:
    keywords = {name: word for name, word in keywords_on().items() if name != "question"}
    assert "HOI" not in guide(None, replace(ON, keywords=keywords), ALL_HANDLERS)
    assert "HOI" not in guide(None, ServiceFacts(), HANDLERS)


def test_outcomes_fit_into_their_column() -> None:
    assert max(len(outcome.value) for outcome in FilingOutcome) <= 32


def test_a_command_that_was_not_filed_is_our_mistake(sqlite_database: Database) -> None:
    with sqlite_database.write() as connection, pytest.raises(NotFiledError):
        handle(AskQuestion(words="lam ho chieu o dau"), context(connection), ALL_HANDLERS)
