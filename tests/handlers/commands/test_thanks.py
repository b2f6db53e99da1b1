"""Thanks cost nobody an SMS."""

from __future__ import annotations

from db.store.engine import Database
from handlers import handle
from handlers.answer import Outcome
from handlers.commands.thanks import HANDLER
from parsers.commands import TakeThanks
from tests.handlers.surroundings import context


def test_thanks_are_taken_without_an_answer(database: Database) -> None:
    with database.write() as connection:
        answer = handle(TakeThanks(), context(connection))
    assert (answer.text, answer.outcome) == ("", Outcome.THANKED)
    assert not HANDLER.is_answered
