"""Filed texts are carried out: tickets, entries, kept texts, ratings; safe to repeat for the same text.

Each function writes by the desk's connection and never commits. A ticket to open is returned, so that the caller opens
those of a batch together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from handlers.answer import Outcome
from handlers.conversation.answers import about_service, asks, intake
from handlers.conversation.effects.accusations import accuses_beside_score, apart
from handlers.conversation.effects.choices import ask_send, ask_which, drop, join, unfiled
from handlers.conversation.effects.effect import Effect, FiledText, FilingDesk, Opening
from handlers.conversation.effects.ended_notices import end_notices
from handlers.conversation.effects.openings import open_kept, open_ticket
from handlers.conversation.effects.outcomes import FilingOutcome
from handlers.conversation.effects.ratings import agree, rate
from handlers.conversation.effects.service import serve
from handlers.conversation.effects.words import add_kept, add_words, is_choice, note, withdraw
from handlers.conversation.effects.wrong_numbers import not_yours, withdraw_back
from handlers.conversation.filing.filed import Does, Rule
from parsers.commands.conversation import CallUrgently, RateTicket, WithdrawTicket


def carry_out(text: FiledText, desk: FilingDesk) -> Effect | Opening | None:
    """Carry one text out; None when it is no text of the conversation, and is answered as without."""
    return _CARRYING_OUT[text.filed.does](text, desk)


def _new_ticket(text: FiledText, desk: FilingDesk) -> Effect | Opening:
    return open_kept(text, desk) if is_choice(text) else open_ticket(text, desk)


def _entry(text: FiledText, desk: FilingDesk) -> Effect | Opening:
    accusing = apart(text, desk)
    if accusing is not None:
        return accusing
    return add_kept(text, desk) if is_choice(text) else add_words(text, desk)


def _rate(text: FiledText, desk: FilingDesk) -> Effect | Opening:
    """Note a score; words behind it that accuse somebody are a matter of their own, and are answered as such."""
    accusing = apart(text, desk) if accuses_beside_score(text, desk) else None
    rated = rate(text, desk, has_words=accusing is None)
    return rated if accusing is None else accusing


def _ask_score(text: FiledText, desk: FilingDesk) -> Effect:
    del desk
    return Effect(outcome=FilingOutcome.SCORE_ASKED, text=asks.score_wanted(text.filed.ticket or "", text.service))


def _ask_unclear(text: FiledText, desk: FilingDesk) -> Effect:
    del desk
    return Effect(outcome=FilingOutcome.MEANING_ASKED, text=asks.unclear(text.filed.ticket or "", text.service))


def _ask_back(text: FiledText, desk: FilingDesk) -> Effect | None:
    del desk
    return withdraw_back(text) if isinstance(text.reading, WithdrawTicket) else None


def _silent(text: FiledText, desk: FilingDesk) -> Effect:
    return join(text, desk) if text.filed.is_kept else Effect(outcome=FilingOutcome.QUIET)


def _help(text: FiledText, desk: FilingDesk) -> Effect:
    service = text.service
    if text.filed.rule is Rule.URGENT or isinstance(text.reading, CallUrgently):
        return Effect(outcome=FilingOutcome.EMERGENCY_TOLD, text=intake.urgent_off(service))
    if isinstance(text.reading, RateTicket):
        return Effect(outcome=Outcome.HELPED, text=asks.nothing_to_rate(service))
    if isinstance(text.reading, WithdrawTicket):
        return _stopped(text, desk)
    return Effect(outcome=Outcome.HELPED, text=about_service.short_help(service))


def _stopped(text: FiledText, desk: FilingDesk) -> Effect:
    return end_notices(
        desk.connection,
        text.sender,
        text.reading,
        inbound_id=text.inbound_id,
        service=text.service,
        new_id=desk.new_id,
        now=desk.now,
        has_tickets=True,
    )


def _not_yours(text: FiledText, desk: FilingDesk) -> Effect:
    del desk
    return not_yours(text)


_CARRYING_OUT: Mapping[Does, Callable[[FiledText, FilingDesk], Effect | Opening | None]] = MappingProxyType(
    {
        Does.COMMAND: serve,
        Does.NEW_TICKET: _new_ticket,
        Does.ENTRY: _entry,
        Does.REOPEN: _entry,
        Does.CLOSE: agree,
        Does.WITHDRAW: withdraw,
        Does.RATE: _rate,
        Does.ASK_WHICH: ask_which,
        Does.ASK_SEND: ask_send,
        Does.ASK_SCORE: _ask_score,
        Does.ASK_UNCLEAR: _ask_unclear,
        Does.ASK_BACK: _ask_back,
        Does.NOT_YOURS: _not_yours,
        Does.NOTE: note,
        Does.STOP: _stopped,
        Does.DROP: drop,
        Does.HELP: _help,
        Does.SILENT: _silent,
        Does.UNFILED: unfiled,
    }
)
